import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { EngineStatus, ModelInfo } from '../../src/common/engine.ts';
import { firstRun } from '../../src/common/firstRun.ts';
import type { ProblemInfo } from '../../src/common/events.ts';
import { command, post } from '../host.ts';
import { bytes } from '../words.ts';
import { Button, LinkButton, Prose } from './parts.tsx';

/** Nothing is set up yet: three ways, the first one outlined. */
export function FirstRun({ engine }: { engine: EngineStatus }) {
  return (
    <div class="empty first-run">
      <h2>Agents on your own model</h2>
      <p class="lead">Nothing leaves this machine unless you name an address.</p>
      {engine.state === 'absent' ? <NoServer engine={engine} /> : <OwnModel models={engine.models} />}
      <OwnServer problem={engine.kind === 'url' ? engine.problem : undefined} />
      <SmallModel models={engine.models} />
      <MayDo />
    </div>
  );
}

function Offer(props: { title: string; note?: string; first?: boolean; children: ComponentChildren }) {
  return (
    <section class={props.first === true ? 'card offer first' : 'card offer'}>
      <header class="offer-head">
        <h3>{props.title}</h3>
        {props.note !== undefined && <span class="figure">{props.note}</span>}
      </header>
      {props.children}
    </section>
  );
}

function OwnModel({ models }: { models: readonly ModelInfo[] }) {
  const here = models.filter((model) => model.path !== undefined && model.id !== firstRun.id);
  return (
    <Offer title="Set up a model here" first>
      {here.length > 0 && (
        <ul class="models">
          {here.map((model) => (
            <li key={model.id}>
              <LinkButton onClick={() => start(model.id, false)}>{`Start ${model.name}`}</LinkButton>
              {model.size !== undefined && <span class="figure">{bytes(model.size)}</span>}
            </li>
          ))}
        </ul>
      )}
      <p>
        Take a GGUF file that you have. For real work: Qwen3-4B-Instruct (2.5 GB) on 8 GB of memory, Qwen3-Coder-30B-A3B
        (18 GB) on 32 GB.
      </p>
      <div class="buttons">
        <Button primary onClick={command('chooseModel')}>
          Choose a model file…
        </Button>
      </div>
    </Offer>
  );
}

/** No llama-server: either there is a command that installs one, or Drover can fetch one itself. */
function NoServer({ engine }: { engine: EngineStatus }) {
  const look = (): void => post({ type: 'engine', action: { action: 'start' } });
  const advice = engine.problem?.advice ?? 'Install llama.cpp and look again.';
  const byHand = engine.problem === undefined || advice.includes('`');
  return (
    <Offer title="Set up a model here" first>
      <p>
        <Prose text={engine.problem?.message ?? 'No llama-server was found on this machine.'} />
      </p>
      <p>
        <Prose text={advice} />
      </p>
      <div class="buttons">
        {byHand && (
          <Button primary onClick={command('copySetup')}>
            Copy the set-up command
          </Button>
        )}
        {byHand ? (
          <LinkButton onClick={look}>Look again</LinkButton>
        ) : (
          <Button primary onClick={look}>
            Start the engine
          </Button>
        )}
      </div>
    </Offer>
  );
}

function OwnServer({ problem }: { problem: ProblemInfo | undefined }) {
  const [url, setUrl] = useState('');
  const usable = /^https?:\/\/\S+$/.test(url.trim());
  const tryIt = (): void => {
    if (usable) post({ type: 'engine', action: { action: 'url', url: url.trim() } });
  };
  return (
    <Offer title="Use a server I already run">
      <p>llama-server, Ollama, LM Studio, vLLM: any OpenAI-compatible address.</p>
      <div class="address">
        <input
          value={url}
          placeholder="http://localhost:11434/v1"
          aria-label="Address of the server"
          spellcheck={false}
          onInput={(event) => setUrl(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.isComposing) tryIt();
          }}
        />
        <button type="button" class="link" disabled={!usable} onClick={tryIt}>
          Try it
        </button>
      </div>
      {problem !== undefined && (
        <p class="bad" role="alert">
          {problem.message} {problem.advice}
        </p>
      )}
    </Offer>
  );
}

function SmallModel({ models }: { models: readonly ModelInfo[] }) {
  const here = models.some((model) => model.id === firstRun.id && model.path !== undefined);
  return (
    <Offer title="Just show me" note={here ? 'already here' : firstRun.size}>
      <p>{firstRun.sentence}</p>
      <div class="buttons">
        <LinkButton onClick={() => start(firstRun.id, true)}>{`Start the ${firstRun.short}`}</LinkButton>
        <LinkButton onClick={command('chooseModel')}>{firstRun.other}</LinkButton>
      </div>
    </Offer>
  );
}

function start(model: string, fetch: boolean): void {
  post({ type: 'engine', action: { action: 'model', model, fetch } });
}

function MayDo() {
  const [open, setOpen] = useState(false);
  return (
    <div class="may-do">
      <p>
        Every change can be undone; what cannot be contained is asked first.{' '}
        <LinkButton expanded={open} onClick={() => setOpen(!open)}>
          What it may do
        </LinkButton>
      </p>
      {open && (
        <ul>
          <li>Reads and searches files of the open folder by itself.</li>
          <li>Asks before it changes a file or runs a command that does more than look.</li>
          <li>Never touches anything outside the folder.</li>
        </ul>
      )}
    </div>
  );
}
