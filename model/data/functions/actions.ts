// Functions that use others: reports, checks of everything, the command line.
import {
  binary,
  blank,
  call,
  give,
  literal,
  loop,
  name,
  operation,
  print,
  run,
  set,
  template,
  when,
} from '../code/build.ts';
import type { Expression, Statement, Type } from '../code/tree.ts';
import { article } from '../english.ts';
import { type Scene, type Sketch, sketch, typeOf } from './sketch.ts';

/** A function of another module, or of this one, that can be called. */
export interface Known {
  words: string;
  /** Its module; undefined: the same. */
  from: string | undefined;
  parameters: { words: string; type: Type }[];
  returns: Type;
}

function sameType(a: Type, b: Type): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What of these takes exactly one value of this type. */
export function taking(known: readonly Known[], type: Type): Known[] {
  return known.filter(
    ({ parameters }) => parameters.length === 1 && parameters[0] !== undefined && sameType(parameters[0].type, type),
  );
}

const simple = (type: Type): boolean => type === 'int' || type === 'num' || type === 'str';

/** A text about many records, made with functions that take the whole list. */
export function reportSketch(scene: Scene, known: readonly Known[]): Sketch | undefined {
  const { random, record } = scene;
  const list: Type = { list: typeOf(record) };
  const figures = random.sample(
    taking(known, list).filter(({ returns }) => simple(returns)),
    3,
  );
  const lines = random.sample(
    taking(known, typeOf(record)).filter(({ returns }) => returns === 'str'),
    1,
  );
  if (figures.length === 0 && lines.length === 0) return undefined;
  const words = random.pick([
    `${record.one} report`,
    `print ${record.many}`,
    `summarize ${record.many}`,
    `${record.many} overview`,
    `show ${record.many}`,
    `write ${record.one} summary`,
  ]);
  const title = random.pick([
    `Overview of all ${record.many}`,
    `${record.many} today`,
    `--- ${record.many} ---`,
    `Here are your ${record.many}:`,
    `Report on ${record.many}`,
  ]);
  const body: Statement[] = [print(literal(title))];
  for (const one of lines) {
    body.push(loop('entry', name(record.many), typeOf(record), [print(call(one.words, [name('entry')], one.from))]));
  }
  for (const figure of figures) {
    const value = call(figure.words, [name(record.many)], figure.from);
    body.push(print(template(`${random.pick(['', '  ', '* '])}${figure.words}: `, value)));
  }
  if (random.chance(0.5))
    body.push(print(literal(random.pick(['Done.', 'That is all.', 'End of report', 'Have a nice day!']))));
  return sketch(
    words,
    [{ words: record.many, type: list, doc: `what to report on` }],
    'void',
    body,
    [
      `print| a report on the ${record.many}`,
      `write| what is to be known about all ${record.many}`,
      `show| the ${record.many} with their figures`,
      `a short overview of the ${record.many}`,
    ],
    { texts: [title] },
  );
}

/** Goes through all records with a function that takes one. */
export function throughSketch(scene: Scene, known: readonly Known[]): Sketch | undefined {
  const { random, record } = scene;
  const [one] = random.sample(taking(known, typeOf(record)), 1);
  if (!one) return undefined;
  const list: Type = { list: typeOf(record) };
  const parameter = { words: record.many, type: list, doc: `all ${record.many}` };
  const value = call(one.words, [name('entry')], one.from);
  if (one.returns === 'void') {
    const words = random.pick([`${one.words} for all`, `process ${record.many}`, `handle all ${record.many}`]);
    return sketch(
      words,
      [parameter],
      'void',
      [loop('entry', name(record.many), typeOf(record), [run(value)])],
      [`go| through all ${record.many}, one after another`, `handle| every ${record.one} in turn`],
    );
  }
  if (one.returns === 'int' || one.returns === 'num') {
    const words = random.pick([
      `sum of ${one.words}`,
      `total ${one.words}`,
      `overall ${record.one} ${random.pick(['sum', 'value', 'result'])}`,
    ]);
    const sum: Expression = {
      type: 'each',
      what: 'sum',
      list: name(record.many),
      name: 'entry',
      of: typeOf(record),
      body: value,
    };
    return sketch(
      words,
      [parameter],
      one.returns,
      [give(sum)],
      [`add| up the results for all ${record.many}`, `what all ${record.many} give together`],
    );
  }
  if (one.returns === 'bool') {
    const words = random.pick([`keep if ${one.words}`, `those that ${one.words}`, `select ${record.many}`]);
    const kept: Expression = {
      type: 'each',
      what: 'filter',
      list: name(record.many),
      name: 'entry',
      of: typeOf(record),
      body: value,
    };
    return sketch(
      words,
      [parameter],
      list,
      [give(kept)],
      [`choose| the ${record.many} that pass the test`, `the ${record.many} for which the test holds`],
    );
  }
  const words = random.pick([`${record.one} lines`, `all ${record.one} texts`, `convert ${record.many}`]);
  const mapped: Expression = {
    type: 'each',
    what: 'map',
    list: name(record.many),
    name: 'entry',
    of: typeOf(record),
    body: value,
  };
  return sketch(
    words,
    [parameter],
    { list: one.returns },
    [give(mapped)],
    [`convert| all ${record.many}, one after another`, `a line for each of the ${record.many}`],
  );
}

