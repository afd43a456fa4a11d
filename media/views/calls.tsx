import { useEffect, useState } from 'preact/hooks';
import { type Line, summarise, toLines } from '../blocks.ts';
import { firstChange } from '../diff.ts';
import { plainOutput } from '../exact.ts';
import type { CallItem } from '../fold.ts';
import { post } from '../host.ts';
import { memo } from '../memo.ts';
import { allowedBecause, join, lineText } from '../words.ts';
import { Diff } from './diff.tsx';
import { Icon, LinkButton, Prose, Why } from './parts.tsx';

const icons = { read: 'eye', list: 'list-tree', search: 'search', edit: 'diff', run: 'terminal', other: 'tools' };

export function callIcon(call: CallItem): string {
  return call.title === null ? 'warning' : icons[call.title.kind];
}

/** Calls that are one quiet line each. */
export const Run = memo('Run', ({ calls }: { calls: readonly CallItem[] }) => (
  <ul class="run">
    {toLines(calls).map((line) => (
      <RunLine key={line.key} line={line} />
    ))}
  </ul>
));

function RunLine({ line }: { line: Line }) {
  return line.kind === 'call' ? <CallLine call={line.call} /> : <FoldedLines calls={line.calls} />;
}

function FoldedLines({ calls }: { calls: readonly CallItem[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <li class="line" data-calls={calls.map(({ id }) => id).join(' ')}>
        <button type="button" class="line-main" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <span class="line-text">{summarise(calls)}</span>
        </button>
      </li>
      {open && calls.map((call) => <CallLine key={call.key} call={call} />)}
    </>
  );
}

const CallLine = memo('CallLine', ({ call }: { call: CallItem }) => {
  const [open, setOpen] = useState(false);
  const running = call.state === 'running' || call.state === 'answered';
  const output = running ? plainOutput(call.output) : call.text;
  const failed = call.state === 'error';
  const toggle = (): void => setOpen(!open);
  const path = openable(call);
  const text = lineText(call);
  return (
    <li class={failed ? 'line failed' : 'line'} data-calls={call.id}>
      <button
        type="button"
        class="line-main"
        title={path === undefined ? text : `Open ${path.path}`}
        aria-expanded={path === undefined ? open : undefined}
        onClick={path === undefined ? toggle : () => post({ type: 'open', ...path })}
      >
        {running ? <Icon name="loading" spin /> : <Icon name={callIcon(call)} />}
        <span class="line-text">{text}</span>
      </button>
      <button
        type="button"
        class="line-result"
        title={open ? 'Hide the output' : 'Show the output'}
        aria-label={`${open ? 'Hide' : 'Show'} the output of ${text}`}
        aria-expanded={open}
        disabled={output === ''}
        onClick={toggle}
      >
        {running ? <Underway output={output} /> : <span class={resultClass(call)}>{result(call)}</span>}
      </button>
      {open && output !== '' && <Output text={output} prose={isProse(call)} />}
    </li>
  );
});

/** A result that was not taken from files or from a command. */
function isProse({ title, state }: CallItem): boolean {
  return title?.kind === 'other' || (state === 'error' && title?.kind !== 'run');
}

/** A command that takes its time says how long already, and the last thing that it wrote. */
function Underway({ output }: { output: string }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const begun = Date.now();
    const timer = setInterval(() => setSeconds(Math.round((Date.now() - begun) / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  const last = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return <span>{join(last, seconds > 0 ? `${seconds} s` : '')}</span>;
}

function result(call: CallItem): string {
  if (call.state === 'cancelled') return 'stopped';
  if (call.state === 'skipped') return 'not done';
  return call.summary;
}

function resultClass(call: CallItem): string {
  if (call.state === 'error') return 'bad';
  return call.title?.kind === 'run' && call.state === 'ok' ? 'good' : '';
}

/** The file that a line is about, where a click should open one. */
function openable(call: CallItem): { path: string; line?: number } | undefined {
  if (call.title?.kind !== 'read' && call.title?.kind !== 'edit') return undefined;
  const effect = call.effects.find((effect) => effect.kind === 'read' || effect.kind === 'write');
  const path = effect !== undefined && 'path' in effect ? effect.path : call.title.object;
  const line = /:(\d+)(?:-\d+)?$/.exec(call.title.object)?.[1];
  return { path: path.replace(/:\d+(?:-\d+)?$/, ''), ...(line === undefined ? {} : { line: Number(line) }) };
}

/** `prose`: words of ours, which are wrapped. */
export function Output({ text, prose = false }: { text: string; prose?: boolean }) {
  return (
    <pre class={prose ? 'output prose' : 'output'} tabindex={0}>
      {plainOutput(text)}
    </pre>
  );
}

/** A file that was changed: what, why it was allowed, and the way back. */
export const ChangeCard = memo('ChangeCard', ({ call }: { call: CallItem }) => {
  const change = call.change;
  if (change === null) return null;
  const line = firstChange(change.diff);
  const open = (): void => post({ type: 'open', path: change.path, ...(line === undefined ? {} : { line }) });
  const undone = call.undo?.done === true;
  return (
    <section class={undone ? 'card undone' : 'card'} aria-label={`Change of ${change.path}`} data-calls={call.id}>
      <header class="card-head">
        <Icon name="diff" />
        <button type="button" class="card-title" title={`Open ${change.path}`} onClick={open}>
          {change.path}
        </button>
        <span class="card-note" title={allowedBecause(call)}>
          {`+${change.added} −${change.removed}`}
          <span class="card-because">{` · ${allowedBecause(call)}`}</span>
        </span>
      </header>
      {change.diff !== '' && <Diff diff={change.diff} />}
      <footer class="card-foot">
        <ChangeState call={call} />
        <LinkButton onClick={() => post({ type: 'diff', call: call.id })}>Open diff</LinkButton>
        {!undone && (
          <LinkButton label={`Undo the change of ${change.path}`} onClick={() => post({ type: 'undo', call: call.id })}>
            Undo
          </LinkButton>
        )}
      </footer>
    </section>
  );
});

function ChangeState({ call }: { call: CallItem }) {
  if (call.undo === null) {
    return (
      <span class="card-state">
        <span class="good">
          <Icon name="check" />
        </span>
        {call.change?.before === null ? 'created' : 'applied'}
      </span>
    );
  }
  return (
    <span class="card-state" role="status">
      <Icon name={call.undo.done ? 'discard' : 'warning'} />
      <span>{call.undo.done ? 'undone' : `not undone: ${call.undo.reason ?? 'the file could not be put back'}`}</span>
    </span>
  );
}

/** A call that did not happen, or of which nobody knows: small, with the reason. */
export const RefusedCard = memo('RefusedCard', ({ call }: { call: CallItem }) => {
  const [open, setOpen] = useState(false);
  const { icon, head, why } = refusal(call);
  return (
    <section class="card refused" aria-label={head} data-calls={call.id}>
      <div class={call.answer === null ? 'refused-head warn' : 'refused-head'}>
        <Icon name={icon} />
        <span class="refused-what">
          <strong>{head}</strong> {call.title !== null && lineText(call)}
        </span>
      </div>
      <div class="refused-why">
        <Prose text={why} />{' '}
        {call.state === 'denied' && call.answer === null && call.verdict !== null && <Why rule={call.verdict.rule} />}
        {call.text !== '' && call.text.trim() !== why && call.state !== 'denied' && (
          <LinkButton expanded={open} onClick={() => setOpen(!open)}>
            Details
          </LinkButton>
        )}
      </div>
      {open && <Output text={call.text} prose />}
    </section>
  );
});

function refusal(call: CallItem): { icon: string; head: string; why: string } {
  if (call.state === 'invalid') return { icon: 'warning', head: 'Not understood', why: misunderstanding(call) };
  if (call.state === 'unknown') {
    return {
      icon: 'question',
      head: 'Outcome unknown',
      why: 'It had begun when the agent was lost. It is not done again by itself.',
    };
  }
  if (call.answer !== null) return { icon: 'circle-slash', ...answered(call) };
  return { icon: 'circle-slash', head: 'Not allowed', why: call.verdict?.reason ?? call.summary };
}

/** What was wrong with a call, without what only the model needs to know. */
function misunderstanding({ summary, text }: CallItem): string {
  if (text === '' || !['not understood', 'no such tool'].includes(summary)) return summary;
  const why = text
    .replace(/^Not run: /, '')
    .replace(/(?<=\.) (It takes: |The tools are: |Send the call again)[^]*$/, '');
  return why.charAt(0).toUpperCase() + why.slice(1);
}

function answered(call: CallItem): { head: string; why: string } {
  switch (call.answer?.by) {
    case 'nobody':
      return { head: 'Not answered', why: 'Nobody was there to be asked, so it was not done.' };
    case 'cancel':
      return { head: 'Not done', why: 'The turn was stopped before the question was answered.' };
    case 'policy':
      return { head: 'Not done', why: `The supervisor stepped in: ${call.answer.reason ?? ''}` };
    case 'team':
      return { head: 'Rejected', why: (call.answer.reason ?? '').replace(/^the person has/, 'You have') };
    default:
      return { head: 'Rejected', why: call.answer?.reason ?? '' };
  }
}
