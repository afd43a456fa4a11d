import type { Form, Given } from '../form.ts';
import { readForm } from '../form.ts';
import type { Listing } from '../listing.ts';
import type { Program, Reading } from '../program.ts';
import { diffBelow } from './searching.ts';

const lines: Form = {
  flags: 'qv',
  long: ['quiet', 'silent', 'verbose'],
  values: { n: 'number', c: 'number', lines: 'number', bytes: 'number' },
  count: true,
  operands: 'read',
};

/** Some of the lines of its input; a number of bytes could end within one. */
function wholeLines(words: readonly Given[]): boolean {
  const { fits, options, operands } = readForm(words, lines);
  return fits && operands.length === 0 && [...options].every((option) => /^(?:n|lines|q|quiet|silent)$/.test(option));
}

const diff: Form = {
  below: diffBelow,
  flags: 'urqNabBwEZiysceptdTn',
  long: [
    'unified',
    'context',
    'brief',
    'recursive',
    'new-file',
    'text',
    'ignore-case',
    'ignore-space-change',
    'ignore-all-space',
    'ignore-blank-lines',
    'ignore-trailing-space',
    'strip-trailing-cr',
    'report-identical-files',
    'side-by-side',
    'suppress-common-lines',
    'left-column',
    'show-c-function',
    'minimal',
    'normal',
    'no-dereference',
    'color',
  ],
  values: {
    U: 'number',
    C: 'number',
    W: 'number',
    I: 'text',
    x: 'text',
    unified: 'number',
    context: 'number',
    width: 'number',
    exclude: 'text',
    'ignore-matching-lines': 'text',
    F: 'text',
    L: 'text',
    S: 'text',
    tabsize: 'number',
    'show-function-line': 'text',
    'starting-file': 'text',
    label: 'text',
    color: ['never', 'auto', 'always'],
  },
  operands: { rest: 'read', least: 2 },
};

/** Its letters take their values from the next words, never from the same one: `-Io` would be a pattern and a file to write. */
function readTree(words: readonly Given[]): Reading | undefined {
  return words.some(({ text }) => /^-[^-]*[LIP]./.test(text)) ? { paths: [], does: 'asks' } : undefined;
}

/** With `-c` it reads the files that are named in one, and says of each only whether it is the same. */
function checksum(names: readonly string[], values: Form['values'] = {}): Program {
  const [name = ''] = names;
  return {
    names,
    forms: {
      flags: 'btzcw',
      long: ['binary', 'text', 'tag', 'zero', 'check', 'quiet', 'status', 'strict', 'warn', 'ignore-missing'],
      values,
      operands: 'read',
    },
    match: [`${name} package-lock.json`, `cat a | ${name}`, `${name} -c SUMS`],
    noMatch: [`${name} -x SUMS`, `${name} .env`, `${name} -c /etc/passwd`, `${name} /etc/passwd`],
  };
}

const ls: Form = {
  flags: 'aAlhR1trSFdsipgnomxCcuGBkqXvQUNfbZO@eW',
  long: [
    'all',
    'almost-all',
    'human-readable',
    'recursive',
    'reverse',
    'directory',
    'size',
    'inode',
    'color',
    'classify',
    'group-directories-first',
    'full-time',
    'no-group',
    'numeric-uid-gid',
    'file-type',
    'escape',
    'literal',
    'quote-name',
    'hide-control-chars',
    'author',
    'zero',
    'version',
    'help',
    'si',
  ],
  values: {
    color: ['never', 'auto', 'always'],
    sort: ['none', 'size', 'time', 'version', 'extension', 'name', 'width'],
    time: 'text',
    'time-style': 'text',
    'block-size': 'text',
    ignore: 'text',
    I: 'text',
    w: 'number',
    T: 'number',
    width: 'number',
    tabsize: 'number',
    'quoting-style': 'text',
    hide: 'text',
    format: 'text',
    'indicator-style': 'text',
  },
  operands: 'name',
};

/** With `-d` a pattern for names with a dot before them shows `..` alone, and nothing of what is in it. */
function readLs(words: readonly Given[]): Reading {
  const { paths, options, files, fits } = readForm(words, ls);
  const itself = options.has('d') || options.has('directory');
  const shown = paths.map((path) => {
    const [, folder] = /^((?:[\w-][\w.-]*\/)*)\.\*$/.exec(path.path) ?? [];
    return itself && path.glob && folder !== undefined
      ? { ...path, path: folder === '' ? '.' : folder, glob: false }
      : path;
  });
  return { paths: shown, files, does: fits ? 'looks' : 'asks' };
}

