import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { array, assert, asyncProperty, boolean, constantFrom } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anchored, makeFolderIn, Moved } from '../../../src/node/anchor.ts';
import { createBlobs, hashOf } from '../../../src/node/blobs.ts';
import { isInside } from '../../../src/node/confine.ts';
import { createFiles, type WorkspaceFiles } from '../../../src/node/paths.ts';

let base: string;
let root: string;
let outside: string;
let files: WorkspaceFiles;
const bytes = (text: string) => new TextEncoder().encode(text);
const posix = process.platform !== 'win32';

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-paths-')));
  root = join(base, 'work');
  outside = join(base, 'outside');
  mkdirSync(join(root, 'src'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(root, 'src', 'a.ts'), 'one\n');
  writeFileSync(join(outside, 'secret'), 'secret\n');
  files = createFiles({ roots: [root], blobs: createBlobs(join(base, 'blobs')), home: outside });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('where a path leads', () => {
  test('a file inside is shown relative to the root', async () => {
    expect(await files.resolve('./src/../src/a.ts')).toMatchObject({ root, shown: 'src/a.ts', kind: 'file' });
    expect(await files.resolve(join(root, 'src'))).toMatchObject({ root, shown: 'src', kind: 'folder' });
    expect(await files.resolve('.')).toMatchObject({ root, shown: '.', kind: 'folder' });
    expect(await files.resolve('new/deep/file')).toMatchObject({ root, shown: 'new/deep/file', kind: 'missing' });
  });

  test('names that look like the way out are not', async () => {
    expect(await files.resolve('..a')).toMatchObject({ root, shown: '..a' });
    expect(isInside('/a/b', '/a/bc')).toBe(false);
    expect(isInside('/a/b', '/a/b/..c')).toBe(true);
  });

  test.each(['..', '../outside/secret', '/etc/passwd', '~/secret', 'src/../../outside'])(
    '%s is outside',
    async (path) => {
      expect((await files.resolve(path)).root).toBeUndefined();
    },
  );

  test.skipIf(!posix)('links count by where they lead, also when that does not exist', async () => {
    symlinkSync(join(outside, 'secret'), join(root, 'link'));
    symlinkSync(outside, join(root, 'folder'));
    symlinkSync('../outside/not-yet', join(root, 'dangling'));
    symlinkSync('folder', join(root, 'twice'));
    symlinkSync('src/a.ts', join(root, 'good'));
    for (const path of ['link', 'folder/secret', 'dangling', 'dangling/', 'dangling/x', 'twice/new', 'folder/..']) {
      expect((await files.resolve(path)).root, path).toBeUndefined();
    }
    expect(await files.resolve('good')).toMatchObject({ root, shown: 'src/a.ts' });
  });

  test.skipIf(process.platform !== 'linux')(
    'what is another place for each process is outside, wherever it leads this one',
    async () => {
      mkdirSync(join(root, 'deep'));
      symlinkSync('/proc/self/cwd', join(root, 'here'));
      symlinkSync('here', join(root, 'here-too'));
      symlinkSync('/proc/self/root', join(root, 'all'));
      symlinkSync('/dev/fd', join(root, 'open'));
      const before = process.cwd();
      const file = openSync(join(root, 'src', 'a.ts'), 'r');
      try {
        process.chdir(join(root, 'deep'));
        for (const path of [
          '/proc/self/cwd/x',
          '/proc/self/cwd/../x',
          '/proc/thread-self/cwd/x',
          `/proc/${process.pid}/cwd/x`,
          `/proc/self/root${root}/src/a.ts`,
          `/proc/1/root${root}/src/a.ts`,
          `/proc/self/fd/${file}`,
          `/dev/fd/${file}`,
          `open/${file}`,
          'here/x',
          'here/../src/a.ts',
          'here-too/../src/a.ts',
          `all${root}/src/a.ts`,
          `src/../all${root}/src/a.ts`,
        ]) {
          const found = await files.resolve(path);
          expect(found.root, path).toBeUndefined();
          await expect(files.read(found), path).rejects.toMatchObject({ code: 'path.outside' });
        }
      } finally {
        process.chdir(before);
        closeSync(file);
      }
    },
  );

  test.skipIf(!posix)('".." behind a link goes where the kernel goes', async () => {
    mkdirSync(join(outside, 'deep'));
    symlinkSync(join(outside, 'deep'), join(root, 'link'));
    writeFileSync(join(root, 'secret'), 'harmless');
    const path = await files.resolve('link/../secret');
    expect(path.real).toBe(join(outside, 'secret'));
    expect(path.root).toBeUndefined();
  });

  test('what cannot be a path is refused with a sentence', async () => {
    for (const path of ['', 'a\0b', 'x'.repeat(300), 'x/'.repeat(3000), 'missing/../src/a.ts']) {
      await expect(files.resolve(path)).rejects.toMatchObject({ name: 'Problem', message: /\.$/ });
    }
    if (!posix) return;
    symlinkSync('loop', join(root, 'loop'));
    await expect(files.resolve('loop')).rejects.toMatchObject({ name: 'Problem' });
    await expect(createFiles({ roots: [], blobs: createBlobs(base) }).resolve('a')).rejects.toThrow(
      'No folder is open',
    );
  });

  test('of several roots the first needs no prefix, and the others are found by absolute paths', async () => {
    const both = createFiles({ roots: [root, outside], blobs: createBlobs(join(base, 'blobs')) });
    const path = await both.resolve('../outside/secret');
    expect(path).toMatchObject({ root: outside, shown: join(outside, 'secret') });
    expect((await both.resolve(path.shown)).real).toBe(path.real);
  });

  test('whatever is written, what counts as inside has its real path inside', async () => {
    if (posix) symlinkSync(outside, join(root, 'out'));
    if (posix) symlinkSync('src', join(root, 'in'));
    const part = constantFrom('..', '.', 'src', 'out', 'in', 'a.ts', 'new', '', 'secret', '~', '...');
    await assert(
      asyncProperty(array(part, { maxLength: 6 }), boolean(), async (parts, absolute) => {
        const given = (absolute ? `${root}/` : './') + parts.join('/');
        const path = await files.resolve(given).catch(() => undefined);
        if (path === undefined) return;
        expect(path.root !== undefined).toBe(path.real === root || path.real.startsWith(`${root}/`));
        // A file taken for a folder ("a.ts/.") is there for us and not for the kernel.
        const kernel = absolute ? given : `${root}/${given}`;
        if (existsSync(kernel)) expect(path.real).toBe(realpathSync.native(kernel));
      }),
      { numRuns: 300 },
    );
  });
});

describe('reading and writing', () => {
  test('a change keeps the mode, and both contents can be had again', async () => {
    const path = await files.resolve('src/a.ts');
    chmodSync(path.real, 0o750);
    const { before, after } = await files.write(path, bytes('two\n'));
    expect(new TextDecoder().decode(await files.read(path))).toBe('two\n');
    expect([before, after]).toEqual([hashOf(bytes('one\n')), hashOf(bytes('two\n'))]);
    if (posix) expect(statSync(path.real).mode & 0o777).toBe(0o750);
    const blobs = createBlobs(join(base, 'blobs'));
    expect(new TextDecoder().decode(await blobs.get(before ?? ''))).toBe('one\n');
    expect(new TextDecoder().decode(await blobs.get(after))).toBe('two\n');
  });

  test('a new file gets its folders', async () => {
    const { before } = await files.write(await files.resolve('new/deep/file'), bytes('x'));
    expect(before).toBeNull();
    expect(readFileSync(join(root, 'new', 'deep', 'file'), 'utf8')).toBe('x');
  });

  test('nothing outside is read, written or removed, whoever asks', async () => {
    const path = await files.resolve('../outside/secret');
    await expect(files.read(path)).rejects.toMatchObject({ code: 'path.outside' });
    await expect(files.write(path, bytes('x'))).rejects.toMatchObject({ code: 'path.outside' });
    await expect(files.remove(path)).rejects.toMatchObject({ code: 'path.outside' });
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret\n');
  });

  test('a hard link to the file keeps the old content', async () => {
    linkSync(join(root, 'src', 'a.ts'), join(outside, 'hard'));
    await files.write(await files.resolve('src/a.ts'), bytes('two'));
    expect(readFileSync(join(outside, 'hard'), 'utf8')).toBe('one\n');
  });

  test('folders, pipes, large and read-only files are refused with a sentence', async () => {
    await expect(files.read(await files.resolve('src'))).rejects.toThrow('src is a folder.');
    await expect(files.write(await files.resolve('.'), bytes('x'))).rejects.toThrow('is a folder');
    await expect(files.read(await files.resolve('nothing'))).rejects.toThrow('nothing does not exist.');
    await expect(files.write(await files.resolve('src/a.ts/b'), bytes('x'))).rejects.toThrow(
      'is a file where a folder',
    );
    writeFileSync(join(root, 'large'), Buffer.alloc(10 * 1024 * 1024 + 1));
    await expect(files.read(await files.resolve('large'))).rejects.toThrow('large is larger than 10 MiB.');
    const path = await files.resolve('src/a.ts');
    chmodSync(path.real, 0o444);
    await expect(files.write(path, bytes('x'))).rejects.toThrow('src/a.ts is read-only.');
    if (!posix) return;
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect((await files.resolve('pipe')).kind).toBe('other');
    await expect(files.read(await files.resolve('pipe'))).rejects.toThrow('pipe is no regular file.');
    await expect(files.write(await files.resolve('pipe'), bytes('x'))).rejects.toThrow('no regular file');
  });

  test('no temporary file is left behind when the rename fails', async () => {
    mkdirSync(join(root, 'src', 'b.ts'));
    const path = { ...(await files.resolve('src/b.ts')), kind: 'missing' as const };
    await expect(files.write(path, bytes('x'))).rejects.toMatchObject({ name: 'Problem' });
    expect(execFileSync('ls', ['-A', join(root, 'src')], { encoding: 'utf8' })).toBe('a.ts\nb.ts\n');
  });
});

describe.skipIf(!posix)('between the judgement and the act', () => {
  test('a file that became a link is neither read nor written through', async () => {
    const path = await files.resolve('src/a.ts');
    rmSync(path.real);
    symlinkSync(join(outside, 'secret'), path.real);
    await expect(files.read(path)).rejects.toMatchObject({ code: 'path.moved' });
    await expect(files.write(path, bytes('x'))).rejects.toMatchObject({ code: 'path.moved' });
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret\n');
  });

  test('a folder that became a link leads nowhere', async () => {
    const existing = await files.resolve('src/a.ts');
    const deeper = await files.resolve('src/new/b.ts');
    renameSync(join(root, 'src'), join(root, 'old'));
    symlinkSync(outside, join(root, 'src'));
    writeFileSync(join(outside, 'a.ts'), 'not ours');
    await expect(files.read(existing)).rejects.toMatchObject({ code: 'path.moved' });
    await expect(files.write(existing, bytes('x'))).rejects.toMatchObject({ code: 'path.moved' });
    await expect(files.write(deeper, bytes('x'))).rejects.toMatchObject({ name: 'Problem' });
    expect(readFileSync(join(outside, 'a.ts'), 'utf8')).toBe('not ours');
    expect(existsSync(join(outside, 'new'))).toBe(false);
  });

  test('links that come and go while files are written never lead a byte out', async () => {
    const swapping = join(root, 'swap');
    mkdirSync(swapping);
    const out = join(outside, 'target');
    mkdirSync(out);
    const swapper = new Worker(exchange, { eval: true, workerData: { swapping, out } });
    const outcomes = { written: 0, refused: 0 };
    const end = performance.now() + 3000;
    for (let round = 0; performance.now() < end && Math.min(outcomes.written, outcomes.refused) < 30; round++) {
      try {
        const path = await files.resolve('swap/file');
        if (path.root === undefined) outcomes.refused++;
        else await files.write(path, bytes(`${round}`)).then(() => outcomes.written++);
      } catch {
        outcomes.refused++;
      }
    }
    await swapper.terminate();
    expect(execFileSync('ls', ['-A', out], { encoding: 'utf8' })).toBe('');
    expect(outcomes.written).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});

describe('what has to stand there', () => {
  const hash = (text: string): string => hashOf(bytes(text));

  test('a file is written over only where it has the content that was said', async () => {
    const path = await files.resolve('src/a.ts');
    await expect(files.write(path, bytes('x'), hash('other'))).rejects.toMatchObject({ code: 'file.changing' });
    await expect(files.write(path, bytes('x'), null)).rejects.toMatchObject({ code: 'file.changing' });
    expect(readFileSync(path.real, 'utf8')).toBe('one\n');
    await files.write(path, bytes('x'), hash('one\n'));
    const fresh = await files.resolve('src/new.ts');
    await expect(files.write(fresh, bytes('x'), hash(''))).rejects.toMatchObject({ code: 'file.changing' });
    await files.write(fresh, bytes('x'), null);
    expect(readFileSync(fresh.real, 'utf8')).toBe('x');
  });

  test('of two that make the same new file one does, and nothing of it is lost', async () => {
    mkdirSync(join(root, 'race'));
    const rounds = 200;
    const shared = new Int32Array(new SharedArrayBuffer(4 * (rounds + 1)));
    const other = new Worker(maker, { eval: true, workerData: { folder: join(root, 'race'), shared } });
    const won = { ours: 0, theirs: 0 };
    for (let round = 1; round <= rounds; round++) {
      const path = await files.resolve(`race/${round}`);
      Atomics.store(shared, 0, round);
      Atomics.notify(shared, 0);
      const ours = await files.write(path, bytes('ours'), null).then(
        () => true,
        () => false,
      );
      while (Atomics.load(shared, round) === 0) await new Promise((resolve) => setImmediate(resolve));
      const theirs = Atomics.load(shared, round) === 1;
      expect([ours, theirs].filter(Boolean), `round ${round}`).toHaveLength(1);
      expect(readFileSync(path.real, 'utf8')).toBe(ours ? 'ours' : 'theirs');
      won[ours ? 'ours' : 'theirs']++;
    }
    await other.terminate();
    expect(Math.min(won.ours, won.theirs)).toBeGreaterThan(0);
  });
});

test('a folder that is removed while another one is made in it ends the call, and does not hold the process', () => {
  const folder = join(root, 'gone');
  mkdirSync(folder);
  expect(() =>
    anchored(folder, (anchor) => {
      makeFolderIn(anchor, 'one');
      makeFolderIn(anchor, 'one');
      rmSync(folder, { recursive: true });
      makeFolderIn(anchor, 'two');
    }),
  ).toThrow(Moved);
  expect(existsSync(folder)).toBe(false);
});

/** A thread that makes a file of each number as it is told, a while later each time; 1: it has, 2: it was there. */
const maker = `
  const { writeFileSync } = require('node:fs');
  const { folder, shared } = require('node:worker_threads').workerData;
  for (let last = 0; ; ) {
    Atomics.wait(shared, 0, last);
    last = Atomics.load(shared, 0);
    for (const until = performance.now() + (last % 20) ** 2 / 20; performance.now() < until; );
    try { writeFileSync(folder + '/' + last, 'theirs', { flag: 'wx' }); Atomics.store(shared, last, 1); }
    catch { Atomics.store(shared, last, 2); }
  }
`;

/** A thread that exchanges a folder for a link out of the workspace and back, as fast as it can. */
const exchange = `
  const { renameSync, symlinkSync, rmSync } = require('node:fs');
  const { swapping, out } = require('node:worker_threads').workerData;
  // In the moment without a name the writer may have made the folder anew: then it is put away, and tried again.
  const tried = (act) => { try { act(); return true; } catch { return false; } };
  const again = (act) => { while (!tried(act)) tried(() => rmSync(swapping, { recursive: true })); };
  const rest = (ms) => { for (const until = performance.now() + ms; performance.now() < until; ); };
  for (;;) {
    renameSync(swapping, swapping + '.real');
    again(() => symlinkSync(out, swapping));
    rest(0.1);
    rmSync(swapping);
    again(() => renameSync(swapping + '.real', swapping));
    rest(0.3);
  }
`;

describe('the store of contents', () => {
  test('is private, and tells when a content was damaged', async () => {
    const blobs = createBlobs(join(base, 'blobs'));
    const hash = await blobs.put(bytes('x'));
    expect(await blobs.put(bytes('x'))).toBe(hash);
    const place = join(base, 'blobs', hash.slice(0, 2), hash);
    if (posix) expect(statSync(place).mode & 0o777).toBe(0o600);
    if (posix) expect(statSync(join(base, 'blobs')).mode & 0o777).toBe(0o700);
    writeFileSync(place, 'y');
    await expect(blobs.get(hash)).rejects.toThrow('no longer kept, or was damaged');
    await expect(blobs.get('../../outside/secret')).rejects.toMatchObject({ name: 'Problem' });
  });
});
