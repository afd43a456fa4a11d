// Functions that any program may have: numbers, texts, times, money.
import {
  assign,
  at,
  binary,
  blank,
  empty,
  fail,
  give,
  literal,
  loop,
  name,
  operation,
  push,
  repeat,
  set,
  template,
  when,
} from '../code/build.ts';
import type { Parameter, Routine, Type } from '../code/tree.ts';
import type { Random } from '../random.ts';
import { type Doing, type Draw, sketch } from './sketch.ts';

/** A group of functions that would stand in one file. */
export type Topic = 'numbers' | 'text' | 'time' | 'money' | 'units' | 'lists';

type Row = (random: Random) => {
  words: string[];
  parameters: Parameter[];
  returns: Type;
  body: Routine['body'];
  docs: Doing[];
  remark?: string;
};

const number = (words: string, doc: string): Parameter => ({ words, type: 'int', doc });
const textual = (words: string, doc: string): Parameter => ({ words, type: 'str', doc });

const rows: Record<Topic, readonly Row[]> = {
  numbers: [
    () => ({
      words: ['clamp', 'limit value', 'keep within', 'bounded'],
      parameters: [
        number('value', 'the number'),
        number('least', 'the smallest it may be'),
        number('most', 'the largest it may be'),
      ],
      returns: 'int',
      body: [
        when(binary(name('value'), '<', name('least')), [give(name('least'))]),
        when(binary(name('value'), '>', name('most')), [give(name('most'))]),
        give(name('value')),
      ],
      docs: [
        'keep| a number between two bounds',
        'the value, or the bound that it went past',
        'limit| a value to a range',
      ],
    }),
    () => ({
      words: ['percentage', 'percent of', 'to percent', 'ratio in percent'],
      parameters: [number('part', 'how much it is'), number('whole', 'how much there is')],
      returns: 'int',
      body: [
        when(binary(name('whole'), '==', 0), [give(0)]),
        give(operation('round', binary(binary(name('part'), '*', 100), '/', name('whole')))),
      ],
      docs: [
        'calculate| how many percent of the whole a part is',
        'the part in percent of the whole',
        'convert| a share into whole percent',
      ],
      remark: 'Zero of nothing is 0.',
    }),
    () => ({
      words: ['is between', 'in range', 'within bounds', 'contains value'],
      parameters: [number('value', 'the number'), number('low', 'the lower bound'), number('high', 'the upper bound')],
      returns: 'bool',
      body: [give(binary(binary(name('value'), '>=', name('low')), 'and', binary(name('value'), '<=', name('high'))))],
      docs: [
        'whether a number lies between two others',
        'check| if a value is inside a range',
        'tell| whether the value is within the bounds',
      ],
      remark: 'Both bounds count.',
    }),
    (random) => ({
      words: ['round to step', 'snap', 'to nearest step', 'quantize'],
      parameters: [number('value', 'the number'), number('step', 'what it shall be a multiple of')],
      returns: 'int',
      body: [
        ...(random.chance(0.5)
          ? [when(binary(name('step'), '<=', 0), [fail(literal('The step must be above zero'))])]
          : []),
        give(binary(operation('round', binary(name('value'), '/', name('step'))), '*', name('step'))),
      ],
      docs: [
        'round| a number to the nearest multiple of a step',
        'the multiple of the step that is closest',
        'snap| a value to a grid',
      ],
    }),
    () => ({
      words: ['digit sum', 'sum of digits', 'cross sum'],
      parameters: [number('value', 'a whole number')],
      returns: 'int',
      body: [
        set('rest', operation('abs', name('value')), 'int', true),
        set('sum', literal(0), 'int', true),
        repeat(binary(name('rest'), '>', 0), [
          assign(name('sum'), '+=', binary(name('rest'), '%', 10)),
          assign(name('rest'), '=', operation('floor', binary(name('rest'), '/', 10))),
        ]),
        give(name('sum')),
      ],
      docs: ['add| up the digits of a number', 'the sum of all digits', 'calculate| the digit sum'],
    }),
    () => ({
      words: ['greatest common divisor', 'gcd', 'common divisor'],
      parameters: [number('left', 'a number'), number('right', 'another number')],
      returns: 'int',
      body: [
        set('a', operation('abs', name('left')), 'int', true),
        set('b', operation('abs', name('right')), 'int', true),
        repeat(binary(name('b'), '!=', 0), [
          set('rest', binary(name('a'), '%', name('b')), 'int'),
          assign(name('a'), '=', name('b')),
          assign(name('b'), '=', name('rest')),
        ]),
        give(name('a')),
      ],
      docs: [
        'find| the largest number that divides both',
        'the greatest common divisor of two numbers',
        'calculate| the common divisor by Euclid',
      ],
    }),
    () => ({
      words: ['wrap index', 'next index', 'cycle'],
      parameters: [number('index', 'where it stands'), number('size', 'how many there are')],
      returns: 'int',
      body: [
        set('next', binary(name('index'), '+', 1), 'int'),
        when(binary(name('next'), '>=', name('size')), [give(0)]),
        give(name('next')),
      ],
      docs: [
        'step| to the next index, beginning again at the end',
        'the index after this one, or 0 at the end',
        'move| an index on by one in a circle',
      ],
    }),
  ],
  text: [
    () => ({
      words: ['truncate', 'shorten', 'cut text', 'ellipsis', 'abbreviate'],
      parameters: [textual('text', 'what to cut'), number('limit', 'the most characters')],
      returns: 'str',
      body: [
        when(binary(operation('length', name('text')), '<=', name('limit')), [give(name('text'))]),
        give(binary(operation('slice', name('text'), 0, binary(name('limit'), '-', 3)), '+', literal('...'))),
      ],
      docs: [
        'cut| a text that is too long, with dots at the end',
        'the text, at most this long',
        'shorten| a text to a number of characters',
      ],
    }),
    () => ({
      words: ['slugify', 'to slug', 'url name', 'make slug', 'file name of'],
      parameters: [textual('title', 'any text')],
      returns: 'str',
      body: [
        set('plain', operation('lower', operation('trim', name('title'))), 'str'),
        give(operation('replace', name('plain'), literal(' '), literal('-'))),
      ],
      docs: [
        'turn| a title into a name for addresses',
        'the title in small letters with hyphens',
        'make| a slug of a title',
      ],
    }),
    () => ({
      words: ['count words', 'word count', 'number of words'],
      parameters: [textual('text', 'some text')],
      returns: 'int',
      body: [
        set('trimmed', operation('trim', name('text')), 'str'),
        when(binary(name('trimmed'), '==', literal('')), [give(0)]),
        give(operation('length', operation('split', name('trimmed'), literal(' ')))),
      ],
      docs: ['count| the words of a text', 'how many words a text has', 'the number of words, divided by blanks'],
    }),
    () => ({
      words: ['is blank', 'is empty text', 'nothing in', 'blank'],
      parameters: [textual('text', 'some text')],
      returns: 'bool',
      body: [give(binary(operation('trim', name('text')), '==', literal('')))],
      docs: [
        'whether a text has nothing but blanks',
        'tell| whether there is nothing to read in a text',
        'check| for a text without any letters',
      ],
    }),
    () => ({
      words: ['underline', 'heading', 'as heading', 'title block'],
      parameters: [textual('title', 'the words of the heading')],
      returns: 'str',
      body: [
        give(template(name('title'), '\n', operation('repeat', literal('='), operation('length', name('title'))))),
      ],
      docs: ['underline| a title with a row of signs', 'a title with a line below it', 'write| a heading as two lines'],
    }),
    (random) => ({
      words: ['pad column', 'align left', 'column', 'fill right'],
      parameters: [textual('text', 'what stands in the column'), number('width', 'how wide it is')],
      returns: 'str',
      body: [
        when(binary(operation('length', name('text')), '>=', name('width')), [
          give(operation('slice', name('text'), 0, name('width'))),
        ]),
        ...(random.chance(0.3) ? [blank] : []),
        give(operation('pad', name('text'), name('width'))),
      ],
      docs: [
        'fill| a text with blanks up to a width',
        'the text, exactly as wide as the column',
        'bring| a text to the width of its column',
      ],
    }),
    () => ({
      words: ['strip comment', 'remove comment', 'without comment'],
      parameters: [textual('line', 'a line of a file')],
      returns: 'str',
      body: [
        when(operation('starts', operation('trim', name('line')), literal('#')), [give(literal(''))]),
        give(at(operation('split', name('line'), literal('#')), 0)),
      ],
      docs: [
        'remove| the comment at the end of a line',
        'the line without what stands behind "#"',
        'cut| off everything after the comment sign',
      ],
    }),
    () => ({
      words: ['mask', 'hide middle', 'censor', 'redact'],
      parameters: [textual('secret', 'what nobody shall read')],
      returns: 'str',
      body: [
        when(binary(operation('length', name('secret')), '<', 4), [give(literal('****'))]),
        give(binary(operation('slice', name('secret'), 0, 2), '+', literal('****'))),
      ],
      docs: [
        'hide| all but the first two characters',
        'the beginning of a secret, the rest as stars',
        'make| a secret unreadable for the log',
      ],
    }),
    () => ({
      words: ['pluralize', 'with count', 'count noun', 'amount of'],
      parameters: [number('count', 'how many'), textual('noun', 'the word for one')],
      returns: 'str',
      body: [
        when(binary(name('count'), '==', 1), [give(template('1 ', name('noun')))]),
        give(template(name('count'), ' ', name('noun'), 's')),
      ],
      docs: [
        'write| a number with its noun, in the plural where needed',
        'a count with the right form of the noun',
        'put| a number before a word',
      ],
    }),
    () => ({
      words: ['same text', 'equal ignoring case', 'matches loosely'],
      parameters: [textual('left', 'a text'), textual('right', 'another text')],
      returns: 'bool',
      body: [
        give(
          binary(
            operation('lower', operation('trim', name('left'))),
            '==',
            operation('lower', operation('trim', name('right'))),
          ),
        ),
      ],
      docs: [
        'whether two texts are the same but for case and blanks',
        'compare| two texts without regard to case',
        'tell| whether two words mean the same',
      ],
    }),
  ],
  time: [
    () => ({
      words: ['is leap year', 'leap year', 'has leap day'],
      parameters: [number('year', 'a year of four digits')],
      returns: 'bool',
      body: [
        when(binary(binary(name('year'), '%', 400), '==', 0), [give(true)]),
        give(
          binary(binary(binary(name('year'), '%', 4), '==', 0), 'and', binary(binary(name('year'), '%', 100), '!=', 0)),
        ),
      ],
      docs: [
        'whether a year has 366 days',
        'tell| whether a year is a leap year',
        'check| if February has 29 days in this year',
      ],
    }),
    () => ({
      words: ['format minutes', 'minutes as text', 'duration text', 'show duration'],
      parameters: [number('minutes', 'how long it takes')],
      returns: 'str',
      body: [
        set('hours', operation('floor', binary(name('minutes'), '/', 60)), 'int'),
        set('rest', binary(name('minutes'), '%', 60), 'int'),
        when(binary(name('hours'), '==', 0), [give(template(name('rest'), ' min'))]),
        give(template(name('hours'), ' h ', name('rest'), ' min')),
      ],
      docs: [
        'write| minutes as hours and minutes',
        'a number of minutes as people say it',
        'format| a duration for the screen',
      ],
    }),
    () => ({
      words: ['parse clock', 'minutes of day', 'clock to minutes', 'read time'],
      parameters: [textual('clock', 'a time like 07:45')],
      returns: 'int',
      body: [
        set('parts', operation('split', name('clock'), literal(':')), { list: 'str' }),
        when(binary(operation('length', name('parts')), '!=', 2), [fail(template('Not a time: ', name('clock')))]),
        give(
          binary(
            binary(operation('number', at(name('parts'), 0)), '*', 60),
            '+',
            operation('number', at(name('parts'), 1)),
          ),
        ),
      ],
      docs: [
        'read| a clock time as minutes since midnight',
        'the minutes since midnight of a time like 07:45',
        'convert| a time of day into minutes',
      ],
    }),
    () => ({
      words: ['greeting for hour', 'part of day', 'day part', 'salutation'],
      parameters: [number('hour', 'the hour, 0 to 23')],
      returns: 'str',
      body: [
        when(binary(name('hour'), '<', 11), [give(literal('Good morning'))]),
        when(binary(name('hour'), '<', 18), [give(literal('Good afternoon'))]),
        give(literal('Good evening')),
      ],
      docs: [
        'choose| the greeting for an hour of the day',
        'the right greeting at this hour',
        'greet| according to the time of day',
      ],
    }),
    () => ({
      words: ['seconds until', 'remaining seconds', 'time left'],
      parameters: [number('deadline', 'the second in which it ends'), number('now', 'the current second')],
      returns: 'int',
      body: [give(operation('max', 0, binary(name('deadline'), '-', name('now'))))],
      docs: [
        'calculate| how many seconds are left',
        'the seconds until the deadline',
        'tell| how long there is still time',
      ],
      remark: 'Never less than zero.',
    }),
    () => ({
      words: ['next attempt delay', 'backoff', 'wait before retry', 'retry delay'],
      parameters: [number('attempt', 'how often it was tried'), number('base', 'the first pause in milliseconds')],
      returns: 'int',
      body: [
        set('delay', name('base'), 'int', true),
        set('step', literal(1), 'int', true),
        repeat(binary(name('step'), '<', name('attempt')), [
          assign(name('delay'), '*=', 2),
          assign(name('step'), '+=', 1),
        ]),
        give(operation('min', name('delay'), 30000)),
      ],
      docs: [
        'double| the pause with every attempt',
        'how long to wait before the next attempt',
        'calculate| the pause before trying again',
      ],
      remark: 'At most half a minute.',
    }),
  ],
  money: [
    (random) => ({
      words: ['format cents', 'format money', 'money text', 'as currency', 'price tag'],
      parameters: [number('cents', 'an amount in cents')],
      returns: 'str',
      body: [
        set('whole', operation('floor', binary(name('cents'), '/', 100)), 'int'),
        set('rest', binary(name('cents'), '%', 100), 'int'),
        give(template(name('whole'), '.', name('rest'), random.pick([' EUR', ' USD', ' CHF', ' GBP']))),
      ],
      docs: ['write| cents as an amount of money', 'an amount in cents as a text', 'format| an amount for the receipt'],
    }),
    () => ({
      words: ['add tax', 'with tax', 'gross amount', 'gross of'],
      parameters: [number('net', 'the amount without tax'), number('rate', 'the tax in percent')],
      returns: 'int',
      body: [
        give(binary(name('net'), '+', operation('round', binary(binary(name('net'), '*', name('rate')), '/', 100)))),
      ],
      docs: ['add| the tax to a net amount', 'the amount with tax', 'calculate| the gross amount from the net one'],
    }),
    () => ({
      words: ['apply discount', 'discounted', 'reduce price', 'price after discount'],
      parameters: [number('price', 'the full price'), number('percent', 'what is taken off')],
      returns: 'int',
      body: [
        when(binary(binary(name('percent'), '<', 0), 'or', binary(name('percent'), '>', 100)), [
          fail(template('Not a discount: ', name('percent'))),
        ]),
        give(
          binary(name('price'), '-', operation('round', binary(binary(name('price'), '*', name('percent')), '/', 100))),
        ),
      ],
      docs: [
        'take| some percent off a price',
        'the price after a discount',
        'calculate| what is left to pay after the discount',
      ],
    }),
    () => ({
      words: ['split bill', 'share equally', 'divide amount', 'per person'],
      parameters: [number('cents', 'the whole amount'), number('people', 'how many pay')],
      returns: { list: 'int' },
      body: [
        set('part', operation('floor', binary(name('cents'), '/', name('people'))), 'int'),
        set('rest', binary(name('cents'), '%', name('people')), 'int', true),
        set('parts', empty({ list: 'int' }), { list: 'int' }),
        repeat(binary(operation('length', name('parts')), '<', name('people')), [
          push(name('parts'), binary(name('part'), '+', operation('min', name('rest'), 1))),
          assign(name('rest'), '=', operation('max', 0, binary(name('rest'), '-', 1))),
        ]),
        give(name('parts')),
      ],
      docs: [
        'divide| an amount between people without losing a cent',
        'what each person pays',
        'split| a bill into equal parts',
      ],
    }),
  ],
  units: [
    () => ({
      words: ['to fahrenheit', 'celsius to fahrenheit', 'fahrenheit'],
      parameters: [{ words: 'celsius', type: 'num', doc: 'degrees Celsius' }],
      returns: 'num',
      body: [give(binary(binary(name('celsius'), '*', 1.8), '+', 32))],
      docs: ['convert| degrees Celsius to Fahrenheit', 'a temperature in Fahrenheit', 'turn| Celsius into Fahrenheit'],
    }),
    () => ({
      words: ['to miles', 'kilometres to miles', 'miles of'],
      parameters: [{ words: 'kilometres', type: 'num', doc: 'a distance' }],
      returns: 'num',
      body: [give(binary(name('kilometres'), '*', 0.621371))],
      docs: ['convert| kilometres to miles', 'a distance in miles', 'turn| kilometres into miles'],
    }),
    () => ({
      words: ['format bytes', 'file size', 'human size', 'size text'],
      parameters: [number('bytes', 'a size')],
      returns: 'str',
      body: [
        when(binary(name('bytes'), '<', 1024), [give(template(name('bytes'), ' B'))]),
        when(binary(name('bytes'), '<', 1048576), [
          give(template(operation('round', binary(name('bytes'), '/', 1024)), ' KB')),
        ]),
        give(template(operation('round', binary(name('bytes'), '/', 1048576)), ' MB')),
      ],
      docs: [
        'write| a number of bytes with a unit',
        'a size in bytes, kilobytes or megabytes',
        'format| the size of a file',
      ],
    }),
    () => ({
      words: ['to grams', 'grams from ounces', 'ounces to grams'],
      parameters: [{ words: 'ounces', type: 'num', doc: 'a weight in ounces' }],
      returns: 'int',
      body: [give(operation('round', binary(name('ounces'), '*', 28.35)))],
      docs: ['convert| ounces to whole grams', 'a weight in grams', 'turn| ounces into grams'],
    }),
    () => ({
      words: ['compass point', 'wind direction', 'direction name'],
      parameters: [number('degrees', 'an angle, 0 is north')],
      returns: 'str',
      body: [
        when(binary(name('degrees'), '<', 45), [give(literal('north'))]),
        when(binary(name('degrees'), '<', 135), [give(literal('east'))]),
        when(binary(name('degrees'), '<', 225), [give(literal('south'))]),
        when(binary(name('degrees'), '<', 315), [give(literal('west'))]),
        give(literal('north')),
      ],
      docs: [
        'name| the direction of an angle',
        'the point of the compass for an angle',
        'turn| degrees into north, east, south or west',
      ],
    }),
  ],
  lists: [
    () => ({
      words: ['unique', 'distinct', 'without duplicates', 'dedupe'],
      parameters: [{ words: 'values', type: { list: 'str' }, doc: 'some texts' }],
      returns: { list: 'str' },
      body: [
        set('seen', empty({ list: 'str' }), { list: 'str' }),
        loop('value', name('values'), 'str', [
          when({ type: 'not', of: operation('contains', name('seen'), name('value')) }, [
            push(name('seen'), name('value')),
          ]),
        ]),
        give(name('seen')),
      ],
      docs: [
        'drop| everything that occurs a second time',
        'each value once, in the order of the first',
        'remove| duplicates from a list',
      ],
    }),
    () => ({
      words: ['join names', 'enumerate names', 'as sentence', 'list words'],
      parameters: [{ words: 'names', type: { list: 'str' }, doc: 'what to put together' }],
      returns: 'str',
      body: [
        when(binary(operation('length', name('names')), '==', 0), [give(literal('nobody'))]),
        give(operation('join', name('names'), literal(', '))),
      ],
      docs: ['join| names with commas', 'the names as one text', 'write| a list of names as people would'],
      remark: 'No names give "nobody".',
    }),
    () => ({
      words: ['sum of', 'sum values', 'add all'],
      parameters: [{ words: 'values', type: { list: 'int' }, doc: 'some numbers' }],
      returns: 'int',
      body: [
        set('total', literal(0), 'int', true),
        loop('value', name('values'), 'int', [assign(name('total'), '+=', name('value'))]),
        give(name('total')),
      ],
      docs: ['add| all numbers of a list', 'the sum of the values', 'sum| up a list of numbers'],
    }),
    () => ({
      words: ['longest', 'longest text', 'widest'],
      parameters: [{ words: 'texts', type: { list: 'str' }, doc: 'what to compare' }],
      returns: 'int',
      body: [
        set('width', literal(0), 'int', true),
        loop('text', name('texts'), 'str', [
          assign(name('width'), '=', operation('max', name('width'), operation('length', name('text')))),
        ]),
        give(name('width')),
      ],
      docs: [
        'measure| the longest text of a list',
        'how long the longest of the texts is',
        'find| the width that a column needs',
      ],
    }),
    () => ({
      words: ['parse list', 'split list', 'read names', 'comma list'],
      parameters: [textual('text', 'names with commas between them')],
      returns: { list: 'str' },
      body: [
        set('names', empty({ list: 'str' }), { list: 'str' }),
        loop('part', operation('split', name('text'), literal(',')), 'str', [
          when(binary(operation('trim', name('part')), '!=', literal('')), [
            push(name('names'), operation('trim', name('part'))),
          ]),
        ]),
        give(name('names')),
      ],
      docs: ['split| a text at its commas', 'the parts of a text between commas', 'read| a list that a person typed'],
      remark: 'Empty parts are left out.',
    }),
  ],
};

/** The functions of a topic. */
export function plainDraws(topic: Topic): Draw[] {
  return rows[topic].map((row) => ({ random }) => {
    const { words, parameters, returns, body, docs, remark } = row(random);
    return sketch(random.pick(words), parameters, returns, body, docs, remark === undefined ? {} : { remark });
  });
}

export const topics = Object.keys(rows) as Topic[];
