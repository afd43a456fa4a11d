import { z } from 'zod';
import type { ChildResult, Task } from '../../common/ipc.ts';
import { defineTool } from '../../common/tool.ts';
import { count, shorten } from '../text.ts';

/** More at once are better given in several calls, when the first have been read. */
const mostTasks = 8;
/** Characters of all answers together. */
const maxCharacters = 24 * 1024;

/** As a text, because the schema of a list of objects costs every chat a quarter more. */
const Written = z
  .string()
  .regex(/^\s*[a-z][a-z0-9-]*\s*:\s*\S/, 'must be "agent: task", such as "coding: mend the test"');
const AsObject = z.object({ agent: z.string(), task: z.string() }).transform(({ agent, task }) => `${agent}: ${task}`);
const Either = z.union([z.string(), AsObject]);

export const delegate = defineTool({
  name: 'delegate',
  group: 'team',
  description: 'Have agents work side by side; a task is "agent: what to do".',
  parameters: z.strictObject({ tasks: z.array(Written).min(1).max(mostTasks) }),
  accept(raw) {
    const tasks = z.object({ tasks: z.array(Either) }).safeParse(raw).data?.tasks;
    const one = AsObject.safeParse(raw).data;
    const written = tasks ?? (one === undefined ? undefined : [one]);
    return written === undefined ? undefined : { tool: 'delegate', arguments: { tasks: written } };
  },
  effects: ({ tasks }) => tasks.map((task) => ({ kind: 'delegate', agent: read(task).agent })),
  title: ({ tasks }) => ({ kind: 'other', verb: 'Delegated', object: count(tasks.length, 'task') }),
  async run({ tasks }, context) {
    const results = await context.delegate(tasks.map(read));
    const failed = results.every(({ state }) => state !== 'done');
    const changed = [...new Set(results.flatMap((result) => result.changed ?? []))];
    return {
      text: resultsInWords(results),
      summary: summary(results),
      ...(changed.length > 0 ? { changed } : {}),
      ...(failed ? { failed } : {}),
    };
  },
});

function read(written: string): Task {
  const colon = written.indexOf(':');
  return { agent: written.slice(0, colon).trim(), task: written.slice(colon + 1).trim() };
}

/** What the agent that delegated is told, in the order of its tasks. */
export function resultsInWords(results: readonly ChildResult[]): string {
  const room = Math.floor(maxCharacters / results.length);
  return results.map((result, index) => told(result, index + 1, room)).join('\n\n');
}

function told({ agent, task, state, text }: ChildResult, number: number, room: number): string {
  return `${number}. ${agent}, ${state}: ${shorten(task, 200)}\n${shorten(text, room)}`;
}

function summary(results: readonly ChildResult[]): string {
  const done = results.filter(({ state }) => state === 'done').length;
  return done === results.length ? 'all done' : `${done} of ${results.length} done`;
}
