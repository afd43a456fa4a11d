import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Ask, CallItem } from '../fold.ts';
import { post } from '../host.ts';
import { baseName, effectLines, question } from '../words.ts';
import { callIcon } from './calls.tsx';
import { Diff } from './diff.tsx';
import { Exact, Icon, Prose, Why } from './parts.tsx';

/**
 * A question to the person. Nothing in it has the focus by itself, and Enter never allows: Ctrl+Enter does (see
 * `allowByKey`), or a click, or the space bar on the button.
 */
export function QuestionCard({ call, first, failures }: { call: CallItem; first: boolean; failures: number }) {
  const [sent, setSent] = useState(false);
  const [rejecting, setRejecting] = useState(false);
  const card = useRef<HTMLElement>(null);
  const title = useId();
  const ask = call.ask;

  // The answer did not arrive: it can be given again.
  useEffect(() => setSent(false), [failures]);
  if (ask === null) return null;

  const answer = (answer: 'once' | 'chat' | 'reject', reason?: string): void => {
    setSent(true);
    post({ type: 'answer', ask: ask.id, answer, ...(reason === undefined || reason === '' ? {} : { reason }) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing || sent) return;
    event.stopPropagation();
    if (!rejecting) return answer('reject');
    setRejecting(false);
    card.current?.focus();
  };

  return (
    <section
      ref={card}
      class={first ? 'card question first' : 'card question'}
      role="group"
      aria-labelledby={title}
      tabindex={-1}
      data-ask={ask.id}
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
        <p class="reason">
          <Prose text={call.verdict?.reason ?? ''} /> {call.verdict !== null && <Why rule={call.verdict.rule} />}
        </p>
        {rejecting ? (
          <Rejection sent={sent} onReject={(reason) => answer('reject', reason)} onBack={() => setRejecting(false)} />
        ) : (
          <Choices ask={ask} first={first} sent={sent} onAnswer={answer} onReject={() => setRejecting(true)} />
        )}
      </div>
    </section>
  );
}

function Choices(props: {
  ask: Ask;
  first: boolean;
  sent: boolean;
  onAnswer: (answer: 'once' | 'chat') => void;
  onReject: () => void;
}) {
  const { ask, first, sent } = props;
  return (
    <div class="buttons">
      <button
        type="button"
        class={first ? 'button primary' : 'button'}
        disabled={sent}
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
          disabled={sent}
          title={ask.grant}
          aria-description={ask.grant}
          onKeyDown={withoutEnter}
          onClick={() => props.onAnswer('chat')}
        >
          In this chat
        </button>
      )}
      <button type="button" class="button" disabled={sent} onClick={props.onReject}>
        Reject…
      </button>
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
  if (preview.kind === 'diff') return <Diff diff={preview.text} whole />;
  return (
    <pre class="command" tabindex={0}>
      <Exact text={preview.text} />
    </pre>
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

function Rejection(props: { sent: boolean; onReject: (reason: string) => void; onBack: () => void }) {
  const [reason, setReason] = useState('');
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
        onInput={(event) => setReason(event.currentTarget.value)}
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
