import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatSummary } from '../../src/common/protocol.ts';
import { call as request, stream } from '../../src/node/client.ts';
import { NativeQuestions, type Person } from '../../src/vscode/nativeQuestions.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, type Part, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

/** The editor's own prompts for chats that the panel does not show: against a real supervisor, with a person by script. */

let at: Place;
let model: ModelServer;
let drover: Running;
let questions: NativeQuestions;
let person: Scripted;
let chats: ChatSummary[];
let shown: string | undefined;
let end: AbortController;
let changed: Set<() => void>;

/** Clicks what it is told to, and remembers what it was shown. */
class Scripted implements Person {
  readonly prompts: { message: string; buttons: readonly string[] }[] = [];
  readonly texts: string[] = [];
  readonly picks: (readonly string[])[] = [];
  readonly problems: unknown[] = [];
  clicks: (string | undefined)[] = [];
  picked: number | undefined;
  why: (string | undefined)[] = [];

  async choose(message: string, buttons: readonly string[]): Promise<string | undefined> {
    this.prompts.push({ message, buttons });
    return this.clicks.shift();
  }

  async pick(_title: string, items: readonly string[]): Promise<number | undefined> {
    this.picks.push(items);
    return this.picked;
  }

  async reason(): Promise<string | undefined> {
    return this.why.shift();
  }

  async read(text: string): Promise<void> {
    this.texts.push(text);
  }

  failed(error: unknown): void {
    this.problems.push(error);
  }
}

beforeEach(async () => {
  at = place({ '.npmrc': 'a=1\n' });
  model = await startModelServer({});
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
  person = new Scripted();
  chats = [];
  shown = undefined;
  end = new AbortController();
  changed = new Set();
  void follow();
  questions = new NativeQuestions(
    {
      chats: () => chats,
      shows: (chat) => chat === shown,
      onDidChange: (listener) => {
        changed.add(listener);
        return { dispose: () => changed.delete(listener) };
      },
      address: async () => drover.discovery,
    },
    person,
  );
});
afterEach(async () => {
  questions.dispose();
  end.abort();
  await drover.stop();
  await model.close();
  expect(processesOf(at)).toEqual([]);
  at.dispose();
});

/** The list of chats as a window has it. */
async function follow(): Promise<void> {
  try {
    for await (const { event } of stream(drover.discovery, 'events', { signal: end.signal })) {
      if (event.type === 'chats') ({ chats } = event);
      if (event.type === 'chat') chats = [event.chat, ...chats.filter(({ id }) => id !== event.chat.id)];
      for (const tell of changed) tell();
    }
  } catch (error) {
    if (!end.signal.aborted) throw error;
  }
}

function says(...parts: Part[]): void {
  for (const part of parts) model.add(reply(part));
  model.add(reply(text('Done.')));
}
const made = (path: string): boolean => existsSync(join(at.workspace, path));
const begin = (message: string) => startTurn(drover, { message });

