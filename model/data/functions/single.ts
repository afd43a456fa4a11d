// Functions about one record: describing, checking, changing, pricing.
import { article } from '../english.ts';
import {
  assign,
  at,
  binary,
  constant,
  fail,
  field,
  give,
  literal,
  name,
  not,
  operation,
  push,
  set,
  template,
  when,
} from '../code/build.ts';
import type { Expression, Parameter } from '../code/tree.ts';
import { type Draw, fieldsOf, type Scene, sketch, typeOf } from './sketch.ts';

function oneParameter({ record, random }: Scene): Parameter {
  const short = record.one.split(' ').at(-1) ?? record.one;
  return {
    words: random.chance(0.8) ? record.one : short,
    type: typeOf(record),
    doc: random.pick([`the ${record.one} in question`, article(record.one), 'what to look at']),
  };
}

function numbers({ domain }: Scene) {
  return domain.values.filter((each) => /^[\d.]+$/.test(each.value));
}

const describeOne: Draw = (scene) => {
  const { random, record } = scene;
  const one = oneParameter(scene);
  const [key] = fieldsOf(record, 'str');
  const [amount] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!key || !amount) return undefined;
  const words = random.pick([
    `describe ${record.one}`,
    `format ${record.one}`,
    `${record.one} line`,
    `${record.one} label`,
    `show ${record.one}`,
    `render ${record.one}`,
  ]);
  const parts: (string | Expression)[] = random.pick([
    [field(name(one.words), key.words), ` (${amount.words}: `, field(name(one.words), amount.words), ')'],
    [field(name(one.words), key.words), ', ', field(name(one.words), amount.words), ` ${amount.words}`],
    [field(name(one.words), amount.words), ' x ', field(name(one.words), key.words)],
    [`${record.one} `, field(name(one.words), key.words), ': ', field(name(one.words), amount.words)],
  ]);
  return sketch(
    words,
    [one],
    'str',
    [give(template(...parts))],
    [
      `describe| ${article(record.one)} in one line`,
      `one line of text about ${article(record.one)}`,
      `write| ${article(record.one)} as a text with its ${key.words} and ${amount.words}`,
      `format| ${article(record.one)} for the screen`,
    ],
  );
};

const parseLine: Draw = (scene) => {
  const { random, record } = scene;
  const mark = random.pick([';', ',', '|']);
  const words = random.pick([
    `parse ${record.one}`,
    `read ${record.one} line`,
    `${record.one} from line`,
    `decode ${record.one}`,
  ]);
  const fields = record.fields.map((each, index): [string, Expression] => {
    const part = at(name('parts'), index);
    return [
      each.words,
      each.type === 'str'
        ? operation('trim', part)
        : each.type === 'bool'
          ? binary(part, '==', literal('yes'))
          : operation('number', part),
    ];
  });
  const message = random.pick([`Not a ${record.one}: `, 'Line cannot be read: ', `Malformed ${record.one} `]);
  return sketch(
    words,
    [{ words: 'line', type: 'str', doc: 'one line of the file' }],
    typeOf(record),
    [
      set('parts', operation('split', name('line'), literal(mark)), { list: 'str' }),
      when(binary(operation('length', name('parts')), '<', record.fields.length), [
        fail(template(message, name('line'))),
      ]),
      give({ type: 'record', name: record.one, fields }),
    ],
    [
      `parse| one line of text into ${article(record.one)}`,
      `read| ${article(record.one)} from a line`,
      `the ${record.one} that a line of the file describes`,
    ],
    {
      remark: random.pick([`The parts are divided by "${mark}".`, 'A line with too few parts is an error.']),
      texts: [message.trim()],
    },
  );
};

const validate: Draw = (scene) => {
  const { random, record } = scene;
  const one = oneParameter(scene);
  const [key] = fieldsOf(record, 'str');
  const [amount] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!key || !amount) return undefined;
  const words = random.pick([
    `validate ${record.one}`,
    `check ${record.one}`,
    `verify ${record.one}`,
    `ensure valid ${record.one}`,
  ]);
  const list = random.chance(0.5);
  const first = random.pick([
    `The ${key.words} is missing`,
    `Every ${record.one} needs a ${key.words}`,
    `${key.words} must not be empty`,
  ]);
  const second = random.pick([
    `The ${amount.words} must not be negative`,
    `${amount.words} is below zero`,
    `Impossible ${amount.words}`,
  ]);
  const noKey = binary(operation('trim', field(name(one.words), key.words)), '==', literal(''));
  const negative = binary(field(name(one.words), amount.words), '<', 0);
  if (list) {
    return sketch(
      words,
      [one],
      { list: 'str' },
      [
        set('problems', { type: 'empty', of: { list: 'str' } }, { list: 'str' }),
        when(noKey, [push(name('problems'), literal(first))]),
        when(negative, [push(name('problems'), literal(second))]),
        give(name('problems')),
      ],
      [
        `check| ${article(record.one)} for mistakes`,
        `everything that is wrong with ${article(record.one)}`,
        `list| the problems of ${article(record.one)}`,
      ],
      { texts: [first, second] },
    );
  }
  return sketch(
    words,
    [one],
    'void',
    [when(noKey, [fail(literal(first))]), when(negative, [fail(literal(second))])],
    [
      `check| that ${article(record.one)} makes sense`,
      `make| sure that ${article(record.one)} has a ${key.words} and a possible ${amount.words}`,
      `refuse| ${article(record.one)} without a ${key.words}`,
    ],
    { texts: [first, second] },
  );
};

