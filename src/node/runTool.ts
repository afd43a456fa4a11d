import { asProblem, Problem } from '../common/errors.ts';
import { approverIn, approverOf } from '../common/approver.ts';
import { CHANGED_MEANWHILE } from '../common/events.ts';
import type { Approver, Effect, FileState, LoggedEvent, Outcome, Title, ToolCall, Verdict } from '../common/events.ts';
import { type ChatState, untouched } from '../common/gate/chatState.ts';
import { revealHidden, showName } from '../common/gate/hidden.ts';
import { type Judgement, judge, type Policy, type ResolvedEffect, withholds } from '../common/gate/judge.ts';
import type { ChildResult, Task } from '../common/ipc.ts';
import type { Files, Outputs, Shut, Tool, ToolContext, ToolResult } from '../common/tool.ts';
import { resolvedLine } from '../common/gate/resolved.ts';
import { type Approval, approvalOf, asJudged } from './approval.ts';
import { lookingEnvironment } from './environment.ts';
import { resolveEffects } from './effects.ts';
import { statesOf, writtenBy } from './fileStates.ts';
import { type Parsed, parseCall } from './parseCall.ts';
import { shorten } from './text.ts';

type AskEvent = LoggedEvent & { type: 'ask' };
type EndEvent = LoggedEvent & { type: 'tool.end' };

/** What a person is asked; the caller gives it an id and puts it before somebody. */
export type AskRequest = Omit<AskEvent, 'type' | 'ask'>;
type AnswerEvent = LoggedEvent & { type: 'answer' };
export type AskAnswer = Pick<AnswerEvent, 'answer' | 'reason' | 'by' | 'client'> & Partial<Pick<AnswerEvent, 'ask'>>;

/** `Outputs` of all calls of a chat. */
export interface ChatOutputs extends Pick<Outputs, 'read'> {
  keep(call: string, text: string): ReturnType<Outputs['keep']>;
}

/** All that running a call needs from outside. */
export interface RunDeps {
  /** The agent that calls. */
  agent: string;
  /** Those that it may call. */
  tools: readonly Tool[];
  /** Names of those that there are and that it may not call. */
  lacking: readonly string[];
  /** All that there are, so that a call of one that it may not call is told to the person like any other. */
  known?: readonly Tool[];
  /** Absolute, real; the first is where relative paths and commands start. */
  roots: readonly string[];
  /** Agents that it may hand the chat over to. */
  handoffs: readonly string[];
  policy: Policy;
  /** What the person allowed for this chat; an answer "chat" adds to it. */
  grants: () => Set<string>;
  /** What the person always allows in this folder. */
  always?: () => ReadonlySet<string>;
  /** What has happened in the chat. */
  state?: () => ChatState;
  files: Files;
  /** What commands of this chat wrote; absent: nothing is kept. */
  outputs?: ChatOutputs;
  ripgrep: string | undefined;
  /** For children, already cleaned. */
  environment: Record<string, string>;
  /** Where commands are shut in: there wherever `policy.contained` says so, and where only those are that look. */
  shut?: Shut & { looking: Shut };
  origin: 'model' | 'mention';
  /** The chat is a part of the work of another one, whose agent wrote its messages. */
  delegated?: boolean;
  signal: AbortSignal;
  /** Settles when somebody has answered. Need not watch the signal. */
  ask(request: AskRequest): Promise<AskAnswer>;
  /** Before anything but a look: kept safe before it settles. `stop`: the call must not run, and why. */
  record(event: LoggedEvent & { type: 'tool.start' }): Promise<{ stop?: string }>;
  /** See `ToolContext.delegate`; for this call. */
  delegate(call: string, tasks: readonly Task[]): Promise<ChildResult[]>;
  /** For the log; nothing waits for it. */
  emit(event: LoggedEvent): void;
  /** Output while a command runs. */
  output(text: string): void;
}

/** Longer results are cut even where the tool forgot to, in characters. */
const maxResult = 64 * 1024;

/**
 * The only door to a tool: parse, effects, resolve, judge, ask, record, run. Emits `tool.start` where the call was
 * judged and `tool.end` in every case, which it also returns; the first of what it emits says how it was decided. Never
 * throws.
 */
