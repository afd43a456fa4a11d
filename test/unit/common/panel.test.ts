import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FromPanel } from '../../../src/common/panel.ts';
import { panelMessages } from '../../support/panelMessages.ts';

describe('what the page says', () => {
  it('is understood, each kind of it', () => {
    const kinds = FromPanel.options.map((option) => option.shape.type.value);
    expect(new Set(panelMessages.map(({ type }) => type))).toEqual(new Set(kinds));
    for (const message of panelMessages) expect(FromPanel.parse(message)).toMatchObject(message);
  });

  it('is refused with a field more, a field less, or another kind of value', () => {
    const message = fc.constantFrom(...panelMessages);
    const value = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.double(), fc.func(fc.nat()));
    fc.assert(
      fc.property(message, fc.string(), value, fc.nat(), (valid, name, odd, at) => {
        const fields: [string, unknown][] = Object.entries(valid);
        const [field = '', old] = fields[at % fields.length] ?? [];
        // A field more, whose name is none of those there may be.
        expect(FromPanel.safeParse({ ...valid, [`x${name}`]: odd ?? null }).success).toBe(false);
        const without = Object.fromEntries(fields.filter(([each]) => each !== field));
        const replaced = { ...valid, [field]: odd };
        for (const changed of [without, replaced]) {
          const parsed = FromPanel.safeParse(changed);
          // Some fields may be left out, and one text may stand for another: then it is the same message all the same.
          if (parsed.success) expect(parsed.data).toMatchObject(definedIn(changed));
          if (parsed.success && changed === replaced && odd !== undefined) expect(typeof odd).toBe(typeof old);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('whatever it is, is understood whole or refused', () => {
    const kinds = FromPanel.options.map((option) => option.shape.type.value);
    const anything = fc.oneof(
      fc.anything({ withMap: true, withNullPrototype: true, withBigInt: true, withDate: true, withSparseArray: true }),
      fc
        .record({ type: fc.constantFrom(...kinds) })
        .chain((base) => fc.dictionary(fc.string(), fc.anything()).map((more) => ({ ...more, ...base }))),
    );
    fc.assert(
      fc.property(anything, (message) => {
        const parsed = FromPanel.safeParse(message);
        if (parsed.success)
          expect(Object.keys(parsed.data)).toEqual(expect.arrayContaining(Object.keys(definedIn(message))));
      }),
      { numRuns: 3000 },
    );
  });
});

function definedIn(message: unknown): object {
  return Object.fromEntries(Object.entries(message as object).filter(([, value]) => value !== undefined));
}
