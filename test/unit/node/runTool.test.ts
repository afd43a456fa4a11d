import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '../../../src/common/errors.ts';
import { LoggedEvent } from '../../../src/common/events.ts';
import { defineTool, type Tool } from '../../../src/common/tool.ts';
import { tools } from '../../../src/node/tools/list.ts';
import { hashOf } from '../../../src/node/blobs.ts';
import { undo } from '../../../src/node/undo.ts';
import { Bench } from './tools/support.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ 'src/cart.ts': 'one\ntwo\n', 'src/other.ts': 'x\n' });
});
afterEach(() => {
  // Whatever happened: every event that came out is one that can be logged.
  for (const event of bench.events) LoggedEvent.parse(event);
  bench.remove();
});

const edit = { path: 'src/cart.ts', old_text: 'two', new_text: '2' };

describe('a file with secrets that is mentioned', () => {
  const mentioned = (delegated: boolean) =>
    bench.call('file_read', { path: '.env' }, { origin: 'mention', ...(delegated ? { delegated } : {}) });
  beforeEach(() => {
    bench.put('.env', 'TOKEN=ours\n');
    bench.answer = async () => ({ answer: 'reject', by: 'client' });
  });

  test('by the person is read, because they have named it', async () => {
    expect(await mentioned(false)).toMatchObject({ outcome: 'ok', text: 'TOKEN=ours' });
    expect(bench.asked).toEqual([]);
  });

  test('in a task that another agent has written was named by nobody, so the person is asked', async () => {
    const end = await mentioned(true);
    expect(end).toMatchObject({ outcome: 'denied' });
    expect(end.text).not.toContain('ours');
    expect(bench.asked.map(({ verdict }) => verdict.rule)).toEqual(['read.secrets']);
  });
});

describe.runIf(process.platform !== 'win32')('a path with a control character in it', () => {
  test.each([
    ['a\nb', 'U+000A, a line feed'],
    ['src/car\tt.ts', 'U+0009, a tab'],
    ['a\rb', 'U+000D, a carriage return'],
    ['a\u001b[2Jb', 'U+001B, an escape'],
    ['src\u007f/x', 'U+007F, a delete'],
    ['a\u0085b', 'U+0085'],
    ['../a\u0001b', 'U+0001'],
  ])('%j cannot be used, whether there is such a file or not', async (path, which) => {
    bench.policy = { ...bench.policy, edits: 'allow' };
    const calls: [string, object][] = [
      ['file_write', { path, content: 'x\n' }],
      ['file_edit', { path, old_text: 'two', new_text: '2' }],
      ['file_read', { path }],
      ['grep', { pattern: 'x', path }],
    ];
    const told = `The path has a control character in it (${which}). Give another path; a command can rename a file that is called so.`;
    for (const there of [false, true]) {
      if (there) bench.put(path, 'two\n');
      for (const [name, args] of calls) {
        expect(await bench.call(name, args), name).toMatchObject({
          outcome: 'error',
          text: told,
          verdict: { decision: 'deny', rule: 'call.path' },
        });
      }
    }
    expect(bench.get(path)).toBe('two\n');
    expect(bench.asked).toEqual([]);
  });

  test('is none of the business of commands, which are read as the shell reads them', async () => {
    bench.put('a\nb', 'two\n');
    expect(await bench.call('bash', { command: 'cat a*' })).toMatchObject({ outcome: 'ok' });
    expect(await bench.call('bash', { command: 'rm "/etc/a\tb"' })).toMatchObject({ outcome: 'denied' });
    expect(bench.asked).toEqual([]);
  });
});

