import type { EngineStatus } from '../../src/common/engine.ts';
import { firstRun, onFirstRun } from '../../src/common/firstRun.ts';
import type { PanelState } from '../../src/common/panel.ts';
import { command } from '../host.ts';
import { contextSize, join, speed } from '../words.ts';
import { Icon, LinkButton } from './parts.tsx';

const states: Record<EngineStatus['state'], string> = {
  absent: 'no engine',
  'no-model': 'no model yet',
  stopped: 'stopped',
  fetching: 'fetching',
  starting: 'starting',
  ready: '',
  stopping: 'stopping',
  failed: 'failed',
};

/** One line about the engine: model, slots, speed. */
export function Foot({ host, perSecond }: { host: PanelState; perSecond: number | null }) {
  const { engine } = host;
  if (engine === null) return null;
  const slots = engine.slots === undefined ? '' : `${engine.slots} ${engine.slots === 1 ? 'slot' : 'slots'}`;
  const size = engine.context === undefined || slots === '' ? '' : ` × ${contextSize(engine.context)}`;
  const text = join(
    onFirstRun(engine) ? firstRun.short : (engine.model?.name ?? ''),
    engine.kind === 'url' ? (engine.url ?? '') : '',
    states[engine.state],
    slots + size,
    perSecond === null ? '' : speed(perSecond),
  );
  return (
    <footer class="foot">
      <Icon name={host.remote === null ? 'server' : 'remote'} />
      <span
        class="foot-text"
        title={join(
          text,
          onFirstRun(engine) ? firstRun.abilities : '',
          host.remote ?? '',
          engine.server ?? '',
          engine.note ?? '',
        )}
      >
        {text}
      </span>
      <LinkButton onClick={command('showLog')}>Log</LinkButton>
    </footer>
  );
}
