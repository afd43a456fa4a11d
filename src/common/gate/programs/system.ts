import { type CommandPath, type Form, type Given, pathOf, readForm } from '../form.ts';
import type { Listing } from '../listing.ts';
import type { Program, Reading } from '../program.ts';

/** The name of a program or a user, and no path. */
const name = /^[\w.+@-]+$/;
const seconds = /^(?:\d{1,3}(?:\.\d+)?s?|\d{1,2}m)$/;
/** `%n` would set a variable. */
const format = /^(?![^]*%[-+ #0'*\d.$hlLjzt]*n)[^]*$/;

/** Everything is text; a pattern stands for names of files, which are shown. */
function readEcho(words: readonly Given[]): Reading {
  return {
    paths: words
      .filter(({ glob }) => glob)
      .map(({ text }) => ({ effect: 'read', path: text, glob: true, nameOnly: true })),
    does: 'looks',
  };
}

/** Patterns are shown as the names that fit them. */
function patternsShown(words: readonly Given[]): Listing | undefined {
  const known =
    words.length > 0 && words.every(({ text, below }) => below === undefined && /^[\w.@+][\w./@+*?-]*$/.test(text));
  return known && words.some(({ glob }) => glob)
    ? { folders: [], patterns: words.map(({ text }) => text), zero: false }
    : undefined;
}

const ofFiles = new Set('-a -e -f -d -r -w -x -s -L -h -b -c -p -S -g -u -k -O -G -N'.split(' '));
const betweenFiles = new Set(['-nt', '-ot', '-ef']);

/** `-v` and `-R` are left out: the shell would run what stands in the index of a variable. */
function readTest(words: readonly Given[]): Reading {
  const paths: CommandPath[] = [];
  for (const [at, word] of words.entries()) {
    const { text, glob } = word;
    if (/^-[vR]$/.test(text)) return { paths: [], does: 'asks' };
    const before = words[at - 1]?.text ?? '';
    const after = words[at + 1]?.text ?? '';
    const file = ofFiles.has(before) || betweenFiles.has(before) || betweenFiles.has(after);
    if (file) paths.push({ ...pathOf(word), nameOnly: true });
    else if (glob) paths.push({ effect: 'nothing', path: text, glob });
  }
  return { paths, does: 'looks' };
}

function readBracket(words: readonly Given[]): Reading {
  return words.at(-1)?.text === ']' ? readTest(words.slice(0, -1)) : { paths: [], does: 'asks' };
}

const column =
  '(?:pid|ppid|pgid|user|uid|comm|args|cmd|command|%cpu|%mem|pcpu|pmem|etime|etimes|stat|state|rss|vsz|time|tty|start|lstart|nice|ni|pri)';
const shown = `${column}=?(?:,${column}=?)*`;
/**
 * Whole lines: where two styles are mixed, the program reads `-e` once more in the style of BSD, and shows the environment of
 * the processes.
 */
const processes = new RegExp(
  String.raw`^(?:a?u?x?w{0,2}f?|-(?:e|A|f|l|ef|Af|el|elf|eF|ax)|-[eA]?o ${shown}|-p \d+(?:,\d+)*(?: -o ${shown})?)(?: --forest)?(?: --sort=[-+]?${column})?$`,
);

function readProcesses(words: readonly Given[]): Reading {
  const line = words.map(({ text }) => text).join(' ');
  return {
    paths: [],
    does: processes.test(line) && words.every(({ text, glob }) => !glob && !/\s/.test(text)) ? 'looks' : 'asks',
  };
}

const printf: Form = { stops: true, operands: { first: [format], rest: 'text', least: 1 } };

/** Behind what the others are put into, everything is text; a pattern stands for names of files there, which are shown. */
function readPrintf(words: readonly Given[]): Reading {
  const start = words[0]?.text === '--' ? 2 : 1;
  const named = (word: Given, at: number): boolean => at >= start && word.glob && word.below === undefined;
  const { paths, fits } = readForm(
    words.map((word, at) => (named(word, at) ? { ...word, glob: false } : word)),
    printf,
  );
  return { paths: [...paths, ...readEcho(words.filter(named)).paths], does: fits ? 'looks' : 'asks' };
}

/** What tells about the machine, or does nothing but count, compare and print its own words. */
export const system: readonly Program[] = [
  {
    names: ['echo'],
    read: readEcho,
    lists: patternsShown,
    match: [
      'echo',
      'echo -n "two words"',
      'echo done',
      'ls && echo ok || echo failed',
      'echo src/*.ts',
      'echo "on $(git branch --show-current), exit $?"',
    ],
    noMatch: [
      'echo $GITHUB_TOKEN',
      'echo $HOME/*',
      'echo `rm a`',
      'echo "$(rm a)"',
      'echo $(<.env)',
      'echo x > a',
      'echo /home/*',
      'echo ../*',
    ],
  },
  {
    names: ['printf'],
    read: readPrintf,
    lists: ([shape, ...words]) => (/^%s(?:\n|\\n)$/.test(shape?.text ?? '') ? patternsShown(words) : undefined),
    match: [
      "printf '%s\\n' src/*.ts",
      "printf '%s\\n' a b",
      "printf 'done\\n'",
      "printf '%-10s|%5d\\n' a 3",
      "printf -- '---\\n'",
    ],
    noMatch: ["printf -v 'a[$(id)]' x", "printf '%n' 'a[$(id)]'", "printf '%s%5n' a b", 'printf', "printf '%s' a > b"],
  },
  {
    names: ['set'],
    // That the line ends where a part of it fails.
    read: (words) => ({
      paths: [],
      does: /^-o$|^(?:[-+][euxv]+|[-+](?:[euxv]*)o (?:pipefail|errexit|nounset|xtrace))(?: [-+]o (?:pipefail|errexit|nounset|xtrace))*$/.test(
        words.map(({ text }) => text).join(' '),
      )
        ? 'looks'
        : 'asks',
    }),
    match: [
      'set -e; ls',
      'set -o pipefail; npm test | tail -5',
      'set -euo pipefail\nls',
      'set +e; ls',
      'set -x; ls src',
      'set -euxo pipefail\nls',
      'set -o',
    ],
    noMatch: ['set', 'set -a', 'set -f', 'set -- a', 'set -o allexport', 'set -o posix', 'set -e -- rm'],
  },
  {
    names: ['exit', 'break', 'continue'],
    forms: { operands: { first: [/^\d{1,3}$/] } },
    match: ['ls missing || exit 1', 'exit', 'for f in a b; do cat $f || continue; done'],
    noMatch: ['exit $X', 'exit a b', 'break a', 'continue > a'],
  },
  {
    names: ['true', 'false', ':'],
    forms: { operands: 'text' },
    match: ['true', 'ls missing || true', 'false', ':'],
    noMatch: ['true > a', 'true $(id)', ': ${X:=y}'],
  },
  {
    names: ['test'],
    read: readTest,
    match: [
      'test -f .env && echo yes',
      'test -f package.json && echo yes',
      'test -d src',
      'test a = b',
      'test src/a.ts -nt dist/a.js',
    ],
    noMatch: ["test -v 'a[$(id)]'", 'test -f /etc/passwd', 'test a -nt ../b', 'test -R a'],
  },
  {
    names: ['['],
    read: readBracket,
    match: ['[ -f package.json ] && cat package.json', '[ ! -d dist ] || ls dist', '[ 3 -gt 2 -a -e a ]'],
    noMatch: ["[ -v 'a[$(id)]' ]", '[ -f /etc/passwd ]', '[ -f a', '[ -e ~/.ssh ]'],
  },
  {
    names: ['pwd'],
    forms: { flags: 'LP' },
    match: ['pwd', 'pwd -P', 'cd src && pwd'],
    noMatch: ['pwd x', 'pwd -x', 'pwd > a'],
  },
  {
    names: ['basename', 'dirname'],
    forms: { flags: 'az', long: ['multiple', 'zero'], values: { s: 'text', suffix: 'text' }, operands: 'text' },
    match: ['basename src/a.ts .ts', 'dirname src/a.ts', 'basename -s .ts src/a.ts'],
    noMatch: ['basename -x a', 'basename $X', 'dirname a > b'],
  },
  {
    names: ['seq'],
    forms: {
      flags: 'w',
      long: ['equal-width'],
      values: { s: 'text', f: 'text', separator: 'text', format: 'text' },
      count: true,
      operands: { rest: /^[+-]?\d+(?:\.\d+)?$/, least: 1 },
    },
    match: ['seq 5', 'seq 10 -1 1', 'seq -s, 1 3', 'seq -w 1 10'],
    noMatch: ['seq', 'seq a', 'seq -x 5'],
  },
  {
    names: ['sleep'],
    forms: { operands: { rest: seconds, least: 1 } },
    match: ['sleep 2', 'sleep 0.5 && ls', 'sleep 1m'],
    noMatch: ['sleep', 'sleep x', 'sleep -1'],
  },
  {
    names: ['date'],
    // An operand without `+` would set the clock.
    forms: {
      flags: 'uRI',
      long: ['utc', 'universal', 'iso-8601', 'rfc-email'],
      values: {
        d: 'text',
        r: 'read',
        v: /^[+-]?\d+[ymwdHMS]$/,
        date: 'text',
        reference: 'read',
        I: ['date', 'hours', 'minutes', 'seconds', 'ns'],
        'iso-8601': 'text',
        'rfc-3339': 'text',
      },
      operands: { first: [/^\+/] },
    },
    match: [
      'date',
      'date +%F',
      'date -u +"%Y-%m-%d %H:%M"',
      "date -d 'yesterday' +%F",
      'date --iso-8601=seconds',
      'date -Iseconds',
      'date -r a',
    ],
    noMatch: ['date -s 2020-01-01', 'date --set=x', 'date 01010000', 'date -f dates', 'date --file=x', 'date -u 0101'],
  },
  {
    names: ['whoami'],
    forms: {},
    match: ['whoami', 'whoami | cat', 'whoami && pwd'],
    noMatch: ['whoami x', 'whoami -x', 'whoami > a'],
  },
  {
    names: ['hostname'],
    forms: { flags: 'sI', long: ['short', 'all-ip-addresses'] },
    match: ['hostname', 'hostname -s', 'hostname -I'],
    noMatch: ['hostname x', 'hostname -F a', 'hostname -f', 'hostname -b x'],
  },
  {
    names: ['uname'],
    forms: {
      flags: 'amnrsvpio',
      long: [
        'all',
        'kernel-name',
        'kernel-release',
        'kernel-version',
        'nodename',
        'machine',
        'processor',
        'operating-system',
      ],
    },
    match: ['uname -a', 'uname', 'uname -sm'],
    noMatch: ['uname x', 'uname -S x', 'uname --x'],
  },
  {
    names: ['id'],
    ofMachine: true,
    forms: { flags: 'ugnGrz', long: ['user', 'group', 'groups', 'name', 'real'], operands: { first: [name] } },
    match: ['id', 'id -un', 'id -u root'],
    noMatch: ['id a b', 'id -x', 'id /etc'],
  },
  {
    names: ['which', 'type'],
    forms: { flags: 'aptPs', operands: { rest: name, least: 1 } },
    match: ['which node', 'which -a python3', 'type -p rg', 'which node npm || true'],
    noMatch: ['which', 'which ../x', 'type $X', 'which --read-alias x'],
  },
  {
    names: ['nproc', 'uptime', 'free'],
    forms: {
      flags: 'hmgpbktlswV',
      long: ['all', 'human', 'pretty', 'mega', 'giga', 'bytes', 'total', 'wide', 'since'],
      values: { ignore: 'number' },
    },
    match: ['nproc', 'free -h', 'uptime'],
    noMatch: ['free -s 1', 'free -c 3', 'uptime x', 'nproc > a'],
  },
  {
    names: ['ps'],
    ofMachine: true,
    read: readProcesses,
    match: [
      'ps',
      'ps aux',
      'ps -ef | grep node',
      'ps -eo pid,comm,%cpu | head',
      'ps -p 123 -o pid,args',
      'ps aux --sort=-%mem | head',
    ],
    noMatch: [
      'ps e',
      'ps auxe',
      'ps auxeww',
      'ps -E',
      'ps -o environ',
      'ps -o pid,environ',
      'ps eww -p 1',
      'ps -ef u',
      'ps -ef -o pid',
    ],
  },
];
