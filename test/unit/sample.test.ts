import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const sample = path.join(import.meta.dirname, '..', '..', 'sample');

describe('the sample workspace', () => {
  it('passes its own tests', async () => {
    const environment = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined };
    const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap'], {
      cwd: sample,
      env: environment,
    });
    expect(stdout).toMatch(/# fail 0/);
    expect(stdout).toMatch(/# pass 9/);
  });

  it('still has the fault that its README gives as an exercise', async () => {
    const { createCart, addToCart, totals } = (await import(
      pathToFileURL(path.join(sample, 'src', 'cart.js')).href
    )) as {
      createCart: () => object;
      addToCart: (cart: object, number: string, quantity: number) => object;
      totals: (cart: object) => { articles: number; shipping: number };
    };
    expect(totals(addToCart(createCart(), 'mug', 4))).toMatchObject({ articles: 5000, shipping: 490 });
  });

  it('has the files that its README names', () => {
    const readme = readFileSync(path.join(sample, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/`(src\/[\w.]+)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((file) => !existsSync(path.join(sample, file)))).toEqual([]);
  });
});
