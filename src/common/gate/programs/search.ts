import type { CommandPath, Form, Given } from '../form.ts';
import type { Program, Reading } from '../program.ts';

const digits = /^\d+$/;
const colors = ['never', 'auto', 'always'];

const grep: Form = {
  flags: 'iInrvwxcloLHhsEFGPqabyTZ',
  values: {
    e: 'text',
    A: digits,
    B: digits,
    C: digits,
    m: digits,
    include: 'text',
    exclude: 'text',
    'exclude-dir': 'text',
    'max-count': digits,
    context: digits,
    'after-context': digits,
    'before-context': digits,
    regexp: 'text',
    'binary-files': 'text',
    color: colors,
    colour: colors,
    label: 'text',
  },
  long: [
    'ignore-case',
    'no-ignore-case',
    'recursive',
    'line-number',
    'count',
    'files-with-matches',
    'files-without-match',
    'invert-match',
    'word-regexp',
    'line-regexp',
    'only-matching',
    'extended-regexp',
    'fixed-strings',
    'basic-regexp',
    'perl-regexp',
    'no-messages',
    'quiet',
    'silent',
    'with-filename',
    'no-filename',
    'byte-offset',
    'initial-tab',
    'line-buffered',
    'null',
    'color',
    'colour',
    'text',
  ],
  count: true,
  operands: { first: ['text'], unless: ['e', 'regexp'], rest: 'read' },
};

const rg: Form = {
  flags: 'iSsnNFwxvcloUHIapq0uPb.V',
  values: {
    e: 'text',
    A: digits,
    B: digits,
    C: digits,
    m: digits,
    M: digits,
    d: digits,
    j: digits,
    g: 'text',
    t: 'text',
    T: 'text',
    r: 'text',
    E: 'text',
    glob: 'text',
    iglob: 'text',
    type: 'text',
    'type-not': 'text',
    'max-count': digits,
    context: digits,
    'after-context': digits,
    'before-context': digits,
    'max-depth': digits,
    'max-columns': digits,
    'max-filesize': 'text',
    threads: digits,
    regexp: 'text',
    replace: 'text',
    encoding: 'text',
    color: [...colors, 'ansi'],
    colors: 'text',
    sort: ['none', 'path', 'modified', 'accessed', 'created'],
    sortr: ['none', 'path', 'modified', 'accessed', 'created'],
    'context-separator': 'text',
  },
  long: [
    'ignore-case',
    'smart-case',
    'case-sensitive',
    'line-number',
    'no-line-number',
    'fixed-strings',
    'word-regexp',
    'line-regexp',
    'invert-match',
    'count',
    'count-matches',
    'files-with-matches',
    'files-without-match',
    'only-matching',
    'multiline',
    'multiline-dotall',
    'with-filename',
    'no-filename',
    'hidden',
    'no-hidden',
    'no-ignore',
    'no-ignore-vcs',
    'unrestricted',
    'files',
    'type-list',
    'no-heading',
    'heading',
    'column',
    'vimgrep',
    'pcre2',
    'passthru',
    'pretty',
    'null',
    'text',
    'quiet',
    'json',
    'stats',
    'trim',
    'no-config',
    'no-messages',
    'version',
  ],
  operands: { first: ['text'], unless: ['e', 'regexp', 'files', 'type-list'], rest: 'read' },
};

const findTests = new Set(
  (
    'name iname path ipath wholename iwholename regex iregex regextype type size mtime mmin ctime cmin atime amin ' +
    'maxdepth mindepth perm user group uid gid links inum lname ilname newermt printf'
  ).split(' '),
);
const findFiles = new Set(['newer', 'anewer', 'cnewer', 'samefile']);
const findWords = new Set(
  (
    'not a and o or empty prune print print0 ls quit daystart depth true false mount xdev nouser nogroup executable ' +
    'readable writable'
  ).split(' '),
);

