import { useRef } from 'preact/hooks';
import type { EngineStatus } from '../../src/common/engine.ts';
import { unreachable } from '../../src/common/unreachable.ts';
import type { Activity } from '../fold.ts';
import { bytes, count, plural, timeLeft } from '../words.ts';
import { Icon, Progress } from './parts.tsx';

/** What the agent is doing while nothing else on the page says it. */
export function ActivityLine({ activity, engine }: { activity: Activity; engine: EngineStatus | null }) {
  switch (activity.kind) {
    case 'working':
      return <Quiet text="Working…" />;
    case 'waiting':
      return (
        <Quiet
          text={
            activity.ahead === 0
              ? 'Waiting for a free slot: next in line'
              : `Waiting for a free slot: ${plural(activity.ahead, 'request')} before this one`
          }
        />
      );
    case 'engine':
      return <Preparing text={activity.text} engine={engine} />;
    case 'reading':
      return <Reading {...activity} />;
    case 'drafting':
      return <Quiet text={`${draftWords(activity.tool)}… ${plural(activity.characters, 'character')}`} />;
    default:
      return unreachable(activity);
  }
}

function Quiet({ text }: { text: string }) {
  return (
    <div class="activity">
      <Icon name="loading" spin />
      <span>{text}</span>
    </div>
  );
}

function draftWords(tool: string): string {
  switch (tool) {
    case 'file_write':
    case 'file_edit':
      return 'Drafting a change';
    case 'bash':
      return 'Drafting a command';
    default:
      return 'Drafting a step';
  }
}

/** The prompt is being read: how far, how long still, and what needed no reading. */
function Reading({ done, total, cached }: { done: number; total: number; cached: number }) {
  const first = useRef<{ at: number; done: number }>(undefined);
  const now = { at: performance.now(), done };
  first.current ??= now;
  const left = timeLeft(first.current, now, total);
  return (
    <div class="reading">
      <div class="reading-words">
        <span>
          Reading {count(done)} of {count(total)} tokens
        </span>
        {left !== undefined && done < total && <span class="figure">about {left} s</span>}
      </div>
      <Progress done={done} total={total} label="Reading the prompt" />
      {cached > 0 && <div class="reading-note">{count(cached)} of them known from before</div>}
    </div>
  );
}

/** The engine is being made ready. */
export function Preparing({ text, engine }: { text: string; engine: EngineStatus | null }) {
  const progress = engine?.progress;
  const done = progress?.done;
  const total = progress?.total;
  const figures = done !== undefined && total !== undefined ? `${bytes(done)} of ${bytes(total)}` : '';
  return (
    <div class="reading" role="status">
      <div class="reading-words">
        <span>{progress?.text ?? text}</span>
        {figures !== '' && <span class="figure">{figures}</span>}
      </div>
      <Progress label={text} {...(done === undefined ? {} : { done })} {...(total === undefined ? {} : { total })} />
    </div>
  );
}
