import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatSummary } from '../../src/common/protocol.ts';
import { groupChats } from '../chatList.ts';
import { post } from '../host.ts';
import type { App } from '../state.ts';
import { chatDetail, short, when } from '../words.ts';
import { Foot } from './foot.tsx';
import { Button, Icon, IconButton } from './parts.tsx';

/** All chats, live ones first. Arrows move, Enter opens, Delete asks whether to delete. */
export function Chats({ app, onBack }: { app: App; onBack: () => void }) {
  const [filter, setFilter] = useState('');
  const [active, setActive] = useState(app.chat);
  const [doomed, setDoomed] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const now = Date.now();
  const engine = app.host?.engine ?? null;
  const groups = groupChats(app.host?.chats ?? [], filter, now);
  const shown = groups.flatMap((group) => group.chats);
  const index = Math.max(
    0,
    shown.findIndex((chat) => chat.id === active),
  );

  const open = (id: string): void => {
    post({ type: 'chat.open', id });
    onBack();
  };
  const remove = (id: string): void => {
    setDoomed(null);
    setActive(shown[index + 1]?.id ?? shown[index - 1]?.id ?? null);
    post({ type: 'chat.delete', id });
  };
  const move = (to: number): void => {
    const chat = shown[Math.min(Math.max(to, 0), shown.length - 1)];
    setActive(chat?.id ?? null);
    setDoomed(null);
    if (chat !== undefined) document.getElementById(`chat-${chat.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const chat = shown[index];
    const inField = event.target === field.current;
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') move(inField && active === null ? 0 : index + 1);
    else if (event.key === 'ArrowUp') move(index - 1);
    else if (event.key === 'Home' && !inField) move(0);
    else if (event.key === 'End' && !inField) move(shown.length - 1);
    else if (event.key === 'Enter' && chat !== undefined && isRow(event)) {
      if (doomed === chat.id) remove(chat.id);
      else open(chat.id);
    } else if (event.key === 'Delete' && chat !== undefined && !(inField && filter !== '')) {
      if (doomed === chat.id) remove(chat.id);
      else setDoomed(chat.id);
    } else if (event.key === 'Escape') {
      if (doomed !== null) setDoomed(null);
      else onBack();
    } else return;
    event.preventDefault();
  };

  return (
    <div class="chats" onKeyDown={onKeyDown}>
      <div class="chats-search">
        <IconButton icon="arrow-left" label="Back to the chat" onClick={onBack} />
        <label class="search">
          <Icon name="search" />
          <input
            ref={field}
            value={filter}
            placeholder="Search chats by title"
            aria-label="Search chats by title"
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
      </div>
      <div
        ref={list}
        class="chats-list"
        role="listbox"
        aria-label="Chats"
        tabindex={0}
        aria-activedescendant={shown.length === 0 ? undefined : `chat-${shown[index]?.id ?? ''}`}
      >
        {groups.map((group) => (
          <div key={group.name} role="group" aria-label={group.name}>
            <div class="chats-group">
              {group.name}
              {group.name === 'Live' && engine?.slots !== undefined && ` · ${engine.busy} of ${engine.slots} slots`}
            </div>
            {group.chats.map((chat) => (
              <Row
                key={chat.id}
                chat={chat}
                active={chat.id === shown[index]?.id}
                today={group.name === 'Today'}
                doomed={chat.id === doomed}
                now={now}
                onOpen={() => open(chat.id)}
                onAsk={() => setDoomed(chat.id)}
                onKeep={() => setDoomed(null)}
                onDelete={() => remove(chat.id)}
              />
            ))}
          </div>
        ))}
        {shown.length === 0 && <NoChats filter={filter} onBack={onBack} />}
      </div>
      {app.host !== null && <Foot host={app.host} perSecond={app.view.perSecond} />}
    </div>
  );
}

/** Enter on one of the row's own buttons is that button's. */
function isRow(event: KeyboardEvent): boolean {
  return !(event.target instanceof HTMLButtonElement);
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

function Row(props: {
  chat: ChatSummary;
  active: boolean;
  today: boolean;
  doomed: boolean;
  now: number;
  onOpen: () => void;
  onAsk: () => void;
  onKeep: () => void;
  onDelete: () => void;
}) {
  const { chat } = props;
  const live = chat.state === 'running' || chat.state === 'waiting';
  const figure = live ? (chat.tokens === undefined ? '' : short(chat.tokens)) : when(chat.updated, props.now);
  return (
    <div
      id={`chat-${chat.id}`}
      role="option"
      aria-selected={props.active}
      class={props.active ? 'chat-row active' : 'chat-row'}
      onClick={props.doomed ? undefined : props.onOpen}
    >
      <StateIcon chat={chat} today={props.today} />
      <span class="chat-title" title={chat.title}>
        {chat.title === '' ? 'Untitled' : chat.title}
      </span>
      {props.doomed ? (
        <span class="chat-doomed" onClick={(event) => event.stopPropagation()}>
          <span>Delete this chat for good?</span>
          <Button onClick={props.onDelete}>Delete</Button>
          <Button onClick={props.onKeep}>Keep</Button>
        </span>
      ) : (
        <>
          <span class="figure chat-figure" title={live && figure !== '' ? `${figure} tokens` : undefined}>
            {figure}
          </span>
          <span class="chat-detail">{chatDetail(chat)}</span>
          <span class="chat-actions" onClick={(event) => event.stopPropagation()}>
            <IconButton icon="trash" label={`Delete ${chat.title}`} onClick={props.onAsk} />
          </span>
        </>
      )}
    </div>
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
