import type { ComponentChildren } from 'preact';
import { mentionText } from '../../src/common/mentions.ts';
import type { EngineStatus } from '../../src/common/engine.ts';
import { firstRun, onFirstRun } from '../../src/common/firstRun.ts';
import type { ProblemInfo } from '../../src/common/events.ts';
import type { PanelState } from '../../src/common/panel.ts';
import { command, post } from '../host.ts';
import { Preparing } from './activity.tsx';
import { FirstRun } from './firstRun.tsx';
import { Button, Icon, LinkButton, Progress, Prose } from './parts.tsx';

/** A chat with nothing in it: the one next step. */
export function Empty({ host, onExample }: { host: PanelState; onExample: (text: string) => void }) {
  if (host.sidecar === 'down') return <Down problem={host.problem} />;
  if (host.folder === null) {
    return (
      <Centre
        title="Open a folder to begin"
        text="Drover works on the files of a folder: it reads them, and changes them where you agree."
      >
        <Button primary onClick={command('openFolder')}>
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
  const { engine } = props;
  switch (engine.state) {
    case 'absent':
    case 'no-model':
      return <FirstRun engine={engine} />;
    case 'fetching':
    case 'starting':
      return (
        <Centre
          title={engine.state === 'fetching' ? 'Fetching what is needed' : `Starting ${modelWords(engine)}`}
          text={engine.note ?? ''}
        >
          <Preparing text={engine.state === 'fetching' ? 'Fetching' : 'Loading the model'} engine={engine} />
        </Centre>
      );
    case 'failed':
      return <Failed engine={engine} />;
    case 'stopped':
    case 'stopping':
    case 'ready':
      return <Greeting {...props} />;
  }
}

function modelWords(engine: EngineStatus): string {
  return onFirstRun(engine) ? `the ${firstRun.short}` : (engine.model?.name ?? 'the engine');
}

function Centre({ title, text, children }: { title: string; text: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>
        <Prose text={title} />
      </h2>
      {text !== '' && (
        <p class="lead">
          <Prose text={text} />
        </p>
      )}
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
        <Button primary onClick={command('reconnect')}>
          Reconnect
        </Button>
        <LinkButton onClick={command('showLog')}>Show log</LinkButton>
      </div>
    </Centre>
  );
}

function Failed({ engine }: { engine: EngineStatus }) {
  const restart = (): void => post({ type: 'engine', action: { action: 'restart' } });
  const managed = (): void => post({ type: 'engine', action: { action: 'url', url: '' } });
  return (
    <Centre
      title={engine.problem?.message ?? 'The engine failed.'}
      text={engine.problem?.advice ?? 'Start it again, or look at its log.'}
    >
      <div class="buttons">
        <Button primary onClick={restart}>
          {engine.kind === 'url' ? 'Try again' : 'Restart'}
        </Button>
        {engine.kind === 'url' && <LinkButton onClick={command('openSettings')}>Change the address</LinkButton>}
        {engine.kind === 'url' && <LinkButton onClick={managed}>Run a model here instead</LinkButton>}
        <LinkButton onClick={command('chooseModel')}>Choose a model…</LinkButton>
        <LinkButton onClick={command('showLog')}>Show log</LinkButton>
      </div>
    </Centre>
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
        {host.trusted
          ? 'Changes are shown and can be undone; what does more than look or test asks you.'
          : 'For now it only reads.'}
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
  if (onFirstRun(host.engine)) return firstExamples(host);
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

/** What the first-run model was taught: nothing that takes judgement. */
function firstExamples({ editor, trusted }: PanelState): string[] {
  return [
    editor === null ? 'What is this project?' : `What does ${editor.path} do?`,
    'Where are the TODO comments?',
    ...(trusted ? ['Run the tests'] : []),
  ];
}
