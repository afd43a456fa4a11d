import { z } from 'zod';
import { approverIn, approverOf } from './approver.ts';
import {
  Approver,
  CHANGED_MEANWHILE,
  Effect,
  type LoggedEvent,
  Outcome,
  Title,
  type ToolCall,
  Verdict,
} from './events.ts';

/** The decisions of a chat, read from its events: who wanted what, who let it pass or did not, and what came of it. */

/** A file that a call writes, by SHA-256. Null: there was none. Absent: that is not known. */
const AuditFile = z.strictObject({
  path: z.string(),
  before: z.string().nullable().optional(),
  after: z.string().nullable().optional(),
});

/**
 * What was decided, whatever came of it. `allowed`: without asking. `approved`: asked and allowed. `denied`: by the gate, or turned
 * away before it. `rejected`: asked, and the answer was no. `unasked`: it had to be asked about, and failed before. `open`: asked,
 * without an answer yet.
 */
export const DecisionState = z.enum(['allowed', 'approved', 'denied', 'rejected', 'unasked', 'open']);
export type DecisionState = z.infer<typeof DecisionState>;

export const Decision = z.strictObject({
  /** The record of the chat's log that it begins with. */
  seq: z.int(),
  /** Milliseconds since 1970. */
  at: z.int(),
  call: z.string(),
  agent: z.string(),
  tool: z.string(),
  title: Title,
  effects: z.array(Effect),
  origin: z.enum(['model', 'mention']),
  verdict: Verdict,
  state: DecisionState,
  approver: Approver,
  /** What the person, or who stood in for them, said with a no. */
  answer: z.string().optional(),
  /** Absent: it has not ended. */
  outcome: Outcome.optional(),
  summary: z.string().optional(),
  files: z.array(AuditFile),
  /** One that undo knows, whose contents are kept. */
  change: z.strictObject({ path: z.string(), added: z.int(), removed: z.int() }).optional(),
  undone: z.literal(true).optional(),
  /** It was made in the chat that this one goes on from. */
  copied: z.literal(true).optional(),
});
export type Decision = z.infer<typeof Decision>;

export const AuditFilter = z.enum(['all', 'asked', 'denied', 'changes']);
export type AuditFilter = z.infer<typeof AuditFilter>;

/** The newest first. */
export const AuditPage = z.strictObject({
  chat: z.string(),
  title: z.string(),
  /** The chat that delegated a task to this one. */
  parent: z.string().optional(),
  /** The chat that this one goes on from. */
  from: z.string().optional(),
  decisions: z.array(Decision),
  /** How many there are that fit the filter. */
  total: z.int(),
  /** What to give as `before` for those that come next; absent: there are no more. */
  next: z.int().optional(),
  /** Names of all tools that were called. */
  tools: z.array(z.string()),
});
export type AuditPage = z.infer<typeof AuditPage>;

/** Decisions of a page where nothing else is said, and at most. */
export const AUDIT_PAGE = 100;
export const AUDIT_MOST = 1000;

