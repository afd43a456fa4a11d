import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findRuntime, supervisorEnvironment } from '../../../src/vscode/runtime.ts';

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'drover-runtime-'));

/** A program that is called like Node and ends with this code. */
function program(name: string, code: number): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\nexit ${code}\n`);
  chmodSync(path, 0o755);
  return path;
}

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

describe('what the supervisor is run with', () => {
  it('is the runtime at hand when its SQLite can search texts', async () => {
    expect((await findRuntime(undefined, never)).path).toBe(process.execPath);
  });

  it('is the Node that the person named, and nothing else, even where that does not fit', async () => {
    expect((await findRuntime(process.execPath, never)).path).toBe(process.execPath);
    await expect(findRuntime(join(folder, 'missing'), never)).rejects.toMatchObject({
      code: 'no_node',
      message: expect.stringContaining(`names ${join(folder, 'missing')}`),
    });
  });

  it('is the Node on the PATH when the runtime at hand is too old', async () => {
    const old = program('editor', 3);
    const path = program('node', 0);
    const own = process.execPath;
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    try {
      process.execPath = old;
      expect((await findRuntime(undefined, never)).path).toBe('node');
      writeFileSync(path, '#!/bin/sh\nexit 3\n');
      await expect(findRuntime(undefined, never)).rejects.toMatchObject({
        code: 'no_node',
        advice: 'Install Node 24, or name one in the setting drover.node.path.',
      });
    } finally {
      process.execPath = own;
    }
  });
});

describe('the environment of the supervisor', () => {
  it('has nothing that the editor set for itself', () => {
    const environment = {
      PATH: '/usr/bin',
      DROVER_STATE: '/s',
      HTTPS_PROXY: 'http://proxy',
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_IPC_HOOK_CLI: '/x',
      NODE_OPTIONS: '--require evil.js',
      EMPTY: undefined,
    };
    expect(supervisorEnvironment(environment)).toEqual({
      PATH: '/usr/bin',
      DROVER_STATE: '/s',
      HTTPS_PROXY: 'http://proxy',
    });
  });
});
