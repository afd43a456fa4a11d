import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import { Arena, canRace, ways } from '../../soak/races.ts';

/** How many calls of the system the link stands for. */
const lengths = [1, 2, 3, 4, 6, 10, Infinity];

describe.skipIf(!canRace)(
  'a folder that is exchanged for a link out of the workspace between any two steps of a tool',
  () => {
    let restore = (): void => undefined;
    afterEach(() => restore());

    test.each(ways.filter(({ many }) => many === undefined))(
      'leads nowhere: $name',
      { timeout: 120_000 },
      async (way) => {
        const arena = new Arena();
        const steps = count();
        restore = () => {
          steps.end();
          arena.remove();
        };
        let round = 0;
        const outcomes = new Set<string>();
        const tryOnce = async (from: number, length: number): Promise<number> => {
          for (const [name, content] of Object.entries(way.files)) arena.put(name, content);
          arena.bench.events.length = 0;
          let away = false;
          const exchange = (step: number): void => {
            if (step === from) arena.away();
            if (step === from + length) arena.back();
            away = step >= from && step < from + length;
          };
          steps.begin(exchange);
          const said = await way.act(arena.bench, round++).catch(String);
          const taken = steps.stop();
          if (away) arena.back();
          expect(arena.escaped(said), `away before step ${from}, for ${length} steps`).toBe(false);
          outcomes.add(typeof said === 'string' ? said : said.text);
          return taken;
        };
        const undisturbed = await tryOnce(Infinity, 0);
        expect(undisturbed).toBeGreaterThan(3);
        for (let from = 0; from < undisturbed; from++) for (const length of lengths) await tryOnce(from, length);
        // Both were seen: what was refused, and what was done.
        expect(outcomes.size).toBeGreaterThan(1);
      },
    );
  },
);

/** Has a function called before each call of the file system that is made from here, with its number. */
function count() {
  let before: ((step: number) => void) | undefined;
  let step = 0;
  const originals: [object, string, unknown][] = [];
  const wrap = (module: object, names: readonly string[]): void => {
    for (const name of names) {
      const original = Reflect.get(module, name) as (...args: unknown[]) => unknown;
      originals.push([module, name, original]);
      const wrapped = (...args: unknown[]): unknown => {
        const act = before;
        if (act === undefined) return original(...args);
        // What the exchange itself does is not counted.
        before = undefined;
        act(step++);
        before = act;
        return original(...args);
      };
      Reflect.set(module, name, Object.assign(wrapped, original));
      if (name === 'realpathSync') wrap(wrapped, ['native']);
    }
    syncBuiltinESMExports();
  };
  wrap(
    fs,
    Object.keys(fs).filter((name) => name.endsWith('Sync')),
  );
  wrap(fsPromises, ['readdir', 'readFile', 'stat', 'lstat', 'open', 'rename', 'writeFile', 'mkdir']);
  return {
    begin(act: (step: number) => void): void {
      step = 0;
      before = act;
    },
    stop(): number {
      before = undefined;
      return step;
    },
    end(): void {
      for (const [module, name, original] of originals) Reflect.set(module, name, original);
      syncBuiltinESMExports();
    },
  };
}
