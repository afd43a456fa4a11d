import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GATE_VERSION } from '../../../src/common/gate/version.ts';
import { approvalOf, asJudged } from '../../../src/node/approval.ts';
import type { AskAnswer } from '../../../src/node/runTool.ts';
import { Bench } from './tools/support.ts';

let bench: Bench;
const posix = process.platform !== 'win32';
const yes: AskAnswer = { answer: 'once', by: 'client' };
const changed = { outcome: 'error', summary: 'changed meanwhile' };

beforeEach(() => {
  bench = new Bench({ 'src/cart.ts': 'one\ntwo\n', 'run.sh': 'echo mine > out\n', 'package.json': '{}\n' });
});
afterEach(() => bench.remove());

/** The swap happens while the person is asked, or when the yes has been recorded and the call is about to begin. */
type Moment = 'asked' | 'recorded';
const moments: Moment[] = ['asked', 'recorded'];

function swap(moment: Moment, what: () => void): void {
  if (moment === 'asked') {
    bench.answer = async () => {
      what();
      return yes;
    };
    return;
  }
  bench.recorded = what;
}

describe.each(moments)('a swap behind the yes of a person, when it was %s', (moment) => {
  test('a file that is edited: the edit is not made', async () => {
    swap(moment, () => bench.put('src/cart.ts', 'zero\none\ntwo\n'));
    const edit = { path: 'src/cart.ts', old_text: 'two', new_text: '2' };
    expect(await bench.call('file_edit', edit)).toMatchObject(changed);
    expect(bench.get('src/cart.ts')).toBe('zero\none\ntwo\n');
    bench.recorded = undefined;
    bench.answer = async () => yes;
    expect(await bench.call('file_edit', edit)).toMatchObject({ outcome: 'ok' });
    expect(bench.asked).toHaveLength(2);
    expect(bench.asked[0]?.hash).not.toBe(bench.asked[1]?.hash);
  });

  test('a file that is written over: it is not', async () => {
    swap(moment, () => bench.put('src/cart.ts', 'theirs\n'));
    expect(await bench.call('file_write', { path: 'src/cart.ts', content: 'mine\n' })).toMatchObject(changed);
    expect(bench.get('src/cart.ts')).toBe('theirs\n');
  });

  test('a new file that is there by then: it is not written over', async () => {
    swap(moment, () => bench.put('new.ts', 'theirs\n'));
    expect(await bench.call('file_write', { path: 'new.ts', content: 'mine\n' })).toMatchObject(changed);
    expect(bench.get('new.ts')).toBe('theirs\n');
  });

  test.runIf(posix)('a file that became a link: what it leads to is not written', async () => {
    bench.put('.vscode/tasks.json', '{}\n');
    swap(moment, () => {
      renameSync(join(bench.root, 'src/cart.ts'), join(bench.root, 'src/old.ts'));
      symlinkSync('../.vscode/tasks.json', join(bench.root, 'src/cart.ts'));
    });
    expect(await bench.call('file_write', { path: 'src/cart.ts', content: 'mine\n' })).toMatchObject(changed);
    expect(bench.get('.vscode/tasks.json')).toBe('{}\n');
  });

  test.runIf(posix).each([
    ['bash run.sh', 'run.sh'],
    ['./run.sh', 'run.sh'],
    ['cd tools && bash deep.sh', 'tools/deep.sh'],
    ['bash ./tools/../run.sh; true', 'run.sh'],
    ['for a in 1; do bash run.sh; done', 'run.sh'],
    ['npm run anything', 'package.json'],
    ['make all', 'Makefile'],
    ["sh -c 'bash run.sh'", 'run.sh'],
    ['bash tools/*.sh', 'tools/deep.sh'],
    ['bash ./{run,build}.sh', 'run.sh'],
    ['for s in run build; do bash $s.sh; done', 'run.sh'],
    ['f=run; bash "${f}.sh"', 'run.sh'],
    ['bash $PWD/run.sh', 'run.sh'],
    ['node app', 'app.js'],
    ['python3 -m mymod', 'mymod.py'],
    ['python3 -m pack.mod', 'pack/mod.py'],
    ['npx mytool', 'node_modules/.bin/mytool'],
    ['curl --data-binary=@data.json http://127.0.0.1:1', 'data.json'],
    ['pip install -rrequirements.txt', 'requirements.txt'],
  ])('%s, whose %s is another one: it is not run', async (command, path) => {
    bench.put('tools/deep.sh', 'echo mine > out\n');
    bench.put('Makefile', 'all:\n\techo mine > out\n');
    for (const name of [
      'app.js',
      'mymod.py',
      'pack/mod.py',
      'node_modules/.bin/mytool',
      'data.json',
      'requirements.txt',
    ])
      bench.put(name, 'mine');
    chmodSync(join(bench.root, 'run.sh'), 0o755);
    swap(moment, () => bench.put(path, 'echo theirs > out\n'));
    expect(await bench.call('bash', { command })).toMatchObject(changed);
    expect(() => bench.get('out')).toThrow();
    expect(bench.asked).toHaveLength(1);
  });

  test.runIf(posix)('a file that is only written to, by somebody else too: both are done', async () => {
    bench.put('log.txt', 'one\n');
    swap(moment, () => bench.put('log.txt', 'one\ntheirs\n'));
    expect(await bench.call('bash', { command: 'echo mine >> log.txt; echo done' })).toMatchObject({ outcome: 'ok' });
    expect(bench.get('log.txt')).toBe('one\ntheirs\nmine\n');
  });

  test.runIf(posix)('a pattern that fits another file by then: it is not run', async () => {
    swap(moment, () => bench.put('src/new.ts', 'x\n'));
    expect(await bench.call('bash', { command: 'rm src/*.ts' })).toMatchObject(changed);
    expect(bench.get('src/cart.ts')).toBe('one\ntwo\n');
  });

  test.runIf(posix)('a link that leads somewhere else: nothing is removed there', async () => {
    mkdirSync(join(bench.root, 'one'));
    mkdirSync(join(bench.root, 'two'));
    writeFileSync(join(bench.root, 'two/keep'), 'x');
    symlinkSync('one', join(bench.root, 'now'));
    swap(moment, () => {
      renameSync(join(bench.root, 'now'), join(bench.root, 'before'));
      symlinkSync('two', join(bench.root, 'now'));
    });
    expect(await bench.call('bash', { command: 'rm -rf now/keep' })).toMatchObject(changed);
    expect(bench.get('two/keep')).toBe('x');
  });
});