export async function runTool(call: ToolCall, deps: RunDeps): Promise<EndEvent> {
  const end = await attempt(call, deps).catch((error: unknown) => failure(error, deps));
  const { outcome, text, summary, change, changed, handOff, output, title, ms } = end;
  const event: EndEvent = {
    type: 'tool.end',
    call: call.id,
    tool: end.tool ?? showName(call.name),
    agent: deps.agent,
    outcome,
    text: limited(revealHidden(text)),
    summary: showName(summary),
    origin: deps.origin,
    ...(title === undefined ? {} : { title }),
    // Its path stays as it is: by it the change is undone.
    ...(change === undefined ? {} : { change: { ...change, diff: revealHidden(change.diff) } }),
    ...(changed === undefined ? {} : { changed }),
    ...(handOff === undefined ? {} : { handOff }),
    ...(output === undefined ? {} : { output }),
    ...(ms === undefined ? {} : { ms }),
    ...(end.verdict === undefined ? {} : { verdict: end.verdict }),
    ...(end.files === undefined ? {} : { files: end.files }),
  };
  deps.emit(event);
  return event;
}

type End = Pick<EndEvent, 'outcome' | 'text' | 'summary' | 'change' | 'changed' | 'handOff' | 'output'> & OfEnd;
type OfEnd = Pick<EndEvent, 'title' | 'ms' | 'verdict' | 'files'> & { tool?: string };

function withoutTool(name: string, call: ToolCall, { agent, tools, lacking, known = [] }: RunDeps): End {
  const names = `The tools are: ${tools.map((tool) => tool.name).join(', ')}.`;
  if (lacking.includes(name)) {
    const meant = parseCall(call, known);
    return {
      ...denied(`the ${agent} agent may not call ${name}. ${names}`),
      verdict: refused('role.tools', `The ${agent} agent may not call ${shorten(name, 60)}.`),
      summary: `The ${agent} agent may not call ${name}.`,
      tool: name,
      ...('tool' in meant ? { title: titleOf(meant.tool, meant.args) } : {}),
    };
  }
  const text = `There is no tool named ${shorten(name, 60)}.`;
  const verdict = refused('call.unknown', text);
  return { outcome: 'invalid', text: `${text} ${names}`, summary: 'no such tool', verdict };
}

/** A call that is understood and judged. */
interface Judged extends Parsed {
  call: string;
  effects: Effect[];
  resolved: ResolvedEffect[];
  judgement: Judgement;
  approver: Approver;
}

async function attempt(call: ToolCall, deps: RunDeps): Promise<End> {
  if (deps.signal.aborted) return notBegun();
  const parsed = parseCall(call, deps.tools);
  if ('unknown' in parsed) return withoutTool(parsed.unknown, call, deps);
  if ('fault' in parsed) {
    const verdict = refused('call.invalid', parsed.fault);
    return { outcome: 'invalid', text: parsed.fault, summary: 'not understood', verdict };
  }
  const { tool, args } = parsed;
  const title = titleOf(tool, args);
  const end = await runParsed(call.id, parsed, deps).catch((error: unknown) => failure(error, deps));
  return { ...end, tool: tool.name, title };
}

async function runParsed(call: string, parsed: Parsed, deps: RunDeps): Promise<End> {
  const { tool, args } = parsed;
  const effects = tool.effects(args);
  const resolved = await resolveEffects(effects, deps.files, deps.roots).catch((error: unknown) =>
    failure(error, deps),
  );
  if ('outcome' in resolved) return { ...resolved, verdict: refused('call.path', resolved.text) };
  const judgement = judgeNow(tool, resolved, deps);
  const judged: Judged = { ...parsed, call, effects, resolved, judgement, approver: approverOf(judgement) };
  if (judgement.decision === 'deny') {
    deps.emit(startEvent(judged, deps));
    return denied(judgement.reason);
  }
  const context = contextFor(judged, deps);
  const asked = judgement.decision === 'ask' ? await askFirst(judged, context, deps) : undefined;
  if (asked !== undefined && 'refused' in asked) return asked.refused;
  const written = judgement.looks ? [] : writtenBy(resolved);
  const stopped = await record(judged, await statesOf(written, deps.files), deps);
  if (stopped !== undefined) return stopped;
  // Once more: keeping the record safe takes a while.
  if (asked !== undefined && !(await isAsShown(judged, asked, deps))) return changedMeanwhile;
  const files = asked === undefined ? context.files : asJudged(deps.files, resolved, asked.approval);
  const done = await act(judged, { ...context, files }, deps);
  return written.length === 0 || done.change ? done : { ...done, files: await statesOf(written, deps.files) };
}

/** Like `askPerson`, and keeps who answered. Where the question could not even be put, the end says how it was judged. */
async function askFirst(judged: Judged, context: ToolContext, deps: RunDeps): ReturnType<typeof askPerson> {
  const ask: RunDeps['ask'] = async (request) => {
    const answer = await deps.ask(request);
    judged.approver = approverIn(answer);
    return answer;
  };
  return askPerson(judged, context, { ...deps, ask }).catch((error: unknown) => ({
    refused: { ...failure(error, deps), verdict: plain(judged.judgement) },
  }));
}

