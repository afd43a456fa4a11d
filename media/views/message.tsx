import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { mentionParts, type Mention } from '../../src/common/mentions.ts';
import type { SteerItem, TextItem, TurnItem, UserItem } from '../fold.ts';
import { command, post } from '../host.ts';
import { type Block, toBlocks } from '../markdown.ts';
import { memo } from '../memo.ts';
import { sanitise } from '../sanitise.ts';
import { agentName, count, duration, plural, speed } from '../words.ts';
import { Button, CopyButton, Icon, IconButton, LinkButton } from './parts.tsx';

/** What the person said, at first or while the agent was at work, at the place where it was read. */
export const UserMessage = memo('UserMessage', ({ item, agent }: { item: UserItem | SteerItem; agent: string }) => {
  const [editing, setEditing] = useState(false);
  if (editing) return <EditMessage item={item} agent={agent} onEnd={() => setEditing(false)} />;
  const steer = item.kind === 'steer';
  return (
    <article class={steer ? 'user steer' : 'user'} dir="auto" aria-label={steer ? 'You, while it worked' : 'You'}>
      {steer && <Icon name="debug-step-over" />}
      <div>
        <MentionText text={item.text} />
      </div>
      <div class="user-tools">
        <ForkButton {...placeOf(item)} text={item.text} />
        <IconButton icon="edit" label="Edit and run again, in a new chat" onClick={() => setEditing(true)} />
      </div>
    </article>
  );
});

function placeOf({ kind, number }: UserItem | SteerItem): { message: number } | { steer: number } {
  return kind === 'steer' ? { steer: number } : { message: number };
}

/** A new chat goes on behind this answer, or before this message with its text in the box. */
function ForkButton(place: (ReturnType<typeof placeOf> & { text: string }) | { answer: number }) {
  return <IconButton icon="repo-forked" label="Fork from here" onClick={() => post({ type: 'fork', ...place })} />;
}

/** The message to be said otherwise: this chat and the files stay as they are, and a new chat goes on from here. */
function EditMessage({ item, agent, onEnd }: { item: UserItem | SteerItem; agent: string; onEnd: () => void }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [blank, setBlank] = useState(false);
  useLayoutEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(item.text.length, item.text.length);
  }, []);
  const run = (): void => {
    const text = area.current?.value.trim() ?? '';
    if (text === '') return;
    post({ type: 'rerun', ...placeOf(item), text, agent });
    onEnd();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.shiftKey || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    // Escape would stop the turn.
    event.stopPropagation();
    if (event.key === 'Enter') run();
    else onEnd();
  };
  return (
    <article class="user editing" aria-label="You, to be said otherwise">
      <textarea
        ref={area}
        rows={Math.min(12, item.text.split('\n').length + 1)}
        defaultValue={item.text}
        aria-label="Edit your message"
        onInput={(event) => setBlank(event.currentTarget.value.trim() === '')}
        onKeyDown={onKeyDown}
      />
      <div class="buttons">
        <Button primary disabled={blank} onClick={run}>
          Run in a new chat
        </Button>
        <Button onClick={onEnd}>Leave it</Button>
      </div>
      <p class="quiet">This chat stays as it is, and so do the files that it changed.</p>
    </article>
  );
}

/** A message that is on its way. */
export function PendingMessage({ text }: { text: string }) {
  return (
    <article class="user pending" aria-label="Sending">
      <MentionText text={text} />
    </article>
  );
}

function MentionText({ text }: { text: string }) {
  return (
    <>
      {mentionParts(text).map((part, index) => (typeof part === 'string' ? part : <Chip key={index} mention={part} />))}
    </>
  );
}

function Chip({ mention }: { mention: Mention }) {
  const lines = mention.start === undefined ? '' : `:${mention.start}-${mention.end ?? mention.start}`;
  const open = (): void =>
    post({ type: 'open', path: mention.path, ...(mention.start === undefined ? {} : { line: mention.start }) });
  return (
    <button type="button" class="chip" title={`Open ${mention.path}`} onClick={open}>
      <Icon name="file" />
      <span>{`${mention.path}${lines}`}</span>
    </button>
  );
}

