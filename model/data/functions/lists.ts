// Functions over a list of records: adding up, choosing, sorting, grouping.
import { article } from '../english.ts';
import {
  assign,
  at,
  binary,
  constant,
  empty,
  field,
  give,
  has,
  lookUp,
  loop,
  name,
  not,
  operation,
  put,
  set,
  template,
  when,
} from '../code/build.ts';
import type { Expression, Parameter, Type } from '../code/tree.ts';
import { type Draw, fieldsOf, itemName, type Scene, sketch, theMany, typeOf } from './sketch.ts';

function listParameter(scene: Scene): Parameter {
  const { record, random } = scene;
  const words = random.weighted({ [record.many]: 6, items: 1, list: 1 });
  return {
    words,
    type: { list: typeOf(record) },
    doc: random.pick([`the ${record.many} to look at`, `all ${record.many}`, `what to go through`]),
  };
}

function each(
  what: 'filter' | 'map' | 'sum' | 'count' | 'some' | 'first',
  scene: Scene,
  list: Parameter,
  one: string,
  body: Expression,
): Expression {
  return { type: 'each', what, list: name(list.words), name: one, of: typeOf(scene.record), body };
}

const total: Draw = (scene) => {
  const { random, record } = scene;
  const list = listParameter(scene);
  const one = itemName(scene);
  const [of] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!of) return undefined;
  const words = random.pick([
    `total ${of.words}`,
    `sum ${of.words}`,
    `add up ${of.words}`,
    `${record.one} ${of.words} total`,
    `combined ${of.words}`,
  ]);
  return sketch(
    words,
    [list],
    of.type,
    [give(each('sum', scene, list, one, field(name(one), of.words)))],
    [
      `add| up the ${of.words} of ${theMany(scene)}`,
      `the ${of.words} of ${theMany(scene)} together`,
      `sum| up the ${of.words} over ${theMany(scene)}`,
      `return| the total ${of.words} of ${theMany(scene)}`,
      `calculate| how much ${of.words} ${theMany(scene)} have in all`,
    ],
  );
};

const countWhere: Draw = (scene) => {
  const { random, record } = scene;
  const [flag] = fieldsOf(record, 'bool');
  if (!flag) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const words = random.pick([
    `count ${flag.words}`,
    `${flag.words} count`,
    `number of ${flag.words} ${record.many}`,
    `count ${flag.words} ${record.many}`,
    `how many ${flag.words}`,
  ]);
  return sketch(
    words,
    [list],
    'int',
    [give(each('count', scene, list, one, field(name(one), flag.words)))],
    [
      `count| the ${record.many} that are marked as ${flag.words}`,
      `the number of ${record.many} with the flag "${flag.words}"`,
      `how many of ${theMany(scene)} are ${flag.words}`,
      `tell| how many ${record.many} are ${flag.words}`,
    ],
  );
};

const only: Draw = (scene) => {
  const { random, record } = scene;
  const [flag] = fieldsOf(record, 'bool');
  if (!flag) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const negative = random.chance(0.4);
  const test = field(name(one), flag.words);
  const words = negative
    ? random.pick([
        `not ${flag.words}`,
        `without ${flag.words}`,
        `skip ${flag.words}`,
        `drop ${flag.words} ${record.many}`,
      ])
    : random.pick([
        `only ${flag.words}`,
        `${flag.words} ${record.many}`,
        `select ${flag.words}`,
        `filter ${flag.words}`,
      ]);
  const kept = negative ? `not ${flag.words}` : flag.words;
  return sketch(
    words,
    [list],
    { list: typeOf(record) },
    [give(each('filter', scene, list, one, negative ? not(test) : test))],
    [
      `keep| only the ${record.many} that are ${kept}`,
      `those of ${theMany(scene)} that are ${kept}`,
      `return| the ${record.many} that are ${kept}`,
      negative
        ? `leave| out the ${record.many} that are ${flag.words}`
        : `pick| out the ${record.many} that are ${flag.words}`,
    ],
  );
};

