import { capital } from '../english.ts';
import type { Random } from '../random.ts';
import { FreshWords, remark } from '../words.ts';

/** Another text for the place of an old one: a little changed, or something else altogether. */
export function newText(old: string, random: Random): string {
  const end = /(?:\.\.\.|[.!?:])$/.exec(old)?.[0] ?? '';
  const bare = end === '' ? old : old.slice(0, -end.length);
  const words = bare.split(' ');
  const made = [
    `${bare}, please${end}`,
    `${bare}${end === '!' ? '.' : '!'}`,
    `Sorry: ${bare.charAt(0).toLowerCase()}${bare.slice(1)}${end}`,
    words.length > 2
      ? `${words.slice(0, -1).join(' ')} ${random.pick(['today', 'again', 'here', 'now', 'soon'])}${end}`
      : `New ${bare}${end}`,
    bare.toUpperCase() + end,
    `${random.pick(others)}${end}`,
    remark(random).replace(/[.]$/, '') + end,
    remark(random).replace(/[.]$/, '') + end,
  ];
  const text = random.pick(made);
  return text === old ? `${capital(bare)} (new)` : text;
}

const others = [
  'See you soon',
  'That did not work',
  'Please try again later',
  'Everything is fine',
  'Thanks for waiting',
  'Nothing to see here',
  'All done',
  'Something is missing',
  'Good to have you back',
  'One moment please',
  'Not possible right now',
  'This is the end',
  'Have a great day',
  'Check your input',
  'It is your turn',
  'No luck this time',
];

/** Values that go with a key, by a part of its name in small letters. */
const kindred: readonly [RegExp, readonly string[]][] = [
  [/licen/, ['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'MPL-2.0', 'Unlicense', 'GPL-3.0']],
  [/author/, ['Lena Ortiz', 'Tom Weller', 'Ines Duarte', 'Kai Nakamura', 'Zoe Martin']],
  [/host/, ['0.0.0.0', 'example.org', '10.0.0.5', 'api.internal', 'localhost', '192.168.1.20']],
  [/language/, ['en', 'de', 'it', 'es', 'pl', 'fi', 'pt-BR']],
  [/level/, ['debug', 'info', 'warning', 'error', 'trace', 'silent']],
  [/currency/, ['EUR', 'USD', 'NOK', 'JPY', 'PLN', 'CZK']],
  [/theme/, ['dark', 'light', 'solarized', 'high-contrast', 'paper']],
  [/zone/, ['Europe/Oslo', 'UTC', 'America/Lima', 'Asia/Seoul', 'Africa/Nairobi']],
  [/file|main/, ['data/all.json', 'var/state.json', 'lib/index.js', 'store/new.json']],
  [/name/, ['little-helper', 'north-star', 'blue-box', 'paper-trail', 'second-try']],
  [/description/, ['A better description', 'Made for fun', 'Tools for everyday work', 'Still being written']],
  [/target/, ['ES2020', 'ES2021', 'ES2022', 'ES2024', 'ESNext']],
  [/module/, ['CommonJS', 'ESNext', 'NodeNext', 'preserve']],
  [/edition/, ['2018', '2021', '2024']],
];

/** A value of the same kind as the old one: a number for a number, a word for a word. */
export function newValue(old: string, random: Random, key = ''): string {
  const kin = kindred.find(([pattern]) => pattern.test(key.toLowerCase()))?.[1].filter((each) => each !== old);
  const number = /^\d/.test(old) && !/edition/.test(key);
  if (kin !== undefined && kin.length > 0 && !number && random.chance(0.6)) return random.pick(kin);
  if (/^(?:true|false)$/.test(old)) return old === 'true' ? 'false' : 'true';
  if (/^\d+$/.test(old)) return String(different(Number(old), random));
  if (/^\d+\.\d+$/.test(old)) return (Number(old) + random.pick([0.5, 1, 0.25, 2])).toFixed(random.pick([1, 2]));
  if (/^\d+\.\d+\.\d+$/.test(old)) {
    const [major = 0, minor = 0, patch = 0] = old.split('.').map(Number);
    return random.pick([`${major + 1}.0.0`, `${major}.${minor + 1}.0`, `${major}.${minor}.${patch + 1}`]);
  }
  if (random.chance(0.6)) return new FreshWords(random).next();
  return random.pick(
    [
      'debug',
      'staging',
      'example.org',
      'demo',
      'nightly',
      'blue',
      'fr',
      'extra',
      'Europe/Oslo',
      'custom',
      'quiet',
      'alpha',
      'north',
      'BSD-2-Clause',
      'Lena Ortiz',
      'beta',
    ].filter((each) => each !== old),
  );
}

function different(old: number, random: Random): number {
  const value = random.pick([
    old * 2,
    old + 1,
    old + 10,
    Math.max(1, old - 1),
    random.int(1, 99),
    random.int(100, 9999),
    old * 10,
  ]);
  return value === old ? old + 5 : value;
}
