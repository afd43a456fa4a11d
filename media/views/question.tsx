import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Ask, CallItem } from '../fold.ts';
import { keepReason, post, saved } from '../host.ts';
import { useSettled } from '../settle.ts';
import type { AnswerKind } from '../../src/common/events.ts';
import { askerWords, baseName, effectLines, question } from '../words.ts';
import { callIcon } from './calls.tsx';
import { Diff } from './diff.tsx';
import { Exact, Icon, LinkButton, Prose, Why } from './parts.tsx';

/**
 * A question to the person. Nothing in it has the focus by itself, and Enter never allows: Ctrl+Enter does (see
 * `allowByKey`), or a click, or the space bar on the button; none of them before there was time to read it.
 */
export function QuestionCard(props: {
  call: CallItem;
  first: boolean;
  /** All questions that are open, by their ids: where one comes or goes, the others may be elsewhere. */
  asked: string;
  failures: number;
}) {
  const { call, first, asked, failures } = props;
  const [sent, setSent] = useState(false);
  /** What is asked for besides, in the place of the buttons. */
  const [more, setMore] = useState<'reject' | 'always' | null>(null);
  const card = useRef<HTMLElement>(null);
  const title = useId();
  const ask = call.ask;

  // The answer did not arrive: it can be given again.
  useEffect(() => setSent(false), [failures]);
  if (ask === null) return null;

  const answer = (answer: AnswerKind, given: { reason?: string; key?: string } = {}): void => {
    setSent(true);
    post({ type: 'answer', ask: ask.id, ...(ask.hash === null ? {} : { hash: ask.hash }), answer, ...given });
  };
  const back = (): void => {
    setMore(null);
    card.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing || sent) return;
    event.stopPropagation();
    if (more === null) return answer('reject');
    back();
  };

  return (
    <section
      ref={card}
      class={first ? 'card question first' : 'card question'}
      role="group"
      aria-labelledby={title}
      tabindex={-1}
      data-ask={ask.id}
      data-calls={call.id}
      onKeyDown={onKeyDown}
    >
      <header class="card-head">
        <Icon name={callIcon(call)} />
        <span class="card-title" id={title}>
          <Exact text={question(call)} />
        </span>
        {ask.folder !== '' && (
          <span class="card-note" title={ask.folder}>
            in {baseName(ask.folder)}
          </span>
        )}
      </header>
      <Preview call={call} />
      <div class="question-body">
        <Effects call={call} />
        <CameFrom ask={ask} />
        <p class="reason">
          <Prose text={call.verdict?.reason ?? ''} />{' '}
          {call.verdict !== null && (
            <Why rule={call.verdict.rule}>
              {ask.notAlways !== null && <div>It cannot be allowed for good: {ask.notAlways}</div>}
              <ButtonsInView />
            </Why>
          )}
        </p>
        {more === 'reject' && (
          <Rejection
            ask={ask.id}
            sent={sent}
            onReject={(reason) => answer('reject', reason === '' ? {} : { reason })}
            onBack={() => setMore(null)}
          />
        )}
        {more === 'always' && (
          <Always ask={ask} asked={asked} sent={sent} onAllow={(key) => answer('always', { key })} onBack={back} />
        )}
        {more === null && (
          <Choices ask={ask} asked={asked} first={first} sent={sent} onAnswer={answer} onMore={setMore} />
        )}
      </div>
    </section>
  );
}

/** What was opened may not push the buttons out of sight. */
function ButtonsInView() {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const buttons = place.current?.closest('.question-body')?.querySelectorAll('.buttons');
    buttons?.item(buttons.length - 1).scrollIntoView({ block: 'nearest' });
  }, []);
  return <span ref={place} hidden />;
}

function Choices(props: {
  ask: Ask;
  asked: string;
  first: boolean;
  sent: boolean;
  onAnswer: (answer: 'once' | 'chat') => void;
  onMore: (what: 'reject' | 'always') => void;
}) {
  const { ask, asked, first, sent } = props;
  const early = !useSettled(asked);
  return (
    <div class="buttons">
      <button
        type="button"
        class={first ? 'button primary' : 'button'}
        disabled={sent || early}
        data-allow=""
        aria-keyshortcuts="Control+Enter"
        onKeyDown={withoutEnter}
        onClick={() => props.onAnswer('once')}
      >
        Allow once{first && <span class="key">{allowKey}</span>}
      </button>
      {ask.grant !== null && (
        <button
          type="button"
          class="button"
          disabled={sent || early}
          title={ask.grant}
          aria-description={ask.grant}
          onKeyDown={withoutEnter}
          onClick={() => props.onAnswer('chat')}
        >
          In this chat
        </button>
      )}
      {ask.always.length > 0 && (
        <button
          type="button"
          class="button"
          disabled={sent || early}
          onKeyDown={withoutEnter}
          onClick={() => props.onMore('always')}
        >
          Always…
        </button>
      )}
      <button type="button" class="button" disabled={sent} onClick={() => props.onMore('reject')}>
        Reject…
      </button>
    </div>
  );
}