describe('what a model sends', () => {
  test.each([
    ['{"path": "src/cart.ts"', 'are no valid JSON'],
    ['{"path": 1}', 'path: expected string'],
    ['{}', 'path is missing'],
    ['', 'path is missing'],
    ['[]', 'expected object'],
    ['null', 'expected object'],
    ['"src/cart.ts"', 'expected object'],
    ['{"path": "a", "offset": 3}', 'it takes no offset'],
    ['{"path": "a", "start_line": 0}', 'start_line'],
    ['{"path": "a", "start_line": "many"}', 'start_line: expected number'],
  ])('%s is answered with what is wrong, and nothing is done', async (text, what) => {
    const end = await bench.call('file_read', text);
    expect(end).toMatchObject({ outcome: 'invalid', summary: 'not understood' });
    expect(end.text).toContain(what);
    expect(bench.story).toEqual(['tool.end']);
  });

  test('an unknown tool is answered with those there are', async () => {
    expect((await bench.call('read_file', {})).text).toBe(
      'There is no tool named read_file. The tools are: file_read, file_write, file_edit, glob, grep, bash, hand_off, delegate, use.',
    );
  });

  test('a tool that this role may not call does not exist for it, not even by another name', async () => {
    const few = tools.filter(({ name }) => name === 'file_write');
    const args = { path: 'src/cart.ts', operation: 'edit', old_text: 'two', new_text: '2' };
    const end = await bench.call('file_write', args, { tools: few });
    expect(end).toMatchObject({ outcome: 'invalid', text: /no tool named file_edit/ });
  });

  test('numbers written as texts and nulls for nothing are understood', async () => {
    const end = await bench.call('file_read', { path: 'src/cart.ts', start_line: '2', max_lines: null });
    expect(end).toMatchObject({ outcome: 'ok', text: 'two\n[Lines 2-2 of 2.]' });
  });
});

describe('from the judgement to the act', () => {
  test('a look is told of and runs', async () => {
    expect((await bench.call('file_read', { path: 'src/cart.ts' })).outcome).toBe('ok');
    expect(bench.story).toEqual(['tool.start', 'tool.end']);
    expect(bench.events[0]).toMatchObject({
      verdict: { decision: 'allow', rule: 'read.inside', reason: 'Reads only, inside the workspace.' },
      effects: [{ kind: 'read', path: 'src/cart.ts' }],
      origin: 'model',
    });
  });

  test('a denial is told, with its reason, and nothing runs', async () => {
    const end = await bench.call('file_write', { path: '.git/hooks/pre-commit', content: 'x' });
    expect(end.text).toBe('Denied: .git/hooks/pre-commit belongs to version control. Use its own commands instead.');
    expect(bench.story).toEqual(['tool.start', 'tool.end']);
  });

  test('an edit is asked about, recorded, and then made', async () => {
    const end = await bench.call('file_edit', edit);
    expect(end).toMatchObject({ outcome: 'ok', change: { path: 'src/cart.ts', added: 1, removed: 1 } });
    expect(bench.story).toEqual(['ask', 'record', 'tool.end']);
    expect(bench.events[0]).toMatchObject({ type: 'tool.start', verdict: { decision: 'ask' } });
  });

  test('no is told with its reason, and so is that nobody was there', async () => {
    bench.answer = async () => ({ answer: 'reject', reason: 'use a constant', by: 'client' });
    expect(await bench.call('file_edit', edit)).toMatchObject({ outcome: 'denied', text: 'Denied: use a constant' });
    bench.answer = async () => ({ answer: 'reject', by: 'nobody' });
    expect((await bench.call('file_edit', edit)).text).toBe('Denied: nobody was there to be asked.');
    expect(bench.get('src/cart.ts')).toBe('one\ntwo\n');
    expect(bench.story).toEqual(['ask', 'tool.end', 'ask', 'tool.end']);
  });

  test('a yes for the chat is not asked for again, for this file', async () => {
    bench.answer = async () => ({ answer: 'chat', by: 'client' });
    await bench.call('file_edit', edit);
    await bench.call('file_edit', { ...edit, old_text: 'one', new_text: '1' });
    expect(bench.asked).toHaveLength(1);
    expect(bench.granted).toEqual(new Set([bench.asked[0]?.grantKey]));
    expect(bench.get('src/cart.ts')).toBe('1\n2\n');
    expect(bench.events[2]).toMatchObject({ type: 'tool.start', verdict: { decision: 'allow', rule: 'grant' } });
    expect(bench.story).toEqual(['ask', 'record', 'tool.end', 'record', 'tool.end']);
    await bench.call('file_edit', { path: 'src/other.ts', old_text: 'x', new_text: 'y' });
    expect(bench.asked).toHaveLength(2);
  });

  test('a stop that comes back with the record keeps it from running', async () => {
    bench.stop = 'Not run: the file has unsaved changes in the editor.';
    const end = await bench.call('file_edit', edit);
    expect(end).toMatchObject({ outcome: 'skipped', text: bench.stop });
    expect(bench.get('src/cart.ts')).toBe('one\ntwo\n');
  });

  test('a cancel while somebody is asked ends it', async () => {
    bench.answer = () => new Promise(() => setImmediate(() => bench.cancel.abort()));
    expect(await bench.call('file_edit', edit)).toMatchObject({ outcome: 'cancelled' });
    bench.cancel = new AbortController();
    bench.answer = async () => ({ answer: 'reject', by: 'cancel' });
    expect(await bench.call('file_edit', edit)).toMatchObject({ outcome: 'cancelled' });
    expect(bench.get('src/cart.ts')).toBe('one\ntwo\n');
  });

  test('after a cancel nothing begins', async () => {
    bench.cancel.abort();
    expect(await bench.call('file_read', { path: 'src/cart.ts' })).toMatchObject({ outcome: 'skipped' });
    expect(bench.story).toEqual(['tool.end']);
  });
});