/** Folders first, then tests. Of the actions only those are listed that print. */
function readFind(words: readonly Given[]): Reading {
  const paths: CommandPath[] = [];
  let fits = true;
  let tests = false;
  for (let at = 0; at < words.length; at++) {
    const { text, glob } = words[at] ?? { text: '', glob: false };
    tests ||= /^[-(!,]/.test(text) && text !== '-P';
    if (!tests) {
      // A file may be called like a test or an action.
      if (glob && /^[*?]/.test(text)) fits = false;
      if (text !== '-P') paths.push({ effect: 'read', path: text, glob });
      continue;
    }
    if (glob) fits = false;
    const name = text.startsWith('-') ? text.slice(1) : undefined;
    if (/^[(),!]$/.test(text) || (name !== undefined && findWords.has(name))) continue;
    const value = words[at + 1];
    if (name === undefined || value === undefined || (!findTests.has(name) && !findFiles.has(name))) {
      fits = false;
      continue;
    }
    if (findFiles.has(name)) {
      if (value.glob) fits = false;
      paths.push({ effect: 'read', path: value.text, glob: value.glob });
    } else if (value.glob) paths.push({ effect: 'nothing', path: value.text, glob: true });
    at++;
  }
  return { paths, does: fits ? 'looks' : 'asks' };
}

/** What looks for files and in them. Links are never followed, and no names or patterns are read from a file. */
export const search: readonly Program[] = [
  {
    names: ['grep', 'egrep', 'fgrep'],
    forms: grep,
    match: [
      'grep -rn "foo" src --include=\'*.ts\'',
      'grep -rn "foo" src --include=*.ts',
      'grep -e a -e b x',
      "grep -rnA3 --include='*.ts' foo .",
      'grep -3 a b',
      'grep -c "^import" src/*.ts',
      'cat a | grep -v node_modules | head -20',
      'grep -rlE "a|b" src test --exclude-dir node_modules',
      'grep -n x /dev/null a',
      'ls | egrep "ts$"',
    ],
    noMatch: [
      'grep -R a .',
      'grep --dereference-recursive a .',
      'grep -f patterns a',
      'grep --file=patterns a',
      'grep --exclude-from=x a',
      'grep --devices=read a',
      'grep -d recurse a .',
      'grep -r a /etc',
      'grep -e a /etc/passwd',
      'grep -rn key ~/.ssh',
      'grep a src -e /etc/passwd',
      'grep --reg a b',
    ],
  },
  {
    names: ['rg'],
    forms: rg,
    match: [
      "rg -n 'fn \\w+' src",
      'rg --files src',
      "rg --files -g '*.ts' | head",
      "rg -g '*.ts' foo",
      'rg -tjs -l foo src test',
      "rg -n --hidden -g '!node_modules' foo .",
      "rg -C 3 -i 'foo bar' src | head -50",
      'rg -uu foo',
      'rg --type-list',
    ],
    noMatch: [
      'rg --pre cat foo',
      'rg --pre=./x foo',
      'rg -z foo',
      'rg --search-zip foo',
      'rg -L foo',
      'rg -nL foo',
      'rg --follow foo',
      'rg -f x',
      'rg --file=x',
      'rg --hostname-bin=x foo',
      'rg --ignore-file=x a',
      'rg --files /etc',
      'rg foo ..',
    ],
  },
  {
    names: ['find'],
    read: readFind,
    match: [
      "find . -name '*.ts' -not -path '*/node_modules/*' -type f | head",
      "find . -name '*.ts' -not -path './dist/*'",
      'find src -type f',
      'find',
      "find . '(' -empty -o -size +1k ')'",
      'find . \\( -name node_modules -o -name .git \\) -prune -o -type f -print',
      "find . ! -name '*.js' -maxdepth 2",
      'find src test -newer package.json -mtime -3',
      "find . -type f -printf '%s %p\\n' | sort -rn | head",
      'find src -name *.missing',
    ],
    noMatch: [
      'find . -delete',
      'find . -name x -delete',
      'find . -exec rm x',
      'find . -exec cat {} +',
      "find . -execdir cat '{}' ';'",
      'find -L .',
      'find -H .',
      'find . -follow',
      'find . -fprint x',
      'find . -fprintf x y',
      'find . -fls x',
      'find . -name',
      'find . -ok ls',
      'find . -okdir ls',
      'find . -files0-from x',
      'find *',
      'find ?x -name a',
      'find / -name id_rsa',
      'find . -newer /etc/passwd',
      'find . -newerXY x',
    ],
  },
  {
    names: ['fd', 'fdfind'],
    forms: {
      flags: 'HIusigFap01q',
      values: {
        t: 'text',
        e: 'text',
        d: digits,
        E: 'text',
        S: 'text',
        c: colors,
        j: digits,
        type: 'text',
        extension: 'text',
        exclude: 'text',
        size: 'text',
        color: colors,
        'max-depth': digits,
        'min-depth': digits,
        'exact-depth': digits,
        'max-results': digits,
        'changed-within': 'text',
        'changed-before': 'text',
        threads: digits,
      },
      long: [
        'hidden',
        'no-ignore',
        'no-ignore-vcs',
        'unrestricted',
        'case-sensitive',
        'ignore-case',
        'glob',
        'regex',
        'fixed-strings',
        'absolute-path',
        'full-path',
        'print0',
        'quiet',
        'prune',
        'one-file-system',
      ],
      operands: { first: ['text'], rest: 'read' },
    },
    match: [
      "fd '\\.ts$' src",
      'fd -e ts -E node_modules',
      'fd -t f . src | head',
      "fd -g '*.test.ts'",
      'fdfind -H gitignore',
    ],
    noMatch: [
      'fd -x rm',
      'fd a -X rm',
      'fd --exec rm',
      'fd --exec-batch=rm a',
      'fd -L a',
      'fd --follow a',
      'fd -l a',
      'fd --ignore-file x a',
      'fd --base-directory / a',
      'fd a /etc',
    ],
  },
  {
    names: ['ag'],
    forms: {
      flags: 'ilLcwvQSsaUuH',
      values: { A: digits, B: digits, C: digits, m: digits, G: 'text', g: 'text', depth: digits, ignore: 'text' },
      long: [
        'ignore-case',
        'smart-case',
        'case-sensitive',
        'literal',
        'word-regexp',
        'invert-match',
        'count',
        'files-with-matches',
        'files-without-matches',
        'hidden',
        'unrestricted',
        'nocolor',
        'nogroup',
        'noheading',
        'numbers',
        'nonumbers',
        'nofilename',
      ],
      operands: { first: ['text'], unless: ['g'], rest: 'read' },
    },
    match: ['ag foo src', "ag -l 'a b'", "ag -g '\\.ts$'", 'ag -C 3 --nocolor foo src | head'],
    noMatch: [
      'ag --pager ./x foo',
      'ag -f foo',
      'ag --follow foo',
      'ag -p names foo',
      'ag --path-to-ignore=x foo',
      'ag -z foo',
      'ag -A 5k /etc',
      'ag foo /etc',
    ],
  },
];
