import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Problem } from '../src/common/errors.ts';
import type { Verdict } from '../src/common/events.ts';
import type { Policy } from '../src/common/gate/judge.ts';
import { explain, type Standing } from '../src/node/explain.ts';
import { obstacle } from '../src/node/bubblewrap.ts';
import { isFolder } from '../src/node/folders.ts';
import { keysIn } from '../src/node/standingGrants.ts';
import { type Config, folderFlags, readConfig, Settings, wrongFlags } from './config.ts';
import { sandboxSetting } from './sandboxSetting.ts';

export const explainHelp = `drover explain: what the gate would say, without running anything

  drover explain 'COMMAND'               of a command line
  drover explain --tool NAME --args JSON of any call
  drover explain --stdin                 of many: one {"tool", "args"} a line gives one {"decision", "rule", "reason"} a line;
                                         empty lines are passed over

  --workspace DIR    the folder that the agent works in (default: this one)
  --home DIR         the person's home folder (default: yours)
  --sandbox on|off   whether what runs code of the folder is shut in (default: as it would be here)
  --edits allow|ask  whether changes of files that are not protected are asked about (default: allow)
  --no-grants        as if nothing were always allowed in that folder
  --state DIR        whose supervisor is asked whether the sandbox is switched off, where one runs
  --config DIR       the folder of config.json, in which stands what is always allowed

Exit code 0: allowed, 3: asked about, 4: denied; with --stdin always 0.`;

const codes = { allow: 0, ask: 3, deny: 4 };

/** `drover explain`. In one process and without a supervisor. @returns the exit code */
export async function explainCommand(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parsed(args);
  const standing = await standingOf(values, environment);
  if (values.stdin === true) {
    if (positionals.length > 0 || values.tool !== undefined) throw wrong('With --stdin, calls come from there alone.');
    for await (const line of createInterface({ input: process.stdin })) {
      if (line.trim() !== '') console.log(JSON.stringify(await explainLine(line, standing)));
    }
    return 0;
  }
  const { tool, text } = oneCall(values, positionals);
  const verdict = await explain(tool, text, standing);
  console.log(`${verdict.decision} (${verdict.rule}): ${verdict.reason}`);
  return codes[verdict.decision];
}

type Values = ReturnType<typeof parsed>['values'];

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        tool: { type: 'string' },
        args: { type: 'string' },
        stdin: { type: 'boolean' },
        workspace: { type: 'string' },
        home: { type: 'string' },
        sandbox: { type: 'string' },
        edits: { type: 'string' },
        'no-grants': { type: 'boolean' },
        state: { type: 'string' },
        config: { type: 'string' },
      },
    });
  } catch (error) {
    const { message, advice, status } = wrongFlags(error, 'explain');
    // `drover explain ls -la`
    const unquoted = args.length > 1 && args[0]?.startsWith('-') === false;
    throw new Problem(
      'usage',
      unquoted ? `${message} A command goes in quotes, as one argument.` : message,
      advice,
      status,
    );
  }
}

function oneCall({ tool, args }: Values, positionals: string[]): { tool: string; text: string } {
  const [command, ...others] = positionals;
  if (tool !== undefined) {
    if (command !== undefined) throw wrong('Give a command or --tool, not both.');
    if (args === undefined) throw wrong('--tool needs --args with the arguments as JSON.');
    if (!isObject(args)) throw wrong(`--args is no JSON object, like '{"path": "a.txt"}'.`);
    return { tool, text: args };
  }
  if (args !== undefined) throw wrong('--args needs --tool.');
  if (command === undefined) throw wrong('There is nothing to explain.');
  if (others.length > 0) throw wrong('The command has to be one argument: put it in quotes.');
  if (command.trim() === '') throw wrong('The command is empty.');
  return { tool: 'bash', text: JSON.stringify({ command }) };
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

async function explainLine(line: string, standing: Standing): Promise<Verdict> {
  const call = readLine(line);
  if (call === undefined) {
    return { decision: 'deny', rule: 'invalid', reason: 'The line is no JSON object with "tool" and "args".' };
  }
  return explain(call.tool, typeof call.args === 'string' ? call.args : JSON.stringify(call.args ?? {}), standing);
}

function readLine(line: string): { tool: string; args?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('tool' in value) || typeof value.tool !== 'string') {
      return undefined;
    }
    return { tool: value.tool, ...('args' in value ? { args: value.args } : {}) };
  } catch {
    return undefined;
  }
}

async function standingOf(values: Values, environment: NodeJS.ProcessEnv): Promise<Standing> {
  const { workspace, home, sandbox, edits = 'allow' } = values;
  const folder = resolve(workspace ?? process.cwd());
  for (const each of [folder, ...(home === undefined ? [] : [resolve(home)])]) {
    if (!isFolder(each)) throw wrong(`${each} is no folder.`);
  }
  if (sandbox !== undefined && sandbox !== 'on' && sandbox !== 'off')
    throw wrong(`--sandbox is on or off, not ${sandbox}.`);
  if (edits !== 'allow' && edits !== 'ask') throw wrong(`--edits is allow or ask, not ${edits}.`);
  const config = readConfig(folderFlags(values, 'explain'), environment, 'explain');
  const { grants } = new Settings(config.config);
  const root = realpathSync.native(folder);
  return {
    roots: [root],
    always: values['no-grants'] === true ? new Set() : new Set(keysIn(grants, root)),
    policy: {
      trusted: true,
      execute: 'ask',
      edits,
      ...(sandbox === undefined ? await containment(config) : { contained: sandbox === 'on' }),
      home: resolve(home ?? homedir()),
      hidden: [config.state, config.config],
    },
  };
}

/** Whether commands would be shut in here, and why not: found out by trying, in a tenth of a second. */
async function containment(config: Config): Promise<Pick<Policy, 'contained' | 'uncontained'>> {
  const { off } = await sandboxSetting(config);
  if (off !== undefined) return { contained: false, uncontained: `The sandbox is switched off: ${off}.` };
  const { environment, managed } = config;
  const found = await obstacle({ environment, managed }, new AbortController().signal);
  return found === undefined
    ? { contained: true }
    : { contained: false, uncontained: `${found.message} ${found.advice}` };
}

function wrong(message: string): Problem {
  return new Problem('usage', message, 'See `drover explain --help`.', 400);
}
