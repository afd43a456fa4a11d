import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { rgPath } from '@vscode/ripgrep';
import type { LoggedEvent } from '../../src/common/events.ts';
import { undo } from '../../src/node/undo.ts';
import { Bench } from '../unit/node/tools/support.ts';

type End = LoggedEvent & { type: 'tool.end' };

/** Stands only in what is outside, in names and contents. */
const foreign = 'OUTSIDE';

export interface Raced {
  way: string;
  /** How often it was called altogether. */
  calls: number;
  /** Calls by which something outside was told of, or is not as it was. */
  escapes: number;
  /** Calls that did what was asked, inside. */
  done: number;
  /** Calls during which the folder was exchanged at least once. */
  raced: number;
}

export interface Way {
  name: string;
  /** What has to be there before each round, written past the exchange: names in the folder and contents. */
  files: Record<string, string>;
  /** So many other files, that a process of its own searches. */
  many?: number;
  act(bench: Bench, round: number): Promise<string | End>;
}

const file = 'swap/a.txt';

/** Every way by which a tool reads, writes or removes, all by the door that a model's calls go through. */
export const ways: readonly Way[] = [
  { name: 'file_read', files: {}, act: (bench) => bench.call('file_read', { path: file }) },
  { name: 'file_read of a folder', files: {}, act: (bench) => bench.call('file_read', { path: 'swap' }) },
  {
    name: 'file_read of what is not there',
    files: {},
    act: (bench) => bench.call('file_read', { path: 'swap/OUTSID.txt' }),
  },
  {
    name: 'file_write over a file',
    files: {},
    act: (bench, round) => bench.call('file_write', { path: file, content: `inside ${round}\n` }),
  },
  {
    name: 'file_write of a new file',
    files: {},
    act: (bench, round) => bench.call('file_write', { path: `swap/new-${round}.txt`, content: 'inside\n' }),
  },
  {
    name: 'file_write into new folders',
    files: {},
    act: (bench, round) => bench.call('file_write', { path: `swap/new-${round}/deep/a.txt`, content: 'inside\n' }),
  },
  {
    name: 'file_edit',
    files: { 'a.txt': 'one inside\n' },
    act: (bench, round) => bench.call('file_edit', { path: file, old_text: 'one', new_text: `one ${round}` }),
  },
  {
    name: 'undo of a change',
    files: { 'a.txt': 'after inside\n' },
    act: async (bench) => {
      const before = await bench.blobs.put(new TextEncoder().encode('before inside\n'));
      const after = await bench.blobs.put(new TextEncoder().encode('after inside\n'));
      return undone(bench, { path: file, before, after });
    },
  },
  {
    name: 'undo of a new file',
    files: { 'a.txt': 'after inside\n' },
    act: async (bench) => {
      const after = await bench.blobs.put(new TextEncoder().encode('after inside\n'));
      return undone(bench, { path: file, before: null, after });
    },
  },
  { name: 'glob', files: {}, act: (bench) => bench.call('glob', { pattern: 'swap/**' }) },
  { name: 'grep', files: {}, act: (bench) => bench.call('grep', { pattern: 'SIDE|side', path: 'swap' }) },
  { name: 'grep of all', files: {}, act: (bench) => bench.call('grep', { pattern: 'SIDE|side' }) },
  {
    name: 'grep of many files',
    files: {},
    many: 320,
    act: (bench) => bench.call('grep', { pattern: 'SIDE|side' }),
  },
];

async function undone(bench: Bench, change: { path: string; before: string | null; after: string }): Promise<string> {
  await undo({ ...change, added: 0, removed: 0, diff: '' }, bench);
  return 'undone';
}

/** A folder of the workspace that can be exchanged for a link out of it, and what stands on either side. */
export class Arena {
  readonly bench = new Bench({ 'swap/a.txt': 'inside\n', 'swap/deep/b.txt': 'inside\n', 'b.txt': 'inside\n' });
  readonly swap = join(this.bench.root, 'swap');
  readonly aside = join(this.bench.base, 'aside');
  readonly outside = join(this.bench.base, 'outside');
  private readonly folder = openSync(this.swap, 'r');
  private readonly before: string;

  constructor(many = 0) {
    // What is a link when it is judged is asked about: a yes to that would be no escape.
    this.bench.answer = async ({ verdict }) => ({
      answer: verdict.rule === 'read.outside' ? 'reject' : 'once',
      by: 'client',
    });
    for (let at = 0; at < many; at++) this.bench.put(`many/${at}.txt`, 'nothing\n');
    this.bench.policy = { trusted: true, execute: 'ask', edits: 'allow', contained: false };
    mkdirSync(this.aside);
    mkdirSync(join(this.outside, 'deep', foreign), { recursive: true });
    for (const name of ['a.txt', 'OUTSIDE.txt', '.gitignore', 'deep/b.txt']) {
      writeFileSync(join(this.outside, name), `${foreign} after inside\n`);
    }
    symlinkSync(this.outside, join(this.aside, 'link'));
    this.before = this.look();
  }

