import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { EngineStatus } from '../../src/common/engine.ts';
import { partsOf } from '../../src/common/chatFacts.ts';
import type { ChatSummary } from '../../src/common/protocol.ts';
import { groupChats } from '../chatList.ts';
import { post } from '../host.ts';
import type { App } from '../state.ts';
import { chatDetail, plural, short, when } from '../words.ts';
import { Foot } from './foot.tsx';
import { Button, Icon, IconButton } from './parts.tsx';

/** All chats, live ones first. Arrows move, Enter opens, Delete asks whether to delete. */
export function Chats({ app, onBack }: { app: App; onBack: () => void }) {
  const [filter, setFilter] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const now = Date.now();
  const groups = groupChats(app.host?.chats ?? [], filter, now);
  const choice = useChoice(
    groups.flatMap((group) => group.chats.map(({ id }) => id)),
    app.chat,
    onBack,
  );
  const active = choice.active === undefined ? undefined : rowId(choice.active);

  return (
    <div class="chats" onKeyDown={choice.onKeyDown}>
      <div class="chats-search">
        <IconButton icon="arrow-left" label="Back to the chat" onClick={onBack} />
        <label class="search">
          <Icon name="search" />
          <input
            ref={field}
            value={filter}
            placeholder="Search chats by title"
            aria-label="Search chats by title"
            aria-controls="chats"
            aria-activedescendant={active}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
      </div>
      <div id="chats" class="chats-list" role="listbox" aria-label="Chats" tabindex={0} aria-activedescendant={active}>
        {groups.map((group) => (
          <div key={group.name} role="group" aria-label={group.name}>
            <GroupHead name={group.name} engine={app.host?.engine ?? null} />
            {group.chats.map((chat) => (
              <Row
                key={chat.id}
                chat={chat}
                parts={partsOf(app.host?.chats ?? [], chat.id)}
                today={group.name === 'Today'}
                now={now}
                choice={choice}
              />
            ))}
          </div>
        ))}
        {groups.length === 0 && <NoChats filter={filter} onBack={onBack} />}
      </div>
      {app.host !== null && <Foot host={app.host} perSecond={app.view.perSecond} />}
    </div>
  );
}

