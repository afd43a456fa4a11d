import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../src/common/errors.ts';
import type { LoggedEvent, ProblemInfo } from '../src/common/events.ts';
import type { Interjection } from '../src/common/interjections.ts';
import { summarise } from '../src/common/summary.ts';
import { workingTime } from '../src/common/workingTime.ts';
import { childEnvironment } from '../src/node/environment.ts';
import { configFolder, stateFolder } from '../src/node/folders.ts';
import { Settings, wrongFlags } from './config.ts';
import type { LogRecord } from './eventLog.ts';
import { policiesWith } from './policies/list.ts';
import type { Finding, Policy, PolicyView } from './policies/policy.ts';
import { othersAt, shown, type Work, workOf } from './recorded.ts';
import { allLogs, logOf, recordsOrTold } from './recordedLogs.ts';
import { UserPolicy } from './userPolicies/userPolicy.ts';
import { type Judgement, Watch } from './watch.ts';

export const policyHelp = `drover policy test POLICY [--chat ID]...: what a policy would have said

Replays recorded chats and lists where the policy would have stepped in. Nothing is changed, no model is asked, and what it
said at the time is left out.

  POLICY       a file (.mjs), or the name of a shipped policy
  --chat ID    only this chat; may be given more than once (default: all)
  --state DIR  whose chats (default: those of your own state folder)`;

/**
 * Prints what fired. A file runs in a process of its own, as in a chat: what it may do, and how long, is the same.
 * @param root the folder that holds dist/
 * @returns the exit code: 1 when the policy failed
 */
export async function policyTest(args: string[], root: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const { positionals, values } = parsed(args);
  const [command, name] = positionals;
  if (command !== 'test' || name === undefined || positionals.length > 2)
    throw usage('It is `drover policy test POLICY`.');
  const { budget } = new Settings(configFolder(environment));
  const policies = policiesWith(() => budget);
  const state = values.state === undefined ? stateFolder(environment) : resolve(values.state);
  const logs = values.chat === undefined ? allLogs(state) : values.chat.map((id) => logOf(state, id));
  const policy = policies.find((each) => each.name === name) ?? fileOf(name, policies, root, environment);
  try {
    if (policy instanceof UserPolicy) await policy.loaded;
    return await replayAll(policy, logs, state);
  } finally {
    if (policy instanceof UserPolicy) policy.end();
  }
}

async function replayAll(policy: Policy | UserPolicy, logs: readonly string[], state: string): Promise<number> {
  // Read when a policy first asks: most do not.
  let works: Work[] | undefined;
  let fired = 0;
  let failed = policy instanceof UserPolicy ? policy.problem : undefined;
  for (const log of logs) {
    if (failed) break;
    const records = recordsOrTold(log);
    if (records === undefined) continue;
    const { id, title } = summarise(
      records.map(({ event }) => event),
      0,
      0,
    );
    const others = (at: number): PolicyView['others'] => {
      works ??= allLogs(state).flatMap((each) => workOf(recordsOrTold(each) ?? []));
      return othersAt(
        works.filter((work) => work.id !== id),
        at,
      );
    };
    const { said, times, failure } = await replay(policy, records, others);
    failed = failure;
    fired += times;
    if (said.length === 0) continue;
    console.log(`${title} (${id})\n${said.map((line) => `  ${line}`).join('\n')}`);
  }
  if (failed) {
    console.error(`${failed.message} ${failed.advice}`);
    return 1;
  }
  const chats = `${logs.length} ${logs.length === 1 ? 'chat' : 'chats'}`;
  const count = fired === 1 ? 'Once' : `${fired} times`;
  console.log(fired === 0 ? `${policy.name} would have said nothing in ${chats}.` : `${count} in ${chats}.`);
  return 0;
}

export interface Replayed {
  /** A line for each time that the policy steps in, and for what is left out. */
  said: string[];
  /** How often it steps in. */
  times: number;
  /** Why it went no further. */
  failure: ProblemInfo | undefined;
}

/** What the chat is called for the process of a policy: there is one at a time. */
const CHAT = 'replayed';

/**
 * What a policy would have said in one chat.
 *
 * @param others what other chats were doing at a time, in milliseconds since 1970
 */
