import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { childEnvironment } from '../../../src/node/environment.ts';
import { createCapture } from '../../../src/node/output.ts';
import type { Shut } from '../../../src/common/tool.ts';
import { Sandbox, type SandboxOptions } from '../../../src/node/sandbox.ts';
import { marked } from '../../../src/node/marks.ts';
import { type Ended, run } from '../../../src/node/spawn.ts';
import { bubblewrapFolder } from '../../support/installedBubblewrap.ts';

const never = new AbortController().signal;
const posix = process.platform !== 'win32';
let managed: string;
let base: string;
let root: string;
let home: string;
let sandbox: Sandbox;

beforeAll(async () => {
  managed = await bubblewrapFolder();
}, 120_000);
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-sandbox-')));
  root = join(base, 'shop');
  home = join(base, 'home');
  mkdirSync(root);
  sandbox = newSandbox();
});
afterEach(() => {
  sandbox.close();
  rmSync(base, { recursive: true, force: true });
});

function newSandbox(environment: Record<string, string> = {}): Sandbox {
  return new Sandbox(optionsOf(environment));
}

function optionsOf(environment: Record<string, string> = {}): SandboxOptions {
  const at = (name: string): string => join(base, name);
  return {
    plan: { managed, temporary: at('tmp/one'), taken: at('state/taken'), hidden: [at('state'), at('config')] },
    roots: [root],
    home,
    environment: { ...childEnvironment(process.env, [root]), HOME: home, ...environment },
  };
}

