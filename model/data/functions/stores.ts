// Classes that keep records.
import {
  assign,
  binary,
  empty,
  fail,
  field,
  give,
  has,
  literal,
  lookUp,
  name,
  not,
  operation,
  push,
  put,
  when,
} from '../code/build.ts';
import type { ClassShape } from '../code/language.ts';
import type { Expression, Parameter, Routine, Type } from '../code/tree.ts';
import { article } from '../english.ts';
import { type Doing, fieldsOf, type Scene, typeOf } from './sketch.ts';

/** A class before it is written. `docs` of a method as in `Sketch`. */
export interface StoreSketch {
  name: string;
  /** Of the class, and of its file. */
  doing: Doing;
  purpose: Doing;
  state: ClassShape['state'];
  methods: { routine: Routine; docs: Doing[] }[];
  texts: string[];
}

const state = (words: string): Expression => field(undefined, words);

function method(words: string, parameters: Parameter[], returns: Type, body: Routine['body'], docs: Doing[]) {
  return { routine: { words, parameters, returns, body }, docs };
}

/** A class with a list or a table of records. */
export function storeSketch(scene: Scene): StoreSketch | undefined {
  const { random, record } = scene;
  const [key] = fieldsOf(record, 'str');
  const [amount] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!key || !amount) return undefined;
  const suffix = random.pick(['store', 'list', 'registry', 'book', 'repository', 'archive', 'collection', 'cache']);
  const entries = random.pick(['entries', record.many, 'items', 'kept']);
  const short = record.one.split(' ').at(-1) ?? record.one;
  const one: Parameter = { words: short, type: typeOf(record), doc: article(record.one) };
  const wanted: Parameter = {
    words: `wanted ${key.words}`,
    type: 'str',
    doc: `the ${key.words} of the one that is meant`,
  };
  const table = random.chance(0.5);
  const type: Type = table ? { map: typeOf(record) } : { list: typeOf(record) };
  const exists = random.pick([
    `There is a ${record.one} with this ${key.words} already`,
    `Duplicate ${key.words}`,
    `This ${record.one} is known already`,
  ]);
  const unknown = random.pick([
    `Unknown ${record.one}`,
    `No such ${record.one}`,
    `Nothing is kept for this ${key.words}`,
  ]);
  const keyOf = field(name(short), key.words);
  const find: Expression = {
    type: 'each',
    what: 'first',
    list: state(entries),
    name: 'entry',
    of: typeOf(record),
    body: binary(field(name('entry'), key.words), '==', name(wanted.words)),
  };
  const add = table
    ? method(
        random.pick(['add', 'put', 'register', 'insert']),
        [one],
        'void',
        [when(has(state(entries), keyOf), [fail(literal(exists))]), put(state(entries), keyOf, name(short))],
        [`add| ${article(record.one)}, which must be a new one`, `keep| ${article(record.one)} under its ${key.words}`],
      )
    : method(
        random.pick(['add', 'append', 'push', 'remember']),
        [one],
        'void',
        [push(state(entries), name(short))],
        [`add| ${article(record.one)} at the end`, `remember| ${article(record.one)}`],
      );
  const get = table
    ? method(
        random.pick(['get', 'find', 'require', 'load']),
        [wanted],
        typeOf(record),
        [
          when(not(has(state(entries), name(wanted.words))), [fail(literal(unknown))]),
          give(lookUp(state(entries), name(wanted.words))),
        ],
        [`find| the ${record.one} with this ${key.words}`, `the ${record.one} that is kept under this ${key.words}`],
      )
    : method(
        random.pick(['find', 'look up', 'get']),
        [wanted],
        { optional: typeOf(record) },
        [give(find)],
        [`find| the ${record.one} with this ${key.words}`, `the ${record.one} with this ${key.words}, if it is there`],
      );
  const size = method(
    random.pick(['size', 'count', 'length']),
    [],
    'int',
    [give(operation('length', state(entries)))],
    [`how many ${record.many} there are`, `count| the ${record.many}`],
  );
  const total = method(
    random.pick([`total ${amount.words}`, `sum ${amount.words}`]),
    [],
    amount.type,
    [
      give({
        type: 'each',
        what: 'sum',
        list: state(entries),
        name: 'entry',
        of: typeOf(record),
        body: field(name('entry'), amount.words),
      }),
    ],
    [`add| up the ${amount.words} of all ${record.many}`, `the ${amount.words} of everything that is kept`],
  );
  const clear = method(
    random.pick(['clear', 'reset', 'remove all']),
    [],
    'void',
    [assign(state(entries), '=', empty(type))],
    ['forget| everything', `remove| all ${record.many}`],
  );
  const many = random.sample(table ? [clear] : [size, total, clear], random.int(1, 3));
  return {
    name: `${random.chance(0.8) ? record.one : scene.domain.name} ${suffix}`,
    purpose: random.pick([
      `where the ${record.many} are kept`,
      `storage of ${record.many}`,
      `store| ${record.many} while the program runs`,
      `the memory of the program for ${record.many}`,
    ]),
    doing: random.pick([
      `keep| ${record.many} in memory`,
      `all ${record.many} of the program`,
      `a ${suffix} of ${record.many}`,
      `hold| the ${record.many} that are known`,
    ]),
    state: [{ words: entries, type }],
    methods: [add, get, ...many],
    texts: table ? [exists, unknown] : [],
  };
}