describe('between the last look and the rename', () => {
  test('what is read for an edit is what the person saw', async () => {
    const { files } = bench;
    let reads = 0;
    const swapping = {
      ...files,
      read: async (path: Parameters<typeof files.read>[0]) => {
        // First for the diff, then for the hash in the record; behind all checks it is the tool that reads what it will change.
        if (++reads === 3) bench.put('src/cart.ts', 'evil\none\ntwo\n');
        return files.read(path);
      },
    };
    const end = await bench.call(
      'file_edit',
      { path: 'src/cart.ts', old_text: 'two', new_text: '2' },
      { files: swapping },
    );
    expect(end).toMatchObject({ outcome: 'error' });
    expect(end.text).toContain('was changed after the person had been asked');
    expect(bench.get('src/cart.ts')).toBe('evil\none\ntwo\n');
  });

  test('what is written over is what the person saw', async () => {
    const { files } = bench;
    const swapping = {
      ...files,
      write: async (...given: Parameters<typeof files.write>) => {
        bench.put('src/cart.ts', 'theirs\n');
        return files.write(...given);
      },
    };
    const change = { path: 'src/cart.ts', content: 'mine\n' };
    const end = await bench.call('file_write', change, { files: swapping });
    expect(end).toMatchObject({ outcome: 'error' });
    expect(bench.get('src/cart.ts')).toBe('theirs\n');
  });

  test('a change that needs no yes goes to the place that was judged, and to no other', async () => {
    bench.policy = { ...bench.policy, edits: 'allow' };
    bench.put('.vscode/tasks.json', '{}\n');
    const { files } = bench;
    let looks = 0;
    const swapping = {
      ...files,
      resolve: async (path: string) => {
        if (++looks === 2) {
          renameSync(join(bench.root, 'src/cart.ts'), join(bench.root, 'src/old.ts'));
          symlinkSync('../.vscode/tasks.json', join(bench.root, 'src/cart.ts'));
        }
        return files.resolve(path);
      },
    };
    const end = await bench.call('file_write', { path: 'src/cart.ts', content: 'mine\n' }, { files: swapping });
    expect(end).toMatchObject({ outcome: 'error' });
    expect(end.text).toContain('leads somewhere else than when it was judged');
    expect(bench.get('.vscode/tasks.json')).toBe('{}\n');
  });
});