function judgeNow(tool: Tool, effects: ResolvedEffect[], deps: RunDeps): Judgement {
  const { policy, grants, always, origin, delegated, state = () => untouched } = deps;
  // What is mentioned in a task that another agent wrote was named by no person.
  const named = origin === 'mention' && delegated !== true;
  const more = always ? { always: always() } : {};
  return judge({ tool, effects, policy, grants: grants(), named, state: state(), ...more });
}

/** Where it runs if it is a command; undefined: outside, as the person allowed or where nothing can be shut in. */
function shutFor(judgement: Judgement, shut: RunDeps['shut']): Shut | undefined {
  if (judgement.contained === true) return shut;
  if (!judgement.looks || judgement.ofMachine === 'outside' || shut === undefined) return undefined;
  const { looking } = shut;
  if (judgement.ofMachine === undefined) return looking;
  return {
    enter: async (command, signal) => {
      const entered = await looking.enter(command, signal);
      return { ...entered, leave: () => [...entered.leave(), machineHidden] };
    },
  };
}

const machineHidden =
  'It ran in the sandbox, in which processes, ports and services of the machine cannot be seen: for those, run that program alone, its words written out.';

function contextFor({ call, judgement, resolved }: Judged, deps: RunDeps): ToolContext {
  const { signal, roots, files, outputs, tools, handoffs, ripgrep, environment, shut } = deps;
  if (judgement.contained === true && shut === undefined) throw new Error('contained, and nothing to be contained in');
  const within = shutFor(judgement, shut);
  return {
    signal,
    roots: [...roots],
    files: asJudged(files, resolved),
    withholds: (place, path, nameOnly) => withholds(place, path, deps.policy, nameOnly),
    ...(outputs && { outputs: { keep: (text) => outputs.keep(call, text), read: (other) => outputs.read(other) } }),
    tools,
    handoffs,
    ripgrep,
    output: (text) => deps.output(text),
    delegate: (tasks) => deps.delegate(call, tasks),
    environment: judgement.looks ? { ...environment, ...lookingEnvironment } : environment,
    ...(within === undefined ? {} : { shut: within }),
  };
}

/** What the person was shown and said yes to. */
interface Approved {
  approval: Approval;
  preview: AskRequest['preview'];
}

/** Asks and checks afterwards that the yes is still about the same thing. */
async function askPerson(judged: Judged, context: ToolContext, deps: RunDeps): Promise<Approved | { refused: End }> {
  const { tool, args, judgement } = judged;
  const plainly = await (tool.preview?.(args, context) ?? {
    kind: 'text' as const,
    text: JSON.stringify(args, null, 2),
  });
  const preview = { ...plainly, text: revealHidden(plainly.text) };
  const approved = { preview, approval: approve(judged, preview, judged.resolved, deps) };
  const answer = await untilAborted(deps.ask(questionOf(judged, approved, deps)), deps.signal);
  if (answer === undefined || answer.by === 'cancel') {
    return { refused: cancelled('Cancelled by the person before it ran.') };
  }
  if (answer.answer === 'reject') return { refused: denied(answer.reason ?? noReason(answer.by)) };
  if (!(await isAsShown(judged, approved, deps))) return { refused: changedMeanwhile };
  const { grant } = judgement;
  if (answer.answer === 'chat' && grant !== undefined) deps.grants().add(grant.key);
  return approved;
}

function questionOf(judged: Judged, shown: Approved, deps: RunDeps) {
  const { tool, args, call, effects, resolved, judgement } = judged;
  const { grant, always, notAlways } = judgement;
  const line = resolved
    .map((effect) =>
      effect.kind === 'execute' ? resolvedLine(effect.command, effect.paths, deps.policy.home) : undefined,
    )
    .find((each) => each !== undefined);
  const question: AskRequest = {
    call,
    tool: tool.name,
    title: titleOf(tool, args),
    effects,
    verdict: outside(judged, deps),
    preview: shown.preview,
    folder: deps.roots[0] ?? '',
    hash: shown.approval.hash,
    ...(grant === undefined ? {} : { grant: grant.words, grantKey: grant.key }),
    ...(always === undefined ? {} : { always: [...always] }),
    ...(notAlways === undefined ? {} : { notAlways }),
    ...(line === undefined ? {} : { resolved: revealHidden(line) }),
  };
  return question;
}

function approve(
  { tool, args, judgement }: Judged,
  preview: AskRequest['preview'],
  effects: readonly ResolvedEffect[],
  { roots }: RunDeps,
): Approval {
  return approvalOf({ tool: tool.name, args, folder: roots[0] ?? '', preview, rule: judgement.rule, effects });
}