/** What would be allowed from now on, in full, before it is; with it this call. */
function Always(props: { ask: Ask; asked: string; sent: boolean; onAllow: (key: string) => void; onBack: () => void }) {
  const { always, folder } = props.ask;
  const early = !useSettled(props.asked);
  const back = useRef<HTMLButtonElement>(null);
  // The button that was clicked is gone; the harmless one takes its focus.
  useLayoutEffect(() => back.current?.focus(), []);
  return (
    <div class="always" role="group" aria-label="Always allow">
      <p>From now on, in every chat in {folder === '' ? 'this folder' : baseName(folder)}, without a question:</p>
      {always.map(({ key, words }) => (
        <div key={key} class="always-form">
          <span class="always-words">
            <Exact text={words} />
          </span>
          <button
            type="button"
            class="button"
            disabled={props.sent || early}
            aria-label={`Always allow ${words}`}
            onKeyDown={withoutEnter}
            onClick={() => props.onAllow(key)}
          >
            Always allow
          </button>
        </div>
      ))}
      <p class="always-note">“Drover: Manage Always-Allowed” in the command palette lists it and takes it back.</p>
      <div class="buttons">
        <button ref={back} type="button" class="button" disabled={props.sent} onClick={props.onBack}>
          Back
        </button>
      </div>
    </div>
  );
}

/** Which agent asks, and what led to it: the message of this turn, and what it has read since. */
function CameFrom({ ask: { asker } }: { ask: Ask }) {
  if (asker === null) return null;
  const { text, read } = asker;
  return (
    <div class="came-from">
      <p class="came-from-text" title={text}>
        {askerWords(asker)} “<Exact text={text} />”
      </p>
      {read.length > 0 && (
        <p class="came-from-text">
          In this turn before: <Exact text={read.join(', ')} />
        </p>
      )}
    </div>
  );
}

const isMac = navigator.platform.startsWith('Mac');
const allowKey = isMac ? '⌘Enter' : 'Ctrl+Enter';

/** A button takes Enter for a click; one that allows something must not. */
function withoutEnter(event: KeyboardEvent): void {
  if (event.key === 'Enter') event.preventDefault();
}

function Preview({ call }: { call: CallItem }) {
  const preview = call.ask?.preview;
  if (preview === undefined || preview.text === '') return null;
  if (preview.kind === 'diff') {
    return (
      <>
        <Diff diff={preview.text} whole />
        <div class="card-more">
          <LinkButton onClick={() => post({ type: 'question', ask: call.ask?.id ?? '' })}>
            Open in the editor
          </LinkButton>
        </div>
      </>
    );
  }
  const resolved = call.ask?.resolved ?? null;
  return (
    <>
      <pre class="command" tabindex={0}>
        <Exact text={preview.text} />
      </pre>
      {resolved !== null && (
        <div class="resolved">
          <span class="resolved-label">The shell makes of it:</span>
          <pre class="command" tabindex={0}>
            <Exact text={resolved} />
          </pre>
        </div>
      )}
    </>
  );
}

function Effects({ call }: { call: CallItem }) {
  const lines = effectLines(call);
  if (lines.length === 0) return null;
  return (
    <ul class="effects">
      {lines.map((line) => (
        <li key={line.text}>
          <Icon name={line.icon} />
          <span>
            <Exact text={line.text} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What is written is kept as long as the question is open, wherever the person goes meanwhile. */
function Rejection(props: { ask: string; sent: boolean; onReject: (reason: string) => void; onBack: () => void }) {
  const [reason, setReason] = useState(saved().reasons[props.ask] ?? '');
  const write = (text: string): void => {
    setReason(text);
    keepReason(props.ask, text);
  };
  const field = useRef<HTMLInputElement>(null);
  // Before the next key, which is meant for it.
  useLayoutEffect(() => field.current?.focus(), []);
  const reject = (): void => {
    if (!props.sent) props.onReject(reason.trim());
  };
  // No form: the editor does not let a webview submit one.
  return (
    <div class="rejection">
      <input
        ref={field}
        class="field"
        value={reason}
        maxLength={2000}
        placeholder="Why, or what instead"
        aria-label="Reason"
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          // The first Enter of an input method only ends the composition.
          if (event.key === 'Enter' && !event.isComposing) reject();
        }}
      />
      <div class="buttons">
        <button type="button" class="button primary" disabled={props.sent} onClick={reject}>
          Reject
        </button>
        <button type="button" class="button" disabled={props.sent} onClick={props.onBack}>
          Back
        </button>
      </div>
      <ButtonsInView />
    </div>
  );
}

/**
 * Ctrl+Enter anywhere in the panel allows the first question, but never unseen: with the question out of view it only
 * brings it there. Not while a text is being written, which it might be meant for.
 */
export function allowByKey(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat || event.isComposing) return;
  if (event.target instanceof HTMLInputElement || isWriting(event.target)) return;
  const card = document.querySelector<HTMLElement>('.question.first');
  const allow = card?.querySelector<HTMLButtonElement>('[data-allow]');
  if (card === null || allow === null || allow === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (isInView(allow)) {
    allow.click();
    return;
  }
  card.scrollIntoView({ block: 'end' });
  card.focus();
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement && target.value.trim() !== '';
}

function isInView(element: HTMLElement): boolean {
  const box = element.getBoundingClientRect();
  const list = element.closest('.log')?.getBoundingClientRect();
  return list !== undefined && box.top >= list.top && box.bottom <= list.bottom + 1;
}
