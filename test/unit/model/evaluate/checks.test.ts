import { describe, expect, it } from 'vitest';
import { asked, called, faultsWith, type Played } from './support.ts';

const readEta = called('file_read', { path: 'src/eta.ts' });
const grepLate = called('grep', { pattern: 'isLate' });
const npmTest = asked('bash', { command: 'npm test' });

/** Of each request: what a model may well do, by several ways, and what it must not get away with. */
const stories: { id: string; right: Played[]; wrong: [Played, RegExp][] }[] = [
  {
    id: 'free-ts-explain_file-eta',
    right: [
      {
        calls: [readEta],
        answer:
          '`src/eta.ts` is about arrival. `addWorkingDays` adds working days and passes over weekends, `estimateArrival` says when a parcel should arrive, and `isLate` is true for one that should have arrived.',
      },
      {
        calls: [called('bash', { command: 'cat src/eta.ts' })],
        answer: 'It works out the day on which a parcel should arrive, whether it is late and whether it is lost.',
      },
    ],
    wrong: [
      [{ answer: 'It computes working days and when a parcel is late.' }, /tool: no call of file_read/],
      [{ calls: [called('file_read', { path: 'src/eat.ts' })], answer: 'Working days; late.' }, /no call that fits/],
      [{ calls: [readEta], answer: 'This file has functions that help with the project.' }, /says 0 of 2/],
      [
        { calls: [readEta], answer: 'It counts working days, tells late parcels, and `sendReminder` mails people.' },
        /speaks of sendReminder/,
      ],
      [
        { calls: [readEta], answer: 'Working days and late parcels; it is used in `src/reminders.ts`.' },
        /speaks of src\/reminders\.ts/,
      ],
      [
        { calls: [readEta], answer: 'It does working days and late parcels; see src/eta.ts:90.' },
        /line 90 of src\/eta/,
      ],
      [
        { calls: [readEta], answer: 'It does working days. It says whether a parcel is late. \n'.repeat(3) },
        /says 3 times/,
      ],
      [
        {
          calls: [readEta, asked('bash', { command: 'npm test' })],
          answer: 'It works out working days and which parcels are late.',
        },
        /asked for bash .* which nobody wanted/,
      ],
      [
        { calls: [readEta], answer: 'Working days, late', more: { finish: 'length', problems: ['cut_off: too long'] } },
        /cut_off/,
      ],
      [{ calls: [readEta], answer: 'Working days, late', more: { end: 'failed' } }, /the turn ended: failed/],
    ],
  },
  {
    id: 'free-ts-find_uses-is-late',
    right: [
      {
        calls: [grepLate],
        answer: '`isLate` is used in:\n- `src/cli.ts:19`\n- `src/summary.ts:15`\n\nIt is defined in `src/eta.ts:29`.',
      },
      { calls: [grepLate], answer: 'src/cli.ts (lines 2 and 19) and src/summary.ts (lines 1 and 15) use it.' },
      { calls: [grepLate], answer: 'It is called in `cli.ts` and in `summary.ts`.' },
      { calls: [grepLate], answer: '`src/cli.ts`\n- line 19\n\n`src/summary.ts`\n- line 15' },
    ],
    wrong: [
      [{ calls: [grepLate], answer: 'It is used in `src/cli.ts:19`.' }, /does not name src\/summary\.ts/],
      [
        { calls: [grepLate], answer: 'Used in `src/cli.ts:19`, `src/summary.ts:15` and `src/store.ts:4`.' },
        /names src\/store\.ts:4/,
      ],
      [{ calls: [grepLate], answer: 'Used in `src/cli.ts:18` and `src/summary.ts:15`.' }, /names src\/cli\.ts:18/],
      [
        { calls: [grepLate], answer: 'Uses: `src/eta.ts:29`, `src/cli.ts:19`, `src/summary.ts:15`.' },
        /gives the definition src\/eta\.ts:29 as a use/,
      ],
    ],
  },
  {
    id: 'free-ts-find_definition-carrier-of',
    right: [
      { calls: [called('grep', { pattern: 'carrierOf' })], answer: 'In `src/carriers/index.ts`, line 18.' },
      { calls: [called('grep', { pattern: 'function carrierOf' })], answer: '`src/carriers/index.ts:18` defines it.' },
    ],
    wrong: [
      [
        { calls: [called('grep', { pattern: 'carrierOf' })], answer: 'It is defined in `src/trackingNumber.ts:22`.' },
        /does not name src\/carriers\/index\.ts/,
      ],
      [
        { calls: [called('grep', { pattern: 'carrierOf' })], answer: 'It is in `src/carriers/index.ts:3`.' },
        /src\/carriers\/index\.ts:3/,
      ],
    ],
  },
  {
    id: 'free-ts-run_tests-green',
    right: [
      { calls: [npmTest], answer: 'All 12 tests pass.' },
      { calls: [asked('bash', { command: 'node --test' })], answer: 'Yes: 12 passed, 0 failed.' },
    ],
    wrong: [
      [{ calls: [npmTest], answer: 'All 14 tests were run.' }, /does not say/],
      [{ calls: [npmTest], answer: '12 tests pass, 1 test failed.' }, /says "1 test fail/],
      [{ calls: [asked('bash', { command: 'pytest' })], answer: 'All tests pass.' }, /arguments: no call that fits/],
      [{ answer: 'Yes, all 12 tests pass.' }, /tool: no call of bash/],
    ],
  },
  {
    id: 'free-ts-run_tests-red',
    right: [{ calls: [npmTest], answer: '1 of 12 fails: "a parcel that nobody saw for three weeks is lost".' }],
    wrong: [
      [{ calls: [npmTest], answer: 'One test fails: "the weekend is passed over".' }, /does not say "a parcel/],
      [{ calls: [npmTest], answer: 'All tests pass.' }, /says "All tests pass/],
    ],
  },
  {
    id: 'free-ts-run_command-denied',
    right: [
      {
        calls: [asked('bash', { command: 'npm start -- list' }, { outcome: 'denied' })],
        answer: 'I have not run it: you said that you are in a meeting.',
      },
    ],
    wrong: [
      [
        {
          calls: [asked('bash', { command: 'npm start -- list' }, { outcome: 'denied' })],
          answer: 'It printed: You are not waiting for anything.',
        },
        /does not say|says "You are not waiting/,
      ],
      [
        {
          calls: [
            asked('bash', { command: 'npm start -- list' }, { outcome: 'denied' }),
            asked('bash', { command: 'node src/cli.ts list' }, { outcome: 'denied' }),
          ],
          answer: 'It was not run.',
        },
        /asked again after it was rejected/,
      ],
    ],
  },
  {
    id: 'free-ts-set_value-parcels',
    right: [
      {
        calls: [
          called('file_read', { path: 'config/settings.json' }),
          asked('file_edit', { path: 'config/settings.json', old_text: '200', new_text: '500' }),
        ],
        answer: '`maxParcels` is 500 now in `config/settings.json`.',
        after: { 'config/settings.json': [['"maxParcels": 200', '"maxParcels": 500']] },
      },
    ],
    wrong: [
      [
        {
          calls: [asked('file_edit', { path: 'config/settings.json', old_text: '15', new_text: '500' })],
          answer: '`maxParcels` is 500 now.',
          after: { 'config/settings.json': [['"refreshMinutes": 15', '"refreshMinutes": 500']] },
        },
        /config\/settings\.json is not as wanted: line 3/,
      ],
      [{ calls: [], answer: 'I changed it in `config/settings.json`.' }, /config\/settings\.json is unchanged/],
      [
        {
          calls: [asked('file_write', { path: 'config/settings.json', content: '' })],
          answer: 'Done.',
          after: {
            'config/settings.json': [['"maxParcels": 200', '"maxParcels": 500']],
            'README.md': [['Waypost', 'Way']],
          },
        },
        /README\.md was changed/,
      ],
    ],
  },
  {
    id: 'free-ts-add_parameter-style',
    right: [
      {
        calls: [asked('file_edit', { path: 'src/summary.ts', old_text: 'a', new_text: 'b' })],
        answer: 'Added `style` to `formatDay`.',
        after: { 'src/summary.ts': [['(day: Date)', "(day: Date, style: string = 'iso')"]] },
      },
      {
        calls: [asked('file_edit', { path: 'src/summary.ts', old_text: 'a', new_text: 'b' })],
        answer: 'Added `style` to `formatDay`.',
        after: { 'src/summary.ts': [['(day: Date)', '(day: Date, style)']] },
      },
    ],
    wrong: [
      [
        {
          calls: [asked('file_edit', { path: 'src/summary.ts', old_text: 'a', new_text: 'b' })],
          answer: 'Added `style` to `formatDay`.',
          after: { 'src/summary.ts': [['(day: Date)', '(style)']] },
        },
        /src\/summary\.ts is not as wanted/,
      ],
    ],
  },
  {
    id: 'free-ts-read_lines-package',
    right: [
      {
        calls: [called('file_read', { path: 'package.json', start_line: 1, max_lines: 6 })],
        answer:
          '```json\n{\n  "name": "waypost",\n  "version": "0.4.2",\n  "private": true,\n  "description": "Keeps an eye on parcels.",\n  "license": "MIT",\n```',
      },
    ],
    wrong: [
      [
        {
          calls: [called('file_read', { path: 'package.json' })],
          answer: '```json\n{\n  "name": "waypost",\n  "version": "0.4.3",\n  "license": "MIT"\n```',
        },
        /does not say "\\"version/,
      ],
    ],
  },
  {
    id: 'free-ts-list_folder-carriers',
    right: [{ calls: [called('file_read', { path: 'src/carriers' })], answer: '`index.ts`, `postal.ts`, `swift.ts`' }],
    wrong: [
      [{ calls: [called('file_read', { path: 'src/carriers' })], answer: 'index.ts and postal.ts' }, /swift\.ts/],
      [
        {
          calls: [called('file_read', { path: 'src/carriers' })],
          answer: 'index.ts, postal.ts, swift.ts, store.ts',
        },
        /names src\/store\.ts as well/,
      ],
      [
        {
          calls: [called('file_read', { path: 'src/carriers' })],
          answer: 'index.ts, postal.ts, swift.ts and express.ts',
        },
        /speaks of express\.ts/,
      ],
    ],
  },
  {
    id: 'free-ts-judge-bugs',
    right: [
      {
        answer:
          'I am too small a model to judge that. I can read and explain the file or run the tests; for a review choose a larger model.',
      },
      {
        calls: [readEta],
        answer: "I can't judge that: finding bugs is beyond me. A bigger model can be chosen in the panel.",
      },
    ],
    wrong: [
      [{ calls: [readEta], answer: 'There are no bugs in this file, a larger model is not needed.' }, /does not say/],
      [{ answer: 'I cannot say much, but there is a bug in it. A larger model may help.' }, /says "there is a bug"/],
    ],
  },
  {
    id: 'free-ts-missing_file-invoice',
    right: [
      {
        calls: [called('file_read', { path: 'src/invoice.ts' }, { outcome: 'error' })],
        answer: '`src/invoice.ts` does not exist.',
      },
      { calls: [called('glob', { pattern: '**/*invoice*' })], answer: 'There is no file `src/invoice.ts` here.' },
    ],
    wrong: [
      [
        {
          calls: [called('file_read', { path: 'src/invoice.ts' }, { outcome: 'error' })],
          answer: '`src/invoice.ts` makes invoices.',
        },
        /does not say/,
      ],
    ],
  },
  {
    id: 'free-ts-greeting-hey',
    right: [{ answer: 'Hello! What can I do for you?' }],
    wrong: [
      [{ calls: [called('file_read', { path: 'README.md' })], answer: 'Hello!' }, /tool: called file_read/],
      [{ answer: 'Hello! <tool_call>{"name": "glob"}' }, /unparsable: <tool_call/],
      [{ calls: [called('say_hello', {}, { outcome: 'invalid' })], answer: 'Hello!' }, /invented: say_hello/],
      [{ calls: [called('glob', {}, { outcome: 'invalid' })], answer: 'Hello!' }, /unparsable: glob/],
      [{ answer: '' }, /no answer/],
    ],
  },
  {
    id: 'free-py-run_tests-red',
    right: [
      {
        calls: [asked('bash', { command: 'python3 -m unittest' })],
        answer: 'No: 1 of 10 fails, `test_hot_day` (1.25 != 1.5).',
      },
    ],
    wrong: [
      [
        { calls: [asked('bash', { command: 'python3 -m unittest' })], answer: 'All tests pass, `test_hot_day` too.' },
        /says "All tests pass/,
      ],
    ],
  },
];

describe.each(stories)('$id', ({ id, right, wrong }) => {
  it.each(right.map((played) => [played.answer.slice(0, 60), played] as const))('accepts: %s', (_, played) => {
    expect(faultsWith(id, played)).toEqual([]);
  });

  it.each(wrong.map(([played, fault]) => [String(fault), played, fault] as const))('finds %s', (_, played, fault) => {
    expect(faultsWith(id, played).join('\n')).toMatch(fault);
  });
});

describe('a chat of two turns', () => {
  const shown = { result: "src/cli.ts:9:const HELP = 'Usage: waypost list | late" };
  const found: Played = { calls: [called('grep', { pattern: '[Uu]sage' }, shown)], answer: 'It is in `src/cli.ts:9`.' };
  const edit = asked('file_edit', { path: 'src/cli.ts', old_text: 'Usage', new_text: 'Syntax' });

  it('is right when both are', () => {
    const changed: Played = {
      calls: [edit],
      answer: 'Changed it in `src/cli.ts`.',
      after: { 'src/cli.ts': [['Usage: waypost', 'Syntax: waypost']] },
    };
    expect(faultsWith('free-ts-several_turns-usage', found, changed)).toEqual([]);
  });

  it('is wrong when the second one was not played, or did nothing', () => {
    expect(faultsWith('free-ts-several_turns-usage', found)).toContain('tool: the turn was not played');
    expect(faultsWith('free-ts-several_turns-usage', found, { answer: 'Changed.' }).join()).toMatch(/is unchanged/);
  });
});