/** Reads, filters and answers: a function with more steps than one. */
export function stepsSketch(scene: Scene, known: readonly Known[]): Sketch | undefined {
  const { random, record } = scene;
  const list: Type = { list: typeOf(record) };
  const filters = random.sample(
    taking(known, list).filter(({ returns }) => sameType(returns, list)),
    2,
  );
  const figures = random.sample(
    taking(known, list).filter(({ returns }) => simple(returns)),
    1,
  );
  const [filter, second] = filters;
  const [figure] = figures;
  if (!filter || !figure) return undefined;
  const words = random.pick([
    `analyse ${record.many}`,
    `evaluate ${record.many}`,
    `${record.one} statistics`,
    `inspect ${record.many}`,
    `review ${record.many}`,
  ]);
  const body: Statement[] = [
    set('selected', call(filter.words, [name(record.many)], filter.from), list),
    ...(second ? [set('ranked', call(second.words, [name('selected')], second.from), list)] : []),
    when(binary(operation('length', name(second ? 'ranked' : 'selected')), '==', 0), [
      give(literal(random.pick(['nothing to show', 'no data', 'nothing found', 'empty']))),
    ]),
    blank,
    set('figure', call(figure.words, [name(second ? 'ranked' : 'selected')], figure.from), figure.returns),
    give(template(random.pick(['result: ', 'in total ', `${figure.words}: `]), name('figure'))),
  ];
  return sketch(words, [{ words: record.many, type: list, doc: `all ${record.many}` }], 'str', body, [
    `select| some ${record.many} for a short text about them`,
    `a sentence about the ${record.many} that matter`,
    `choose| some ${record.many} for one figure about them`,
  ]);
}

const plainTexts = ['08:30', 'some words', 'Hello there', 'a, b', 'Nina', 'two words'];

/** Values that go with the names of some parameters. */
const fitting: Record<string, string> = {
  path: 'settings.json',
  url: '/list?page=2',
  clock: '07:45',
  name: 'DEBUG',
  variable: 'DEBUG',
  base: 'http://localhost:8080',
  folder: 'data',
  day: '2026-03-02',
  first: '2026-01-05',
  second: '2026-02-01',
  due: '2026-04-30',
};

/** Calls some others with plain values, as a command line or an example would. */
export function mainSketch(scene: Scene, known: readonly Known[], greeting: string): Sketch | undefined {
  const { random, record } = scene;
  const makers = random.sample(
    known.filter(
      ({ parameters, returns }) => sameType(returns, typeOf(record)) && parameters.every(({ type }) => type === 'str'),
    ),
    1,
  );
  const users = random.sample(taking(known, typeOf(record)), 2);
  const plain = random.sample(
    known.filter(
      ({ parameters, returns }) =>
        simple(returns) && parameters.length > 0 && parameters.every(({ type }) => simple(type)),
    ),
    3,
  );
  const body: Statement[] = [print(literal(greeting))];
  const [maker] = makers;
  if (maker && users.length > 0) {
    body.push(
      set(
        'example',
        call(
          maker.words,
          maker.parameters.map(() => literal(random.pick(['Ada', 'north', 'B-17', 'blue', 'demo', 'K2']))),
          maker.from,
        ),
        typeOf(record),
      ),
    );
    for (const user of users) {
      const value = call(user.words, [name('example')], user.from);
      body.push(
        user.returns === 'void' ? run(value) : print(user.returns === 'str' ? value : operation('text', value)),
      );
    }
  }
  for (const one of plain.flatMap((each) => (random.chance(0.5) ? [each, each] : [each]))) {
    const value = call(
      one.words,
      one.parameters.map(({ type, words: own }) =>
        type === 'str' ? literal(fitting[own] ?? random.pick(plainTexts)) : literal(random.int(3, 400)),
      ),
      one.from,
    );
    body.push(print(operation('text', value)));
  }
  if (body.length < 2) return undefined;
  const words = random.pick(['main', 'run', 'start', 'demo', 'run example']);
  return sketch(
    words,
    [],
    'void',
    body,
    [
      `run| a small example with ${article(record.one)}`,
      'the entry point of the program',
      `start| the program`,
      'show| what the program can do',
    ],
    { texts: [greeting] },
  );
}