const find: Draw = (scene) => {
  const { random, record } = scene;
  const [key] = random.sample(fieldsOf(record, 'str'), 1);
  if (!key) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const wanted = random.pick([key.words, key.words, `wanted ${key.words}`, 'wanted']);
  const strict = random.chance(0.5);
  const words = random.pick([
    `find ${record.one}`,
    `find by ${key.words}`,
    `${record.one} by ${key.words}`,
    `get ${record.one}`,
    `look up ${record.one}`,
    `pick ${record.one}`,
  ]);
  const parameters: Parameter[] = [
    list,
    { words: wanted === one ? `wanted ${key.words}` : wanted, type: 'str', doc: `the ${key.words} to look for` },
  ];
  const search = each(
    'first',
    scene,
    list,
    one,
    binary(field(name(one), key.words), '==', name(parameters[1]?.words ?? wanted)),
  );
  if (!strict) {
    return sketch(
      words,
      parameters,
      { optional: typeOf(record) },
      [give(search)],
      [
        `find| the ${record.one} with this ${key.words}`,
        `the ${record.one} with the given ${key.words}, if there is one`,
        `look| up ${article(record.one)} by its ${key.words}`,
        `return| the first ${record.one} that has this ${key.words}`,
      ],
    );
  }
  const message = random.pick([
    `No such ${record.one}: `,
    `Unknown ${record.one} `,
    `There is no ${record.one} called `,
    `Cannot find ${record.one} `,
  ]);
  const body = [
    loop(one, name(list.words), typeOf(record), [
      when(binary(field(name(one), key.words), '==', name(parameters[1]?.words ?? wanted)), [give(name(one))]),
    ]),
    { type: 'fail' as const, text: template(message, name(parameters[1]?.words ?? wanted)) },
  ];
  return sketch(
    words,
    parameters,
    typeOf(record),
    body,
    [
      `find| the ${record.one} with this ${key.words}`,
      `the ${record.one} with this ${key.words}`,
      `look| up ${article(record.one)} by its ${key.words}`,
      `get| the ${record.one} that has the given ${key.words}`,
    ],
    {
      remark: random.pick([
        'Fails when there is none.',
        'It is an error if nothing is found.',
        'An unknown one is an error.',
      ]),
      texts: [message.trim()],
    },
  );
};

const sorted: Draw = (scene) => {
  const { random, record } = scene;
  const [by] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!by) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const down = random.chance(0.5);
  const value: Expression = {
    type: 'sorted',
    list: name(list.words),
    name: one,
    of: 'int',
    by: field(name(one), by.words),
    down,
  };
  const words = random.pick([
    `sort by ${by.words}`,
    `order by ${by.words}`,
    `sorted by ${by.words}`,
    `rank ${record.many}`,
    `${record.many} by ${by.words}`,
  ]);
  const order = down ? 'largest' : 'smallest';
  return sketch(
    words,
    [list],
    { list: typeOf(record) },
    [give(value)],
    [
      `sort| ${theMany(scene)} by ${by.words}, ${order} first`,
      `${theMany(scene)} in the order of their ${by.words}, ${order} first`,
      `order| ${theMany(scene)} by their ${by.words}, beginning with the ${order}`,
    ],
  );
};

const largest: Draw = (scene) => {
  const { random, record } = scene;
  const [by] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!by) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const words = random.pick([
    `largest ${by.words}`,
    `most ${by.words}`,
    `max ${by.words}`,
    `highest ${by.words}`,
    `top ${record.one}`,
  ]);
  const best = random.pick(['best', 'largest', 'top']);
  return sketch(
    words,
    [list],
    typeOf(record),
    [
      set(best, at(name(list.words), 0), typeOf(record), true),
      loop(one, name(list.words), typeOf(record), [
        when(binary(field(name(one), by.words), '>', field(name(best), by.words)), [
          assign(name(best), '=', name(one)),
        ]),
      ]),
      give(name(best)),
    ],
    [
      `find| the ${record.one} with the largest ${by.words}`,
      `the ${record.one} that has the most ${by.words}`,
      `return| the ${record.one} whose ${by.words} is the highest`,
    ],
    random.chance(0.3) ? { remark: `There must be at least one ${record.one}.` } : {},
  );
};

const average: Draw = (scene) => {
  const { random, record } = scene;
  const [of] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!of) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const words = random.pick([`average ${of.words}`, `mean ${of.words}`, `typical ${of.words}`]);
  return sketch(
    words,
    [list],
    'num',
    [
      when(binary(operation('length', name(list.words)), '==', 0), [give(0)]),
      set('sum', each('sum', scene, list, one, field(name(one), of.words)), of.type),
      give(binary(name('sum'), '/', operation('length', name(list.words)))),
    ],
    [
      `calculate| the average ${of.words} of ${theMany(scene)}`,
      `the mean ${of.words} of ${theMany(scene)}`,
      `work| out what the ${of.words} of ${article(record.one)} is on average`,
    ],
    { remark: random.pick(['Zero when there are none.', 'An empty list gives 0.', 'Without any, it is 0.']) },
  );
};