const predicate: Draw = (scene) => {
  const { random, record } = scene;
  const one = oneParameter(scene);
  const [amount] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  const [flag] = fieldsOf(record, 'bool');
  const [value] = random.sample(numbers(scene), 1);
  if (!amount || !flag || !value) return undefined;
  const adjective = random.pick([
    'large',
    'due',
    'critical',
    'eligible',
    'ready',
    'unusual',
    'complete',
    'ok',
    'risky',
    'popular',
    'overdue',
  ]);
  const words = random.pick([`is ${adjective}`, `is ${adjective} ${record.one}`, `${record.one} is ${adjective}`]);
  const test = binary(
    field(name(one.words), amount.words),
    random.pick(['>=', '>', '<'] as const),
    constant(value.words),
  );
  const body = random.chance(0.5) ? binary(test, 'and', not(field(name(one.words), flag.words))) : test;
  return sketch(
    words,
    [one],
    'bool',
    [give(body)],
    [
      `whether ${article(record.one)} counts as ${adjective}`,
      `tell| whether ${article(record.one)} is ${adjective}, by its ${amount.words}`,
      `check| if the ${amount.words} makes ${article(record.one)} ${adjective}`,
      `decide| whether this ${record.one} is ${adjective}`,
    ],
    { values: [value] },
  );
};

const mark: Draw = (scene) => {
  const { random, record } = scene;
  const one = oneParameter(scene);
  const [flag] = fieldsOf(record, 'bool');
  const [key] = fieldsOf(record, 'str');
  if (!flag || !key) return undefined;
  const words = random.pick([`mark ${flag.words}`, `set ${flag.words}`, `mark as ${flag.words}`]);
  const message = random.pick([` is already ${flag.words}`, ` was ${flag.words} before`]);
  const strict = random.chance(0.6);
  return sketch(
    words,
    [one],
    'void',
    [
      ...(strict
        ? [when(field(name(one.words), flag.words), [fail(template(field(name(one.words), key.words), message))])]
        : []),
      assign(field(name(one.words), flag.words), '=', true),
    ],
    [
      `mark| ${article(record.one)} as ${flag.words}`,
      `note| that this ${record.one} is ${flag.words} now`,
      `set| the flag that says a ${record.one} is ${flag.words}`,
    ],
    strict ? { texts: [message.trim()], remark: 'Doing it twice is an error.' } : {},
  );
};

const increase: Draw = (scene) => {
  const { random, record } = scene;
  const one = oneParameter(scene);
  const [amount] = random.sample(fieldsOf(record, 'int'), 1);
  if (!amount) return undefined;
  const by = random.pick(['amount', 'by', 'step', 'count']);
  const down = random.chance(0.3);
  const words = down
    ? random.pick([`reduce ${amount.words}`, `lower ${amount.words}`, `take ${amount.words}`])
    : random.pick([`increase ${amount.words}`, `raise ${amount.words}`, `add ${amount.words}`, `bump ${amount.words}`]);
  return sketch(
    words,
    [one, { words: by, type: 'int', doc: 'by how much' }],
    'int',
    [
      ...(random.chance(0.5) ? [when(binary(name(by), '<=', 0), [fail(literal('The amount must be positive'))])] : []),
      assign(field(name(one.words), amount.words), down ? '-=' : '+=', name(by)),
      give(field(name(one.words), amount.words)),
    ],
    [
      `${down ? 'lower' : 'raise'}| the ${amount.words} of ${article(record.one)}`,
      `${down ? 'take| something off' : 'add| something to'} the ${amount.words} of ${article(record.one)}`,
      `change| the ${amount.words} of ${article(record.one)} by an amount`,
    ],
    random.chance(0.4) ? { remark: `Returns the new ${amount.words}.` } : {},
  );
};

