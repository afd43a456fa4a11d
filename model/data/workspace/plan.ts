import type { Known } from '../functions/actions.ts';
import { mainSketch, reportSketch, stepsSketch, throughSketch } from '../functions/actions.ts';
import { listDraws } from '../functions/lists.ts';
import { plainDraws, type Topic, topics } from '../functions/plain.ts';
import { singleDraws } from '../functions/single.ts';
import type { Doing, Draw, Scene, Sketch } from '../functions/sketch.ts';
import { type StoreSketch, storeSketch } from '../functions/stores.ts';
import type { Domain, NamedValue, RecordType } from '../domains/domains.ts';
import type { LanguageName } from '../code/language.ts';
import type { Random } from '../random.ts';
import type { FreshWords } from '../words.ts';
import type { Names } from './names.ts';
import { writtenModules } from './writtenModules.ts';

/** One source file before it is written. */
export interface ModulePlan {
  /** The words of its name: "book list". */
  words: string;
  sketches: Sketch[];
  store: StoreSketch | undefined;
  /** Constants that are defined here. */
  values: NamedValue[];
  /** The record that is defined here. */
  record: RecordType | undefined;
  purpose: Doing;
  /** Starts the program. */
  entry: boolean;
}

const topicWords: Record<Topic, { words: string[]; purposes: Doing[] }> = {
  numbers: {
    words: ['numbers', 'arithmetic', 'math', 'figures', 'calc'],
    purposes: [
      'arithmetic that is needed in several places',
      'small functions for numbers',
      'help| with whole numbers',
    ],
  },
  text: {
    words: ['text', 'strings', 'format', 'wording', 'string tools'],
    purposes: [
      'small functions for texts',
      'everything that has to do with texts',
      'prepare| texts for the screen',
      'bring| texts into shape',
    ],
  },
  time: {
    words: ['time', 'clock', 'dates', 'calendar', 'timing'],
    purposes: ['functions for times and durations', 'work| with times of day and durations', 'calculations with time'],
  },
  money: {
    words: ['money', 'amounts', 'prices', 'currency', 'payments'],
    purposes: ['amounts of money, always in cents', 'calculate| with money in whole cents', 'everything about prices'],
  },
  units: {
    words: ['units', 'conversion', 'measures', 'convert'],
    purposes: ['conversions between units', 'convert| between units of measurement', 'units and how they are written'],
  },
  lists: {
    words: ['lists', 'collections', 'arrays', 'sequences'],
    purposes: ['small functions for lists', 'help| with lists of any kind', 'what lists lack otherwise'],
  },
};

export function planModules(
  domain: Domain,
  random: Random,
  names: Names,
  language: LanguageName,
  fresh: FreshWords,
): ModulePlan[] {
  const modules: ModulePlan[] = [];
  const used = new Set<string>();
  const known: Known[] = [];
  const free = (choices: readonly string[]): string | undefined =>
    random.shuffle(choices).find((words) => !used.has(words));
  /** What a file is called need not say what is in it. */
  const freeOrFresh = (choices: readonly string[]): string | undefined =>
    random.chance(0.4) ? fresh.next() : free(choices);
  const addModule = (words: string, sketches: Sketch[], more: Partial<ModulePlan>, purpose: Doing): void => {
    used.add(words);
    modules.push({ words, sketches, store: undefined, record: undefined, entry: false, values: [], purpose, ...more });
    for (const { routine } of sketches) {
      const { words: name, parameters, returns } = routine;
      known.push({
        words: name,
        from: words,
        parameters: parameters.map(({ words: each, type }) => ({ words: each, type })),
        returns,
      });
    }
  };

  for (const record of random.sample(domain.records, random.int(1, 2))) {
    const scene: Scene = { random, domain, record };
    const many = random.int(2, 6);
    const lists = random.int(1, many);
    const sketches = [...draw(listDraws, scene, lists, names), ...draw(singleDraws, scene, many - lists, names)];
    const words = free([record.many, record.one, `${record.one} list`, `${record.one} rules`, `${record.one} model`]);
    if (words === undefined || sketches.length === 0) continue;
    addModule(words, random.chance(0.5) ? random.shuffle(sketches) : sketches, { record }, recordPurpose(scene));
    if (random.chance(0.25)) {
      const extra = draw([...listDraws, ...singleDraws], scene, random.int(1, 3), names);
      const more = free([
        `${record.one} queries`,
        `${record.one} filters`,
        `${record.one} checks`,
        `search`,
        `validation`,
        `rules`,
      ]);
      if (more !== undefined && extra.length > 0) addModule(more, extra, {}, recordPurpose(scene));
    }
    if (random.chance(0.35)) {
      const store = storeSketch(scene);
      const words = store && free([store.name, 'storage', `${record.one} storage`, 'memory']);
      if (store && words !== undefined && names.take(store.name)) addModule(words, [], { store }, store.purpose);
    }
  }
  for (const topic of random.sample(topics, random.int(0, 2))) {
    const words = freeOrFresh(topicWords[topic].words);
    const [record] = domain.records;
    if (words === undefined || record === undefined) continue;
    const sketches = draw(plainDraws(topic), { random, domain, record }, random.int(2, 5), names);
    if (sketches.length > 0) addModule(words, sketches, {}, random.pick(topicWords[topic].purposes));
  }
  for (const { words: usual, sketches, purpose } of writtenModules(domain, random, names, language)) {
    const words = random.chance(0.4) ? fresh.next() : usual;
    if (!used.has(words)) addModule(words, sketches, {}, purpose);
  }
  addActions(domain, random, names, known, { free, freeOrFresh }, addModule);
  placeValues(modules, random, language, free(['constants', 'limits', 'shared values', 'fixed values']));
  return modules;
}