const grouped: Draw = (scene) => {
  const { random, record } = scene;
  const [by] = random.sample(fieldsOf(record, 'str'), 1);
  if (!by) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const counts = random.chance(0.5);
  const type: Type = { map: counts ? 'int' : { list: typeOf(record) } };
  const key = field(name(one), by.words);
  const into = random.pick(['groups', 'result', 'found', 'table']);
  const body = counts
    ? [
        set(into, empty(type), type),
        loop(one, name(list.words), typeOf(record), [
          when(has(name(into), key), [assign(lookUp(name(into), key), '+=', 1)], [put(name(into), key, 1)]),
        ]),
        give(name(into)),
      ]
    : [
        set(into, empty(type), type),
        loop(one, name(list.words), typeOf(record), [
          when(not(has(name(into), key)), [put(name(into), key, empty({ list: typeOf(record) }))]),
          { type: 'push' as const, list: lookUp(name(into), key), value: name(one) },
        ]),
        give(name(into)),
      ];
  const words = counts
    ? random.pick([`count by ${by.words}`, `tally ${by.words}`, `${record.many} per ${by.words}`])
    : random.pick([`group by ${by.words}`, `split by ${by.words}`, `collect by ${by.words}`]);
  const docs = counts
    ? [`count| how many ${record.many} there are for each ${by.words}`, `the number of ${record.many} by ${by.words}`]
    : [
        `group| ${theMany(scene)} by their ${by.words}`,
        `${theMany(scene)}, put together by ${by.words}`,
        `collect| the ${record.many} that share a ${by.words}`,
      ];
  return sketch(words, [list], type, body, docs);
};

const above: Draw = (scene) => {
  const { random, record, domain } = scene;
  const [of] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  const value = random.pick(domain.values.filter((one) => /^[\d.]+$/.test(one.value)));
  if (!of) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const fixed = random.chance(0.5);
  const less = random.chance(0.4);
  const limit = fixed ? constant(value.words) : name('limit');
  const words = less
    ? random.pick([`below ${of.words} limit`, `low ${of.words}`, `${record.many} with little ${of.words}`])
    : random.pick([`above ${of.words} limit`, `high ${of.words}`, `${record.many} with much ${of.words}`]);
  const parameters: Parameter[] = fixed
    ? [list]
    : [list, { words: 'limit', type: of.type, doc: `the ${of.words} to compare with` }];
  const side = less ? 'less' : 'more';
  return sketch(
    words,
    parameters,
    { list: typeOf(record) },
    [give(each('filter', scene, list, one, binary(field(name(one), of.words), less ? '<' : '>', limit)))],
    [
      `keep| the ${record.many} whose ${of.words} is ${side} than the limit`,
      `the ${record.many} with ${side} ${of.words} than the limit`,
      `select| the ${record.many} that have ${side} ${of.words} than allowed`,
    ],
    fixed ? { values: [value] } : {},
  );
};

const labels: Draw = (scene) => {
  const { random, record } = scene;
  const [of] = random.sample(fieldsOf(record, 'str'), 1);
  if (!of) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const words = random.pick([
    `list ${of.words}s`,
    `all ${of.words}s`,
    `${record.one} ${of.words}s`,
    `collect ${of.words}s`,
  ]);
  const value = random.chance(0.4) ? operation('upper', field(name(one), of.words)) : field(name(one), of.words);
  return sketch(
    words,
    [list],
    { list: 'str' },
    [give(each('map', scene, list, one, value))],
    [
      `list| the ${of.words} of every ${record.one}`,
      `the ${of.words} of each of ${theMany(scene)}`,
      `collect| what ${of.words} ${theMany(scene)} have`,
    ],
  );
};

const matching: Draw = (scene) => {
  const { random, record } = scene;
  const [of] = random.sample(fieldsOf(record, 'str'), 1);
  if (!of) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const words = random.pick([
    `search ${record.many}`,
    `search by ${of.words}`,
    `${record.many} matching`,
    `filter by ${of.words}`,
  ]);
  const needle = random.pick(['query', 'part', 'needle', 'term']);
  return sketch(
    words,
    [list, { words: needle, type: 'str', doc: `a part of the ${of.words}` }],
    { list: typeOf(record) },
    [
      set('wanted', operation('lower', operation('trim', name(needle))), 'str'),
      give(
        each(
          'filter',
          scene,
          list,
          one,
          operation('contains', operation('lower', field(name(one), of.words)), name('wanted')),
        ),
      ),
    ],
    [
      `search| ${theMany(scene)} for a part of the ${of.words}`,
      `the ${record.many} whose ${of.words} contains the ${needle}`,
      `find| every ${record.one} with the ${needle} in its ${of.words}`,
    ],
    random.chance(0.5) ? { remark: random.pick(['Case does not matter.', 'Upper and lower case are the same.']) } : {},
  );
};

const without: Draw = (scene) => {
  const { random, record } = scene;
  const [key] = random.sample(fieldsOf(record, 'str'), 1);
  if (!key) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const gone = `old ${key.words}`;
  const words = random.pick([
    `remove ${record.one}`,
    `drop ${record.one}`,
    `delete ${record.one}`,
    `${record.many} without`,
  ]);
  return sketch(
    words,
    [list, { words: gone, type: 'str', doc: `the ${key.words} of the one to remove` }],
    { list: typeOf(record) },
    [give(each('filter', scene, list, one, binary(field(name(one), key.words), '!=', name(gone))))],
    [
      `remove| the ${record.one} with this ${key.words} from the list`,
      `${theMany(scene)} except the one with this ${key.words}`,
      `take| out the ${record.one} that has the given ${key.words}`,
    ],
  );
};