function put(path: string, text = 'text\n'): void {
  const whole = join(base, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
}

interface Told extends Ended {
  text: string;
  notes: string[];
  mark: string;
}

async function inside(
  command: string,
  story: { signal?: AbortSignal; timeout?: number; said?: (text: string) => void; shut?: Shut } = {},
): Promise<Told> {
  const capture = createCapture(10_000, story.said);
  const mark = `test-${process.pid}-${Math.random().toString(16).slice(2)}`;
  const entered = await (story.shut ?? sandbox).enter(command, story.signal ?? never);
  const ended = await run({
    command: 'bash',
    args: ['--noprofile', '--norc', '-c', entered.command],
    cwd: root,
    env: { ...childEnvironment(process.env, [root]), HOME: home, ...entered.environment, DROVER_RUN: mark },
    signal: story.signal ?? never,
    timeout: story.timeout ?? 20_000,
    output: (bytes, stream) => capture.push(bytes, stream),
  });
  return { ...ended, text: capture.end().text, notes: entered.leave(), mark };
}

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=me', '-c', 'user.email=me@here', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}

describe.skipIf(!posix)('a command that is shut in', () => {
  test('writes the workspace and nothing else', async () => {
    put('outside.txt');
    const { text, code } = await inside(
      `echo new > made.txt && echo "$PWD"; echo x > ${base}/outside.txt; echo x > ${home}/x; echo x > /usr/x; rm ${base}/outside.txt`,
    );
    expect(readFileSync(join(root, 'made.txt'), 'utf8')).toBe('new\n');
    expect(text).toContain(`${root}\n`);
    expect(text.match(/Read-only file system|No such file|Operation not permitted/g)).toHaveLength(4);
    expect(code).toBe(1);
    expect(readFileSync(join(base, 'outside.txt'), 'utf8')).toBe('text\n');
  });

  test('reads no credentials, and nothing of Drover', async () => {
    const secret = [
      'home/.ssh/id_rsa',
      'home/.aws/credentials',
      'home/.npmrc',
      'home/.config/gcloud/token',
      'home/.mozilla/x',
    ];
    for (const path of [...secret, 'state/chats/log', 'config/config.json']) put(path, 'hidden-word\n');
    put('home/.gitconfig', 'seen-word\n');
    const { text } = await inside(`cat ${base}/home/.gitconfig; grep -r hidden-word ${base}; cat ${home}/.ssh/id_rsa`);
    expect(text).toContain('seen-word');
    expect(text).not.toContain('hidden-word');
  });

  test('that only looks writes nothing of the workspace either, and reads all of it', async () => {
    put('shop/a.txt', 'total\n');
    put('shop/.env', 'TOKEN=1\n');
    put('home/.ssh/id_rsa', 'hidden-word\n');
    git('init', '-q');
    git('add', 'a.txt');
    git('commit', '-qm', 'one');
    const look = (command: string): Promise<Told> => inside(command, { shut: sandbox.looking });
    const { text } = await look(
      `cat a.txt .env; git log --format=%s; git status --short; echo x > a.txt; echo x > b.txt; git tag v1; cat ${home}/.ssh/id_rsa; cat <<< "$TMPDIR" > "$TMPDIR/x" && echo kept`,
    );
    expect(text).toMatch(/^total\nTOKEN=1\none\n\?\? \.env\n/);
    expect(text.match(/Read-only file system/g)).toHaveLength(3);
    expect(text).toMatch(/kept\n$/);
    expect(text).not.toContain('hidden-word');
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('total\n');
    expect(git('tag')).toBe('');
  });

  test('that only looks does so in a workspace that is too large for others, and says what it could not', async () => {
    const { plan, ...options } = { ...optionsOf(), mostNames: 2 };
    const small = new Sandbox({ ...options, plan: { ...plan, temporary: join(base, 'tmp/two') } });
    for (const name of ['a', 'b', 'c', 'd']) put(`shop/${name}`);
    expect(await small.obstacle(never)).toMatchObject({ message: expect.stringContaining('more than 2 files') });
    expect(small.works).toBe(true);
    expect(await inside('ls', { shut: small.looking })).toMatchObject({ text: 'a\nb\nc\nd\n', code: 0 });
    const entered = await small.looking.enter('ls', never);
    expect(entered.limits).toContain('only $TMPDIR can be written');
    entered.leave();
    small.close();
  });

  test('has no network, not even to this machine, and none of the sockets of others', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end('reached');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connect = `require('net').connect(${port},'127.0.0.1').on('error',e=>console.log(e.code)).on('connect',()=>console.log('in'))`;
    const listen = `require('net').createServer().on('error',e=>console.log(e.code)).listen(process.env.TMPDIR+'/s',()=>console.log('made'))`;
    const { text } = await inside(`${process.execPath} -e "${connect}"; ${process.execPath} -e "${listen}"`);
    expect(text).toMatch(/^(?:ECONNREFUSED|EPERM)\n(?:EPERM|EACCES)\n$/);
    expect(asked).toBe(0);
    server.close();
  });

  test('but can serve and be asked inside, as tests do', async () => {
    const own = `const s=require('http').createServer((q,r)=>r.end('own')).listen(0,'127.0.0.1',async()=>{console.log(await (await fetch('http://127.0.0.1:'+s.address().port)).text());s.close()})`;
    expect((await inside(`${process.execPath} -e "${own}"`)).text).toBe('own\n');
  });

  test('changes nothing that decides what runs later, and sees the repository as it is outside', async () => {
    put('shop/a.txt');
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    put('shop/.vscode/settings.json', '{}\n');
    put('shop/packages/one/.npmrc', 'x\n');
    put('shop/b.txt');
    const outside = git('status', '--porcelain=v1', '--ignored');
    const { text } = await inside('git status --porcelain=v1 --ignored');
    expect(text).toBe(outside);
    const tried = await inside(
      'echo x > .git/hooks/pre-commit; git config core.fsmonitor evil; echo x > .git/commondir; echo x > .vscode/settings.json; mv .git old; rm -rf .vscode; echo x > packages/one/.npmrc; mv packages other; echo done',
    );
    expect(tried.text).toMatch(/done\n$/);
    expect(existsSync(join(root, '.git/hooks/pre-commit'))).toBe(false);
    expect(existsSync(join(root, '.git/commondir'))).toBe(false);
    expect(readFileSync(join(root, '.git/config'), 'utf8')).not.toContain('evil');
    expect(readFileSync(join(root, '.vscode/settings.json'), 'utf8')).toBe('{}\n');
    expect(readFileSync(join(root, 'packages/one/.npmrc'), 'utf8')).toBe('x\n');
    expect(git('status', '--porcelain=v1', '--ignored')).toBe(outside);
  });

  test('makes no repository where there is none, and what else would decide is moved away and told', async () => {
    const { text, notes } = await inside(
      'git init -q . ; git status; mkdir .vscode && echo "{}" > .vscode/tasks.json; ls -A',
    );
    expect(text).toContain('not a git repository');
    expect(existsSync(join(root, '.git'))).toBe(false);
    expect(existsSync(join(root, '.vscode'))).toBe(false);
    expect(notes).toHaveLength(1);
    const [, to = ''] = /^\.vscode came into being while it ran.* moved to (\S+)\. /.exec(notes[0] ?? '') ?? [];
    expect(readFileSync(join(to, 'tasks.json'), 'utf8')).toBe('{}\n');
    expect((await inside('true')).notes).toEqual([]);
  });

  test('sees the repository also where the workspace is a folder in it', async () => {
    put('shop/a.txt');
    execFileSync('git', ['init', '-q', base]);
    const outside = git('status', '--porcelain=v1', '-uall', '--', '.');
    expect(outside).toBe('?? shop/a.txt\n');
    expect((await inside('git status --porcelain=v1 -uall -- .')).text).toBe(outside);
    expect(existsSync(join(root, '.git'))).toBe(false);
  });

  test('reads no file with secrets of the workspace, unless everybody has it with the repository', async () => {
    put('shop/.env', 'KEY=hidden-word\n');
    put('shop/test/server.key', 'fixture-word\n');
    git('init', '-q');
    git('add', 'test');
    const { text } = await inside('cat .env test/server.key');
    expect(text).toContain('fixture-word');
    expect(text).not.toContain('hidden-word');
  });

  test('has a folder of its own for temporary files, which is gone with the sandbox', async () => {
    const { text } = await inside('echo "$TMPDIR"; mktemp; stat -c %a "$TMPDIR" 2>/dev/null || stat -f %Lp "$TMPDIR"');
    const [folder = '', file = '', mode] = text.split('\n');
    expect(folder).toBe(join(base, 'tmp/one/files'));
    expect(file.startsWith(`${folder}/`)).toBe(true);
    expect(mode).toBe('700');
    expect(existsSync(file)).toBe(true);
    sandbox.close();
    expect(existsSync(folder)).toBe(false);
  });

  test('can be the tests of a project', async () => {
    // A file of settings that holds a password does not stop those who look for it.
    put('home/.npmrc', '//registry.example/:_authToken=hidden-word\n');
    put('shop/package.json', JSON.stringify({ name: 'shop', scripts: { test: 'node --test' } }));
    put('shop/a.test.js', "require('node:test')('adds', () => {});");
    const { text, code } = await inside('npm test');
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('pass 1') });
  });

  test('keeps its words, its quotes and how it ended', async () => {
    expect((await inside(`printf '%s|' "a  b" 'c"d' $'e\\'f' \\$g; exit 3`)).text).toBe(`a  b|c"d|e'f|$g|`);
    expect((await inside('exit 3')).code).toBe(3);
    expect((await inside('kill -9 $$')).code).toBe(137);
    expect((await inside('echo out; echo err >&2')).text.split('\n').toSorted()).toEqual(['', 'err', 'out']);
  });
});

