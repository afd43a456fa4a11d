import { z } from 'zod';
import { Problem } from '../../common/errors.ts';
import { showHidden } from '../../common/gate/hidden.ts';
import { defineTool, type ToolContext, type ToolResult } from '../../common/tool.ts';
import { createCapture } from '../output.ts';
import { type Ended, run } from '../spawn.ts';

/** In seconds. */
const defaultTimeout = 60;
const maxTimeout = 600;
/** Characters of output that the model is given: head and tail. */
const maxOutput = 32 * 1024;

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
    const capture = createCapture(maxOutput, (text) => context.output(text));
    const ended = await run({
      command: 'bash',
      args: ['--noprofile', '--norc', '-c', command],
      cwd,
      env: context.environment,
      signal: context.signal,
      timeout: timeout * 1000,
      output: (bytes, stream) => capture.push(bytes, stream),
    }).catch((error: unknown) => {
      throw process.platform === 'win32' && error instanceof Problem ? noShell() : error;
    });
    return describe(ended, capture.end().text.trimEnd(), timeout);
  },
});

function describe(ended: Ended, output: string, timeout: number): ToolResult {
  const seconds = `${(ended.ms / 1000).toFixed(1)} s`;
  const notes = [];
  if (ended.why === 'timeout') notes.push(`Stopped after ${timeout} s; give a larger timeout if it needs longer.`);
  else if (ended.why === 'cancel') notes.push('Stopped by the person.');
  else if (ended.code !== 0) notes.push(`Exit code ${ended.code ?? `none: ended by ${ended.signal}`}.`);
  else if (output === '') notes.push('Exit code 0, no output.');
  if (ended.leftovers) notes.push('Processes that it left running were stopped.');
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
