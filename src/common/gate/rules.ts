import { type Options, readOptions } from './options.ts';

/**
 * The short list of commands that only look. A rule says which paths a command would read, or undefined when it is not
 * on the list in this form. No option that writes, runs a program, follows links or reads a list of names from a file
 * is ever listed.
 */
export interface CommandRule {
  program: string;
  reads(words: readonly string[]): string[] | undefined;
  /** Commands that this rule lets through, and commands that it must not; a test holds it to them. */
  match: readonly string[];
  noMatch: readonly string[];
}

/** Every operand is a path that is read. `-` is standard input. */
function paths(options: Options): CommandRule['reads'] {
  return (words) => readOptions(words, options)?.operands.filter((operand) => operand !== '-');
}

/** The first operand is a pattern, unless one of `patternOptions` was given; the others are paths. */
function search(options: Options, patternOptions: readonly string[]): CommandRule['reads'] {
  return (words) => {
    const found = readOptions(words, options);
    if (found === undefined) return undefined;
    const given = patternOptions.some((option) => found.given.has(option));
    return found.operands.slice(given ? 0 : 1).filter((operand) => operand !== '-');
  };
}

const findTests = new Set(['name', 'iname', 'path', 'ipath', 'type', 'size', 'mtime', 'mmin', 'maxdepth', 'mindepth']);
const findWords = new Set(['not', 'a', 'and', 'o', 'or', 'empty', 'prune', 'print', 'print0']);

function findReads(words: readonly string[]): string[] | undefined {
  const first = words.findIndex((word) => /^[-(!]/.test(word));
  const start = words.slice(0, first === -1 ? undefined : first);
  const rest = words.slice(start.length);
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    if (word === '(' || word === ')' || word === '!') continue;
    if (!word.startsWith('-')) return undefined;
    if (findWords.has(word.slice(1))) continue;
    if (!findTests.has(word.slice(1)) || at + 1 >= rest.length) return undefined;
    at++;
  }
  return start;
}

const diffLong = [
  'stat',
  'shortstat',
  'numstat',
  'summary',
  'compact-summary',
  'name-only',
  'name-status',
  'patch',
  'no-patch',
  'color',
  'no-color',
  'word-diff',
  'ignore-all-space',
  'ignore-space-change',
  'ignore-blank-lines',
  'no-renames',
  'no-ext-diff',
  'no-textconv',
  'minimal',
  'patience',
  'histogram',
];
const diffValued = ['stat', 'unified', 'diff-filter', 'color', 'word-diff'];
const logLong = [
  ...diffLong,
  'oneline',
  'graph',
  'all',
  'decorate',
  'no-decorate',
  'reverse',
  'first-parent',
  'merges',
  'no-merges',
  'follow',
  'date-order',
  'topo-order',
  'abbrev-commit',
  'branches',
  'tags',
  'remotes',
];
const logValued = [
  ...diffValued,
  'max-count',
  'skip',
  'since',
  'after',
  'until',
  'before',
  'author',
  'grep',
  'format',
  'pretty',
  'date',
  'decorate',
];

/** Operands of git may be revisions or paths; taken as paths they are inside unless they lead out. */
const gitCommands: Record<string, CommandRule['reads']> = {
  status: paths({
    flags: 'sbvz',
    long: ['short', 'branch', 'porcelain', 'long', 'show-stash', 'ignored', 'untracked-files', 'no-renames'],
    longValued: ['porcelain', 'untracked-files', 'ignored'],
  }),
  log: paths({ flags: 'psziEFwb', valued: 'nSGU', long: logLong, longValued: logValued, count: true }),
  show: paths({ flags: 'pszwb', valued: 'SGU', long: logLong, longValued: logValued }),
  diff: paths({
    flags: 'pszwbaR',
    valued: 'SGU',
    long: [...diffLong, 'cached', 'staged', 'check', 'quiet', 'exit-code', 'merge-base', 'raw'],
    longValued: diffValued,
  }),
};

function gitReads(words: readonly string[]): string[] | undefined {
  const [command = '', ...rest] = words[0] === '--no-pager' ? words.slice(1) : words;
  return Object.hasOwn(gitCommands, command) ? gitCommands[command]?.(rest) : undefined;
}

/** Programs that answer this and nothing else before they read anything of the folder they are in. */
function version(program: string, ...words: string[]): CommandRule {
  return {
    program,
    reads: (given) => (given.length === 1 && words.includes(given[0] ?? '') ? [] : undefined),
    match: words.map((word) => `${program} ${word}`),
    noMatch: [program, `${program} x.js`, `${program} ${words[0] ?? ''} x.js`],
  };
}

