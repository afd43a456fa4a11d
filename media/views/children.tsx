import { useId } from 'preact/hooks';
import type { ChatSummary } from '../../src/common/protocol.ts';
import type { CallItem } from '../fold.ts';
import { post } from '../host.ts';
import { agentName, chatDetail } from '../words.ts';
import { Icon } from './parts.tsx';

/** Parts of the work that were given to others, each a chat to be opened. `chats`: how they stand. */
export function ChildrenCard({ call, chats }: { call: CallItem; chats: readonly ChatSummary[] }) {
  const title = useId();
  return (
    <section class="card children" aria-labelledby={title} data-calls={call.id}>
      <header class="card-head">
        <Icon name="organization" />
        <span class="card-title" id={title}>
          {call.title === null ? 'Delegated' : `${call.title.verb} ${call.title.object}`}
        </span>
        <span class="card-note">{call.state === 'running' ? 'side by side' : call.summary}</span>
      </header>
      <ul class="children-list">
        {call.children.map(({ chat, agent, task }) => {
          const summary = chats.find(({ id }) => id === chat);
          return (
            <li key={chat}>
              <button
                type="button"
                class="option tall"
                disabled={summary === undefined}
                title={summary === undefined ? 'This chat was deleted' : 'Open this chat'}
                onClick={() => post({ type: 'chat.open', id: chat })}
              >
                <ChildIcon summary={summary} />
                <span class="option-lines">
                  <span class="child-task">{task}</span>
                  <span class="option-note">{`${agentName(agent)} · ${standing(summary)}`}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function ChildIcon({ summary }: { summary: ChatSummary | undefined }) {
  if (summary === undefined) return <Icon name="trash" />;
  if (isQueued(summary)) return <Icon name="clock" />;
  if (summary.state === 'running') return <Icon name="loading" spin />;
  const icons = { waiting: 'bell-dot', failed: 'error', stopped: 'circle-slash', idle: 'check' };
  return <Icon name={icons[summary.state]} />;
}

function standing(summary: ChatSummary | undefined): string {
  if (summary === undefined) return 'deleted';
  if (isQueued(summary)) return 'waits for a place';
  return summary.state === 'running' || summary.state === 'waiting' ? summary.detail : chatDetail(summary);
}

function isQueued({ state, turns, queued }: ChatSummary): boolean {
  return state === 'idle' && turns === 0 && queued > 0;
}
