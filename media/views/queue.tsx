import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Queued } from '../fold.ts';
import { post } from '../host.ts';
import { Icon, IconButton } from './parts.tsx';

/**
 * Messages that wait for the agent, above the box: in the order in which they are read, each can be edited, read sooner
 * or later, and withdrawn.
 *
 * @param onLost called with a text whose message was delivered while the person was still changing it
 */
export function Queue({ queue, onLost }: { queue: readonly Queued[]; onLost: (text: string) => void }) {
  if (queue.length === 0) return null;
  return (
    <ul class="queue" aria-label="Waiting messages">
      {queue.map((message) => (
        <Row key={message.item} message={message} queue={queue} onLost={onLost} />
      ))}
    </ul>
  );
}

function Row({
  message,
  queue,
  onLost,
}: {
  message: Queued;
  queue: readonly Queued[];
  onLost: (text: string) => void;
}) {
  const [editing, setEditing] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  const { item, lane, text, task } = message;
  const onEnd = (): void => {
    setEditing(false);
    // What had the focus is gone; the row keeps it.
    row.current?.focus();
  };
  // Its task is what a child does first.
  const others = queue.filter((each) => each.task !== true);
  const sooner = task === true ? undefined : soonerBy(message, others);
  const later = task === true ? undefined : laterBy(message, others);
  return (
    <li ref={row} tabindex={-1}>
      <Icon name={lane === 'steer' ? 'debug-step-over' : 'list-ordered'} />
      {editing ? (
        <Edit message={message} onLost={onLost} onEnd={onEnd} />
      ) : (
        <>
          <span class="queue-text" title={text}>
            {text}
          </span>
          <span class="figure">
            {task === true ? 'its task' : lane === 'steer' ? 'after this step' : 'after this turn'}
          </span>
          {sooner !== undefined && (
            <IconButton
              icon="arrow-up"
              label={'lane' in sooner ? 'Read it after this step' : 'Move it up'}
              onClick={() => post({ type: 'inbox', item, ...sooner })}
            />
          )}
          {later !== undefined && (
            <IconButton
              icon="arrow-down"
              label={'lane' in later ? 'Read it after this turn' : 'Move it down'}
              onClick={() => post({ type: 'inbox', item, ...later })}
            />
          )}
          <IconButton icon="edit" label="Edit this message" onClick={() => setEditing(true)} />
          <IconButton
            icon="close"
            label="Withdraw this message"
            onClick={() => post({ type: 'inbox', item, withdraw: true })}
          />
        </>
      )}
    </li>
  );
}

/** Where a message goes; `before` null is the last of its lane. */
type Move = { before: string | null } | { lane: Queued['lane']; before: string | null };

/** One place up in its lane; the first of those that wait for the end of the turn need not wait so long. */
function soonerBy({ item, lane }: Queued, queue: readonly Queued[]): Move | undefined {
  const same = queue.filter((other) => other.lane === lane);
  const above = same[same.findIndex((other) => other.item === item) - 1];
  if (above !== undefined) return { before: above.item };
  return lane === 'follow-up' ? { lane: 'steer', before: null } : undefined;
}

/** One place down in its lane; the last of the steers may wait for the end of the turn, before all that does. */
function laterBy({ item, lane }: Queued, queue: readonly Queued[]): Move | undefined {
  const same = queue.filter((other) => other.lane === lane);
  const [below, next] = same.slice(same.findIndex((other) => other.item === item) + 1);
  if (below !== undefined) return { before: next?.item ?? null };
  const first = queue.find((other) => other.lane === 'follow-up');
  return lane === 'steer' ? { lane: 'follow-up', before: first?.item ?? null } : undefined;
}

function Edit({ message, onLost, onEnd }: { message: Queued; onLost: (text: string) => void; onEnd: () => void }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const unsaved = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    area.current?.focus();
    area.current?.select();
  }, []);
  useEffect(
    () => () => {
      if (unsaved.current !== undefined) onLost(unsaved.current);
    },
    [],
  );
  const end = (text?: string): void => {
    unsaved.current = undefined;
    if (text !== undefined && text !== '' && text !== message.text) post({ type: 'inbox', item: message.item, text });
    onEnd();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.shiftKey || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    // Escape would stop the turn.
    event.stopPropagation();
    end(event.key === 'Enter' ? area.current?.value.trim() : undefined);
  };
  return (
    <>
      <textarea
        ref={area}
        class="queue-edit"
        rows={Math.min(5, message.text.split('\n').length)}
        defaultValue={message.text}
        aria-label="Edit the waiting message"
        onInput={(event) => (unsaved.current = event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <IconButton icon="check" label="Keep the change" onClick={() => end(area.current?.value.trim())} />
      <IconButton icon="discard" label="Leave it as it was" onClick={() => end()} />
    </>
  );
}