export const rules: readonly CommandRule[] = [
  {
    program: 'ls',
    reads: paths({
      flags: 'aAlhR1trSFdsipgnomxCcuGBk',
      long: ['all', 'almost-all', 'human-readable', 'recursive', 'reverse', 'directory', 'size', 'inode', 'color'],
      longValued: ['color', 'sort'],
    }),
    match: ['ls', 'ls -la src', "ls -1 --color=never 'a b'"],
    noMatch: ['ls -L', 'ls --hyperlink=always', 'ls --colo'],
  },
  {
    program: 'cat',
    reads: paths({ flags: 'nbsAEvetTu', long: ['number', 'number-nonblank', 'squeeze-blank', 'show-all'] }),
    match: ['cat package.json', 'cat -n -- src/a.ts'],
    noMatch: ['cat --files', 'cat -x a'],
  },
  {
    program: 'head',
    reads: paths({
      flags: 'qv',
      valued: 'nc',
      long: ['quiet', 'verbose'],
      longValued: ['lines', 'bytes'],
      count: true,
    }),
    match: ['head -20 a', 'head -n 5 a b', 'head -c100 a', 'head --lines=3 a'],
    noMatch: ['head -n', 'head -z a'],
  },
  {
    program: 'tail',
    reads: paths({
      flags: 'qv',
      valued: 'nc',
      long: ['quiet', 'verbose'],
      longValued: ['lines', 'bytes'],
      count: true,
    }),
    match: ['tail -n +5 a', 'tail -5 a'],
    noMatch: ['tail -f a', 'tail --follow a', 'tail --pid=1 a'],
  },
  {
    program: 'wc',
    reads: paths({ flags: 'clmwL', long: ['bytes', 'chars', 'lines', 'words', 'max-line-length'] }),
    match: ['wc -l a b', 'wc'],
    noMatch: ['wc --files0-from=a'],
  },
  {
    program: 'pwd',
    reads: (words) => (words.every((word) => word === '-L' || word === '-P') ? [] : undefined),
    match: ['pwd', 'pwd -P'],
    noMatch: ['pwd x'],
  },
  { program: 'echo', reads: () => [], match: ['echo', 'echo -n "two words"'], noMatch: ['echo $HOME', 'echo `id`'] },
  {
    program: 'grep',
    reads: search(
      {
        flags: 'iInrvwxcloLHhsEFGPqaby',
        valued: 'eABCm',
        count: true,
        long: [
          'ignore-case',
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
          'with-filename',
          'no-filename',
          'color',
          'text',
        ],
        longValued: [
          'include',
          'exclude',
          'exclude-dir',
          'color',
          'max-count',
          'context',
          'after-context',
          'before-context',
          'regexp',
          'binary-files',
        ],
      },
      ['e', 'regexp'],
    ),
    match: ['grep -rn "total" src', 'grep -e a -e b x', "grep -rnA3 --include='*.ts' foo .", 'grep -3 a b'],
    noMatch: ['grep -R a .', 'grep -f patterns a', 'grep --exclude-from=x a', 'grep --devices=read a'],
  },
  {
    program: 'rg',
    reads: (words) => {
      const listing = words.includes('--files');
      return search(
        {
          flags: 'iSsnNFwxvcloUHIapq0',
          valued: 'eABCmgtT',
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
            'with-filename',
            'no-filename',
            'hidden',
            'no-ignore',
            'files',
            'no-heading',
            'heading',
            'json',
            'stats',
            'trim',
            'no-config',
          ],
          longValued: [
            'glob',
            'iglob',
            'type',
            'type-not',
            'max-count',
            'context',
            'after-context',
            'before-context',
            'max-depth',
            'regexp',
            'color',
            'sort',
            'max-columns',
            'max-filesize',
          ],
        },
        listing ? ['files'] : ['e', 'regexp'],
      )(words);
    },
    match: ["rg -n 'fn \\w+' src", 'rg --files src', "rg -g '*.ts' foo"],
    noMatch: [
      'rg --pre cat foo',
      'rg -z foo',
      'rg -L foo',
      'rg -f x',
      'rg --hostname-bin=x foo',
      'rg --ignore-file=x a',
    ],
  },
  {
    program: 'find',
    reads: findReads,
    match: [
      "find . -name '*.ts' -not -path './dist/*'",
      'find src -type f',
      'find',
      "find . '(' -empty -o -size +1k ')'",
    ],
    noMatch: [
      'find . -delete',
      'find . -exec rm x',
      'find -L .',
      'find . -fprint x',
      'find . -name',
      'find . -ok ls',
      'find . -files0-from x',
    ],
  },
  {
    program: 'git',
    reads: gitReads,
    match: [
      'git status --short',
      'git log --oneline -5',
      "git log --since='2 days ago' -- src",
      'git --no-pager diff HEAD~1',
      'git show HEAD:src/a.ts',
    ],
    noMatch: [
      'git',
      'git push',
      'git -c core.pager=x log',
      'git -C /x log',
      'git diff --no-index a b',
      'git diff --ext-diff',
      'git log --output=x',
      'git diff -O x',
      'git log --show-signature',
      'git constructor',
      'git grep -O x',
    ],
  },
  version('node', '--version', '-v'),
  version('npm', '--version', '-v'),
  version('python', '--version', '-V'),
  version('python3', '--version', '-V'),
  version('git', '--version'),
];