/** Whether a yes to what was shown is one to what would be done now. */
async function isAsShown(judged: Judged, { approval, preview }: Approved, deps: RunDeps): Promise<boolean> {
  const now = await resolveEffects(judged.effects, deps.files, deps.roots);
  if (judgeNow(judged.tool, now, deps).decision === 'deny') return false;
  return approve(judged, preview, now, deps).hash === approval.hash;
}

const changedMeanwhile: End = {
  outcome: 'error',
  text: 'What this call is about was changed while the person was asked. Look at it again, then try anew.',
  summary: CHANGED_MEANWHILE,
};

function noReason(by: AskAnswer['by']): string {
  return by === 'nobody' ? 'nobody was there to be asked.' : 'the person said no.';
}

/** A look is told of and goes on; anything else waits until it is kept, and may be stopped. */
async function record(judged: Judged, files: FileState[], deps: RunDeps): Promise<End | undefined> {
  const event = { ...startEvent(judged, deps), ...(files.length === 0 ? {} : { files }) };
  if (judged.judgement.looks) {
    deps.emit(event);
    return undefined;
  }
  if (deps.signal.aborted) return notBegun();
  const { stop } = await deps.record(event);
  if (stop !== undefined) return { outcome: 'skipped', text: stop, summary: 'not run' };
  return deps.signal.aborted ? notBegun() : undefined;
}

function startEvent({ call, tool, args, effects, judgement, approver }: Judged, { origin, agent }: RunDeps) {
  const verdict = plain(judgement);
  const title = titleOf(tool, args);
  return { type: 'tool.start' as const, call, tool: tool.name, title, effects, verdict, origin, agent, approver };
}

/** Names in it come from the model: what cannot be seen in them is shown, in one line. */
function titleOf(tool: Tool, args: unknown): Title {
  const title = tool.title(args);
  return { ...title, object: showName(title.object) };
}

/** A call that was turned away before the gate could judge it is a decision too. */
function refused(rule: string, reason: string): Verdict {
  return { decision: 'deny', rule, reason: shorten(showName(reason), 500) };
}

function plain({ decision, rule, reason }: Judgement): Verdict {
  return { decision, rule, reason };
}

/** What a person allows runs with the network and all that the person may, which has to be said where other commands do not. */
function outside({ tool, judgement }: Judged, { policy }: RunDeps): Verdict {
  const verdict = plain(judgement);
  if (tool.group !== 'execute' || !policy.contained || judgement.contained === true) return verdict;
  return { ...verdict, reason: `${verdict.reason} If you allow it, it runs outside the sandbox.` };
}

async function act({ tool, args }: Judged, context: ToolContext, deps: RunDeps): Promise<End> {
  const began = performance.now();
  let result: ToolResult;
  try {
    result = await tool.run(args, context);
  } catch (error) {
    return { ...failure(error, deps), ms: Math.round(performance.now() - began) };
  }
  const { text, summary, change, changed, handOff, output } = result;
  const ms = Math.round(performance.now() - began);
  return {
    text,
    summary,
    outcome: outcomeOf(result, deps.signal),
    ms,
    ...(change === undefined ? {} : { change }),
    ...(changed === undefined ? {} : { changed }),
    ...(handOff === undefined ? {} : { handOff }),
    ...(output === undefined ? {} : { output }),
  };
}

/** A change that was made is said to be made, also when the person stopped the turn in that moment. */
function outcomeOf({ failed, change }: ToolResult, signal: AbortSignal): Outcome {
  if (failed !== true) return 'ok';
  return signal.aborted && change === undefined ? 'cancelled' : 'error';
}

/** What was thrown, as a result: a Problem is for the model to mend, anything else is our mistake. */
function failure(error: unknown, { signal }: RunDeps): End {
  if (signal.aborted && !(error instanceof Problem)) return cancelled('Cancelled by the person.');
  const { message, advice, code } = asProblem(error);
  return {
    outcome: 'error',
    text: `${message} ${advice}`,
    summary: code === 'internal' ? 'mistake in Drover' : 'failed',
  };
}

function denied(reason: string): End {
  return { outcome: 'denied', text: `Denied: ${reason}`, summary: 'denied' };
}

function cancelled(text: string): End {
  return { outcome: 'cancelled', text, summary: 'cancelled' };
}

function notBegun(): End {
  return { outcome: 'skipped', text: 'Not run: the person stopped the turn.', summary: 'not run' };
}

function limited(text: string): string {
  if (text.length <= maxResult) return text;
  return `${text.slice(0, maxResult)}\n[${(text.length - maxResult).toLocaleString('en')} more characters are left out.]`;
}

/** Undefined when the signal is aborted first. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const over = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    over.abort();
  }
}
