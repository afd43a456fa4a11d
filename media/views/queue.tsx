import type { Queued } from '../fold.ts';
import { Icon } from './parts.tsx';

/** Messages that wait for the agent, above the box. */
export function Queue({ queue }: { queue: readonly Queued[] }) {
  if (queue.length === 0) return null;
  return (
    <ul class="queue" aria-label="Waiting messages">
      {queue.map((message) => (
        <li key={message.item}>
          <Icon name={message.lane === 'steer' ? 'debug-step-over' : 'list-ordered'} />
          <span class="queue-text" title={message.text}>
            {message.text}
          </span>
          <span class="figure">{message.lane === 'steer' ? 'after this step' : 'after this turn'}</span>
        </li>
      ))}
    </ul>
  );
}