/**
 * What fits a pattern, and of a folder the names in it, without the folder. A file that is named, and what lies in a folder that fits
 * a pattern, is listed as well: that is for what runs shut in.
 */
function namesListed(words: readonly Given[]): Listing | undefined {
  const { fits, options, operands } = readForm(words, ls);
  if (!fits || ![...options].every((option) => /^[1trSvUd]$/.test(option))) return undefined;
  const given = words.filter(({ text }) => !text.startsWith('-'));
  if (given.some(({ text, below }) => below !== undefined || !/^[\w.@+*?][\w./@+*?-]*$/.test(text))) return undefined;
  const itself = options.has('d');
  return {
    folders: [],
    patterns: [...new Set([...operands, ...(itself && operands.length > 0 ? [] : ['*'])])],
    zero: false,
    loose: true,
  };
}

/** Of names that another program lists, or that fit a pattern, one with secrets does no harm; whoever names it means it. */
function readCounted(form: Form): (words: readonly Given[]) => Reading {
  return (words) => {
    const { paths, files, fits } = readForm(words, form);
    const listed = paths.map(({ nameOnly, ...path }) =>
      nameOnly === true && (path.glob || path.below !== undefined) ? { ...path, nameOnly } : path,
    );
    return { paths: listed, files, does: fits ? 'looks' : 'asks' };
  };
}

