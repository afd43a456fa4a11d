import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counted, good, readCounts } from '../../../scripts/layers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'drover-layers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, success: true, testResults: [] };

async function counts(content: object, endedWell = true): ReturnType<typeof readCounts> {
  const file = path.join(folder, 'report.json');
  await writeFile(file, JSON.stringify(content));
  return readCounts(file, endedWell);
}

describe('counting a layer', () => {
  it('takes the counts of the report', async () => {
    expect(await counts(report)).toEqual({ passed: 3, failed: 0, skipped: 1 });
  });

  it('counts a file that could not be loaded, though it has no test', async () => {
    const unloaded = { name: 'x.test.ts', status: 'failed', assertionResults: [] };
    expect(await counts({ ...report, success: false, testResults: [unloaded] }, false)).toMatchObject({ failed: 1 });
  });

  it('counts an error outside of every test', async () => {
    expect(await counts({ ...report, success: false }, false)).toMatchObject({ failed: 1 });
    expect(await counts(report, false)).toMatchObject({ failed: 1 });
  });

  it('counts a run that left no report', async () => {
    expect(await readCounts(path.join(folder, 'none.json'), true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('the closing line', () => {
  const result = { layer: 'unit', passed: 2, failed: 0, skipped: 0, seconds: 1, report: '' };

  it('adds up the layers and names the skipped only where there are some', () => {
    expect(counted([result, { passed: 1, failed: 4, skipped: 0 }])).toBe('3 passed, 4 failed');
    expect(counted([result, { passed: 1, failed: 0, skipped: 2 }])).toBe('3 passed, 0 failed, 2 skipped');
  });

  it('is good only when something passed and nothing failed', () => {
    expect(good(result)).toBe(true);
    expect(good({ ...result, passed: 0 })).toBe(false);
    expect(good({ ...result, failed: 1 })).toBe(false);
  });
});
