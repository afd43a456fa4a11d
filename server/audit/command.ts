import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  approverWords,
  AuditFilter,
  type Decision,
  Decisions,
  endWords,
  fits,
  stateWords,
  type Verification,
} from '../../src/common/audit.ts';
import { Problem } from '../../src/common/errors.ts';
import { showHidden } from '../../src/common/gate/hidden.ts';
import { stateFolder } from '../../src/node/folders.ts';
import { count, shorten } from '../../src/node/text.ts';
import { time } from '../chats.ts';
import { wrongFlags } from '../config.ts';
import { logOf, recordsOf } from '../recordedLogs.ts';
import { verifyAll, verifyChat } from './verify.ts';

export const auditHelp = `drover audit: what was decided in recorded chats, and whether their logs are what Drover wrote

  drover audit CHAT          the decisions of a chat, the oldest first: when, which agent, which tool, what, how it was
                             decided and by which rule, who let it pass, what came of it, and the files before and after by
                             their SHA-256
  drover audit verify CHAT   compare the log of a chat with its anchor
  drover audit verify --all  all of them

  --only WHICH  asked, denied or changes
  --tool NAME   calls of this tool
  --last N      the last N
  --json        for programs, with everything in full
  --state DIR   whose chats (default: those of your own state folder)

They are read from their logs: no supervisor is needed, and one that runs is not disturbed. \`drover chats\` lists the chats.

Exit code 0: whole, 3: damaged, or it cannot be shown that it is not; 1: there is no such chat, 2: written wrongly.`;

const options = {
  all: { type: 'boolean' },
  only: { type: 'string' },
  tool: { type: 'string' },
  last: { type: 'string' },
  json: { type: 'boolean' },
  state: { type: 'string' },
} as const;

/** `drover audit`. In one process and without a supervisor. @returns the exit code */
export async function auditCommand(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parsed(args);
  const state = values.state === undefined ? stateFolder(environment) : resolve(values.state);
  if (positionals[0] === 'verify') return verify(positionals.slice(1), values, state);
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) throw usage('It is `drover audit CHAT` or `drover audit verify CHAT`.');
  if (values.all === true) throw usage('--all belongs to `drover audit verify`.');
  return list(id, values, state);
}

type Values = ReturnType<typeof parsed>['values'];

async function verify(ids: string[], values: Values, state: string): Promise<number> {
  const [id] = ids;
  for (const name of ['only', 'tool', 'last'] as const) {
    if (values[name] !== undefined) throw usage(`--${name} belongs to \`drover audit CHAT\`.`);
  }
  if ((id === undefined) !== (values.all === true) || ids.length > 1) {
    throw usage('It is `drover audit verify CHAT` or `drover audit verify --all`.');
  }
  const found = id === undefined ? await verifyAll(state) : [await verifyChat(state, id)];
  if (values.json === true) console.log(JSON.stringify(id === undefined ? found : found[0], null, 2));
  else if (found.length === 0) console.log(`There is no chat in ${state}.`);
  else for (const each of found) printVerification(each, id === undefined);
  return found.some((each) => each.state === 'damaged') ? 3 : 0;
}

function printVerification({ chat, text, notes }: Verification, named: boolean): void {
  for (const line of [`${named ? `${chat}: ` : ''}${text}`, ...notes.map((note) => `  ${note}`)]) {
    console.log(showHidden(line));
  }
}

async function list(id: string, values: Values, state: string): Promise<number> {
  const only = AuditFilter.safeParse(values.only ?? 'all').data;
  if (only === undefined) throw usage(`--only is asked, denied or changes, not ${values.only}.`);
  const last = values.last === undefined ? Infinity : Number(values.last);
  if (!(last >= 1)) throw usage(`--last is a number from 1 on, not ${values.last}.`);
  const decisions = new Decisions();
  const records = recordsOf(logOf(state, id));
  for (const { event, at } of records) decisions.take(event, at);
  const fitting = decisions.list.filter((decision) => fits(decision, only, values.tool));
  const shown = last === Infinity ? fitting : fitting.slice(-last);
  const verification = await verifyChat(state, id);
  if (values.json === true) {
    const [first] = records;
    const parent = first?.event.type === 'chat' ? first.event.parent : undefined;
    console.log(JSON.stringify({ chat: id, ...(parent === undefined ? {} : { parent }), decisions: shown }, null, 2));
  } else print(shown, decisions.list.length);
  const left = verification.records - records.length;
  if (left > 0)
    console.error(`${count(left, 'record')} of the log cannot be read here, and what was decided there is left out.`);
  // A list of what may not be true says so.
  if (verification.state === 'damaged') console.error(showHidden(`The log of this chat is ${verification.text}`));
  return 0;
}

function print(decisions: readonly Decision[], all: number): void {
  if (all === 0) return console.log('Nothing was decided in this chat: no tool was called.');
  if (decisions.length === 0) return console.log(`None of its ${count(all, 'decision')} fits.`);
  const rows = decisions.map(cellsOf);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const [index, row] of rows.entries()) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    for (const line of linesBelow(decisions[index])) console.log(`    ${line}`);
  }
}

/** What a person reads first; the longest comes last. */
function cellsOf(decision: Decision): string[] {
  const { at, agent, tool, title, verdict, approver, copied } = decision;
  const cells = [
    time(at),
    agent,
    tool,
    stateWords(decision),
    verdict.rule,
    `by ${approverWords(approver)}`,
    endWords(decision) ?? 'not ended',
    `${title.verb} ${title.object}${copied === true ? ' (copied)' : ''}`,
  ];
  return cells.map((cell) => shorten(showHidden(cell), 120));
}

function linesBelow(decision: Decision | undefined): string[] {
  const files = decision?.files ?? [];
  const lines = files.map(({ path, before, after }) => `${path}  ${short(before)} -> ${short(after)}`);
  if (decision?.answer !== undefined) lines.push(decision.answer);
  if (decision?.undone === true) lines.push('undone since');
  return lines.map((line) => showHidden(line));
}

function short(hash: string | null | undefined): string {
  return hash === null ? '(none)' : (hash?.slice(0, 12) ?? '(unknown)');
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    throw wrongFlags(error, 'audit');
  }
}

function usage(message: string): Problem {
  return new Problem('usage', message, 'See `drover audit --help`.', 400);
}
