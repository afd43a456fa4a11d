import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentions, mentionText } from '../../../src/common/mentions.ts';

describe('mentions', () => {
  it.each([
    ['explain @src/cart.ts', [{ path: 'src/cart.ts' }]],
    ['what is in @src/cart.ts?', [{ path: 'src/cart.ts' }]],
    ['see @src/cart.ts.', [{ path: 'src/cart.ts' }]],
    ['@a.ts:10-20 and @a.ts:10-20', [{ path: 'a.ts', start: 10, end: 20 }]],
    ['line @a.ts:7', [{ path: 'a.ts', start: 7, end: 7 }]],
    ['@"my file.md":', [{ path: 'my file.md' }]],
    ['mail me@example.org', []],
    ['an @ alone', []],
    ['(@lib/x.py)', [{ path: 'lib/x.py' }]],
  ])('%s', (text, expected) => {
    expect(mentions(text)).toEqual(expected);
  });

  it('reads back what it writes', () => {
    const path = fc.stringMatching(/^[\w][\w ./-]{0,30}[\w]$/);
    fc.assert(
      fc.property(path, fc.integer({ min: 1, max: 9999 }), (name, start) => {
        expect(mentions(`x ${mentionText({ path: name })} y`)).toEqual([{ path: name }]);
        const lines = { path: name, start, end: start + 3 };
        expect(mentions(`x ${mentionText(lines)} y`)).toEqual([lines]);
      }),
    );
  });
});
