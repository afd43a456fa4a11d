import { describe, expect, it } from 'vitest';
import { fuzzy } from '../../../src/vscode/fuzzy.ts';

const files = [
  'README.md',
  'docs/cart.md',
  'src/cart.ts',
  'src/cartography/map.ts',
  'src/discount.ts',
  'src/views/shoppingCart.tsx',
  'test/cart.test.ts',
  'carts/index.ts',
];

describe('the @ list', () => {
  it('puts a file name before a folder name, its beginning first, then the shorter path', () => {
    expect(fuzzy('cart', files, 10)).toEqual([
      'src/cart.ts',
      'docs/cart.md',
      'test/cart.test.ts',
      'src/views/shoppingCart.tsx',
      'carts/index.ts',
      'src/cartography/map.ts',
    ]);
  });

  it('finds letters that are scattered, at the starts of words first', () => {
    expect(fuzzy('sct', ['src/basis/acute.ts', 'src/views/shoppingCart.tsx'], 2)[0]).toBe('src/views/shoppingCart.tsx');
    expect(fuzzy('dscnt', files, 10)).toEqual(['src/discount.ts']);
  });

  it('goes over folders when the query does, whatever its case', () => {
    expect(fuzzy('SRC/dis', files, 1)).toEqual(['src/discount.ts']);
  });

  it('leaves out what does not fit and keeps to its limit', () => {
    expect(fuzzy('zebra', files, 10)).toEqual([]);
    expect(fuzzy('t', files, 3)).toHaveLength(3);
  });

  it('is quick enough to run with each key', () => {
    const many = Array.from(
      { length: 20_000 },
      (_, n) => `packages/part${n % 97}/src/deep/folder/file${n}.component.ts`,
    );
    const start = performance.now();
    expect(fuzzy('part9file1', many, 50)).toHaveLength(50);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
