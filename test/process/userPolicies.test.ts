import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, type Part, reply, text } from '../support/modelServer/script.ts';
import {
  attach,
  type Place,
  place,
  processesOf,
  run,
  type Running,
  startSupervisor,
  startTurn,
} from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

const config = (): string => join(at.folder, 'config');
const made = (): boolean => existsSync(join(at.workspace, 'made'));

/** Runs the command-line program to its end. */
async function drove(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { child, output } = run(at, args);
  await once(child, 'close');
  return { code: child.exitCode, output: output() };
}

/** A supervisor with these policies of the person's own: file name and the body of `judge`. */
async function begin(policies: Record<string, string>, ...answers: Part[][]): Promise<void> {
  at = place({ 'a.txt': 'alpha\n' });
  for (const [name, body] of Object.entries(policies)) write(name, body);
  model = await startModelServer({ script: answers.map((parts) => reply(...parts)) });
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
}

function write(name: string, body: string, on = ['tool.start', 'assistant']): void {
  const folder = join(config(), 'policies');
  mkdirSync(folder, { recursive: true });
  const head = `name: ${JSON.stringify(name)}, rule: 'Mine.', on: ${JSON.stringify(on)}`;
  writeFileSync(join(folder, `${name}.mjs`), `export default { ${head}, judge(event, chat) { ${body} } };\n`);
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

const touch = (file: string): Part[] => [call('bash', { command: `touch ${file}` })];
const noTouch = `
  if (event.type !== 'tool.start' || !event.effects.some(({ kind }) => kind === 'execute')) return;
  return { grade: 'stop', evidence: 'It wanted to touch.', say: 'Do not touch.' };`;

describe("a policy of the person's own", () => {
  it('stops a command before it runs', async () => {
    await begin({ 'no-touch': noTouch }, touch('made'), [text('Done.')]);
    const events = await startTurn(drover, { message: 'Touch it.' }).end;
    expect(events.find(({ type }) => type === 'interjection')).toMatchObject({
      policy: 'no-touch',
      grade: 'stop',
      rule: 'Mine.',
      evidence: 'It wanted to touch.',
    });
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'cancelled' });
    expect(made()).toBe(false);
  });

  it('sees the whole chat, and is heard after an answer that would have ended the turn', async () => {
    const counts = `
      if (event.type !== 'assistant' || event.calls.length > 0) return;
      const asked = chat.events.filter(({ type }) => type === 'user').length;
      return { grade: 'acknowledge', evidence: \`Asked \${asked} times.\`, say: 'Say it again.' };`;
    await begin({ counts }, [text('One.')], [text('Again.')], [text('Two.')], [text('Again.')]);
    const { id, end } = startTurn(drover, { message: 'First.' });
    await end;
    const events = await startTurn(drover, { message: 'Second.', session_id: id }).end;
    expect(events.find(({ type }) => type === 'interjection')).toMatchObject({ evidence: 'Asked 2 times.' });
    expect(model.requests).toHaveLength(4);
  });

  it.each([
    ['throws', 'throw new Error("out of luck");', /throws failed: out of luck/],
    ['hangs', 'for (;;);', /hangs failed: it has not answered for 2 s/],
    ['ends', 'process.exit(3);', /ends failed: its process ended \(exit code 3\)/],
    ['lies', 'return { grade: "shout" };', /lies failed: what it returned is no finding/],
  ])('that %s is named, and the chat goes on without it', async (name, body, says) => {
    await begin({ [name]: body }, touch('made'), [text('Done.')], [text('Yes.')]);
    const { id, end } = startTurn(drover, { message: 'Touch it.' });
    const events = await end;
    expect(made()).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    const all = attach(drover, id);
    expect((await all.seen('error')).problem.message).toMatch(says);
    await startTurn(drover, { message: 'Done?', session_id: id }).end;
    expect(all.events.filter(({ type }) => type === 'error')).toHaveLength(1);
    all.leave();
  });

  it('that cannot be used is named in the chat in which its file was found', async () => {
    await begin({}, [text('One.')], [text('Two.')]);
    const { id, end } = startTurn(drover, { message: 'First.' });
    await end;
    mkdirSync(join(config(), 'policies'), { recursive: true });
    writeFileSync(join(config(), 'policies', 'no-touch.mjs'), 'export default { name: "no-touch" };\n');
    const all = attach(drover, id);
    await startTurn(drover, { message: 'Second.', session_id: id }).end;
    const told = await all.seen('error');
    expect(told.problem.message).toMatch(/no-touch\.mjs cannot be used: its default export is no policy: rule/);
    all.leave();
  });
});

describe('drover policy test', () => {
  it('lists what a policy would have said in recorded chats', async () => {
    await begin({}, touch('made'), [text('ERROR')], [text('Fine.')]);
    const { id, end } = startTurn(drover, { message: 'Touch it.' });
    await end;
    write('no-touch', noTouch);
    const file = join(config(), 'policies', 'no-touch.mjs');
    const own = await drove('policy', 'test', file, '--chat', id, '--state', at.state);
    expect(own.output).toMatch(
      /^Touch it\. \(.*\)\n {2}turn 1, event \d+, stop: It wanted to touch\.\n1 times in 1 chat\.\n$/,
    );
    const shipped = await drove('policy', 'test', 'answer-with-error', '--state', at.state);
    expect(shipped.output).toContain('acknowledge: The answer says “ERROR.”');
    const none = await drove('policy', 'test', 'budget', '--state', at.state);
    expect(none.output).toBe('budget would have said nothing in 1 chat.\n');
    const wrong = await drove('policy', 'test', 'nothing-like-it', '--state', at.state);
    expect(wrong.code).toBe(1);
    expect(wrong.output).toMatch(
      /There is no file .*nothing-like-it\. Name a file, or one of the shipped: answer-with-error/,
    );
  });
});