describe('a question of a chat that the panel does not show', () => {
  it('is put with all its answers, and allowed once by a click', async () => {
    says(call('bash', { command: 'mkdir {one,two}' }));
    person.clicks = ['Once'];
    await begin('Make them.').end;
    expect(person.prompts).toEqual([
      {
        message:
          'Allow this command? “mkdir {one,two}” The shell makes of it: “mkdir one two” In “shop”, for “Make them.”. ' +
          'Why this is asked: “mkdir is not on the list of the commands that only look or test.” The coding agent asks, for your message: “Make them.”',
        buttons: ['Once', 'This Chat', 'Always…', 'Reject', 'Why Not…'],
      },
    ]);
    expect(made('one') && made('two')).toBe(true);
    expect(person.problems).toEqual([]);
  });

  it('is allowed for good only in the form that was chosen; the first of the list is nothing', async () => {
    model.add(reply(call('bash', { command: 'mkdir one' })));
    person.clicks = ['Always…', 'Always…'];
    person.picked = 0;
    const turn = begin('Make one.');
    await turn.seen('ask');
    await expect.poll(() => person.picks.length).toBe(2);
    expect(person.picks[0]).toEqual([
      'Nothing for good: ask each time',
      'mkdir ‹file›, ‹file› being any file or folder of this workspace',
    ]);
    expect(made('one')).toBe(false);
    const signal = AbortSignal.timeout(5000);
    expect((await request(drover.discovery, 'grants', { signal })).grants).toEqual([]);
    await request(drover.discovery, 'chatCancel', { id: turn.id, signal });
    await turn.end;

    says(call('bash', { command: 'mkdir one' }), call('bash', { command: 'mkdir two' }));
    person.clicks = ['Always…'];
    person.picked = 1;
    await begin('Make both.').end;
    expect(made('one') && made('two')).toBe(true);
    expect((await request(drover.discovery, 'grants', { signal: AbortSignal.timeout(5000) })).grants).toHaveLength(1);
  });

  it('is rejected with a reason, which the agent is told; who thinks better of it is asked again', async () => {
    says(call('bash', { command: 'rm .npmrc' }));
    person.clicks = ['Why Not…', 'Why Not…'];
    person.why = [undefined, ' keep it '];
    await begin('Remove it.').end;
    expect(person.prompts).toHaveLength(2);
    expect(person.prompts[0]?.buttons).not.toContain('Always…');
    expect(JSON.stringify(model.requests.at(-1)?.body.messages.at(-1))).toContain('Denied: keep it');
    expect(made('.npmrc')).toBe(true);
  });

  it('whose diff has not been shown offers no yes before it was', async () => {
    says(call('file_edit', { path: '.npmrc', old_text: 'a=1', new_text: 'a=2' }));
    person.clicks = ['Show…', 'Once'];
    await begin('Change it.').end;
    expect(person.prompts[0]?.buttons).toEqual(['Show…', 'Reject', 'Why Not…']);
    expect(person.texts[0]).toContain('-a=1\n+a=2');
    expect(person.prompts[1]?.buttons).toContain('Once');
    expect(readFileSync(join(at.workspace, '.npmrc'), 'utf8')).toBe('a=2\n');
  });

  it('holds no link that the editor would draw, and no character that cannot be seen', async () => {
    says(call('bash', { command: 'rm "[a](command:x)" \u202eb' }));
    person.clicks = ['Reject'];
    await begin('See [this](command:workbench.action.quit).').end;
    const [{ message, buttons } = { message: '', buttons: [] }] = person.prompts;
    expect(message).not.toContain('](');
    expect(message).not.toContain('\u202e');
    expect(buttons).toEqual(['Show…', 'Reject', 'Why Not…']);
  });

  it('is put once, and not while the panel shows it', async () => {
    says(call('bash', { command: 'mkdir one' }));
    shown = 'seen';
    const turn = startTurn(drover, { message: 'Make one.', session_id: 'seen' });
    const ask = await turn.seen('ask');
    await expect.poll(() => chats[0]?.state).toBe('waiting');
    expect(person.prompts).toEqual([]);
    shown = undefined;
    for (const tell of changed) tell();
    await expect.poll(() => person.prompts.length).toBe(1);
    shown = 'seen';
    for (const tell of changed) tell();
    shown = undefined;
    for (const tell of changed) tell();
    await drover.request('POST', '/chat/seen/answer', { ask: ask.ask, hash: ask.hash, answer: 'once' });
    await turn.end;
    expect(person.prompts).toHaveLength(1);
    expect(made('one')).toBe(true);
  });

  it('that was answered elsewhere says so to who answers late', async () => {
    says(call('bash', { command: 'mkdir one' }));
    const turn = startTurn(drover, { message: 'Make one.', session_id: 'late' });
    const ask = await turn.seen('ask');
    const late = Promise.withResolvers<string>();
    person.choose = async (message, buttons) => {
      person.prompts.push({ message, buttons });
      return late.promise;
    };
    await expect.poll(() => person.prompts.length).toBe(1);
    await drover.request('POST', '/chat/late/answer', { ask: ask.ask, hash: ask.hash, answer: 'reject' });
    await turn.end;
    late.resolve('Once');
    await expect.poll(() => person.problems).toMatchObject([{ code: 'answered' }]);
    expect(made('one')).toBe(false);
  });
});
