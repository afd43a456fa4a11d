import type { PanelState } from '../../src/common/panel.ts';
import { post } from '../host.ts';
import { bytes } from '../words.ts';
import { Icon, LinkButton } from './parts.tsx';

interface Notice {
  icon: string;
  text: string;
  label?: string;
  act?: () => void;
  grade?: 'warning' | 'error';
}

/** Quiet lines above the box: what the person should know of this window while they write. */
export function Notices({ host, told }: { host: PanelState; told: boolean }) {
  const notices = noticesOf(host, told);
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
        </li>
      ))}
    </ul>
  );
}

/** `told`: the page itself says already how the engine is. */
export function noticesOf(host: PanelState, told: boolean): Notice[] {
  const notices: Notice[] = [];
  if (!told && host.sidecar !== 'up') notices.push(connection(host));
  else if (host.sidecar === 'up') notices.push(...engineNotices(host, told));
  if (host.folder !== null && !host.trusted) {
    notices.push({
      icon: 'shield',
      text: 'This folder is not trusted: until it is, files are only read and nothing runs.',
      label: 'Trust this folder',
      act: () => post({ type: 'command', command: 'manageTrust' }),
    });
  }
  if (host.remote !== null) notices.push({ icon: 'remote', text: `Files, commands and engine are on ${host.remote}.` });
  return notices;
}

function connection(host: PanelState): Notice {
  if (host.sidecar === 'starting') return { icon: 'loading', text: 'Connecting to the supervisor…' };
  return {
    icon: 'debug-disconnect',
    text: host.problem?.message ?? 'The connection to the supervisor is lost; running chats go on.',
    label: 'Reconnect',
    act: () => post({ type: 'command', command: 'reconnect' }),
    grade: 'warning',
  };
}

function engineNotices(host: PanelState, told: boolean): Notice[] {
  const engine = host.engine;
  if (engine === null) return [];
  const start = (): void => post({ type: 'engine', action: { action: 'start' } });
  const restart = (): void => post({ type: 'engine', action: { action: 'restart' } });
  const choose = (): void => post({ type: 'command', command: 'chooseModel' });
  switch (engine.state) {
    case 'stopped':
      return [{ icon: 'debug-stop', text: 'The engine is stopped.', label: 'Start', act: start }];
    case 'stopping':
      return [{ icon: 'loading', text: 'The engine is stopping…' }];
    case 'failed':
      return told
        ? []
        : [
            {
              icon: 'error',
              text: engine.problem?.message ?? 'The engine failed.',
              label: 'Restart',
              act: restart,
              grade: 'error',
            },
          ];
    case 'absent':
    case 'no-model':
      return told
        ? []
        : [{ icon: 'warning', text: 'No model is set up.', label: 'Choose a model…', act: choose, grade: 'warning' }];
    case 'fetching':
    case 'starting':
      return told ? [] : [{ icon: 'loading', text: progressText(engine) }];
    case 'ready':
      return engine.tools === false
        ? [
            {
              icon: 'info',
              text: `${engine.model?.name ?? 'This model'} cannot call tools: it sees only what you name with @.`,
              label: 'Choose another',
              act: choose,
            },
          ]
        : [];
  }
}

function progressText(engine: NonNullable<PanelState['engine']>): string {
  const { progress } = engine;
  const words = progress?.text ?? (engine.state === 'fetching' ? 'Fetching' : 'The engine is starting');
  if (progress?.done === undefined || progress.total === undefined) return `${words}…`;
  return `${words}: ${bytes(progress.done)} of ${bytes(progress.total)}`;
}