describe('the files of one call', () => {
  test.runIf(posix)('a file that is read leads where it led when it was judged', async () => {
    bench.put('.env', 'TOKEN=theirs\n');
    const { files } = bench;
    let looks = 0;
    const swapping = {
      ...files,
      resolve: async (path: string) => {
        if (++looks === 2) {
          renameSync(join(bench.root, 'src/cart.ts'), join(bench.root, 'src/old.ts'));
          symlinkSync('../.env', join(bench.root, 'src/cart.ts'));
        }
        return files.resolve(path);
      },
    };
    const end = await bench.call('file_read', { path: 'src/cart.ts' }, { files: swapping });
    expect(end).toMatchObject({ outcome: 'error' });
    expect(end.text).toContain('src/cart.ts leads somewhere else than when it was judged.');
    expect(end.text).not.toContain('theirs');
    expect(looks).toBe(2);
  });

  test('nothing is written but what was judged to be written', async () => {
    const { files } = bench;
    const cart = await files.resolve('src/cart.ts');
    const script = await files.resolve('run.sh');
    const judged = asJudged(files, [
      { kind: 'write', path: cart },
      { kind: 'read', path: script },
    ]);
    const content = Buffer.from('theirs\n');
    for (const path of [script, await files.resolve('package.json'), await files.resolve('new.ts')]) {
      await expect(judged.write(path, content)).rejects.toMatchObject({ code: 'path.moved' });
    }
    await judged.write(await judged.resolve('src/cart.ts'), content);
    expect(['src/cart.ts', 'run.sh', 'package.json'].map((path) => bench.get(path))).toEqual([
      'theirs\n',
      'echo mine > out\n',
      '{}\n',
    ]);
    expect(() => bench.get('new.ts')).toThrow();
  });
});

describe.each(moments)('what is forbidden behind the yes of a person, when it was %s', (moment) => {
  test.each([
    ['the folder is trusted no more', { trusted: false }],
    ['nothing may be run any more', { execute: 'deny' as const }],
    ['the agent may only look', { readonly: true }],
  ])('%s: it is not done, though all is as it was shown', async (_, change) => {
    const policy = { ...bench.policy };
    swap(moment, () => Object.assign(policy, change));
    expect(await bench.call('bash', { command: 'touch made' }, { policy })).toMatchObject(changed);
    expect(() => bench.get('made')).toThrow();
    expect(bench.asked).toHaveLength(1);
  });
});

describe('what a yes is bound to', () => {
  test('the rules: by others the same question is another one', () => {
    const shown = { tool: 'bash', args: {}, folder: bench.root, preview: {}, rule: 'command', effects: [] };
    const { hash } = approvalOf(shown);
    expect(approvalOf(shown, GATE_VERSION).hash).toBe(hash);
    expect(approvalOf(shown, GATE_VERSION + 1).hash).not.toBe(hash);
  });

  const hashOf = async (name: string, args: object): Promise<string | undefined> => {
    bench.answer = async () => ({ answer: 'reject', by: 'client' });
    await bench.call(name, args);
    return bench.asked.at(-1)?.hash;
  };

  test('the same question has the same hash, any other another one', async () => {
    const one = await hashOf('bash', { command: 'rm a' });
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf('bash', { command: 'rm a' })).toBe(one);
    expect(await hashOf('bash', { command: 'rm  a' })).not.toBe(one);
    expect(await hashOf('bash', { command: 'rm a', timeout: 5 })).not.toBe(one);
    expect(await hashOf('bash', { command: 'rm b' })).not.toBe(one);
    bench.put('a', 'something');
    expect(await hashOf('bash', { command: 'rm a' })).not.toBe(one);
  });

  test('what a log grows by is no other question', async () => {
    bench.put('app.log', 'one\n');
    const one = await hashOf('bash', { command: 'rm app.log' });
    bench.put('app.log', 'one\ntwo\n');
    expect(await hashOf('bash', { command: 'rm app.log' })).toBe(one);
  });
});

describe('a yes for the chat', () => {
  /** How often is asked about a command that was allowed for the chat, before and behind a change of the folder. */
  async function asked(command: string, change: () => void): Promise<[number, number]> {
    bench.answer = async () => ({ answer: 'chat', by: 'client' });
    await bench.call('bash', { command });
    await bench.call('bash', { command });
    const before = bench.asked.length;
    change();
    await bench.call('bash', { command });
    return [before, bench.asked.length];
  }

  test.runIf(posix).each([
    ['bash run.sh', 'run.sh'],
    ['chmod +x run.sh; ./run.sh', 'run.sh'],
    ['timeout 5 bash run.sh', 'run.sh'],
    ['node tool.mjs > written.txt', 'tool.mjs'],
    ['npm test', 'package.json'],
  ])('to %s ends when %s is another one', async (command, path) => {
    bench.put('tool.mjs', 'console.log(Math.random());');
    expect(await asked(command, () => bench.put(path, '{ "a": 1 }'))).toEqual([1, 2]);
  });

  test.runIf(posix).each(['touch made', 'bash run.sh', 'npm test'])(
    'to %s holds whatever else changes',
    async (command) => {
      expect(await asked(command, () => bench.put('src/cart.ts', 'other'))).toEqual([1, 1]);
      expect(bench.asked[0]?.grant).toMatch(/^this exact command/);
    },
  );
});