const fee: Draw = (scene) => {
  const { random, record } = scene;
  const one = oneParameter(scene);
  const [amount] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  const [flag] = fieldsOf(record, 'bool');
  const [value] = random.sample(numbers(scene), 1);
  if (!amount || !flag || !value) return undefined;
  const kind = random.pick(['fee', 'price', 'score', 'penalty', 'cost', 'bonus', 'rating', 'charge']);
  const words = random.pick([
    `${record.one} ${kind}`,
    `${kind} for ${record.one}`,
    `calculate ${kind}`,
    `compute ${kind}`,
    `${kind} of`,
  ]);
  const over = binary(field(name(one.words), amount.words), '-', constant(value.words));
  return sketch(
    words,
    [one],
    'int',
    [
      when(field(name(one.words), flag.words), [give(0)]),
      set('over', over, 'int'),
      when(binary(name('over'), '<=', 0), [give(0)]),
      give(binary(name('over'), '*', random.int(2, 25))),
    ],
    [
      `calculate| the ${kind} for ${article(record.one)} from its ${amount.words}`,
      `the ${kind} of ${article(record.one)}`,
      `what ${kind} ${article(record.one)} gets`,
      `work| out the ${kind} of one ${record.one}`,
    ],
    {
      values: [value],
      remark: random.pick([
        `Nothing for one that is ${flag.words}.`,
        `One that is ${flag.words} gets none.`,
        `It is 0 below the limit.`,
      ]),
    },
  );
};

const create: Draw = (scene) => {
  const { random, record } = scene;
  const strings = fieldsOf(record, 'str');
  if (strings.length === 0) return undefined;
  const words = random.pick([
    `create ${record.one}`,
    `new ${record.one}`,
    `make ${record.one}`,
    `empty ${record.one}`,
    `build ${record.one}`,
  ]);
  const parameters: Parameter[] = strings.map((each) => ({ words: each.words, type: 'str', doc: `its ${each.words}` }));
  const fields = record.fields.map((each): [string, Expression] => [
    each.words,
    each.type === 'str' ? name(each.words) : each.type === 'bool' ? literal(false) : literal(0),
  ]);
  return sketch(
    words,
    parameters,
    typeOf(record),
    [give({ type: 'record', name: record.one, fields })],
    [
      `create| a new ${record.one} with nothing in it yet`,
      `a new ${record.one} with this ${strings[0]?.words ?? 'name'}`,
      `make| ${article(record.one)} with default values`,
    ],
  );
};

const compare: Draw = (scene) => {
  const { random, record } = scene;
  const [amount] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!amount) return undefined;
  const words = random.pick([`compare ${amount.words}`, `${amount.words} difference`, `${amount.words} gap`]);
  return sketch(
    words,
    [
      { words: 'first', type: typeOf(record), doc: article(record.one) },
      { words: 'second', type: typeOf(record), doc: `another ${record.one}` },
    ],
    amount.type,
    [give(binary(field(name('first'), amount.words), '-', field(name('second'), amount.words)))],
    [
      `compare| two ${record.many} by their ${amount.words}`,
      `the difference in ${amount.words} between two ${record.many}`,
      `tell| by how much the ${amount.words} of two ${record.many} differ`,
    ],
  );
};

const classify: Draw = (scene) => {
  const { random, record } = scene;
  const one = oneParameter(scene);
  const [amount] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!amount) return undefined;
  const low = random.int(2, 40);
  const high = low + random.int(5, 300);
  const [a, b, c] = random.pick([
    ['low', 'medium', 'high'],
    ['small', 'normal', 'large'],
    ['green', 'yellow', 'red'],
    ['bronze', 'silver', 'gold'],
    ['rare', 'common', 'frequent'],
    ['calm', 'busy', 'crowded'],
  ] as const);
  const words = random.pick([
    `${record.one} class`,
    `classify ${record.one}`,
    `${amount.words} level`,
    `${record.one} category`,
    `rate ${record.one}`,
  ]);
  return sketch(
    words,
    [one],
    'str',
    [
      when(binary(field(name(one.words), amount.words), '<', low), [give(literal(a))]),
      when(binary(field(name(one.words), amount.words), '<', high), [give(literal(b))]),
      give(literal(c)),
    ],
    [
      `put| ${article(record.one)} into a class by its ${amount.words}`,
      `"${a}", "${b}" or "${c}", depending on the ${amount.words}`,
      `sort| ${article(record.one)} into ${a}, ${b} or ${c}`,
      `name| the class of ${article(record.one)}`,
    ],
  );
};

/** Every function about one record. */
export const singleDraws: readonly Draw[] = [
  describeOne,
  describeOne,
  parseLine,
  validate,
  predicate,
  predicate,
  mark,
  increase,
  fee,
  fee,
  create,
  compare,
  classify,
];
