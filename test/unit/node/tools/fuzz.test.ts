import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Tool } from '../../../../src/common/tool.ts';
import { marked } from '../../../../src/node/marks.ts';
import { tools } from '../../../../src/node/tools/list.ts';
import { Bench } from './support.ts';

/** Calls of each tool; more with DROVER_CALLS. */
const calls = Number(process.env['DROVER_CALLS'] ?? 50);
/** Milliseconds after which a call is stopped, and after that in which it must have ended. */
const PATIENCE = 4000;
const END = 4000;

const secret = (): string => `secret${randomBytes(12).toString('hex')}`;

/**
 * A workspace, and beside it, above it and in the environment what nobody may see or touch. A person says yes to all but
 * commands and what is read elsewhere: what is asked is not what holds this.
 */
class Beside extends Bench {
  readonly secrets = Array.from({ length: 6 }, secret);

  constructor() {
    super({
      'README.md': '# Shop\n\nSells apples.\n',
      'src/app.ts': 'export const apples = 3;\n',
      'src/deep/er/cart.ts': 'export const cart = [];\n',
      '.git/config': '[core]\n',
      '.gitignore': 'dist\n',
      'caf\u00E9.txt': 'composed\n',
      'cafe\u0301.txt': 'decomposed\n',
      'big.txt': 'line of a file\n'.repeat(20_000),
      'binary.bin': 'a\0b',
    });
    const [one = '', two = '', three = '', four = '', five = '', six = ''] = this.secrets;
    const outside = {
      'canary/secret.txt': one,
      'canary/.git/config': two,
      '.ssh/id_ed25519': three,
      'shop-evil/x.txt': four,
      shopx: five,
    };
    for (const [path, content] of Object.entries(outside)) {
      mkdirSync(join(this.base, path, '..'), { recursive: true });
      writeFileSync(join(this.base, path), `${content}\n`);
    }
    vi.stubEnv('DROVER_FUZZ_SECRET', six);
    const links = {
      'link-folder': '../canary',
      'link-file': '../canary/secret.txt',
      'link-new': '../canary/made.txt',
      'link-up': '..',
      'link-root': '/',
      'link-loop': 'link-loop',
      'link-zero': '/dev/zero',
      'link-self': '/proc/self',
      'src/link-git': '../.git',
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(this.root, path));
    linkSync(join(this.root, 'README.md'), join(this.root, 'hard.md'));
    spawnSync('mkfifo', [join(this.root, 'pipe')]);
    this.policy = { ...this.policy, edits: 'allow', home: this.base };
    this.answer = async ({ tool, verdict }) => ({
      answer: tool === 'bash' || verdict.rule === 'read.outside' ? 'reject' : 'once',
      by: 'client',
    });
    this.delegate = async (tasks) =>
      tasks.map((task) => ({ ...task, chat: 'one', state: 'done' as const, text: 'Done.' }));
  }

  /** Everything beside the workspace: names, kinds and contents. */
  outside(folder = this.base): string {
    return readdirSync(folder)
      .filter((name) => !(folder === this.base && (name === 'shop' || name === 'blobs')))
      .toSorted()
      .map((name) => {
        const path = join(folder, name);
        const { mode, mtimeMs } = lstatSync(path);
        return lstatSync(path).isDirectory()
          ? `${path} ${mode}\n${this.outside(path)}`
          : `${path} ${mode} ${mtimeMs} ${readFileSync(path, 'utf8')}`;
      })
      .join('\n');
  }

  /** Makes the call, and holds it to all that holds for any. */
  async hold(name: string, args: unknown): Promise<void> {
    this.cancel = new AbortController();
    this.events.length = 0;
    this.asked.length = 0;
    this.output = '';
    const before = this.outside();
    const end = await this.ended(name, args);
    expect(end.type).toBe('tool.end');
    expect(end.text).toBeTypeOf('string');
    expect(end.text.length).toBeLessThan(66 * 1024);
    expect(this.events.filter(({ type }) => type === 'tool.end')).toEqual([end]);
    expect(end.summary, 'a mistake of ours').not.toBe('mistake in Drover');
    const told = JSON.stringify([end, this.events, this.asked, this.output]);
    for (const each of this.secrets) expect(told).not.toContain(each);
    expect(this.outside()).toBe(before);
    for (const made of elsewhere) expect(existsSync(made), made).toBe(false);
  }

  private async ended(name: string, args: unknown): ReturnType<Bench['call']> {
    const stop = setTimeout(() => this.cancel.abort(), PATIENCE);
    let late: NodeJS.Timeout | undefined;
    const never = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error('it does not end')), PATIENCE + END);
    });
    try {
      return await Promise.race([this.call(name, args), never]);
    } finally {
      clearTimeout(stop);
      clearTimeout(late);
    }
  }
}

/** Names that nothing has, in places where a mistake would make them. */
const elsewhere = ['/etc', '/tmp', '/'].map((folder) => join(folder, `drover-${randomBytes(6).toString('hex')}`));

