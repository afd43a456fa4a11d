import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { obtainBubblewrap } from '../../server/bubblewrap.ts';
import { findDistribution } from '../../server/engines/debian.ts';
import type { Progress } from '../../server/engines/progress.ts';
import { obstacle } from '../../src/node/bubblewrap.ts';
import { always, testFolder } from '../support/engine.ts';

const distribution = await findDistribution();

describe.skipIf(typeof distribution === 'string')("the distribution's bubblewrap", () => {
  test('is unpacked into the folder of Drover, shuts programs in from there, and is found the next time', async () => {
    const managed = join(await testFolder(), 'managed');
    const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !existsSync(join(folder, 'bwrap')));
    const environment = { ...process.env, PATH: folders.join(':') };
    const told: Progress[] = [];
    const options = { environment, managed, report: (said: Progress) => told.push(said) };
    const path = join(managed, 'bwrap', 'bwrap');
    expect(await obstacle({ environment, managed }, always)).toMatchObject({ message: 'bubblewrap is not installed.' });
    expect(await obtainBubblewrap(options, always)).toEqual({ path, fetched: true });
    expect(told.find(({ total }) => total !== undefined)?.total).toBeLessThan(10_000_000);
    expect((await readdir(join(managed, 'bwrap'))).toSorted()).toEqual(['bwrap', 'root']);
    expect(await obstacle({ environment, managed }, always)).toBeUndefined();
    expect(await obtainBubblewrap(options, always)).toEqual({ path, fetched: false });
  });
});
