import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publish, withdraw } from '../../../server/lock.ts';
import { type Discovery, distrusted, readDiscovery } from '../../../src/node/discovery.ts';

const discovery: Discovery = {
  host: '127.0.0.1',
  port: 4711,
  token: 'a'.repeat(64),
  pid: process.pid,
  started: 1,
  protocol: 1,
  build: 'x',
};

describe.skipIf(process.platform === 'win32')('the discovery file', () => {
  let base: string;
  let run: string;
  let file: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'drover-discovery-'));
    run = join(base, 'run');
    file = join(run, 'supervisor.json');
    mkdirSync(run, { mode: 0o700 });
    publish(run, discovery);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  test('is read back by the person who wrote it, and gone at the end', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readDiscovery(run)).toEqual(discovery);
    expect(distrusted(run)).toBeUndefined();
    withdraw(run);
    expect(readdirSync(run)).toEqual([]);
    expect(readDiscovery(run)).toBeUndefined();
    expect(distrusted(run)).toBeUndefined();
  });

  test.each([
    ['others can read it', () => chmodSync(file, 0o644), /supervisor\.json can be used by others \(mode 644\)/],
    ['others can write it', () => chmodSync(file, 0o602), /supervisor\.json can be used by others \(mode 602\)/],
    ['others can look into its folder', () => chmodSync(run, 0o755), /run can be used by others \(mode 755\)/],
    ['others can put a file into its folder', () => chmodSync(run, 0o733), /run can be used by others \(mode 733\)/],
    [
      'it is a link',
      () => {
        renameSync(file, join(base, 'elsewhere.json'));
        symlinkSync(join(base, 'elsewhere.json'), file);
      },
      /supervisor\.json is a link/,
    ],
    [
      'its folder is a link',
      () => {
        renameSync(run, join(base, 'elsewhere'));
        symlinkSync(join(base, 'elsewhere'), run);
      },
      /run is a link/,
    ],
  ])('is not used where %s', (_, spoil, why) => {
    spoil();
    expect(readDiscovery(run)).toBeUndefined();
    expect(distrusted(run)).toMatchObject({
      message: expect.stringMatching(why),
      advice: expect.stringMatching(/\.$/),
    });
  });

  test.skipIf(process.getuid?.() !== 0)("is not used where it is somebody else's", () => {
    chownSync(file, 12_345, 12_345);
    expect(readDiscovery(run)).toBeUndefined();
    expect(distrusted(run)?.message).toMatch(/supervisor\.json belongs to another account/);
    chownSync(file, 0, 0);
    chownSync(run, 12_345, 12_345);
    expect(readDiscovery(run)).toBeUndefined();
    expect(distrusted(run)?.message).toMatch(/run belongs to another account/);
  });

  test('writing it follows no link and takes no name that is there', () => {
    const victim = join(base, 'victim');
    writeFileSync(victim, 'mine');
    symlinkSync(victim, `${file}.${process.pid}`);
    rmSync(file);
    symlinkSync(victim, file);
    publish(run, discovery);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(readDiscovery(run)).toEqual(discovery);
  });
});
