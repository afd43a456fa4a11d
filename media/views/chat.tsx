import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Block, toBlocks } from '../blocks.ts';
import { type CallItem, type ChatView, type Item, openAsks, openQuestion, pauseOf } from '../fold.ts';
import { useFirstRunNote } from '../firstRunNote.ts';
import { isSafeLink } from '../markdown.ts';
import { useFollow } from '../follow.ts';
import { post } from '../host.ts';
import type { App } from '../state.ts';
import type { ChatSummary } from '../../src/common/protocol.ts';
import { ActivityLine } from './activity.tsx';
import { Announcer } from './announcer.tsx';
import { Box } from './box.tsx';
import { ChildrenCard } from './children.tsx';
import { ChangeCard, RefusedCard, Run } from './calls.tsx';
import { Empty } from './empty.tsx';
import { AgentHead, onMarkdown, PendingMessage, TextMessage, TurnEnd, UserMessage } from './message.tsx';
import { InterjectionCard } from './interjection.tsx';
import { Notices, type Told } from './notices.tsx';
import { Button, IconButton, LinkButton } from './parts.tsx';
import { isPlan, PlanCard, startedPlans } from './plan.tsx';
import { ProblemCard } from './problem.tsx';
import { allowByKey, QuestionCard } from './question.tsx';
import { Queue } from './queue.tsx';

/** Blocks on the page; what came before is one click away. */
const SHOWN = 200;

type Update = (change: (app: App) => App) => void;

export function Chat({ app, update }: { app: App; update: Update }) {
  const list = useRef<HTMLDivElement>(null);
  const { view, host } = app;
  const empty = view.items.length === 0 && app.pending === null && !view.running;
  const firstRunNote = useFirstRunNote(host);
  const { atEnd, toEnd, leave } = useFollow(list, !empty);
  useEffect(() => {
    document.addEventListener('keydown', allowByKey);
    return () => document.removeEventListener('keydown', allowByKey);
  }, []);
  // Another chat is shown from its end, but where the person asked for a call of it.
  useLayoutEffect(() => {
    if (!empty && app.target === null) toEnd();
  }, [app.chat, empty, toEnd]);
  const onSent = (text: string): void => {
    toEnd();
    update((app) => ({ ...app, pending: text, failed: null }));
  };
  const onText = (text: string): void =>
    update((app) => ({ ...app, insert: { text, count: (app.insert?.count ?? 0) + 1 } }));

  return (
    <div class="chat">
      {!empty && <Head app={app} />}
      <div class="log-place">
        <div
          ref={list}
          class="log"
          role="log"
          aria-live="off"
          aria-label="Chat"
          tabindex={-1}
          onClick={(event) => onMarkdown(event, isSafeLink)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onMarkdown(event, isSafeLink);
          }}
        >
          <div class="log-content">
            {empty && host !== null && <Empty host={host} onExample={onText} />}
            {!empty && <Conversation app={app} key={app.chat ?? ''} leave={leave} update={update} />}
          </div>
        </div>
        {!atEnd && <IconButton icon="arrow-down" label="To the end" class="to-end" onClick={toEnd} />}
      </div>
      <div class="bottom">
        <Queue queue={view.queue} onLost={onText} />
        {app.failed !== null && (
          <ProblemCard
            problem={app.failed.problem}
            agent={view.agent ?? 'coding'}
            managed={host?.engine?.kind !== 'url'}
            onClose={() => update((app) => ({ ...app, failed: null }))}
          />
        )}
        {host !== null && <Notices host={host} empty={empty} told={toldProblem(view)} firstRunNote={firstRunNote} />}
        <Box app={app} onSent={onSent} firstRunNote={firstRunNote} />
      </div>
      <Announcer view={view} />
    </div>
  );
}

/** What the end of the chat says already of the engine. */
function toldProblem(view: ChatView): Told {
  const problem = view.items.findLast((item) => item.kind === 'error');
  return { engine: view.activity?.kind === 'engine', problem: problem?.problem.message };
}

/** Named by the supervisor, whose list also knows a title that came later. */
function Head({ app }: { app: App }) {
  const chats = app.host?.chats ?? [];
  const summary = chats.find((chat) => chat.id === app.chat);
  const parent = chats.find((chat) => chat.id === summary?.parent);
  const title = summary?.title ?? app.view.title;
  return (
    <header class="head">
      <h2 title={title}>{title === '' ? 'New chat' : title}</h2>
      {parent !== undefined && (
        <LinkButton
          title={`part of: ${parent.title}`}
          onClick={() => post({ type: 'chat.open', id: parent.id })}
        >{`part of: ${parent.title}`}</LinkButton>
      )}
    </header>
  );
}