const share: Draw = (scene) => {
  const { random, record } = scene;
  const [flag] = fieldsOf(record, 'bool');
  if (!flag) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const words = random.pick([
    `${flag.words} share`,
    `${flag.words} percentage`,
    `share of ${flag.words}`,
    `percent ${flag.words}`,
  ]);
  return sketch(
    words,
    [list],
    'int',
    [
      set('matching', each('count', scene, list, one, field(name(one), flag.words)), 'int', true),
      when(binary(name('matching'), '==', 0), [give(0)]),
      give(operation('round', binary(binary(name('matching'), '*', 100), '/', operation('length', name(list.words))))),
    ],
    [
      `calculate| which percentage of ${theMany(scene)} is ${flag.words}`,
      `the share of ${record.many} that are ${flag.words}, in percent`,
      `how many percent of ${theMany(scene)} are ${flag.words}`,
    ],
  );
};

const page: Draw = (scene) => {
  const { random, record } = scene;
  const list = listParameter(scene);
  const words = random.pick([`page of ${record.many}`, `${record.one} page`, `slice ${record.many}`]);
  return sketch(
    words,
    [
      list,
      { words: 'page', type: 'int', doc: 'which page, from 0' },
      { words: 'size', type: 'int', doc: 'how many there are on a page' },
    ],
    { list: typeOf(record) },
    [
      set('start', binary(name('page'), '*', name('size')), 'int'),
      give(operation('slice', name(list.words), name('start'), binary(name('start'), '+', name('size')))),
    ],
    [
      `cut| one page out of ${theMany(scene)}`,
      `one page of ${theMany(scene)}`,
      `return| the ${record.many} that stand on a page`,
    ],
    { remark: 'Pages count from 0.' },
  );
};

const anyOf: Draw = (scene) => {
  const { random, record } = scene;
  const [of] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!of) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const words = random.pick([`has any ${of.words}`, `some ${of.words} left`, `any ${record.one} with ${of.words}`]);
  return sketch(
    words,
    [list],
    'bool',
    [give(each('some', scene, list, one, binary(field(name(one), of.words), '>', 0)))],
    [
      `whether at least one of ${theMany(scene)} has ${of.words}`,
      `tell| whether any ${record.one} has ${of.words}`,
      `check| if one of ${theMany(scene)} has a ${of.words} above zero`,
    ],
  );
};

const newest: Draw = (scene) => {
  const { random, record } = scene;
  const [by] = random.sample(fieldsOf(record, 'int', 'num'), 1);
  if (!by) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const value: Expression = {
    type: 'sorted',
    list: name(list.words),
    name: one,
    of: 'int',
    by: field(name(one), by.words),
    down: true,
  };
  const words = random.pick([`best ${record.many}`, `top ${record.many}`, `leading ${record.many}`]);
  return sketch(
    words,
    [list, { words: 'count', type: 'int', doc: 'how many are wanted' }],
    { list: typeOf(record) },
    [set('ranking', value, { list: typeOf(record) }), give(operation('slice', name('ranking'), 0, name('count')))],
    [
      `pick| the ${record.many} with the most ${by.words}`,
      `the first few ${record.many} when they are ranked by ${by.words}`,
      `return| the leading ${record.many} by ${by.words}`,
    ],
  );
};

const firstMissing: Draw = (scene) => {
  const { random, record } = scene;
  const [key] = random.sample(fieldsOf(record, 'str'), 1);
  if (!key) return undefined;
  const list = listParameter(scene);
  const one = itemName(scene);
  const words = random.pick([`index by ${key.words}`, `${record.many} by ${key.words}`, `to ${record.one} map`]);
  const type: Type = { map: typeOf(record) };
  return sketch(
    words,
    [list],
    type,
    [
      set('index', empty(type), type),
      loop(one, name(list.words), typeOf(record), [put(name('index'), field(name(one), key.words), name(one))]),
      give(name('index')),
    ],
    [
      `build| an index of ${theMany(scene)} by ${key.words}`,
      `${theMany(scene)}, to be looked up by ${key.words}`,
      `turn| the list into a table from ${key.words} to ${record.one}`,
    ],
  );
};

/** Every function over a list of records. */
export const listDraws: readonly Draw[] = [
  total,
  total,
  countWhere,
  only,
  find,
  find,
  sorted,
  largest,
  average,
  grouped,
  above,
  labels,
  matching,
  without,
  share,
  page,
  anyOf,
  newest,
  firstMissing,
];
