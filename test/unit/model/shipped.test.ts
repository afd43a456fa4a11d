import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { entryOf } from '../../../server/engines/catalogue.ts';
import { trained } from '../../support/firstRunModel.ts';

const model = join(import.meta.dirname, '..', '..', '..', 'model');

function record(): { adapter: string; base: string; template: string } {
  const shape = z.looseObject({ adapter: z.string(), base: z.string(), template: z.string() });
  return shape.parse(JSON.parse(readFileSync(join(model, 'trained.json'), 'utf8')));
}

function sha256(name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(model, name)))
    .digest('hex');
}

describe.runIf(trained)('the first-run model that is shipped', () => {
  it('has the adapter that was trained, of at most 6 MB', () => {
    expect(sha256('first-run.gguf')).toBe(record().adapter);
    expect(statSync(join(model, 'first-run.gguf')).size).toBeLessThanOrEqual(6_000_000);
  });

  it('was trained with the template and for the base model that the product loads it with', () => {
    expect(sha256('chatml.jinja')).toBe(record().template);
    expect(entryOf('first-run')?.sha256).toBe(record().base);
  });

  it('has a card that names both', () => {
    const card = readFileSync(join(model, 'README.md'), 'utf8');
    expect(card).toContain(record().base);
    expect(card).toContain(record().adapter);
  });
});
