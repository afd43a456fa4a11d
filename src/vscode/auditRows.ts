import {
  type AuditFilter,
  approverWords,
  type Decision,
  type DecisionState,
  endWords,
  stateWords,
  type Verification,
} from '../common/audit.ts';
import { showHidden } from '../common/gate/hidden.ts';
import { type Row, when } from './rows.ts';

/** How decisions look as rows of the tree "Audit"; what is drawn with them is elsewhere. */

/** What the tree shows of the decisions that there are. */
export interface AuditView {
  only: AuditFilter;
  /** Of this tool alone. */
  tool?: string;
}

const icons: { readonly [state in DecisionState]: string } = {
  allowed: 'check',
  approved: 'verified',
  denied: 'circle-slash',
  rejected: 'thumbsdown',
  unasked: 'error',
  open: 'bell-dot',
};

/** Characters of what a call was about, in a row; the tooltip has more. */
const LABEL = 100;
const TOOLTIP = 1000;

/** A decision: what was wanted, how it was decided, which must not be cut off, and by whom. */
export function decisionRow(decision: Decision, now: number): Row {
  const { title, agent, state, at, undone, copied } = decision;
  const label = oneLine(`${title.verb} ${title.object}`);
  const parts = [stateWords(decision), ended(decision), undone === true ? 'undone' : '', agent, when(at, now)];
  if (copied === true) parts.push('copied');
  return {
    label: cut(label, LABEL),
    description: parts.filter((part) => part !== '').join(' · '),
    icon: icons[state],
    tooltip: tooltip(decision),
  };
}

/** What is worth a word: that it went well is not, nor that what was not let pass was not run. */
function ended(decision: Decision): string {
  const { outcome, state } = decision;
  if (outcome === 'ok' || outcome === 'denied') return '';
  return endWords(decision) ?? (state === 'open' ? '' : 'not ended');
}

function tooltip(decision: Decision): string {
  const { title, agent, tool, verdict, answer, files, at, origin } = decision;
  const end = endWords(decision);
  const lines = [
    cut(oneLine(`${title.verb} ${title.object}`), TOOLTIP),
    `${new Date(at).toLocaleString('en-GB')} · ${agent} · ${tool}${origin === 'mention' ? ' · named in a message' : ''}`,
    '',
    `Rule: ${verdict.rule} (${verdict.decision})`,
    `Reason: ${oneLine(verdict.reason)}`,
    `Decided: ${decidedBy(decision)}`,
    ...(answer === undefined ? [] : [`Answer: ${oneLine(answer)}`]),
    ...(end === undefined ? [] : [`Ended: ${oneLine(end)}`]),
    ...files.map(({ path, before, after }) => `${oneLine(path)}: ${short(before)} → ${short(after)}`),
  ];
  return lines.join('\n');
}

function decidedBy(decision: Decision): string {
  const words = stateWords(decision);
  if (decision.state === 'open') return words;
  return decision.state === 'unasked'
    ? `${words}, because the call failed before`
    : `${words}, by ${approverWords(decision.approver)}`;
}

function short(hash: string | null | undefined): string {
  return hash === null ? 'no file' : (hash?.slice(0, 12) ?? 'not known');
}

/** What a filter lets through, in a few words; empty: everything. */
export function viewWords({ only, tool }: AuditView): string {
  const kinds = { all: '', asked: 'asked', denied: 'denied or rejected', changes: 'changes' };
  return [kinds[only], tool ?? ''].filter((part) => part !== '').join(' · ');
}

/** What stands in the place of decisions where there is none. */
export function noneRow(view: AuditView): Row {
  const filtered = viewWords(view);
  const label = filtered === '' ? 'No tool was called yet' : 'No decision fits the filter';
  return { label, description: filtered, icon: 'dash', tooltip: label };
}

/** A log that is not what Drover wrote; undefined: nothing is wrong with it. */
export function damageRow({ state, findings }: Verification): Row | undefined {
  if (state !== 'damaged') return undefined;
  const [first = '', ...more] = findings.map(oneLine);
  const others = more.length === 0 ? '' : `and ${more.length} more`;
  const tooltip = ['What stands here may not be what happened:', ...findings.map(oneLine)].join('\n');
  return {
    label: 'The log of this chat was changed',
    description: `${first} ${others}`.trim(),
    icon: 'warning',
    tooltip,
  };
}

/** What verifying logs came to, in a sentence. */
export function verified(found: readonly Verification[], titles: ReadonlyMap<string, string>): string {
  const [first] = found;
  if (first === undefined) return 'There is no chat to verify here.';
  const named = ({ chat, text }: Verification): string => `“${titles.get(chat) ?? chat}”: ${text}`;
  const damaged = found.filter(({ state }) => state === 'damaged');
  if (damaged.length > 0) return damaged.map(named).join(' ');
  if (found.length === 1) return named(first);
  const sum = (count: (each: Verification) => number): number => found.reduce((all, each) => all + count(each), 0);
  return `Nothing was changed in the logs of ${found.length} chats: anchors cover ${sum(({ covered }) => covered)} of ${sum(({ records }) => records)} records, and the rest is chained.`;
}

/** Newer decisions of a page in the place of those that they are about, before those that it does not reach. */
export function merged(fresh: readonly Decision[], known: readonly Decision[]): Decision[] {
  const last = fresh.at(-1)?.seq ?? Infinity;
  return [...fresh, ...known.filter(({ seq }) => seq < last)];
}

function oneLine(text: string): string {
  return showHidden(text.replaceAll(/\s+/g, ' ').trim());
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