/** Paths as somebody hostile would write them. BASE stands for the folder above the workspace. */
const paths = [
  'README.md',
  'src',
  'src/app.ts',
  'src/new/folder/new.ts',
  'caf\u00E9.txt',
  'cafe\u0301.txt',
  '.',
  '',
  ' ',
  '..',
  '../',
  '../canary/secret.txt',
  'src/../../canary/secret.txt',
  'src/nothing/../../../canary/secret.txt',
  './/.././canary//secret.txt',
  '../shop-evil/x.txt',
  '../shopx',
  '../shop/../canary/secret.txt',
  'BASE/canary/secret.txt',
  '/BASE/canary/secret.txt',
  '/proc/self/root/BASE/canary/secret.txt',
  '/proc/self/cwd/../canary/secret.txt',
  '/proc/self/environ',
  '/proc/thread-self/environ',
  '/proc/1/environ',
  '/proc/self/fd/0',
  '/dev/zero',
  '/dev/stdin',
  '/dev/tty',
  '/dev/fd/1',
  '/etc/passwd',
  ...elsewhere,
  '~',
  '~/.ssh/id_ed25519',
  '~/canary/secret.txt',
  '~root/.bashrc',
  '$HOME/canary/secret.txt',
  'file://BASE/canary/secret.txt',
  '..\\canary\\secret.txt',
  '%2e%2e/canary/secret.txt',
  '..%2fcanary%2fsecret.txt',
  '\uFF0E\uFF0E/canary/secret.txt',
  '\u2025/canary/secret.txt',
  '..\u2215canary\u2215secret.txt',
  'README.md\0',
  '../canary/secret.txt\0.md',
  'README.md.',
  'README.md ',
  'README.md/',
  'README.md/..',
  'README.md/../../canary/secret.txt',
  'new.txt:stream',
  'CON',
  'link-folder',
  'link-folder/secret.txt',
  'link-folder/made.txt',
  'link-folder/../canary/secret.txt',
  'link-file',
  'link-file/',
  'link-new',
  'link-up/canary/secret.txt',
  'link-up/shop/../canary/secret.txt',
  'link-root/BASE/canary/secret.txt',
  'link-root/etc/passwd',
  'link-loop',
  'link-loop/x',
  'link-zero',
  'link-self/environ',
  'link-self/root/etc/passwd',
  'hard.md',
  'pipe',
  'pipe/x',
  '.git',
  '.git/config',
  '.GIT/config',
  '.Git/hooks/pre-commit',
  '.git./config',
  '.git /config',
  '.git\u200D/config',
  '.g\u0131t/config',
  '.\uFF47\uFF49\uFF54/config',
  '.git::$INDEX_ALLOCATION/config',
  'git~1/config',
  'src/link-git/config',
  '.env',
  '.vscode/tasks.json',
  '-rf',
  '--help',
  '*',
  '**/*',
  '../**/*',
  '/**/secret.txt',
  'link-folder/*',
  '{..,src}/canary/secret.txt',
  '{a,b}{c,d}{e,f}{g,h}',
  '{1..999999999}',
  '{1..1000}{1..1000}{1..1000}',
  '{{{{{{{{a,b}',
  '[',
  '[[:alpha:]-z]*',
  '!(*)',
  '+(+(+(a)))b',
  '*'.repeat(8),
  '*a*a*a*a*a*a*a*b',
  '(((((',
  '((a{0,1000}){0,1000}){0,1000}',
  '(a*)*b',
  '(?<x>a)\\k<x>',
  'secret',
  '^',
  'x'.repeat(255),
  'x'.repeat(300),
  'a/'.repeat(2100),
  '../'.repeat(1300),
  'a\nb',
  'a\tb',
  '\u202Etxt.exe',
  '\u001B[2J',
  '\uD800',
  '\uFEFF',
  '__proto__',
  'constructor/prototype',
];
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...paths) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...paths), { minLength: 2, maxLength: 4 }).map((all) => all.join('/')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);

const commands = String.raw`cat P|head -n 3 P|ls -la P|wc P|grep -r secret P|grep -rn "" P|rg secret P|find P|
  find P -type f -exec cat {} +|cat < P|cat README.md > P|tee P|sort P|sort -o P README.md|cp README.md P|mv P x|
  rm -rf P|ln -s P x|cd P && cat secret.txt|cd P; ls|pwd; ls P|git -C P log|git diff --no-index README.md P|
  git log -- P|diff README.md P|env|printenv P|echo P|echo *|printf "%s" P|tail -f P|sed -n 1p P|sed -i s/a/b/ P|
  awk 1 P|stat P|setsid sleep 300 &|nohup sleep 300|(sleep 300 &)|sleep 300|P|bash P|. P|readlink -f P|
  cat P \| sh|file P|xxd P|du -s P|tree P|realpath P|touch P|mkdir -p P|test -f P && cat P`
  .split(/(?<!\\)\|\n? */)
  .map((each) => each.replace(String.raw`\|`, '|'));

