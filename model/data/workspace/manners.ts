import { camel, kebab, pascal, snake } from '../english.ts';
import { go } from '../code/go.ts';
import { java } from '../code/java.ts';
import { javascriptLike } from '../code/javascript.ts';
import type { Language, LanguageName } from '../code/language.ts';
import { python } from '../code/python.ts';
import { rust } from '../code/rust.ts';
import type { Random } from '../random.ts';
import type { FreshWords } from '../words.ts';

export const languages: Record<LanguageName, Language> = {
  typescript: javascriptLike(true),
  javascript: javascriptLike(false),
  python,
  go,
  rust,
  java,
};

/** Where files lie and how they are named; the same for a whole workspace. */
export interface Layout {
  /** Folder of the sources, '' for the root. */
  sources: string;
  /** Folder of the tests; undefined: beside what they test. */
  tests: string | undefined;
  /** Below `sources`, for some of the modules. */
  inner: string | undefined;
  fileName(words: string): string;
  /** How imports of TypeScript end. */
  ending: string;
}

export function someLayout(language: LanguageName, random: Random, name: string, fresh: FreshWords): Layout {
  const base: Layout = { sources: '', tests: 'tests', inner: undefined, fileName: snake, ending: '' };
  switch (language) {
    case 'typescript':
    case 'javascript': {
      const sources = random.weighted({
        src: 10,
        lib: 3,
        app: 2,
        '': 3,
        [fresh.next()]: 3,
        [`src/${fresh.next()}`]: 3,
        [`packages/${snake(name)}/src`]: 1,
        source: 1,
        server: 1,
      });
      return {
        sources,
        tests: random.pick(['test', 'test', 'tests', undefined, `${sources === '' ? '' : `${sources}/`}__tests__`]),
        inner: random.chance(0.4)
          ? random.pick([
              'core',
              'shared',
              'model',
              'domain',
              'services',
              'common',
              fresh.next(),
              fresh.next(),
              fresh.next(),
            ])
          : undefined,
        fileName: random.pick([camel, camel, kebab, kebab, snake, pascal]),
        ending: language === 'typescript' ? random.pick(['.ts', '.js', '']) : '.js',
      };
    }
    case 'python':
      return {
        ...base,
        sources: random.weighted({
          [snake(name)]: 6,
          '': 3,
          app: 1,
          src: 2,
          [fresh.next()]: 2,
          [`src/${snake(name)}`]: 1,
        }),
        tests: random.pick(['tests', 'tests', 'test', '']),
        inner: random.chance(0.35)
          ? random.pick(['core', 'models', 'services', 'parts', fresh.next(), fresh.next(), fresh.next()])
          : undefined,
      };
    case 'go':
      return {
        ...base,
        sources: random.weighted({ '': 5, internal: 1, pkg: 1, [`internal/${snake(name)}`]: 2 }),
        tests: undefined,
      };
    case 'rust':
      return { ...base, sources: 'src' };
    case 'java': {
      const path = `com/${random.pick(['example', 'acme', 'northwind', 'tinysoft', 'orbit'])}/${snake(name).replaceAll('_', '')}`;
      return { ...base, sources: `src/main/java/${path}`, tests: `src/test/java/${path}`, fileName: pascal };
    }
    default:
      return language satisfies never;
  }
}