export const AuditQuery = z.strictObject({
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(AUDIT_MOST).default(AUDIT_PAGE),
  only: AuditFilter.default('all'),
  tool: z.string().min(1).optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

/** Whether the log of a chat is what Drover wrote. */
export const Verification = z.strictObject({
  /** The chat; of a log whose first record cannot be read the name of its file. */
  chat: z.string(),
  /** `unanchored`: the chain holds, and no anchor covers any of it yet. `damaged`: or it cannot be shown that it is not. */
  state: z.enum(['whole', 'unanchored', 'damaged']),
  /** Whole records in the log. */
  records: z.int(),
  /** The first so many are those that were anchored; 0 where that is not shown. */
  covered: z.int(),
  /** When the last of them was written, in milliseconds since 1970. */
  anchored: z.int().optional(),
  /** What is wrong, a sentence each. */
  findings: z.array(z.string()),
  /** What else there is to know. */
  notes: z.array(z.string()),
  /** All of it in one sentence. */
  text: z.string(),
});
export type Verification = z.infer<typeof Verification>;

/** True for what a filter lets through. */
export function fits(decision: Decision, only: AuditFilter, tool?: string): boolean {
  if (tool !== undefined && decision.tool !== tool) return false;
  switch (only) {
    case 'all':
      return true;
    case 'asked':
      return decision.verdict.decision === 'ask';
    case 'denied':
      return decision.state === 'denied' || decision.state === 'rejected';
    case 'changes':
      return (
        decision.change !== undefined ||
        decision.files.some(({ before, after }) => after !== undefined && before !== after)
      );
  }
}

type Of<T extends LoggedEvent['type']> = LoggedEvent & { type: T };

/** Folds the events of one chat, one after another, into its decisions. */
export class Decisions {
  /** The oldest first. */
  readonly list: Decision[] = [];
  readonly tools = new Set<string>();
  /** How many events were taken. */
  count = 0;
  private agent = '';
  private copied = 0;
  private readonly calls = new Map<string, ToolCall>();
  /** The last decision about a call, as long as the call has not ended. */
  private readonly pending = new Map<string, Decision>();
  private readonly ended = new Map<string, Decision>();
  private readonly asks = new Map<string, Decision>();
  private readonly grants: { words: string; approver: Approver }[] = [];
  private readonly granting = new Map<string, string>();

  /** @param at when it was logged, in milliseconds since 1970 */
  take(event: LoggedEvent, at: number): void {
    this.count += 1;
    switch (event.type) {
      case 'chat':
        this.agent = event.agent;
        this.copied = event.copied === undefined ? 0 : event.copied + 1;
        return;
      case 'user':
        this.agent = event.agent;
        return;
      case 'assistant':
        for (const call of event.calls) this.calls.set(call.id, call);
        return;
      case 'ask':
        return this.asked(event, at);
      case 'answer':
        return this.answered(event);
      case 'tool.start':
        return this.started(event, at);
      case 'tool.end':
        return this.over(event, at);
      case 'undo': {
        const decision = this.ended.get(event.call);
        if (event.done && decision) decision.undone = true;
        return;
      }
      default:
    }
  }

  private add(decision: Omit<Decision, 'seq' | 'at' | 'copied'>, at: number): Decision {
    const copied = this.count <= this.copied ? { copied: true as const } : {};
    const added: Decision = { seq: this.count, at, ...decision, ...copied };
    this.list.push(added);
    this.tools.add(added.tool);
    this.pending.set(added.call, added);
    return added;
  }

  private asked({ ask, call, tool, title, effects, verdict, grant }: Of<'ask'>, at: number): void {
    const origin = this.calls.has(call) ? 'model' : 'mention';
    const approver: Approver = { by: 'nobody', ask };
    const base = { call, agent: this.agent, tool, title, effects, origin, verdict, approver } as const;
    this.asks.set(ask, this.add({ ...base, state: 'open', files: [] }, at));
    if (grant !== undefined) this.granting.set(ask, grant);
  }

  private answered(event: Of<'answer'>): void {
    const decision = this.asks.get(event.ask);
    if (!decision) return;
    decision.approver = approverIn(event);
    decision.state = event.answer === 'reject' ? 'rejected' : 'approved';
    if (event.reason !== undefined) decision.answer = event.reason;
    const words = this.granting.get(event.ask);
    if (event.answer !== 'reject' && words !== undefined) this.grants.push({ words, approver: decision.approver });
  }

  private started(event: Of<'tool.start'>, at: number): void {
    const { call, tool, title, effects, verdict, origin, agent = this.agent, files = [] } = event;
    const approver = this.withGrant(event.approver ?? approverOf(verdict), verdict);
    const before = files.map(({ path, hash }) => ({ path, ...(hash === undefined ? {} : { before: hash }) }));
    const asked = this.pending.get(call);
    if (asked?.state === 'approved' && verdict.decision !== 'deny') {
      asked.files = before;
      asked.agent = agent;
      return;
    }
    const state = verdict.decision === 'deny' ? 'denied' : 'allowed';
    this.add({ call, agent, tool, title, effects, origin, verdict, state, approver, files: before }, at);
  }

  /** The yes for the chat that a grant came from, which is known by its words. */
  private withGrant(approver: Approver, { reason }: Verdict): Approver {
    if (approver.by !== 'grant') return approver;
    const from = this.grants.findLast(({ words }) => reason.includes(words))?.approver;
    return from ? { ...from, by: 'grant' } : approver;
  }

  private over(event: Of<'tool.end'>, at: number): void {
    const decision = this.pending.get(event.call) ?? this.refused(event, at);
    if (event.handOff) this.agent = event.handOff.agent;
    if (!decision) return;
    this.pending.delete(event.call);
    this.ended.set(event.call, decision);
    decision.outcome = event.outcome;
    decision.summary = event.summary;
    if (decision.state === 'open') decision.state = 'rejected';
    decision.files = withAfter(decision.files, event);
    if (event.change) {
      const { path, added, removed } = event.change;
      decision.change = { path, added, removed };
    }
  }

  /** A call that ended without having been judged. Logs of before say only in words why. */
  private refused(event: Of<'tool.end'>, at: number): Decision | undefined {
    const { call, tool, outcome, text, origin, agent = this.agent } = event;
    if (!event.verdict && outcome !== 'invalid' && outcome !== 'denied') return undefined;
    const rule = outcome === 'denied' ? 'role.tools' : 'call.invalid';
    const reason = text.replace(/^Denied: /, '').slice(0, 500);
    const verdict = event.verdict ?? { decision: 'deny', rule, reason };
    const object = `${tool} ${this.calls.get(call)?.arguments.slice(0, 200) ?? ''}`.trim();
    const title = event.title ?? { kind: 'other', verb: 'Call', object };
    const base = { call, agent, tool, title, effects: [], origin, verdict, files: [] };
    if (verdict.decision === 'deny') return this.add({ ...base, state: 'denied', approver: approverOf(verdict) }, at);
    return this.add({ ...base, state: 'unasked', approver: { by: 'nobody' } }, at);
  }
}

function withAfter(files: Decision['files'], { change, files: after = [] }: Of<'tool.end'>): Decision['files'] {
  if (change) {
    const { path, before, after: now } = change;
    return [...files.filter((file) => file.path !== path), { path, before, after: now }];
  }
  return files.map((file) => {
    const now = after.find(({ path }) => path === file.path)?.hash;
    return now === undefined ? file : { ...file, after: now };
  });
}

/** A page of them, the newest first. */
export function pageOf(
  { list, tools }: Pick<Decisions, 'list' | 'tools'>,
  { before = Infinity, limit, only, tool }: AuditQuery,
): Pick<AuditPage, 'decisions' | 'total' | 'next' | 'tools'> {
  const fitting = list.filter((decision) => fits(decision, only, tool));
  const rest = fitting.filter(({ seq }) => seq < before);
  const decisions = rest.slice(-limit).toReversed();
  const next = rest.length > limit ? decisions.at(-1)?.seq : undefined;
  return {
    decisions,
    total: fitting.length,
    ...(next === undefined ? {} : { next }),
    tools: [...tools].toSorted(),
  };
}

const decided: { readonly [state in DecisionState]: string } = {
  allowed: 'allowed',
  approved: 'asked and allowed',
  denied: 'denied',
  rejected: 'asked and rejected',
  unasked: 'not asked',
  open: 'asked, not answered',
};

/** What was decided, in a few words. */
export function stateWords({ state }: Pick<Decision, 'state'>): string {
  return decided[state];
}

const endings: { readonly [outcome in Outcome]: string } = {
  ok: 'done',
  error: 'failed',
  denied: 'not run',
  invalid: 'not understood',
  cancelled: 'cancelled',
  unknown: 'outcome unknown',
  skipped: 'not run',
};

/** How the call ended, apart from what was decided: "done, +1 -1", "changed meanwhile". Undefined: it has not. */
export function endWords({ outcome, summary = '' }: Pick<Decision, 'outcome' | 'summary'>): string | undefined {
  if (outcome === undefined) return undefined;
  if (outcome === 'error' && summary === CHANGED_MEANWHILE) return summary;
  const word = endings[outcome];
  const more = outcome === 'ok' || outcome === 'error' ? summary : '';
  return more === '' || more === word ? word : `${word}, ${more}`;
}

const approvers: { readonly [by in Approver['by']]: string } = {
  rule: 'the rule alone',
  setting: 'a setting',
  grant: 'the yes for this chat',
  person: 'the person',
  nobody: 'nobody',
  policy: 'a policy',
  team: 'the person, in another chat of the team',
  cancel: 'the stop of the turn',
};

const clients = { vscode: 'in VS Code', cli: 'at the command line', other: 'at another program' };

/** Who let it pass, or refused it, in words: "the person in VS Code". */
export function approverWords({ by, client }: Approver): string {
  return client === undefined ? approvers[by] : `${approvers[by]}, ${clients[client.kind]}`;
}
