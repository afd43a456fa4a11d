import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compiledFolder } from '../../../server/compiled.ts';

let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'drover-compiled-'));
});
afterEach(() => rmSync(state, { recursive: true }));

it('what Node.js compiles is kept there, and what another build left is deleted', async () => {
  mkdirSync(join(state, 'compiled', '0.1.0+old', 'v24'), { recursive: true });
  const folder = await compiledFolder(state, '0.1.0+new');
  expect(readdirSync(join(state, 'compiled'))).toEqual(['0.1.0+new']);
  const program = join(state, 'a.mjs');
  writeFileSync(program, 'console.log(1)');
  spawnSync(process.execPath, [program], { env: { ...process.env, NODE_COMPILE_CACHE: folder } });
  expect(readdirSync(folder)).not.toEqual([]);
  expect(await compiledFolder(state, '0.1.0+new')).toBe(folder);
  expect(readdirSync(folder)).not.toEqual([]);
});
