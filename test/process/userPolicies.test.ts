import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Event, LoggedEvent } from '../../src/common/events.ts';
import { transcriptOf } from '../../src/common/eventLines.ts';
import { runFolder } from '../../src/node/discovery.ts';
import { call as request } from '../../src/node/client.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, type Part, reply, text } from '../support/modelServer/script.ts';
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

/**
 * The events of a chat in their order, but that a policy may speak a moment sooner or later: a question, its answer and the
 * record of a call do not wait for it, so what it says while they are written is put behind them.
 */
function inPlace(events: readonly Event[]): Event[] {
  const waitsNot = new Set<Event['type']>(['ask', 'answer', 'tool.start']);
  const said: Event[] = [];
  const ordered = events.flatMap((event) => {
    if (event.type === 'error' || event.type === 'interjection') {
      said.push(event);
      return [];
    }
    return waitsNot.has(event.type) ? [event] : [...said.splice(0), event];
  });
  return [...ordered, ...said];
}

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
    [
      'floods',
      'return [1, 2, 3, 4, 5].map((n) => ({ grade: "note", evidence: `No. ${n}`, say: `No. ${n}.`, key: `${n}` }));',
      /floods stepped in more than 3 times/,
    ],
  ])('that %s is named, and the chat goes on without it', async (name, body, says) => {
    await begin({ [name]: body }, touch('made'), [text('Done.')], [text('Yes.')]);
    const { id, end } = startTurn(drover, { message: 'Touch it.' });
    const events = await end;
    expect(made()).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    const all = attach(drover, id);
    expect((await all.seen('error')).problem.message).toMatch(says);
    await all.seen('turn.end');
    const first = [...all.events];
    await startTurn(drover, { message: 'Done?', session_id: id }).end;
    all.leave();
    expect(all.events.filter(({ type }) => type === 'error')).toHaveLength(name === 'floods' ? 2 : 1);
    // One that hangs is named when nobody waits for it any more, be the turn over or not.
    const late = first.filter(({ type }) => type === 'error' && name === 'hangs');
    const shown = [...inPlace(first.filter((event) => !late.includes(event))), ...late];
    await expect(transcriptOf(shown)).toMatchFileSnapshot(`golden/policy-${name}.txt`);
  });

  it('is shown what happened, also where a shipped policy steps in at the same moment', async () => {
    await begin({}, touch('made'), touch('made'), touch('made'), [text('Done.')]);
    const third = `
      if (event.type !== 'tool.start') throw new Error('that is no call');
      if (chat.turn.filter(({ type }) => type === 'tool.start').length < 3) return;
      return { grade: 'stop', evidence: 'The third.', say: 'Stop.' };`;
    write('third', third, ['tool.start']);
    const events = await startTurn(drover, { message: 'Touch it.' }).end;
    const made = events.filter((event) => event.type === 'interjection');
    expect(made.map(({ policy, grade }) => [policy, grade])).toEqual([
      ['repeated-call', 'note'],
      ['third', 'stop'],
    ]);
    expect(events.filter(({ type }) => type === 'tool.start')).toHaveLength(3);
    expect(events.findLast((event) => event.type === 'tool.end')).toMatchObject({ outcome: 'skipped' });
  });

  it('judges a question before --auto-approve says yes to it', async () => {
    const asked = "return { grade: 'stop', evidence: event.type, say: 'Stop.' };";
    await begin({}, touch('made'), [text('Done.')]);
    write('asked', asked, ['ask']);
    const events = await startTurn(drover, { message: 'Touch it.' }).end;
    expect(events.find(({ type }) => type === 'interjection')).toMatchObject({ evidence: 'ask', grade: 'stop' });
    expect(made()).toBe(false);
  });

  it('is shown what the person said to a question, and what was withdrawn', async () => {
    await begin({}, [hold('go'), text('Done.')]);
    write('sees', "return { grade: 'note', evidence: event.type, say: 'I see.', key: event.type };", [
      'inbox.put',
      'inbox.withdraw',
    ]);
    const turn = startTurn(drover, { message: 'Go.' });
    await model.reached('go');
    const { json } = await drover.request('POST', `/chat/${turn.id}`, { message: 'More.' });
    await drover.request('POST', `/chat/${turn.id}/inbox`, { item: json['item'], withdraw: true });
    await turn.seen('interjection', ({ evidence }) => evidence === 'inbox.put');
    await turn.seen('interjection', ({ evidence }) => evidence === 'inbox.withdraw');
    model.release('go');
    await turn.end;
  });

  const slow = (milliseconds: number): string =>
    `for (const began = Date.now(); Date.now() - began < ${milliseconds};);`;

  it('that is late for its turn does not stop the next one', async () => {
    await begin({}, [hold('go'), text('One.')], [hold('on'), text('Two.')]);
    write('late', `${slow(300)} if (event.text === 'One.') return { grade: 'stop', evidence: 'One.', say: 'No.' };`, [
      'assistant',
    ]);
    const turn = startTurn(drover, { message: 'First.' });
    await model.reached('go');
    await drover.request('POST', `/chat/${turn.id}`, { message: 'Second.' });
    const all = attach(drover, turn.id);
    model.release('go');
    await model.reached('on');
    expect(await all.seen('interjection')).toMatchObject({ grade: 'note', evidence: 'One.' });
    model.release('on');
    await all.seen('turn.end', ({ turn: number }) => number === 2);
    expect(all.events.findLast(({ type }) => type === 'turn.end')).toMatchObject({ reason: 'done' });
    all.leave();
  });

  it('that is late for its chat, which was deleted meanwhile, disturbs nobody', async () => {
    await begin({}, [text('One.')], [text('Two.')]);
    write('late', `${slow(500)} return { grade: 'note', evidence: 'Late.', say: 'Late.' };`, ['turn.end']);
    const gone = startTurn(drover, { message: 'First.' });
    await gone.end;
    expect((await drover.request('DELETE', `/chat/${gone.id}`)).status).toBe(200);
    const stays = startTurn(drover, { message: 'Second.' });
    await stays.end;
    const all = attach(drover, stays.id);
    // Judged one after the other: the first is through by now.
    expect(await all.seen('interjection')).toMatchObject({ evidence: 'Late.' });
    all.leave();
    expect((await drover.request('GET', '/health')).status).toBe(200);
  });

  it('that is new judges the very message with which it is found', async () => {
    await begin({}, [text('One.')], touch('made'), [text('Done.')]);
    const { id, end } = startTurn(drover, { message: 'First.' });
    await end;
    write('fresh', "return { grade: 'stop', evidence: event.text, say: 'No.' };", ['user']);
    const events = await startTurn(drover, { message: 'Touch it.', session_id: id }).end;
    expect(events.find(({ type }) => type === 'interjection')).toMatchObject({ evidence: 'Touch it.' });
    expect(made()).toBe(false);
  });

  it('that wants to be shown what policies say is refused', async () => {
    await begin({}, [text('One.')]);
    write('echo', 'return undefined;', ['interjection']);
    const turn = startTurn(drover, { message: 'First.' });
    expect((await turn.seen('error')).problem.message).toContain(
      'echo.mjs cannot be used: its default export is no policy',
    );
    await turn.end;
  });

  it.each([
    ['no-export', 'export const name = 1;', 'the file must say `export default { name, rule, on, judge }`.'],
    ['unparsed', 'export default {\n  name: "x",\n  judge( { return; },\n};', 'cannot be used: line 3: Unexpected'],
    [
      'many-faults',
      'export default { name: "a b", on: ["tool.begin"], judge: 1 };',
      'name: must be at most 60 letters, digits, _ and -; rule: must be a sentence of at most 500 characters; on: "tool.begin" is no type of event that a policy is shown; judge: must be a function.',
    ],
    [
      'same-name',
      "export default { name: 'budget', rule: 'Mine.', on: ['user'], judge() {} };",
      "name: is that of one of Drover's own policies.",
    ],
  ])('%s is named where policies are listed, with what is wrong', async (name, content, says) => {
    await begin({});
    mkdirSync(join(config(), 'policies'), { recursive: true });
    writeFileSync(join(config(), 'policies', `${name}.mjs`), content);
    const listed = async (): Promise<string> => {
      const { policies } = await request(drover.discovery, 'policies', { signal: AbortSignal.timeout(5000) });
      return policies.find(({ file }) => file !== undefined)?.problem ?? '';
    };
    await expect.poll(listed, { timeout: 5000 }).toContain(says);
    expect(await listed()).toContain(`${name}.mjs`);
  });

  it('ends with a supervisor that is killed, also in the middle of a circle', async () => {
    await begin({}, [text('One.')]);
    const begun = join(at.folder, 'begun');
    write('circles', `process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(begun)}, ''); for (;;);`);
    void startTurn(drover, { message: 'Go.' }).end.catch(() => undefined);
    await expect.poll(() => existsSync(begun)).toBe(true);
    drover.child.kill('SIGKILL');
    await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  });

  it('that is no regular file is named and not waited for, and a link to nowhere leaves the others be', async () => {
    await begin({ 'no-touch': noTouch }, touch('made'), [text('Done.')]);
    execFileSync('mkfifo', [join(config(), 'policies', 'pipe.mjs')]);
    symlinkSync('nowhere', join(config(), 'policies', 'link.mjs'));
    const turn = startTurn(drover, { message: 'Touch it.' });
    expect((await turn.seen('error')).problem.message).toBe(
      'The policy pipe.mjs cannot be used: it is no regular file.',
    );
    await turn.end;
    expect(made()).toBe(false);
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
      /^Touch it\. \(.*\)\n {2}turn 1, event \d+, stop: It wanted to touch\.\nOnce in 1 chat\.\n$/,
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

  it('lists that another chat changed the same file, as it stood at that time', async () => {
    const edit = [call('file_edit', { path: 'a.txt', old_text: 'alpha', new_text: 'alpha' })];
    const write = (content: string): Part[] => [call('file_write', { path: 'b.txt', content })];
    await begin({}, write('One.'), [hold('both'), text('Done.')], write('Two.'), [text('Done.')], edit, [
      text('Done.'),
    ]);
    const first = startTurn(drover, { message: 'First.' });
    await model.reached('both');
    const second = startTurn(drover, { message: 'Second.' });
    expect((await second.end).filter(({ type }) => type === 'interjection')).toHaveLength(1);
    model.release('both');
    expect((await first.end).filter(({ type }) => type === 'interjection')).toEqual([]);
    // Its turn is over by then.
    await startTurn(drover, { message: 'Third.' }).end;
    const all = await drove('policy', 'test', 'two-chats', '--state', at.state);
    expect(all.output).toMatch(
      /^Second\. \(.*\)\n {2}turn 1, event \d+, note: b\.txt is being changed by the chat “First\.” too\.\nOnce in 3 chats\.\n$/,
    );
    const one = await drove('policy', 'test', 'two-chats', '--chat', second.id, '--state', at.state);
    expect(one.output).toContain('Once in 1 chat.');
  });

  it('leaves out what was tidied up behind a stop or a crash, as it was when it happened', async () => {
    await begin({}, [call('bash', { command: '/bin/sleep 30' })], [call('bash', { command: '/bin/sleep 30' })]);
    write('ends', "return { grade: 'note', evidence: event.type, say: 'I see.', key: event.type };", [
      'assistant',
      'answer',
      'tool.end',
      'error',
      'turn.end',
      'inbox.put',
    ]);
    const turn = startTurn(drover, { message: 'Go.' });
    await turn.seen('interjection', ({ evidence }) => evidence === 'answer');
    await turn.seen('tool.start');
    drover.child.kill('SIGKILL');
    await turn.end.catch(() => undefined);
    await drover.stop();
    drover = await startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
    const again = startTurn(drover, { message: 'Go on.', session_id: turn.id });
    await again.seen('interjection', ({ evidence }) => evidence === 'answer');
    await again.seen('tool.start');
    const notes = JSON.parse(readFileSync(join(runFolder(at.state), 'agent_pids.json'), 'utf8')) as { pid: number }[];
    for (const { pid } of notes) process.kill(pid, 'SIGKILL');
    await again.end;
    const { json } = await drover.request('GET', `/chat/${turn.id}/export?format=json`);
    const events = json['events'] as unknown as LoggedEvent[];
    expect(events.filter(({ type }) => type === 'error' || type === 'tool.end')).toHaveLength(4);
    const said = events.flatMap((event) => (event.type === 'interjection' ? [event.evidence] : []));
    const file = join(config(), 'policies', 'ends.mjs');
    const { output } = await drove('policy', 'test', file, '--state', at.state);
    expect([...output.matchAll(/note: (\S+)/g)].map(([, evidence]) => evidence)).toEqual(said);
    expect(said).toEqual(['assistant', 'answer', 'assistant', 'answer']);
  });

  /** A chat with one call, and what the test of a policy with this body of `judge` comes to. */
  async function tested(name: string, body: string): Promise<{ code: number | null; output: string }> {
    await begin({}, touch('made'), [text('Done.')]);
    await startTurn(drover, { message: 'Touch it.' }).end;
    write(name, body);
    return drove('policy', 'test', join(config(), 'policies', `${name}.mjs`), '--state', at.state);
  }

  it.each([
    ['hangs', 'for (;;);', 'The policy hangs failed: it has not answered for 2 s.'],
    ['ends', 'process.exit(3);', 'The policy ends failed: its process ended (exit code 3).'],
    ['throws', 'throw new Error("out of luck");', 'The policy throws failed: out of luck.'],
    [
      'lies',
      'return { grade: "scream", evidence: 1, why: 2 };',
      'The policy lies failed: what it returned is no finding: grade must be note, acknowledge, pause, stop; evidence must be a text of 1 to 1000 characters; say must be a text of 1 to 4000 characters; there is no field why.',
    ],
    [
      'floods',
      'return Array.from({ length: 20 }, (_, n) => ({ grade: "note", evidence: `${n}`, say: "No.", key: `${n}` }));',
      'The policy floods failed: what it returned is no finding: at most ten may be returned at once.',
    ],
  ])('one that %s fails as it would in a chat', async (name, body, says) => {
    const { code, output } = await tested(name, body);
    expect(output).toContain(says);
    expect(output).not.toContain(' in 1 chat');
    expect(code).toBe(1);
  });

  it('one whose file never comes to its end fails, also where there is no chat', { timeout: 20_000 }, async () => {
    await begin({});
    write('circles', '');
    const file = join(config(), 'policies', 'circles.mjs');
    writeFileSync(file, 'while (true);\n');
    const { code, output } = await drove('policy', 'test', file, '--state', at.state);
    expect(output).toContain('The policy circles failed: it was not loaded in time.');
    expect(code).toBe(1);
  });

  it('counts what was said, and not what was left out', async () => {
    const four = 'return [1, 2, 3, 4].map((n) => ({ grade: "note", evidence: `No. ${n}`, say: "No.", key: `${n}` }));';
    const { code, output } = await tested('four', four);
    expect(output).toMatch(/No\. 3\n {2}The policy four stepped in more than 3 times .*\n3 times in 1 chat\.\n$/);
    expect(code).toBe(0);
  });

  it('names the findings that are lost because they have no key', async () => {
    const three = 'return [1, 2, 3].map((n) => ({ grade: "note", evidence: `No. ${n}`, say: "No." }));';
    const { output } = await tested('three', three);
    expect(output).toMatch(/note: No\. 1\n {2}turn 1, event \d+: left out, because it has no key: No\. 2\n/);
    expect(output).toMatch(/no key: No\. 3\n/);
    expect(output).toContain('Once in 1 chat.');
  });
});
