import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listArchive } from '../support/archive.ts';
import { packVsix } from '../../scripts/vsix.ts';

const root = path.join(import.meta.dirname, '..', '..');
let folder: string;
let vsix: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'drover-package-'));
  vsix = path.join(folder, 'drover.vsix');
  await packVsix(vsix);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packed extension', () => {
  it('holds exactly the files of the checked-in list', async () => {
    const listed = (await readFile(path.join(root, 'test', 'package.files.txt'), 'utf8')).trim().split('\n');
    const packed = await listArchive(vsix);
    expect(packed.map(({ name }) => name).toSorted()).toEqual(listed);
  });

  it('holds no sources, source maps, tests or settings of a person', async () => {
    const packed = await listArchive(vsix);
    const wrong = packed.filter(({ name }) =>
      /\.(?:tsx?|map|test\.\w+)$|\/(?:test|node_modules|sample)\/|\.env/.test(name),
    );
    expect(wrong).toEqual([]);
  });

  it('is small: 3 MB at most, and 6 MB for the adapter of the first-run model, which hardly compresses', async () => {
    expect((await stat(vsix)).size).toBeLessThanOrEqual(3_000_000 + 6_000_000);
    expect((await stat(path.join(root, 'model', 'first-run.gguf'))).size).toBeLessThanOrEqual(6_000_000);
  });
});
