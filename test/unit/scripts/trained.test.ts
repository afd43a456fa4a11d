import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contractHash, readContract } from '../../../model/data/contract.ts';
import { trainingWarning } from '../../../scripts/trained.ts';

const { hash, system, tools } = readContract();

async function warningOf(text: string | undefined): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-trained-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'trained.json');
  if (text !== undefined) await writeFile(file, text);
  return trainingWarning(file, hash);
}

describe('what the first-run model was trained on', () => {
  test('the same as is sent today: nothing to say', async () => {
    expect(await warningOf(JSON.stringify({ contract: hash, scores: {} }))).toBeUndefined();
  });

  test('another system text, or another order of tools: one sentence that names the command', async () => {
    for (const other of [contractHash(`${system} `, tools), contractHash(system, tools.toReversed())]) {
      const warning = await warningOf(JSON.stringify({ contract: other }));
      expect(warning).toContain('npm run model -- train');
      expect(warning).not.toContain('\n');
    }
  });

  test('a file that is missing or says nothing is told of, too', async () => {
    expect(await warningOf(undefined)).toMatch(/trained\.json is missing/);
    expect(await warningOf('{}')).toMatch(/does not say/);
    expect(await warningOf('no JSON')).toMatch(/does not say/);
  });
});