const quotings: ((word: string) => string)[] = [
  (word) => word,
  (word) => `'${word.replaceAll("'", String.raw`'\''`)}'`,
  (word) => `"${word}"`,
  (word) => `$'${word}'`,
  (word) => word.replaceAll(/./gsu, String.raw`\$&`),
];

/** Commands around a path, quoted and bare. What only looks is run; all else is asked, and the person says no. */
const command = fc
  .tuple(fc.constantFrom(...commands), path, fc.constantFrom(...quotings))
  .map(([form, word, quote]) => form.replace('P', () => quote(word)));

const text = fc.oneof(
  path,
  fc.string({ unit: 'binary' }),
  fc.constantFrom('apples', '\n', 'x'.repeat(70_000), '\0', '\uD800'),
);

/** What a field of this name and schema may hold, mostly what it should. */
function field(name: string, schema: { type?: unknown }): fc.Arbitrary<unknown> {
  const anything = fc.oneof(fc.jsonValue(), path, fc.constant(null));
  const right = {
    string: name === 'command' ? command : /path|pattern/.test(name) ? path : text,
    integer: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(1, 2, 3, 20, '2', ' 7 ') },
      { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, 'NaN') },
    ),
    array: fc.array(
      fc.oneof(
        text,
        text.map((each) => `coding: ${each}`),
      ),
      { maxLength: 10 },
    ),
    object: fc.dictionary(text, fc.jsonValue(), { maxKeys: 4 }),
  }[String(schema.type)];
  return right === undefined
    ? anything
    : fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: anything });
}

/** Arguments for a tool: nearly what it takes, something of it, or anything at all; also as text that is no JSON. */
function argumentsOf(tool: Tool): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = z.toJSONSchema(tool.parameters, { io: 'input' });
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, field(name, typeof schema === 'boolean' ? {} : schema)]),
  );
  const near = fc.record(fields, { requiredKeys: required });
  const torn = fc.record(fields, { requiredKeys: [] });
  return fc.oneof(
    { weight: 12, arbitrary: near },
    { weight: 1, arbitrary: torn },
    {
      weight: 1,
      arbitrary: fc.tuple(near, fc.dictionary(text, fc.jsonValue())).map(([own, more]) => ({ ...more, ...own })),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.tuple(near, fc.nat()).map(([own, at]) => JSON.stringify(own).slice(0, at % 40)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '[', '['.repeat(50_000), '{"__proto__":{"path":"x"}}', 'null', '1e999'),
    },
  );
}

describe('whatever arguments a call has, it ends, and nothing beside the workspace is read or touched', () => {
  const mark = `fuzz-${randomBytes(8).toString('hex')}`;
  let bench: Beside;
  beforeAll(() => {
    // What is started is found by it.
    vi.stubEnv('DROVER_RUN', mark);
    bench = new Beside();
  });
  afterEach(async () => {
    await expect.poll(() => marked(mark), { message: 'processes that are left' }).toEqual([]);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    bench.remove();
  });

  const placed = (args: unknown): unknown => {
    const json = JSON.stringify(args).replaceAll('BASE', bench.base.slice(1));
    return JSON.parse(json) as unknown;
  };

  it.each<[string, (path: string) => unknown]>([
    ['file_read', (path) => ({ path })],
    ['file_write', (path) => ({ path, content: 'apples' })],
    ['file_edit', (path) => ({ path, old_text: 's', new_text: 't' })],
    ['glob', (pattern) => ({ pattern })],
    ['grep', (path) => ({ pattern: 's', path })],
    ['grep', (pattern) => ({ pattern })],
    ['bash', (path) => ({ command: `cat '${path}'` })],
    ['bash', (path) => ({ command: `cat ${path}`, timeout: 1 })],
  ])('%s with each of the paths: %o', { timeout: 120_000 }, async (name, around) => {
    for (const each of paths) await bench.hold(name, placed(around(each)));
  });

  it.each(tools)('$name', { timeout: 60_000 + calls * 500 }, async (tool) => {
    const name =
      tool.otherNames === undefined ? fc.constant(tool.name) : fc.constantFrom(tool.name, 'transfer_to_coding');
    await fc.assert(
      fc.asyncProperty(name, argumentsOf(tool), (called, args) => bench.hold(called, placed(args))),
      { numRuns: calls },
    );
  });

  it('any of them through use', { timeout: 60_000 + calls * 500 }, async () => {
    const through = fc
      .constantFrom(...tools)
      .chain((tool) =>
        fc.record({ tool: fc.constantFrom(tool.name, 'use', '', '__proto__'), arguments: argumentsOf(tool) }),
      );
    await fc.assert(
      fc.asyncProperty(through, (args) => bench.hold('use', placed(args))),
      { numRuns: calls },
    );
  });

  it('names that no tool has', async () => {
    const name = fc.oneof(
      path,
      fc.constantFrom('__proto__', 'constructor', 'toString', 'Bash', 'bash ', 'file_read\0'),
    );
    await fc.assert(
      fc.asyncProperty(name, fc.jsonValue(), (called, args) => bench.hold(called, args)),
      { numRuns: calls },
    );
  });
});