export async function replay(
  policy: Policy | UserPolicy,
  records: readonly LogRecord[],
  others: (at: number) => PolicyView['others'] = () => [],
): Promise<Replayed> {
  const watch = new Watch(policy instanceof UserPolicy ? [] : [policy]);
  const events: LoggedEvent[] = [];
  const lines: string[] = [];
  let times = 0;
  if (policy instanceof UserPolicy) policy.forget(CHAT);
  let begin = 0;
  let turn = 0;
  for (const [index, { seq, at, event }] of records.entries()) {
    if (isOfPolicies(event)) continue;
    if (event.type === 'user') {
      begin = index;
      turn += 1;
    }
    const judgeIt = shown(event, events);
    events.push(event);
    if (!judgeIt) continue;
    const start = events.findLastIndex((past) => past.type === 'user');
    const past = records.slice(begin, index + 1);
    const worked = workingTime(
      past.map((record) => record.event),
      past.map((record) => record.at),
      at,
    );
    const view = {
      events,
      turn: events.slice(start),
      seconds: worked / 1000,
      roots: rootsOf(events),
      get others() {
        return others(at);
      },
    };
    const judged =
      policy instanceof UserPolicy ? await judgeElsewhere(policy, watch, event, view) : watch.judge(event, view);
    const { interjections, problems } = judged;
    times += interjections.length;
    for (const made of interjections) lines.push(line(turn, seq, made));
    for (const evidence of keyless(judged)) {
      lines.push(`turn ${turn}, event ${seq}: left out, because it has no key: ${evidence}`);
    }
    const failure = problems.find(({ code }) => code === 'policy_failed');
    if (failure) return { said: lines, times, failure };
    lines.push(...problems.map(({ message }) => message));
    // What it said is part of its turn, so that it says it once.
    events.push(...interjections);
  }
  return { said: lines, times, failure: undefined };
}

type Judged = Judgement & { found?: readonly Finding[] };

async function judgeElsewhere(policy: UserPolicy, watch: Watch, event: LoggedEvent, view: PolicyView): Promise<Judged> {
  const judged = await policy.judge(CHAT, event, view);
  if ('problem' in judged) return { interjections: [], problems: [judged.problem] };
  const { head } = policy;
  if (!head) return { interjections: [], problems: [] };
  // Its turn begins anew with every message, as that of those that are watched here.
  watch.judge(event, view);
  return { ...watch.take(head, judged.findings, view), found: judged.findings };
}

/** What is lost of several findings at once: without a key a policy steps in once a turn. */
function keyless({ found = [] }: Judged): string[] {
  const without = found.filter(({ key }) => key === undefined);
  return without.slice(1).map(({ evidence }) => evidence);
}

function line(turn: number, seq: number, { grade, evidence }: Interjection): string {
  return `turn ${turn}, event ${seq}, ${grade}: ${evidence}`;
}

function isOfPolicies({ type }: LoggedEvent): boolean {
  return type === 'interjection' || type === 'interjected' || type === 'interjection.answer';
}

function rootsOf([first]: readonly LoggedEvent[]): string[] {
  return first?.type === 'chat' ? first.workspace.roots : [];
}

function fileOf(name: string, policies: readonly Policy[], root: string, environment: NodeJS.ProcessEnv): UserPolicy {
  const file = resolve(name);
  if (!existsSync(file)) {
    const names = policies.map((policy) => policy.name).join(', ');
    throw new Problem('no_policy', `There is no file ${file}.`, `Name a file, or one of the shipped: ${names}.`, 404);
  }
  const policy: UserPolicy = new UserPolicy(file, '', {
    program: join(root, 'dist', 'policy.js'),
    environment: childEnvironment(environment, []),
    mark: environment['DROVER_RUN'] ?? randomUUID(),
    // Why it failed is said at the end.
    log: (line) => {
      if (line !== policy.problem?.message) console.error(line);
    },
  });
  return policy;
}

function parsed(args: string[]) {
  try {
    const options = { chat: { type: 'string', multiple: true }, state: { type: 'string' } } as const;
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    throw wrongFlags(error, 'policy');
  }
}

function usage(message: string): Problem {
  return new Problem('usage', message, 'See `drover policy --help`.', 400);
}