describe.skipIf(!posix)('the end of a command that is shut in', () => {
  test('its output is passed on while it runs, and a cancel ends it with all it started', async () => {
    const cancel = new AbortController();
    const scripts =
      'setsid sleep 5711 & nohup sleep 5711 >/dev/null 2>&1 & (setsid sleep 5711 &) ; echo ready; sleep 5711';
    const told = await inside(scripts, {
      signal: cancel.signal,
      said: (text) => text.includes('ready') && cancel.abort(),
    });
    expect(told).toMatchObject({ why: 'cancel', text: 'ready\n' });
    expect(marked(told.mark)).toEqual([]);
  });

  test('so does a time-out, whatever ignores it', async () => {
    const told = await inside("trap '' TERM; setsid sleep 5712 & echo ready; while :; do sleep 0.05; done", {
      timeout: 500,
    });
    expect(told).toMatchObject({ why: 'timeout', text: 'ready\n' });
    expect(marked(told.mark)).toEqual([]);
  });

  test('what it left behind, however it hid, has gone with it', async () => {
    const told = await inside(
      'setsid sleep 5713 >/dev/null 2>&1 & (env -i setsid sleep 5713 >/dev/null 2>&1 &) ; echo done',
    );
    expect(told).toMatchObject({ why: 'exit', code: 0, text: 'done\n' });
    expect(marked(told.mark)).toEqual([]);
    const { stdout } = await import('node:child_process').then(({ spawnSync }) =>
      spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }),
    );
    expect(stdout).not.toMatch(/^sleep 5713$/m);
  });
});

describe.skipIf(process.platform !== 'linux')('a sandbox that does not work', () => {
  test('says what is missing, runs nothing, and works once it is there', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    managed = join(base, 'managed');
    try {
      sandbox = newSandbox();
      expect(await sandbox.obstacle(never)).toMatchObject({
        message: 'bubblewrap is not installed.',
        advice: expect.stringContaining('apt install bubblewrap'),
      });
      await expect(sandbox.enter('touch made', never)).rejects.toThrow(
        'Nothing was run, because the sandbox does not work',
      );
    } finally {
      process.env['PATH'] = path;
      managed = await bubblewrapFolder();
    }
    sandbox = newSandbox();
    expect(await sandbox.obstacle(never)).toBeUndefined();
  });

  test.each([
    ['bwrap: setting up uid map: Permission denied', 'user namespaces'],
    ['bwrap: Creating new namespace failed: Operation not permitted', 'user namespaces'],
    ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", 'may not mount /proc'],
    ['bwrap: something new', 'The sandbox does not start (bwrap: something new).'],
  ])('tells in a sentence what a system forbids: %s', async (said, sentence) => {
    put('managed/bwrap/bwrap', `#!/bin/sh\necho "${said}" >&2\nexit 1\n`);
    chmodSync(join(base, 'managed/bwrap/bwrap'), 0o755);
    const path = process.env['PATH'] ?? '';
    const withoutOther = path.split(':').filter((folder) => !existsSync(join(folder, 'bwrap')));
    process.env['PATH'] = withoutOther.join(':');
    const before = managed;
    managed = join(base, 'managed');
    try {
      sandbox = newSandbox();
      expect((await sandbox.obstacle(never))?.message).toContain(sentence);
    } finally {
      managed = before;
      process.env['PATH'] = path;
    }
  });
});
