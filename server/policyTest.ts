import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '../src/common/errors.ts';
import type { LoggedEvent } from '../src/common/events.ts';
import type { Interjection } from '../src/common/interjections.ts';
import { summarise } from '../src/common/summary.ts';
import { workingTime } from '../src/common/workingTime.ts';
import { configFolder, stateFolder } from '../src/node/folders.ts';
import { Settings, wrongFlags } from './config.ts';
import { type LogRecord, logPath, parseRecord } from './eventLog.ts';
import { policiesWith } from './policies/list.ts';
import type { Policy, PolicyView } from './policies/policy.ts';
import { othersAt, shown, type Work, workOf } from './recorded.ts';
import { loadPolicy } from './userPolicies/load.ts';
import { Watch } from './watch.ts';

export const policyHelp = `drover policy test POLICY [--chat ID]...: what a policy would have said

Replays recorded chats and lists where the policy would have stepped in. Nothing is changed, no model is asked, and what it
said at the time is left out. What other chats did at that time is taken from their records.

  POLICY       a file (.mjs), or the name of a shipped policy
  --chat ID    only this chat; may be given more than once (default: all)
  --state DIR  whose chats (default: those of your own state folder)`;

/** Prints what fired. @returns the exit code */
export async function policyTest(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { positionals, values } = parsed(args);
  const [command, name] = positionals;
  if (command !== 'test' || name === undefined || positionals.length > 2)
    throw usage('It is `drover policy test POLICY`.');
  const { budget } = new Settings(configFolder(environment));
  const policies = policiesWith(() => budget);
  const policy = policies.find((each) => each.name === name) ?? (await fileOf(name, policies));
  const state = values.state === undefined ? stateFolder(environment) : resolve(values.state);
  let fired = 0;
  const logs = values.chat === undefined ? allLogs(state) : values.chat.map((id) => chatLog(state, id));
  // Read when a policy first asks: most do not.
  let works: Work[] | undefined;
  for (const log of logs) {
    const records = recordsOf(log);
    const { id, title } = summarise(
      records.map(({ event }) => event),
      0,
      0,
    );
    const lines = replay(policy, records, (at) => {
      works ??= allLogs(state).map((each) => workOf(recordsOf(each)));
      return othersAt(
        works.filter((work) => work.id !== id),
        at,
      );
    });
    fired += lines.length;
    if (lines.length === 0) continue;
    console.log(`${title} (${id})\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
  const chats = `${logs.length} ${logs.length === 1 ? 'chat' : 'chats'}`;
  console.log(fired === 0 ? `${policy.name} would have said nothing in ${chats}.` : `${fired} times in ${chats}.`);
  return 0;
}

/**
 * A line for each time that the policy steps in. Failures of it are lines too.
 *
 * @param others what other chats were doing at a time, in milliseconds since 1970
 */
export function replay(
  policy: Policy,
  records: readonly LogRecord[],
  others: (at: number) => PolicyView['others'] = () => [],
): string[] {
  const watch = new Watch([policy]);
  const events: LoggedEvent[] = [];
  const lines: string[] = [];
  let begin = 0;
  let turn = 0;
  for (const [index, { seq, at, event }] of records.entries()) {
    if (isOfPolicies(event)) continue;
    if (event.type === 'user') {
      begin = index;
      turn += 1;
    }
    const judged = shown(event, events);
    events.push(event);
    if (!judged) continue;
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
    const { interjections, problems } = watch.judge(event, view);
    for (const made of interjections) lines.push(line(turn, seq, made));
    lines.push(...problems.map(({ message }) => message));
    // What it said is part of its turn, so that it says it once.
    events.push(...interjections);
  }
  return lines;
}

function line(turn: number, seq: number, { grade, evidence }: Interjection): string {
  return `turn ${turn}, event ${seq}, ${grade}: ${evidence}`;
}

function recordsOf(log: string): LogRecord[] {
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.flatMap((line) => (line === '' ? [] : (parseRecord(line) ?? [])));
}

function isOfPolicies({ type }: LoggedEvent): boolean {
  return type === 'interjection' || type === 'interjected' || type === 'interjection.answer';
}

function rootsOf([first]: readonly LoggedEvent[]): string[] {
  return first?.type === 'chat' ? first.workspace.roots : [];
}

function allLogs(state: string): string[] {
  const folder = join(state, 'chats');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => join(folder, name));
}

function chatLog(state: string, id: string): string {
  const path = logPath(state, id);
  if (existsSync(path)) return path;
  throw new Problem(
    'no_chat',
    `There is no chat ${JSON.stringify(id)} in ${state}.`,
    'GET /chats lists their ids.',
    404,
  );
}

function fileOf(name: string, policies: readonly Policy[]): Promise<Policy> {
  const file = resolve(name);
  if (existsSync(file)) return loadPolicy(file);
  const names = policies.map((policy) => policy.name).join(', ');
  throw new Problem('no_policy', `There is no file ${file}.`, `Name a file, or one of the shipped: ${names}.`, 404);
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