  /** Puts a file into the folder, wherever that is at the moment. */
  put(name: string, content: string): void {
    writeFileSync(`/proc/self/fd/${this.folder}/${name}`, content);
  }

  /** The folder becomes the link. */
  away(): void {
    renameSync(this.swap, join(this.aside, 'folder'));
    renameSync(join(this.aside, 'link'), this.swap);
  }

  back(): void {
    renameSync(this.swap, join(this.aside, 'link'));
    renameSync(join(this.aside, 'folder'), this.swap);
  }

  /** Whether what was said tells of anything outside, or anything there is not as it was. */
  escaped(said: string | End): boolean {
    const text = typeof said === 'string' ? said : JSON.stringify([said.text, said.summary, said.change]);
    return text.includes(foreign) || this.look() !== this.before;
  }

  remove(): void {
    closeSync(this.folder);
    this.bench.remove();
  }

  private look(): string {
    const names = readdirSync(this.outside, { recursive: true, encoding: 'utf8' }).toSorted();
    return JSON.stringify(
      names.map((name) => {
        const found = statSync(join(this.outside, name), { throwIfNoEntry: false });
        if (found === undefined) return [name];
        const content = found.isFile() ? readFileSync(join(this.outside, name), 'utf8') : '';
        return [name, found.ino, found.mode, found.mtimeMs, content];
      }),
    );
  }
}

/**
 * Exchanges a folder for a link out of the workspace and back as quickly as it can, while a tool reads or writes in it.
 * Linux only.
 *
 * @param rounds in which it was exchanged while the tool was at work; others do not count
 */
export async function race(way: Way, rounds: number): Promise<Raced> {
  const arena = new Arena(way.many);
  const raced: Raced = { way: way.name, calls: 0, escapes: 0, done: 0, raced: 0 };
  const count = new Int32Array(new SharedArrayBuffer(4));
  const { swap, aside, bench } = arena;
  bench.ripgrep = rgPath;
  const exchanger = new Worker(exchange, { eval: true, workerData: { swap, aside, count } });
  try {
    for (let waited = 0; Atomics.load(count, 0) === 0; waited++) {
      if (waited === 10_000) throw new Error('the folder is not exchanged');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
    for (; raced.raced < rounds && raced.calls < 100 * rounds; raced.calls++) {
      for (const [name, content] of Object.entries(way.files)) arena.put(name, content);
      bench.events.length = 0;
      const from = Atomics.load(count, 0);
      const said = await way.act(bench, raced.calls).catch((error: unknown) => String(error));
      if (Atomics.load(count, 0) > from) raced.raced++;
      if (said === 'undone' || (typeof said !== 'string' && said.outcome === 'ok')) raced.done++;
      if (arena.escaped(said)) raced.escapes++;
    }
    return raced;
  } finally {
    await exchanger.terminate();
    arena.remove();
  }
}

/** In the moment without a name a writer may make the folder anew: that is put away. */
const exchange = `
  const { renameSync, rmSync } = require('node:fs');
  const { swap, aside, count } = require('node:worker_threads').workerData;
  let junk = 0;
  const take = (from) => {
    for (;;) {
      try { return renameSync(from, swap); } catch {
        try { renameSync(swap, aside + '/junk' + junk++); } catch {}
      }
    }
  };
  const rest = (ms) => { for (const until = performance.now() + ms; performance.now() < until; ); };
  for (;;) {
    renameSync(swap, aside + '/folder');
    take(aside + '/link');
    Atomics.add(count, 0, 1);
    rest(Math.random() * 0.05);
    renameSync(swap, aside + '/link');
    take(aside + '/folder');
    // Now and then there is time for a whole call, so that not all of them are refused.
    rest(Math.random() < 0.05 ? 10 : Math.random() * 0.1);
    if (junk > 100) for (; junk > 0; junk--) rmSync(aside + '/junk' + (junk - 1), { recursive: true, force: true });
  }
`;

/** All ways, one after another. */
export async function soakRaces(
  rounds: number,
  tell: (line: string) => void = () => undefined,
): Promise<{ escapes: number; fewest: number }> {
  let escapes = 0;
  let fewest = Infinity;
  for (const way of ways) {
    const { name } = way;
    const raced = await race(way, rounds);
    tell(`${name}: ${raced.raced} rounds, ${raced.done} of ${raced.calls} calls done, ${raced.escapes} escapes`);
    escapes += raced.escapes;
    fewest = Math.min(fewest, raced.raced);
  }
  return { escapes, fewest };
}

/** Whether races can be held here. */
export const canRace = existsSync('/proc/self/fd');