/** Each constant is defined once: where it is first used, or in a file for all of them. Classes of Java have their own. */
function placeValues(modules: ModulePlan[], random: Random, language: LanguageName, words: string | undefined): void {
  const users = modules.map((module) => ({ module, values: module.sketches.flatMap(({ values }) => values) }));
  const placed = new Set<string>();
  for (const { module, values } of users) {
    for (const value of values) {
      if (module.values.some((each) => each.words === value.words)) continue;
      if (language !== 'java' && placed.has(value.words)) continue;
      placed.add(value.words);
      module.values.push(value);
    }
  }
  if (language === 'java' || words === undefined || placed.size < 2 || !random.chance(0.35)) return;
  const all = modules.flatMap((module) => module.values.splice(0));
  modules.unshift({
    words,
    sketches: [],
    store: undefined,
    values: all,
    record: undefined,
    purpose: 'numbers that several files need',
    entry: false,
  });
}

function addActions(
  domain: Domain,
  random: Random,
  names: Names,
  known: Known[],
  { free, freeOrFresh }: Record<'free' | 'freeOrFresh', (choices: readonly string[]) => string | undefined>,
  add: (words: string, sketches: Sketch[], more: Partial<ModulePlan>, purpose: Doing) => void,
): void {
  for (const record of random.shuffle(domain.records)) {
    const scene: Scene = { random, domain, record };
    const makers = random.shuffle([reportSketch, throughSketch, stepsSketch, throughSketch]);
    const sketches = makers
      .map((make) => make(scene, known))
      .filter((each) => each !== undefined)
      .filter(({ routine }) => names.take(routine.words, routine))
      .slice(0, random.int(1, 3));
    const words = freeOrFresh([
      'report',
      'overview',
      'summary',
      `${record.one} report`,
      'statistics',
      'dashboard',
      'output',
      'view',
    ]);
    if (words !== undefined && sketches.length > 0 && random.chance(0.8)) {
      add(
        words,
        sketches,
        {},
        random.pick([
          `put| together what people read about ${record.many}`,
          `reports on ${record.many}`,
          `what is shown of the ${record.many}`,
          `evaluate| the ${record.many}`,
        ]),
      );
    }
  }
  const [record] = domain.records;
  if (record === undefined || random.chance(0.25)) return;
  const greeting = random.pick([
    `Welcome to ${domain.about}`,
    `${domain.name} is starting`,
    `Starting ${domain.name} ...`,
    `This is ${domain.name}`,
    random.pick(domain.texts),
  ]);
  const main = mainSketch({ random, domain, record }, known, greeting);
  const words = free(['main', 'index', 'app', 'cli', 'start', 'server', 'program']);
  if (main && words !== undefined && names.take(main.routine.words, main.routine)) {
    add(
      words,
      [main],
      { entry: true },
      random.pick([
        'the entry point of the program',
        `start| ${domain.about}`,
        'call| the other parts in turn',
        'the command line of the program',
      ]),
    );
  }
}

function draw(draws: readonly Draw[], scene: Scene, count: number, names: Names): Sketch[] {
  const sketches: Sketch[] = [];
  for (const each of scene.random.shuffle(draws)) {
    if (sketches.length === count) break;
    const one = each(scene);
    if (one && names.take(one.routine.words, one.routine)) sketches.push(one);
  }
  return sketches;
}

function recordPurpose({ random, record, domain }: Scene): Doing {
  return random.pick([
    `${record.many} and what can be done with them`,
    `everything that has to do with ${record.many}`,
    `look| after the ${record.many}`,
    `keep| the rules for ${record.many} in one place`,
    `functions for ${record.many}`,
    `answer| what one wants to know of ${record.many}`,
    `answer| questions about ${record.many}`,
    `the ${record.many} that ${domain.name} works with`,
    `provide| what the rest of the program needs to know about ${record.many}`,
    `deal| with ${record.many}, one or many of them`,
  ]);
}