function Conversation({ app, leave, update }: { app: App; leave: () => void; update: Update }) {
  const { view, host } = app;
  const [shown, setShown] = useState(SHOWN);
  const blocks = useMemo(() => toBlocks(view.items), [view.items]);
  // A call that the person asked for, as soon as its event has come; it is focused, so that it can be told from the others.
  useLayoutEffect(() => {
    if (app.target === null) return;
    const call = document.querySelector<HTMLElement>(`[data-calls~="${CSS.escape(app.target)}"]`);
    // It may stand among the earlier ones.
    if (!call) return setShown(Infinity);
    leave();
    call.tabIndex = -1;
    call.scrollIntoView({ block: 'center' });
    call.focus({ preventScroll: true });
    update((app) => ({ ...app, target: null }));
  });
  const hidden = Math.max(0, blocks.length - shown);
  const first = openQuestion(view);
  const asked = useMemo(() => openAsks(view), [view]);
  const starts = useMemo(
    () => new Map((host?.agents ?? []).flatMap(({ name, start }) => (start === undefined ? [] : [[name, start]]))),
    [host?.agents],
  );
  const started = useMemo(() => startedPlans(view.items), [view.items]);
  const last = view.running ? undefined : view.items.findLast((item) => item.kind === 'user' || item.kind === 'text');
  return (
    <>
      {hidden > 0 && (
        <div class="earlier">
          <Button
            onClick={() => setShown(shown + SHOWN)}
          >{`Show ${Math.min(SHOWN, hidden)} earlier of ${hidden}`}</Button>
        </div>
      )}
      {blocks.slice(hidden).map((block) => (
        <BlockView
          key={block.key}
          block={block}
          first={first}
          asked={asked}
          last={last}
          starts={starts}
          started={started}
          chats={host?.chats ?? []}
          agent={view.agent ?? 'coding'}
          managed={host?.engine?.kind !== 'url'}
          failures={app.failed?.count ?? 0}
        />
      ))}
      {app.pending !== null && <PendingMessage text={app.pending} />}
      {view.activity !== null && pauseOf(view) === undefined && (
        <ActivityLine key={view.activity.kind} activity={view.activity} engine={host?.engine ?? null} />
      )}
    </>
  );
}

function BlockView(props: {
  block: Block;
  first: CallItem | undefined;
  /** Ids of all open questions. */
  asked: string;
  /** What was said last, while nothing runs. */
  last: Item | undefined;
  /** Who carries out the plans of which agent. */
  starts: ReadonlyMap<string, string>;
  /** Keys of the plans that were begun with *Start*. */
  started: ReadonlySet<number>;
  chats: readonly ChatSummary[];
  agent: string;
  managed: boolean;
  failures: number;
}) {
  const { block } = props;
  if (block.kind === 'run') return <Run calls={block.calls} />;
  const { item } = block;
  switch (item.kind) {
    case 'user':
    case 'steer':
      return <UserMessage item={item} agent={props.agent} />;
    case 'interjection':
      return <InterjectionCard item={item} failures={props.failures} />;
    case 'agent':
      return <AgentHead name={item.name} />;
    case 'text': {
      const start = props.starts.get(item.ends ?? '');
      if (start === undefined || !isPlan(item.text)) return <TextMessage item={item} />;
      const standing = item === props.last ? 'open' : props.started.has(item.key) ? 'started' : 'answered';
      return <PlanCard item={item} start={start} standing={standing} failures={props.failures} />;
    }
    case 'error':
      return (
        <ProblemCard
          problem={item.problem}
          agent={props.agent}
          managed={props.managed}
          past={item.past}
          failures={props.failures}
        />
      );
    case 'turn':
      return <TurnEnd item={item} />;
    case 'call':
      if (item.children.length > 0) return <ChildrenCard call={item} chats={props.chats} />;
      if (item.state === 'asking')
        return <QuestionCard call={item} first={item === props.first} asked={props.asked} failures={props.failures} />;
      return item.state === 'ok' ? <ChangeCard call={item} /> : <RefusedCard call={item} />;
  }
}