interface Choice {
  /** The chat that the keys are for. */
  active: string | undefined;
  /** The chat of which it is asked whether to delete it. */
  doomed: string | null;
  open: (id: string) => void;
  doom: (id: string | null) => void;
  remove: (id: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function rowId(chat: string): string {
  return `chat-${chat}`;
}

function useChoice(ids: readonly string[], current: string | null, onBack: () => void): Choice {
  const [chosen, setChosen] = useState(current);
  const [doomed, doom] = useState<string | null>(null);
  const index = Math.max(0, ids.indexOf(chosen ?? ''));
  const active = ids[index];

  const open = (id: string): void => {
    post({ type: 'chat.open', id });
    onBack();
  };
  const remove = (id: string): void => {
    doom(null);
    setChosen(ids[index + 1] ?? ids[index - 1] ?? null);
    post({ type: 'chat.delete', id });
  };
  const move = (to: number): void => {
    const id = ids[Math.min(Math.max(to, 0), ids.length - 1)];
    doom(null);
    setChosen(id ?? null);
    if (id !== undefined) document.getElementById(rowId(id))?.scrollIntoView({ block: 'nearest' });
  };
  const actOn = (id: string, key: 'Enter' | 'Delete'): void => {
    if (doomed === id) remove(id);
    else if (key === 'Enter') open(id);
    else doom(id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    if (event.isComposing || !isListKey(event)) return;
    if (key === 'ArrowDown') move(chosen === null ? 0 : index + 1);
    else if (key === 'ArrowUp') move(index - 1);
    else if (key === 'Home') move(0);
    else if (key === 'End') move(ids.length - 1);
    else if ((key === 'Enter' || key === 'Delete') && active !== undefined) actOn(active, key);
    else if (key === 'Escape' && doomed !== null) doom(null);
    else if (key === 'Escape') onBack();
    else return;
    event.preventDefault();
  };
  return { active, doomed, open, doom, remove, onKeyDown };
}

/** The search field keeps the keys that edit its text, a button the one that presses it. */
function isListKey({ key, target }: KeyboardEvent): boolean {
  if (target instanceof HTMLButtonElement) return key !== 'Enter' && key !== 'Delete';
  if (target instanceof HTMLInputElement && target.value !== '') return !['Home', 'End', 'Delete'].includes(key);
  return true;
}

function GroupHead({ name, engine }: { name: string; engine: EngineStatus | null }) {
  return (
    <div class="chats-group">
      {name}
      {name === 'Live' && engine?.slots !== undefined && ` · ${engine.busy} of ${engine.slots} slots`}
    </div>
  );
}

function NoChats({ filter, onBack }: { filter: string; onBack: () => void }) {
  if (filter !== '') return <p class="chats-none">No chat has “{filter}” in its title.</p>;
  return (
    <div class="chats-none">
      <p>No chats yet.</p>
      <Button
        primary
        onClick={() => {
          post({ type: 'chat.new' });
          onBack();
        }}
      >
        New chat
      </Button>
    </div>
  );
}

function Row(props: { chat: ChatSummary; parts: readonly ChatSummary[]; today: boolean; now: number; choice: Choice }) {
  const { chat, parts, today, now, choice } = props;
  const active = chat.id === choice.active;
  const doomed = chat.id === choice.doomed;
  return (
    <div
      id={rowId(chat.id)}
      role="option"
      aria-selected={active}
      class={active ? 'chat-row active' : 'chat-row'}
      onClick={doomed ? undefined : () => choice.open(chat.id)}
    >
      <StateIcon chat={chat} today={today} />
      <span class="chat-title" title={chat.title}>
        {chat.title === '' ? 'Untitled' : chat.title}
      </span>
      {doomed ? (
        <Doomed chat={chat} parts={parts} choice={choice} />
      ) : (
        <Details chat={chat} now={now} choice={choice} />
      )}
    </div>
  );
}

function Details({ chat, now, choice }: { chat: ChatSummary; now: number; choice: Choice }) {
  const live = chat.state === 'running' || chat.state === 'waiting';
  const tokens = chat.tokens === undefined ? '' : short(chat.tokens);
  return (
    <>
      <span class="figure chat-figure" title={live && tokens !== '' ? `${tokens} tokens` : undefined}>
        {live ? tokens : when(chat.updated, now)}
      </span>
      <span class="chat-detail">{chatDetail(chat)}</span>
      <span class="chat-actions" onClick={(event) => event.stopPropagation()}>
        <IconButton icon="trash" label={`Delete ${chat.title}`} onClick={() => choice.doom(chat.id)} />
      </span>
    </>
  );
}

function Doomed({ chat, parts, choice }: { chat: ChatSummary; parts: readonly ChatSummary[]; choice: Choice }) {
  const work = parts.some(({ queued, state }) => queued > 0 || state === 'running' || state === 'waiting');
  return (
    <span class="chat-doomed" onClick={(event) => event.stopPropagation()}>
      <span>
        {parts.length === 0
          ? 'Delete this chat for good?'
          : `Delete this chat and its ${plural(parts.length, 'part')} for good?`}
        {work && ' Those that are at work are stopped.'}
      </span>
      <Button onClick={() => choice.remove(chat.id)}>Delete</Button>
      <Button onClick={() => choice.doom(null)}>Keep</Button>
    </span>
  );
}

function StateIcon({ chat, today }: { chat: ChatSummary; today: boolean }) {
  switch (chat.state) {
    case 'running':
      return <Icon name="loading" spin />;
    case 'waiting':
      return (
        <span class="attention">
          <Icon name="question" />
        </span>
      );
    case 'failed':
      return (
        <span class="bad">
          <Icon name="error" />
        </span>
      );
    case 'stopped':
      return <Icon name="debug-stop" />;
    case 'idle':
      return today ? (
        <span class="good">
          <Icon name="pass" />
        </span>
      ) : (
        <Icon name="comment" />
      );
  }
}