/** What shows files and folders, or tells about them. No option here follows links or reads a list of names from a file. */
export const readers: readonly Program[] = [
  {
    names: ['ls'],
    read: readLs,
    lists: namesListed,
    match: [
      'ls',
      'ls -la',
      'ls -la src test',
      "ls -1 --color=never 'a b'",
      'ls -lt | head -5',
      'ls src/*.ts',
      'ls -d src/*/ 2>/dev/null',
      'cd src && ls -R',
      'ls -I node_modules',
      'ls -la .env',
      'ls -la .ssh',
      'ls -d .*',
      'ls -ld src/.*',
    ],
    noMatch: [
      'ls -L',
      'ls -H src',
      'ls --dereference',
      'ls --hyperlink=always',
      'ls --colo',
      'ls /etc',
      'ls ~',
      'ls ..',
    ],
  },
  {
    names: ['tree'],
    forms: {
      flags: 'adfishpugDQqNSnCArtcUvJXxF',
      long: [
        'dirsfirst',
        'filesfirst',
        'noreport',
        'du',
        'prune',
        'matchdirs',
        'ignore-case',
        'inodes',
        'device',
        'si',
        'gitignore',
        'version',
      ],
      values: { L: 'number', I: 'text', P: 'text', filelimit: 'number', sort: 'text', charset: 'text' },
      operands: 'name',
    },
    read: readTree,
    match: ['tree', 'tree -L 2 src', "tree -a -I 'node_modules|.git' -L 3", 'tree -d --dirsfirst'],
    noMatch: [
      'tree -o out.txt',
      'tree -Io pattern out.txt',
      'tree -l',
      'tree -R -H . -L 1',
      'tree --fromfile list',
      'tree --info',
      'tree /',
    ],
  },
  {
    names: ['cat'],
    forms: {
      flags: 'nbsAEvetTu',
      long: ['number', 'number-nonblank', 'squeeze-blank', 'show-all', 'show-ends', 'show-tabs', 'show-nonprinting'],
      operands: 'read',
    },
    match: ['cat package.json', 'cat -n -- src/a.ts', 'cat src/a.ts src/b.ts', 'cat src/*.ts', 'cat -A a | head'],
    noMatch: ['cat --files', 'cat -x a', 'cat ../a', 'cat a > b', 'cat $FILE', 'cat a <<< $X'],
  },
  {
    names: ['head'],
    forms: lines,
    passes: wholeLines,
    match: ['head -n 50 src/a.ts', 'head -20 a', 'head -c100 a', 'head --lines=3 a b', 'ls | head', 'head -n -3 a'],
    noMatch: ['head -n', 'head -n x a', 'head -n 5 /etc/shadow', 'head --line 3 a'],
  },
  {
    names: ['tail'],
    forms: lines,
    passes: wholeLines,
    // `+5f` follows a file that it names no more.
    read: (words) =>
      words.some(({ text, glob }) => /^\+\d*[a-z]*f/.test(text) || (glob && /^[*?+[]/.test(text)))
        ? { paths: [], does: 'asks' }
        : undefined,
    match: ['tail -n +5 a', 'tail -5 a', 'tail -n 20 log.txt', 'ls | tail -3'],
    noMatch: [
      'tail -f a',
      'tail -F a',
      'tail +1f a',
      'tail --follow a',
      'tail --follow=name a',
      'tail --pid=1 a',
      'tail --retry a',
    ],
  },
  {
    names: ['wc'],
    read: readCounted({
      flags: 'clmwL',
      values: { total: ['auto', 'always', 'only', 'never'] },
      long: ['bytes', 'chars', 'lines', 'words', 'max-line-length'],
      operands: 'name',
    }),
    match: ['wc -l src/*.ts', 'wc', 'wc -l a b', 'cat a | wc -c'],
    noMatch: ['wc --files0-from=a', 'wc -x a', 'wc .env', 'wc /etc/passwd'],
  },
  {
    names: ['nl'],
    forms: {
      flags: 'p',
      values: {
        b: 'text',
        f: 'text',
        h: 'text',
        n: ['ln', 'rn', 'rz'],
        w: 'number',
        v: 'number',
        i: 'number',
        s: 'text',
      },
      operands: 'read',
    },
    match: ['nl -ba src/a.ts', "nl -ba src/a.ts | sed -n '10,20p'"],
    noMatch: ['nl -x a', 'nl --body a', 'nl /etc/passwd'],
  },
  {
    names: ['tac', 'rev'],
    forms: { flags: 'br', long: ['before', 'regex'], values: { s: 'text', separator: 'text' }, operands: 'read' },
    match: ['tac a | head -5', 'rev a'],
    noMatch: ['tac -x a', 'tac ../a', 'rev --files a'],
  },
  {
    names: ['diff'],
    forms: diff,
    match: [
      'diff a.ts b.ts',
      'diff -u src/a.ts src/b.ts | head -40',
      'diff -U5 --color=never a b',
      'diff -rq --no-dereference src dist',
      'diff -r src dist',
      'diff --recursive --brief src dist | head',
      'sort a | diff - b',
      'diff <(sort a) <(sort b)',
    ],
    noMatch: [
      'diff -l a b',
      'diff --paginate a b',
      'diff -X patterns a b',
      'diff --exclude-from=x a b',
      'diff --from-file=a b',
      'diff a /etc/passwd',
      'diff a b > c',
      'diff a',
    ],
  },
  {
    names: ['cmp'],
    forms: {
      flags: 'bls',
      long: ['print-bytes', 'verbose', 'silent', 'quiet'],
      values: { n: 'number', i: 'text', bytes: 'number' },
      operands: 'read',
    },
    match: ['cmp a b', 'cmp -s a b && echo same'],
    noMatch: ['cmp -x a b', 'cmp a /etc/passwd', 'cmp a ../b'],
  },
  {
    names: ['od'],
    forms: {
      flags: 'abcdfhiloxvsw',
      values: { A: ['d', 'o', 'x', 'n'], t: 'text', j: 'text', N: 'text', S: 'number', w: 'number' },
      operands: 'read',
    },
    match: ['od -c a | head', 'od -An -tx1 a', 'od -A d -t x1z -N 64 a'],
    noMatch: ['od -q a', 'od /dev/mem', 'od -An /etc/shadow'],
  },
  {
    names: ['xxd'],
    // Only the first letter of an option counts, and what stands behind the first operand is a file that is written.
    forms: {
      oneDash: true,
      stops: true,
      flags: 'abeipuvC',
      long: ['ps', 'plain', 'bits', 'include', 'uppercase'],
      values: { c: 'number', g: 'number', l: /^(?:0x[\da-f]+|\d+)$/i, s: /^[+-]?(?:0x[\da-f]+|\d+)$/i },
      operands: { first: ['read'] },
    },
    match: ['xxd a', 'xxd a | head -5', 'xxd -l 64 a', 'xxd -p a', 'xxd -s 0x10 -l 16 a'],
    noMatch: ['xxd a b', 'xxd -r a', 'xxd -r a b', 'xxd a -p', 'xxd -bc 5 x', 'xxd *', 'xxd /etc/passwd'],
  },
  {
    names: ['hexdump', 'hd'],
    forms: { flags: 'bcCdovx', values: { n: 'text', s: 'text', e: 'text' }, operands: 'read' },
    match: ['hexdump -C a | head', 'hexdump -C -n 64 a'],
    noMatch: ['hexdump -f format a', 'hexdump --format-file=x a', 'hexdump /etc/passwd'],
  },
  {
    names: ['strings'],
    forms: {
      flags: 'aw',
      long: ['all'],
      values: { n: 'number', t: ['o', 'x', 'd'], e: ['s', 'S', 'b', 'l', 'B', 'L'] },
      count: true,
      operands: 'read',
    },
    // `@a` stands for the options in the file `a`.
    read: (words) =>
      words.some(({ text, below }) => below !== undefined || /^[@*?[]/.test(text))
        ? { paths: [], does: 'asks' }
        : undefined,
    match: ['strings a | head', 'strings -n 8 a', 'strings -8 dist/*.bin'],
    noMatch: ['strings @options', 'strings *', 'strings -T x a', 'strings /etc/passwd'],
  },
  {
    names: ['file'],
    read: readCounted({
      flags: 'bikNnrv0IE',
      long: ['brief', 'mime', 'mime-type', 'mime-encoding', 'keep-going', 'no-pad', 'print0', 'no-dereference'],
      operands: 'name',
    }),
    match: ['file a', 'file -b --mime-type media/icon.png', 'file src/*'],
    noMatch: ['file -C -m x', 'file -m magic a', 'file -f names', 'file -z a', 'file -L a', 'file -s a', 'file -p a'],
  },
  {
    names: ['stat'],
    forms: {
      // Elsewhere `-f` has a format behind it, which is a name here.
      flags: 'txsLf',
      long: ['terse', 'dereference', 'file-system'],
      values: { c: 'text', format: 'text', printf: 'text' },
      operands: 'name',
    },
    match: ['stat a', "stat -c '%s %n' src/*.ts", 'stat --format=%s a', "stat -f '%m' package.json", 'stat -L .env'],
    noMatch: ['stat /etc/passwd', 'stat -L ../a', 'stat ~/.ssh/id_rsa', 'stat -z a'],
  },
  {
    names: ['du'],
    forms: {
      flags: 'abchkmsx0SAlgnr',
      long: [
        'all',
        'apparent-size',
        'bytes',
        'total',
        'human-readable',
        'summarize',
        'one-file-system',
        'si',
        'separate-dirs',
      ],
      values: { d: 'number', t: 'text', B: 'text', 'max-depth': 'number', threshold: 'text', exclude: 'text' },
      operands: 'name',
    },
    match: ['du -sh .', 'du -h --max-depth=1 | sort -h', 'du -sh src/* | sort -rh | head', 'du -ah -d 2 src'],
    noMatch: ['du -L', 'du -D a', 'du -H a', 'du --files0-from=x', 'du -X patterns', 'du --exclude-from=x', 'du /'],
  },
  {
    names: ['df'],
    ofMachine: true,
    forms: {
      flags: 'ahHkmTilP',
      long: ['all', 'human-readable', 'inodes', 'local', 'portability', 'print-type', 'si', 'total'],
      operands: 'name',
    },
    match: ['df -h', 'df -h .', 'df -i'],
    noMatch: ['df --sync', 'df -x tmpfs', 'df /root'],
  },
  {
    names: ['realpath', 'readlink'],
    forms: {
      flags: 'femnqsvz',
      long: ['canonicalize', 'canonicalize-existing', 'canonicalize-missing', 'quiet', 'no-newline', 'zero'],
      values: { 'relative-to': 'name', 'relative-base': 'name' },
      operands: 'name',
    },
    match: ['realpath src', 'readlink -f a', 'realpath --relative-to=src src/a/b'],
    noMatch: ['realpath /root/x', 'readlink -f ../x', 'realpath --relative-to=/ a', 'readlink -x a'],
  },
  checksum(['md5sum', 'sha1sum', 'sha224sum', 'sha256sum', 'sha384sum', 'sha512sum']),
  checksum(['b2sum'], { l: 'number', length: 'number' }),
  checksum(['cksum'], { a: 'text', algorithm: 'text', l: 'number', length: 'number' }),
  checksum(['shasum'], { a: ['1', '224', '256', '384', '512'], algorithm: ['1', '224', '256', '384', '512'] }),
];