/** Whose turn it is; the heading that a screen reader can jump to. */
export const AgentHead = memo('AgentHead', ({ name }: { name: string }) => (
  <h3 class="agent">
    <Icon name="robot" />
    {agentName(name)}
  </h3>
));

/** What the agent says, with its thoughts folded away. */
export const TextMessage = memo('TextMessage', ({ item }: { item: TextItem }) => (
  <div class="said">
    {item.reasoning.trim() !== '' && <Reasoning text={item.reasoning} open={item.open && item.text === ''} />}
    {item.text !== '' && <Markdown text={item.text} complete={!item.open} />}
    {item.empty && (
      <p class="quiet">
        The model gave an empty answer. Send the message again, or{' '}
        <LinkButton onClick={command('chooseModel')}>choose another model</LinkButton>.
      </p>
    )}
    {item.cut && <p class="quiet">Cut off: the answer reached the length limit.</p>}
  </div>
));

function Reasoning({ text, open }: { text: string; open: boolean }) {
  const [shown, setShown] = useState(false);
  return (
    <div class="reasoning">
      <button type="button" class="disclosure" aria-expanded={shown} onClick={() => setShown(!shown)}>
        <Icon name={shown ? 'chevron-down' : 'chevron-right'} />
        {open ? `Thinking… ${plural(text.length, 'character')}` : 'Thoughts'}
      </button>
      {shown && <div class="reasoning-text">{text.trim()}</div>}
    </div>
  );
}

export function Markdown({ text, complete }: { text: string; complete: boolean }) {
  const before = useRef<Block[]>([]);
  const blocks = useMemo(() => toBlocks(text, complete ? [] : before.current), [text, complete]);
  before.current = blocks;
  return (
    <div class="markdown" dir="auto">
      {blocks.map((block, index) => (
        <MarkdownBlock key={index} html={block.html} />
      ))}
    </div>
  );
}

const MarkdownBlock = memo('MarkdownBlock', ({ html }: { html: string }) => {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    place.current?.replaceChildren(sanitise(html));
  }, [html]);
  return <div ref={place} />;
});

/** The last line of a turn: how long, how much was read anew, how fast. */
export const TurnEnd = memo('TurnEnd', ({ item }: { item: TurnItem }) => {
  const time = duration(item.seconds);
  const after = item.seconds < 0.1 ? 'at once' : `after ${time}`;
  const begin = { done: time, cancelled: `Stopped ${after}`, failed: `Failed ${after}` }[item.reason];
  return (
    <div class="turn-end">
      <span class="turn-figures">
        {begin}
        {item.read !== null && (
          <span class="figure-read">
            {' · '}read {count(item.read)}
            {item.prompt !== null && item.prompt > item.read && (
              <span class="figure-of"> new of {count(item.prompt)}</span>
            )}
            {' tokens'}
          </span>
        )}
        {item.perSecond !== null && <span>{` · ${speed(item.perSecond)}`}</span>}
      </span>
      {item.answers > 0 && <ForkButton answer={item.answers} />}
      {item.text !== '' && <CopyButton text={item.text} label="Copy the answer" />}
    </div>
  );
});

/**
 * Clicks and keys inside rendered Markdown, handled at the list: links ask the extension, copy buttons copy.
 */
export function onMarkdown(event: Event, isSafeLink: (url: string) => boolean): void {
  if (!(event.target instanceof Element)) return;
  const copy = event.target.closest('[data-copy]');
  if (copy !== null && event.type === 'click') {
    post({ type: 'copy', text: copy.closest('.code')?.querySelector('code')?.textContent ?? '' });
    confirmCopy(copy);
    return;
  }
  const link = event.target.closest('[data-link]');
  const url = link?.getAttribute('data-link') ?? '';
  if (link !== null && isSafeLink(url)) {
    event.preventDefault();
    event.stopPropagation();
    post({ type: 'link', url });
  }
}

function confirmCopy(button: Element): void {
  const icon = button.querySelector('.codicon');
  icon?.classList.replace('codicon-copy', 'codicon-check');
  setTimeout(() => icon?.classList.replace('codicon-check', 'codicon-copy'), 1500);
}
