import type { EngineStatus } from '../../src/common/engine.ts';
import { firstRun } from '../../src/common/firstRun.ts';
import type { PanelState } from '../../src/common/panel.ts';
import type { FirstRunNote } from '../firstRunNote.ts';
import { command, post } from '../host.ts';
import { bytes } from '../words.ts';
import { Icon, IconButton, LinkButton } from './parts.tsx';

interface Notice {
  icon: string;
  text: string;
  label?: string;
  act?: () => void;
  grade?: 'warning' | 'error';
  onClose?: () => void;
}

/** What the page shows of the engine in another place. */
export interface Told {
  /** It is being made ready. */
  engine: boolean;
  /** What went wrong last. */
  problem: string | undefined;
}

/** Quiet lines above the box: what the person should know of this window while they write. */
export function Notices(props: {
  host: PanelState;
  empty: boolean;
  told: Told;
  firstRunNote: FirstRunNote | undefined;
}) {
  const { host, empty, told, firstRunNote } = props;
  const notices = [...(empty ? emptyNotices(host) : chatNotices(host, told)), ...firstRunNotices(firstRunNote)];
  if (notices.length === 0) return null;
  return (
    <ul class="notices">
      {notices.map((notice) => (
        <li key={notice.text} class={notice.grade ?? ''}>
          <Icon name={notice.icon} spin={notice.icon === 'loading'} />
          <span>
            {notice.text}{' '}
            {notice.label !== undefined && notice.act !== undefined && (
              <LinkButton onClick={notice.act}>{notice.label}</LinkButton>
            )}
          </span>
          {notice.onClose !== undefined && <IconButton icon="close" label="Close this note" onClick={notice.onClose} />}
        </li>
      ))}
    </ul>
  );
}

/** What this model is for, and the way to another. */
function firstRunNotices(note: FirstRunNote | undefined): Notice[] {
  if (note === undefined || !note.open) return [];
  const text = firstRun.sentence;
  return [{ icon: 'info', text, label: firstRun.other, act: command('chooseModel'), onClose: note.toggle }];
}

/** A page without a chat says itself how the engine is, where that keeps the person from beginning. */
function emptyNotices(host: PanelState): Notice[] {
  const remote: Notice[] =
    host.remote === null ? [] : [{ icon: 'remote', text: `Files, commands and engine are on ${host.remote}.` }];
  const known = host.sidecar === 'up' ? [...capabilityNotices(host), ...noteNotices(host)] : [];
  return [...known, ...trustNotices(host), ...remote];
}

function chatNotices(host: PanelState, told: Told): Notice[] {
  if (host.sidecar !== 'up') return [connection(host), ...trustNotices(host)];
  const engine = told.engine || (told.problem !== undefined && host.engine?.problem?.message === told.problem);
  return [...(engine ? [] : engineNotices(host)), ...capabilityNotices(host), ...trustNotices(host)];
}

/** What is worth knowing of the engine once, e.g. that it does not use the GPU. */
function noteNotices({ engine }: PanelState): Notice[] {
  return engine?.state === 'ready' && engine.note !== undefined ? [{ icon: 'info', text: engine.note }] : [];
}

function trustNotices(host: PanelState): Notice[] {
  if (host.folder === null || host.trusted) return [];
  return [
    {
      icon: 'shield',
      text: 'This folder is not trusted: until it is, files are only read and nothing runs.',
      label: 'Trust this folder',
      act: command('manageTrust'),
    },
  ];
}

function connection(host: PanelState): Notice {
  if (host.sidecar === 'starting') return { icon: 'loading', text: 'Connecting to the supervisor…' };
  return {
    icon: 'debug-disconnect',
    text: host.problem?.message ?? 'The connection to the supervisor is lost; running chats go on.',
    label: 'Reconnect',
    act: command('reconnect'),
    grade: 'warning',
  };
}

function engineNotices({ engine }: PanelState): Notice[] {
  switch (engine?.state) {
    case 'failed':
      return [
        { icon: 'error', text: engine.problem?.message ?? 'The engine failed.', ...mend(engine), grade: 'error' },
      ];
    case 'absent':
    case 'no-model':
      return [
        {
          icon: 'warning',
          text: 'No model is set up.',
          label: 'Choose a model…',
          act: command('chooseModel'),
          grade: 'warning',
        },
      ];
    case 'fetching':
    case 'starting':
      return [{ icon: 'loading', text: progressText(engine) }];
    case 'stopping':
      return [{ icon: 'loading', text: 'The engine is stopping…' }];
    default:
      return [];
  }
}

function mend(engine: EngineStatus): Pick<Notice, 'label' | 'act'> {
  return engine.kind === 'url'
    ? { label: 'Check the address', act: command('openSettings') }
    : { label: 'Restart', act: () => post({ type: 'engine', action: { action: 'restart' } }) };
}

/** What is good to know before writing, with a chat or without. */
function capabilityNotices({ engine }: PanelState): Notice[] {
  if (engine?.state === 'stopped' && engine.kind === 'managed') {
    const start = (): void => post({ type: 'engine', action: { action: 'start' } });
    return [{ icon: 'debug-stop', text: 'The engine is stopped; a message starts it.', label: 'Start', act: start }];
  }
  if (engine?.state !== 'ready' || engine.tools !== false) return [];
  const text = `${engine.model?.name ?? 'This model'} cannot call tools: it sees only what you name with @.`;
  return [{ icon: 'info', text, label: 'Choose another', act: command('chooseModel') }];
}

function progressText(engine: EngineStatus): string {
  const { progress } = engine;
  const words = progress?.text ?? (engine.state === 'fetching' ? 'Fetching' : 'The engine is starting');
  if (progress?.done === undefined || progress.total === undefined) return `${words}…`;
  return `${words}: ${bytes(progress.done)} of ${bytes(progress.total)}`;
}
