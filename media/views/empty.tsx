import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { mentionText } from '../../src/common/mentions.ts';
import type { EngineStatus, ModelInfo } from '../../src/common/engine.ts';
import type { ProblemInfo } from '../../src/common/events.ts';
import type { PanelState } from '../../src/common/panel.ts';
import { post } from '../host.ts';
import { bytes } from '../words.ts';
import { Preparing } from './activity.tsx';
import { Button, Icon, LinkButton, Progress } from './parts.tsx';

type Command = Extract<Parameters<typeof post>[0], { type: 'command' }>['command'];
const run = (command: Command) => (): void => post({ type: 'command', command });

/** A chat with nothing in it: the one next step. */
export function Empty({ host, onExample }: { host: PanelState; onExample: (text: string) => void }) {
  if (host.sidecar === 'down') return <Down problem={host.problem} />;
  if (host.folder === null) {
    return (
      <Centre
        title="Open a folder to begin"
        text="Drover works on the files of a folder: it reads them, and changes them where you agree."
      >
        <Button primary onClick={run('openFolder')}>
          Open folder…
        </Button>
      </Centre>
    );
  }
  if (host.sidecar === 'starting' || host.engine === null) {
    return (
      <Centre title="Starting Drover" text="The supervisor is coming up; this takes a second or two.">
        <Progress label="Starting Drover" />
      </Centre>
    );
  }
  return <ByEngine host={host} engine={host.engine} folder={host.folder} onExample={onExample} />;
}

function ByEngine(props: {
  host: PanelState;
  engine: EngineStatus;
  folder: string;
  onExample: (text: string) => void;
}) {
  const { host, engine } = props;
  switch (engine.state) {
    case 'absent':
    case 'no-model':
      return <FirstRun engine={engine} />;
    case 'fetching':
    case 'starting':
      return (
        <Centre
          title={
            engine.state === 'fetching' ? 'Fetching what is needed' : `Starting ${engine.model?.name ?? 'the engine'}`
          }
          text={engine.note ?? ''}
        >
          <Preparing text={engine.state === 'fetching' ? 'Fetching' : 'Loading the model'} engine={engine} />
        </Centre>
      );
    case 'failed':
      return <Failed problem={engine.problem ?? host.problem} />;
    case 'stopped':
    case 'stopping':
    case 'ready':
      return <Greeting {...props} />;
  }
}

function Centre({ title, text, children }: { title: string; text: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {text !== '' && <p class="lead">{text}</p>}
      {children}
    </div>
  );
}

function Down({ problem }: { problem: ProblemInfo | null }) {
  return (
    <Centre
      title={problem?.message ?? 'The connection to the supervisor is lost.'}
      text={problem?.advice ?? 'Running chats go on without this window. Reconnect to see them.'}
    >
      <div class="buttons">
        <Button primary onClick={run('reconnect')}>
          Reconnect
        </Button>
        <LinkButton onClick={run('showLog')}>Show log</LinkButton>
      </div>
    </Centre>
  );
}

function Failed({ problem }: { problem: ProblemInfo | null }) {
  return (
    <Centre
      title={problem?.message ?? 'The engine failed.'}
      text={problem?.advice ?? 'Start it again, or look at its log.'}
    >
      <div class="buttons">
        <Button primary onClick={() => post({ type: 'engine', action: { action: 'restart' } })}>
          Restart
        </Button>
        <LinkButton onClick={run('chooseModel')}>Choose a model…</LinkButton>
        <LinkButton onClick={run('showLog')}>Show log</LinkButton>
      </div>
    </Centre>
  );
}

/** Nothing is set up yet: three ways, the first one outlined. */
function FirstRun({ engine }: { engine: EngineStatus }) {
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

/** The id of the model that Drover can fetch by itself. */
const SMALL = 'smollm2-135m';

function OwnModel({ models }: { models: readonly ModelInfo[] }) {
  const here = models.filter((model) => model.path !== undefined && model.id !== SMALL);
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
        <Button primary onClick={run('chooseModel')}>
          Choose a model file…
        </Button>
      </div>
    </Offer>
  );
}

function NoServer({ engine }: { engine: EngineStatus }) {
  return (
    <Offer title="Set up a model here" first>
      <p>{engine.problem?.message ?? 'No llama-server was found on this machine.'}</p>
      <p>{engine.problem?.advice ?? 'Install llama.cpp and look again.'}</p>
      <div class="buttons">
        <Button primary onClick={run('copySetup')}>
          Copy the set-up command
        </Button>
        <LinkButton onClick={() => post({ type: 'engine', action: { action: 'start' } })}>Look again</LinkButton>
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
  const here = models.some((model) => model.id === SMALL && model.path !== undefined);
  return (
    <Offer title="Just show me" note={here ? 'already here' : '98 MB'}>
      <p>A very small model. It shows how everything works; do not judge answers by it.</p>
      <LinkButton onClick={() => start(SMALL, true)}>Start the small model</LinkButton>
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

/** All is well and nothing was said yet. */
function Greeting({
  host,
  folder,
  onExample,
}: {
  host: PanelState;
  folder: string;
  onExample: (text: string) => void;
}) {
  return (
    <div class="empty greeting">
      <h2>What shall we do in {folder}?</h2>
      <p class="lead">
        Name files with @.{' '}
        {host.trusted ? 'Changes and commands are shown before they happen.' : 'For now it only reads.'}
      </p>
      <ul class="examples">
        {examples(host).map((text) => (
          <li key={text}>
            <button type="button" class="example" onClick={() => onExample(text)}>
              <Icon name="arrow-small-right" />
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function examples(host: PanelState): string[] {
  if (host.editor === null) {
    return [
      'Explain how this project is put together',
      'Find where errors are handled, and what is missing',
      ...(host.trusted ? ['Run the tests and fix what fails'] : []),
    ];
  }
  const file = mentionText(
    host.editor.start === undefined ? { path: host.editor.path } : { ...host.editor, start: host.editor.start },
  );
  return [
    `Explain ${file}`,
    `Find a bug in ${file}`,
    ...(host.trusted ? [`Write tests for ${mentionText({ path: host.editor.path })} and run them`] : []),
  ];
}