describe('what is recorded of a decision', () => {
  const [start, end] = ['tool.start', 'tool.end'] as const;
  const recorded = <T extends LoggedEvent['type']>(type: T) =>
    bench.events.findLast((event): event is LoggedEvent & { type: T } => event.type === type);

  test('before the act: who wanted it, who let it pass, and what stood in the file', async () => {
    const client = { kind: 'vscode', id: 'window' } as const;
    bench.answer = async () => ({ answer: 'once', by: 'client', ask: 'question', client });
    const { change } = await bench.call('file_edit', edit);
    expect(recorded(start)).toMatchObject({
      agent: 'coding',
      approver: { by: 'person', ask: 'question', client },
      files: [{ path: 'src/cart.ts', hash: change?.before }],
    });
    expect(recorded(end)?.files).toBeUndefined();
  });

  test.each([
    ['file_read', { path: 'src/cart.ts' }, {}, 'rule'],
    ['file_edit', edit, { edits: 'allow' }, 'setting'],
    ['file_write', { path: '.git/config', content: 'x' }, {}, 'rule'],
  ] as const)('who let %s pass when nobody was asked', async (name, args, policy, by) => {
    bench.policy = { ...bench.policy, ...policy };
    await bench.call(name, args);
    expect(recorded(start)?.approver).toEqual({ by });
    expect(bench.asked).toEqual([]);
  });

  test('of a command: the files that its line writes, before and behind it', async () => {
    const before = hashOf(Buffer.from('x\n'));
    await bench.call('bash', { command: 'echo y > src/other.ts; echo z > new.txt' });
    expect(recorded(start)?.files).toEqual([
      { path: 'src/other.ts', hash: before },
      { path: 'new.txt', hash: null },
    ]);
    expect(recorded(end)?.files).toEqual([
      { path: 'src/other.ts', hash: hashOf(Buffer.from('y\n')) },
      { path: 'new.txt', hash: hashOf(Buffer.from('z\n')) },
    ]);
  });

  test('of an edit that fails: that the file is as it was', async () => {
    bench.policy = { ...bench.policy, edits: 'allow' };
    expect((await bench.call('file_edit', { ...edit, old_text: 'zero' })).outcome).toBe('error');
    expect(recorded(end)?.files).toEqual(recorded(start)?.files);
  });

  test.each([
    ['open_door', {}, {}, 'call.unknown'],
    ['file_read', '{"path": ', {}, 'call.invalid'],
    ['file_edit', edit, { tools: [], lacking: ['file_edit'] }, 'role.tools'],
    ['file_read', { path: 'a\0b' }, {}, 'call.path'],
  ])('%s %j is refused before it is judged, and that is a decision', async (name, args, change, rule) => {
    const { verdict, agent } = await bench.call(name, args, change);
    expect({ verdict, agent }).toMatchObject({ verdict: { decision: 'deny', rule }, agent: 'coding' });
    expect(bench.story).toEqual([end]);
  });

  test('also where the question could not be put: how it was judged', async () => {
    const { verdict, outcome } = await bench.call('file_edit', { ...edit, path: 'src/none.ts' });
    expect({ verdict, outcome, asked: bench.asked.length }).toMatchObject({
      verdict: { decision: 'ask', rule: 'write.inside' },
      outcome: 'error',
      asked: 0,
    });
  });
});

