import { z } from 'zod';
import { Problem } from '../../common/errors.ts';
import { showHidden } from '../../common/gate/hidden.ts';
import { defineTool, type ToolContext, type ToolResult } from '../../common/tool.ts';
import { commandLimits } from '../limits.ts';
import { createCapture, type Kept } from '../output.ts';
import { type Ended, run } from '../spawn.ts';
import { count } from '../text.ts';

/** In seconds. */
const defaultTimeout = 60;
const maxTimeout = 600;
/** Characters of output that the model is given: head and tail. */
const maxOutput = 32 * 1024;
/** Characters that are kept for it to read on, head and tail as well. */
const maxKept = 1024 * 1024;
/** Bytes after which a command is ended: whatever it is, it does not come to an end by itself. */
const maxWritten = 32 * 1024 * 1024;

export const bash = defineTool({
  name: 'bash',
  group: 'execute',
  description: 'Run a command in the workspace folder. No input.',
  parameters: z.strictObject({
    command: z.string().min(1),
    timeout: z.int().min(1).max(maxTimeout).optional().describe('seconds, 60 if not given'),
  }),
  effects: ({ command }) => [{ kind: 'execute', command }],
  title: ({ command }) => ({ kind: 'run', verb: 'Run', object: showHidden(command.trim().split('\n')[0] ?? '') }),
  async preview({ command }, context) {
    folderOf(context);
    return { kind: 'command', text: showHidden(command) };
  },
  async run({ command, timeout = defaultTimeout }, context) {
    const cwd = folderOf(context);
    const capture = createCapture(maxOutput, (text) => context.output(text), maxKept);
    const flood = new AbortController();
    let written = 0;
    const entered = await context.shut?.enter(command, context.signal);
    const ended = await run({
      command: 'bash',
      args: ['--noprofile', '--norc', '-c', entered?.command ?? command],
      cwd,
      env: { ...context.environment, ...entered?.environment },
      limits: commandLimits(timeout * 1000),
      signal: AbortSignal.any([context.signal, flood.signal]),
      timeout: timeout * 1000,
      output: (bytes, stream) => {
        if (flood.signal.aborted) return;
        capture.push(bytes, stream);
        written += bytes.length;
        if (written > maxWritten) flood.abort();
      },
    }).catch((error: unknown) => {
      entered?.leave();
      throw process.platform === 'win32' && error instanceof Problem ? noShell() : error;
    });
    const taken = entered?.leave() ?? [];
    const { text, kept } = capture.end();
    const output = text.trimEnd();
    const hints = entered !== undefined && ended.code !== 0 && refusedInside.test(output) ? [entered.limits] : [];
    // What it left in the sandbox goes with that; for a moment it may still be seen.
    const leftovers = ended.leftovers && entered === undefined;
    const result = describe({ ...ended, leftovers }, output, {
      timeout,
      flooded: flood.signal.aborted,
      more: [...hints, ...taken],
    });
    if (kept === undefined || context.outputs === undefined) return result;
    const { name, blob } = await context.outputs.keep(kept.text);
    return { ...result, text: `${result.text}\n[${whereToRead(kept, name)}]`, output: blob };
  },
});

/** How the model reads what it was not given. */
function whereToRead({ leftOut, lines, cut }: Kept, name: string): string {
  const what = leftOut === 0 ? `All ${count(lines, 'line')}` : `${count(lines, 'line')} of its beginning and its end`;
  const from = cut > 1 ? ` from start_line ${cut} on` : '';
  return `${what} can be read with file_read, path ${name}${from}.`;
}

/** What programs say who want something that there is not inside. */
const refusedInside =
  /Read-only file system|EROFS|ENETUNREACH|EAI_AGAIN|Network is unreachable|Could not resolve host|name resolution|ENOTFOUND/i;

interface How {
  /** In seconds. */
  timeout: number;
  /** It wrote so much that it was ended. */
  flooded: boolean;
  /** Further sentences behind what is said of its end. */
  more: readonly string[];
}

function describe(ended: Ended, output: string, { timeout, flooded, more }: How): ToolResult {
  const seconds = `${(ended.ms / 1000).toFixed(1)} s`;
  const notes = [];
  if (flooded) notes.push('Stopped, because it had written more than 32 MiB.');
  else if (ended.why === 'timeout') notes.push(`Stopped after ${timeout} s; give a larger timeout if it needs longer.`);
  else if (ended.why === 'cancel') notes.push('Stopped by the person.');
  else if (ended.code !== 0) notes.push(`Exit code ${ended.code ?? `none: ended by ${ended.signal}`}.`);
  else if (output === '') notes.push('Exit code 0, no output.');
  if (ended.leftovers) notes.push('Processes that it left running were stopped.');
  notes.push(...more);
  const how = ended.why === 'exit' ? `exit ${ended.code ?? ended.signal}` : 'stopped';
  return {
    text: [...(output === '' ? [] : [output]), ...(notes.length > 0 ? [`[${notes.join(' ')}]`] : [])].join('\n'),
    summary: `${how} · ${seconds}`,
    ...(ended.why === 'exit' && ended.code === 0 ? {} : { failed: true }),
  };
}

function folderOf({ roots: [first] }: ToolContext): string {
  if (first !== undefined) return first;
  throw new Problem('bash.folder', 'No folder is open, so there is nowhere to run a command.', 'Open a folder first.');
}

function noShell(): Problem {
  const advice = 'Install Git for Windows, which brings one, or work with the file tools.';
  return new Problem('bash.missing', 'There is no bash on this computer, so commands cannot be run.', advice);
}
