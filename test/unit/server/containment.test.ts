import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../../server/config.ts';
import { Containment } from '../../../server/containment.ts';
import { bubblewrapFolder } from '../../support/installedBubblewrap.ts';

const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !existsSync(join(folder, 'bwrap')));
const environment = { ...process.env, PATH: folders.join(':') };
let folder: string;
let off: boolean;
let changes: string[];
let containment: Containment;

beforeAll(async () => {
  folder = await bubblewrapFolder();
}, 120_000);
beforeEach(() => {
  off = false;
  changes = [];
});

function begin(managed: string, from: NodeJS.ProcessEnv = environment): void {
  containment = new Containment({
    environment: from,
    managed,
    off: () => off,
    changed: () => changes.push(containment.status().state),
    log: () => undefined,
  });
}

describe.skipIf(process.platform !== 'linux')('whether commands can be shut in', () => {
  afterEach(() => containment.close());

  test('is not known at first, then found out and told once', async () => {
    begin(folder, process.env);
    expect(containment.status().state).toBe('checking');
    await Promise.all([containment.look(), containment.look()]);
    await containment.look();
    expect(containment.status()).toEqual({
      state: 'on',
      text: 'Commands that run code of your folder run in a sandbox.',
    });
    expect(changes).toEqual(['on']);
  });

  test('is told with what to do where something is missing', async () => {
    begin('/nowhere');
    await containment.look();
    expect(containment.status()).toEqual({
      state: 'unavailable',
      text: 'Commands that run code of your folder are asked about: bubblewrap is not installed. Install it with the package manager of your system, such as `sudo apt install bubblewrap`.',
    });
  });

  test('does not matter while it is switched off', async () => {
    off = true;
    begin(folder, process.env);
    await containment.look();
    expect(containment.status()).toEqual({
      state: 'off',
      text: 'Commands that run code of your folder are asked about: the sandbox is switched off (drover.sandbox).',
    });
    off = false;
    await containment.look();
    expect(changes).toEqual(['off', 'on']);
  });
});

test('DROVER_SANDBOX is auto or off', () => {
  expect(readConfig([], { DROVER_SANDBOX: 'off' }).sandbox).toBe('off');
  expect(readConfig([], {}).sandbox).toBeUndefined();
  expect(() => readConfig([], { DROVER_SANDBOX: 'no' })).toThrow('DROVER_SANDBOX is no; it can be auto or off.');
});