describe('what changes while somebody is asked', () => {
  test('the file: then the yes was about something else', async () => {
    bench.answer = async () => {
      bench.put('src/cart.ts', 'one\nzero\ntwo\n');
      return { answer: 'chat', by: 'client' };
    };
    const end = await bench.call('file_edit', edit);
    expect(end).toMatchObject({ outcome: 'error', summary: 'changed meanwhile' });
    expect(bench.get('src/cart.ts')).toBe('one\nzero\ntwo\n');
    expect(bench.granted.size).toBe(0);
  });

  test.skipIf(process.platform === 'win32')(
    'the place: a folder that became a link out is not written into',
    async () => {
      bench.answer = async () => {
        renameSync(join(bench.root, 'src'), join(bench.base, 'moved'));
        symlinkSync(join(bench.base, 'moved'), join(bench.root, 'src'));
        return { answer: 'once', by: 'client' };
      };
      expect(await bench.call('file_edit', edit)).toMatchObject({ outcome: 'error' });
      rmSync(join(bench.root, 'src'));
      renameSync(join(bench.base, 'moved'), join(bench.root, 'src'));
      expect(bench.get('src/cart.ts')).toBe('one\ntwo\n');
    },
  );

  test('a file that was to be created and appeared is not overwritten', async () => {
    bench.answer = async () => {
      bench.put('new.ts', 'mine\n');
      return { answer: 'once', by: 'client' };
    };
    expect(await bench.call('file_write', { path: 'new.ts', content: 'theirs\n' })).toMatchObject({ outcome: 'error' });
    expect(bench.get('new.ts')).toBe('mine\n');
  });
});

describe('tools that go wrong', () => {
  const faulty = (run: Tool['run']): Tool =>
    defineTool({
      name: 'faulty',
      group: 'read',
      description: 'Goes wrong.',
      parameters: z.strictObject({}),
      effects: () => [],
      title: () => ({ kind: 'other', verb: 'Try', object: '' }),
      run,
    });
  const call = (run: Tool['run']) => bench.call('faulty', {}, { tools: [faulty(run)] });

  test('a mistake of ours is a result and no crash', async () => {
    const end = await call(async () => {
      throw new TypeError('x is undefined');
    });
    expect(end).toMatchObject({ outcome: 'error', summary: 'mistake in Drover' });
    expect(end.text).toMatch(/^Drover made a mistake: x is undefined /);
  });

  test('a problem is told with its advice', async () => {
    const end = await call(async () => {
      throw new Problem('x', 'The disk is full.', 'Make room.');
    });
    expect(end).toMatchObject({ outcome: 'error', text: 'The disk is full. Make room.' });
  });

  test('a result without end is cut', async () => {
    const end = await call(async () => ({ text: 'x'.repeat(100_000), summary: '' }));
    expect(end.text.length).toBeLessThan(66_000);
    expect(end.text).toMatch(/\[34,464 more characters are left out\.\]$/);
  });
});

describe('undo', () => {
  const changed = async (name: string, args: object) => {
    const { change } = await bench.call(name, args);
    if (change === undefined) throw new Error('nothing was changed');
    return change;
  };

  test('puts back what stood there', async () => {
    const change = await changed('file_edit', edit);
    await undo(change, bench);
    expect(bench.get('src/cart.ts')).toBe('one\ntwo\n');
  });

  test('removes what was not there', async () => {
    const change = await changed('file_write', { path: 'new/a.ts', content: 'x' });
    await undo(change, bench);
    expect((await bench.files.resolve('new/a.ts')).kind).toBe('missing');
  });

  test('leaves alone what was changed again, or is gone', async () => {
    const change = await changed('file_edit', edit);
    bench.put('src/cart.ts', 'mine\n');
    await expect(undo(change, bench)).rejects.toThrow('src/cart.ts was changed again since then');
    expect(bench.get('src/cart.ts')).toBe('mine\n');
    rmSync(join(bench.root, 'src/cart.ts'));
    await expect(undo(change, bench)).rejects.toMatchObject({ code: 'undo.changed' });
  });

  test('of several changes goes backwards', async () => {
    const first = await changed('file_edit', edit);
    const second = await changed('file_edit', { ...edit, old_text: '2', new_text: 'zwei' });
    await expect(undo(first, bench)).rejects.toMatchObject({ code: 'undo.changed' });
    await undo(second, bench);
    await undo(first, bench);
    expect(bench.get('src/cart.ts')).toBe('one\ntwo\n');
  });

  test('says when the earlier content is no longer kept', async () => {
    const change = await changed('file_edit', edit);
    rmSync(join(bench.base, 'blobs'), { recursive: true });
    await expect(undo(change, bench)).rejects.toMatchObject({ code: 'blob.missing' });
  });
});
