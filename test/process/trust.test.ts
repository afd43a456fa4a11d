import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, reply, text } from '../support/modelServer/script.ts';
import {
  type Place,
  place,
  processesOf,
  type Running,
  startSupervisor,
  startTurn,
  type Turn,
} from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

beforeEach(async () => {
  at = place({ 'a.txt': 'alpha\n', 'src/b.txt': 'beta\n' });
  model = await startModelServer({});
  // Nothing is asked: what a denial holds back is not let through by a yes.
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve']);
});
afterEach(async () => {
  await drover.stop();
  await model.close();
  expect(processesOf(at)).toEqual([]);
  at.dispose();
});

const write = call('file_write', { path: 'made.txt', content: 'made\n' });
const made = (): boolean => existsSync(join(at.workspace, 'made.txt'));
const untrusted = () => ({ roots: [at.workspace], trusted: false });

function ends(turn: Turn): { tool: string; outcome: string }[] {
  return turn.events.flatMap((event) =>
    event.type === 'tool.end' ? [{ tool: event.tool, outcome: event.outcome }] : [],
  );
}

/** An editor with the folder open. @returns how it says whether it trusts that now */
async function editor(trusted: boolean): Promise<(trusted: boolean) => Promise<unknown>> {
  const said = { kind: 'vscode', protocol: PROTOCOL, build: 'x', roots: [at.workspace] };
  const { json } = await drover.request('POST', '/hello', { ...said, trusted });
  return (now) => drover.request('POST', '/hello', { ...said, client: json['client'], trusted: now });
}

describe('in a folder that is not trusted', () => {
  it('files are read, listed and searched, and nothing is changed or run', async () => {
    model.add(
      reply(call('file_read', { path: 'a.txt' })),
      reply(call('glob', { pattern: '**/*.txt' })),
      reply(call('grep', { pattern: 'beta' })),
      reply(write),
      reply(call('file_edit', { path: 'a.txt', old_text: 'alpha', new_text: 'gamma' })),
      reply(call('bash', { command: 'ls' })),
      reply(call('bash', { command: 'touch made.txt' })),
      reply(text('Then I only read.')),
    );
    const turn = startTurn(drover, { message: 'Look at @src/b.txt and mend it.', workspace: untrusted() });
    const events = await turn.end;
    expect(ends(turn)).toEqual([
      { tool: 'file_read', outcome: 'ok' },
      { tool: 'file_read', outcome: 'ok' },
      { tool: 'glob', outcome: 'ok' },
      { tool: 'grep', outcome: 'ok' },
      { tool: 'file_write', outcome: 'denied' },
      { tool: 'file_edit', outcome: 'denied' },
      { tool: 'bash', outcome: 'denied' },
      { tool: 'bash', outcome: 'denied' },
    ]);
    expect(events.some(({ type }) => type === 'ask')).toBe(false);
    expect(events.findLast((event) => event.type === 'assistant')).toMatchObject({ text: 'Then I only read.' });
    expect(made()).toBe(false);
    expect(at.file('a.txt')).toBe('alpha\n');
  });

  it('a part that is delegated is not trusted either', async () => {
    model.add(
      { chat: 'Do it', parts: [call('delegate', { tasks: ['coding: Task one.'] })] },
      { chat: 'Task one.', parts: [write] },
      { chat: 'Task one.', parts: [text('I may not.')] },
      { chat: 'Do it', parts: [text('Not done.')] },
    );
    await startTurn(drover, { message: 'Do it.', agent_type: 'supervisor', workspace: untrusted() }).end;
    expect(made()).toBe(false);
    expect((await drover.chats()).map(({ workspace }) => workspace.trusted)).toEqual([false, false]);
  });
});

describe('when the editor’s trust changes', () => {
  it('a chat that is at work follows from the next call, one way and the other', async () => {
    model.add(
      reply(write),
      reply(hold('granted'), write),
      reply(hold('withdrawn'), call('file_write', { path: 'a.txt', content: 'x' })),
      reply(text('So.')),
    );
    const say = await editor(false);
    const turn = startTurn(drover, { message: 'Write.', workspace: untrusted() });
    await turn.seen('tool.end', ({ outcome }) => outcome === 'denied');
    await say(true);
    await turn.seen('trust', ({ trusted }) => trusted);
    model.release('granted');
    await turn.seen('tool.end', ({ outcome }) => outcome === 'ok');
    expect(made()).toBe(true);
    await say(false);
    await turn.seen('trust', ({ trusted }) => !trusted);
    model.release('withdrawn');
    await turn.end;
    expect(ends(turn).at(-1)).toEqual({ tool: 'file_write', outcome: 'denied' });
    expect(at.file('a.txt')).toBe('alpha\n');
  });

  it('a chat of another folder does not follow, nor one that a program keeps from it, before that changes', async () => {
    model.add(reply(hold('go'), write), reply(text('So.')));
    const turn = startTurn(drover, { message: 'Write.', workspace: untrusted() });
    await turn.seen('turn.start');
    await editor(true);
    const elsewhere = { kind: 'vscode', protocol: PROTOCOL, build: 'x', roots: [at.folder + '/other'] };
    const { json } = await drover.request('POST', '/hello', { ...elsewhere, trusted: false });
    await drover.request('POST', '/hello', { ...elsewhere, client: json['client'], trusted: true });
    model.release('go');
    await turn.end;
    expect(made()).toBe(false);
  });

  it('what was put in before is held to what holds when it is taken up', async () => {
    model.add(reply(hold('go'), text('One.')), reply(write), reply(text('Two.')));
    const say = await editor(true);
    const workspace = { roots: [at.workspace], trusted: true };
    const turn = startTurn(drover, { message: 'First.', workspace });
    await turn.seen('turn.start');
    const second = startTurn(drover, { message: 'Second.', session_id: turn.id, workspace });
    await second.seen('inbox.put');
    await say(false);
    model.release('go');
    await second.end;
    expect(ends(second)).toEqual([{ tool: 'file_write', outcome: 'denied' }]);
    expect(made()).toBe(false);
  });

  it('a fork from before is held to what holds now', async () => {
    model.add(reply(hold('go'), text('One.')), reply(write), reply(text('Two.')));
    const say = await editor(true);
    const turn = startTurn(drover, { message: 'First.' });
    await turn.seen('turn.start');
    await say(false);
    await turn.seen('trust');
    model.release('go');
    await turn.end;
    const { json } = await drover.request('POST', `/chat/${turn.id}/fork`, { message: 1 });
    const fork = json['id'] as unknown as string;
    const again = startTurn(drover, { message: 'Write.', session_id: fork });
    await again.end;
    expect(ends(again)).toEqual([{ tool: 'file_write', outcome: 'denied' }]);
    expect(made()).toBe(false);
  });
});

it('a key that a client brings is used, and written nowhere', async () => {
  const key = 'sk-of-the-person-1234567890';
  const guarded = await startModelServer({ key, script: [reply(text('In.'))] });
  const settings = { engine: { url: guarded.url, key } };
  await drover.request('POST', '/hello', { kind: 'vscode', protocol: PROTOCOL, build: 'x', settings });
  const turn = startTurn(drover, { message: 'Hello.' });
  await turn.end;
  expect(turn.events.findLast((event) => event.type === 'assistant')).toMatchObject({ text: 'In.' });
  const files = readdirSync(at.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(3);
  for (const { name, parentPath } of files) {
    expect(readFileSync(join(parentPath, name), 'latin1'), name).not.toContain(key);
  }
  expect(drover.output()).not.toContain(key);
  await guarded.close();
});
