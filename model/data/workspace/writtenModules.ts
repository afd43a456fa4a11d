import type { LanguageName } from '../code/language.ts';
import type { Domain } from '../domains/domains.ts';
import { camel, pascal, snake } from '../english.ts';
import { type Sketch, sketch } from '../functions/sketch.ts';
import { filled, type WrittenFunction, type WrittenGroup } from '../functions/written.ts';
import { writtenJavascript } from '../functions/writtenJavascript.ts';
import { writtenPython } from '../functions/writtenPython.ts';
import type { Random } from '../random.ts';
import type { Names } from './names.ts';

interface WrittenModule {
  words: string;
  sketches: Sketch[];
  purpose: string;
}

const groups: Partial<Record<LanguageName, readonly WrittenGroup[]>> = {
  typescript: writtenJavascript,
  javascript: writtenJavascript,
  python: writtenPython,
};

/** Up to two files of functions that were written by hand for this language. */
export function writtenModules(domain: Domain, random: Random, names: Names, language: LanguageName): WrittenModule[] {
  return random.sample(groups[language] ?? [], random.pick([0, 1, 1, 2])).flatMap((group) => {
    const { one, many, fields } = random.pick(domain.records);
    const cased = language === 'python' ? snake : camel;
    const key = cased(fields[0]?.words ?? 'name');
    const values = {
      $One: pascal(one),
      $one: cased(one),
      $Many: pascal(many),
      $many: cased(many),
      $KEY: key,
      $1: one,
      $2: many,
    };
    const sketches = random
      .sample(group.functions, random.int(2, 4))
      .map((each) => sketchOf(each, values, random, cased))
      .filter(({ routine }) => names.take(routine.words));
    const purpose = filled(random.pick(group.purposes), values);
    return sketches.length === 0 ? [] : [{ words: random.pick(group.files), sketches, purpose }];
  });
}

function sketchOf(
  { names, docs, code, imports, texts }: WrittenFunction,
  values: Record<string, string>,
  random: Random,
  cased: (words: string) => string,
): Sketch {
  const words = filled(random.pick(names), { $one: values['$1'] ?? '', $many: values['$2'] ?? '' });
  const text = filled(code, { $name: cased(words), ...values });
  const parameters = parametersOf(text).map((name) => ({
    words: name,
    type: 'str' as const,
    doc: `the ${name.replaceAll('_', ' ')}`,
  }));
  const sayings = docs.map((doc) => filled(doc, values));
  const shown = (texts ?? []).map((each) => filled(each, values));
  // What waits, or needs more than a text, is called neither by tests nor by the example.
  const plain =
    !/async |await |action|response|terminal|listeners|promise|compute|yield|commands|args|items|names|rows|connection|open\(|Path\(|urlopen|while True|raise SystemExit/i.test(
      text,
    );
  return {
    ...sketch(words, parameters, plain ? 'str' : 'void', [], sayings, { texts: shown }),
    written: { code: text, imports: imports ?? [] },
  };
}

/** The names between the parentheses of the first line, without types and defaults. */
function parametersOf(code: string): string[] {
  const head = (code.split('\n')[0] ?? '').replaceAll(/‹[^›]*›/g, '');
  const inside = /\((.*)\)/.exec(head)?.[1] ?? '';
  return inside
    .split(/,\s*/)
    .map((part) => /^\w+/.exec(part)?.[0] ?? '')
    .filter((name) => name !== '');
}
