import { type Form, type Given, pathOf, readForm } from '../form.ts';
import type { Program, Reading } from '../program.ts';
import { onlyPrints as awkPrints } from './awk.ts';
import { onlyPrints as sedPrints } from './sed.ts';

/** Of `awk -v`: a variable of the program's own. */
const ownVariable = /^(?!(?:ARGV|ARGC|ENVIRON|PROCINFO)=)[A-Za-z_]\w*=/;

/** The environment holds secrets, and modules are files: a program names neither. `.env` is a field. */
const query = /^(?![^]*(?:(?<!(?<!\.)\.)\benv\b|\b(?:import|include|modulemeta)\b))[^]*$/i;

const jq: Form = {
  flags: 'rcsneSCMajRhV',
  long: [
    'raw-output',
    'raw-output0',
    'raw-input',
    'join-output',
    'compact-output',
    'slurp',
    'null-input',
    'exit-status',
    'sort-keys',
    'color-output',
    'monochrome-output',
    'ascii-output',
    'tab',
    'stream',
    'seq',
    'arg',
    'args',
    'jsonargs',
    'unbuffered',
    'stream-errors',
    'build-configuration',
    'version',
    'help',
  ],
  values: { indent: /^\d$/ },
  operands: { first: [query], rest: 'read' },
};

/**
 * `--arg` has two values; without them it is left as a word of its own. Of `--slurpfile` and `--rawfile` the second one is a file. A
 * query in a file, with `-f`, could read others.
 */
function readJq(words: readonly Given[]): Reading {
  const left: Given[] = [];
  const files: Given[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    left.push(word);
    if (word.text === '--') {
      left.push(...words.slice(at + 1));
      break;
    }
    const file = word.text === '--slurpfile' || word.text === '--rawfile';
    if (!file && word.text !== '--arg' && word.text !== '--argjson') continue;
    const values = words.slice(at + 1, at + 3);
    if (values.length < 2 || values.some(({ glob }) => glob)) return { paths: [], does: 'asks' };
    left.splice(-1, 1, { text: '--arg', glob: false });
    if (file) files.push(...values.slice(1));
    at += 2;
  }
  const { paths, fits } = readForm(left, jq);
  return { paths: [...paths, ...files.map((file) => pathOf(file))], does: fits ? 'looks' : 'asks' };
}

const sedOptions = ['quiet', 'silent', 'regexp-extended', 'separate', 'null-data', 'posix'];
const sedLooks: Form = {
  flags: 'nErsuz',
  long: sedOptions,
  values: { e: sedPrints, expression: sedPrints },
  operands: { first: [sedPrints], unless: ['e', 'expression'], rest: 'read' },
};

/** With `-i` the files are changed, whatever the script is. */
function sedAsks(file: 'read' | 'write'): Form {
  return {
    flags: 'nErsuzbi',
    long: [...sedOptions, 'in-place', 'debug', 'follow-symlinks'],
    values: { e: 'text', expression: 'text', f: 'read', file: 'read', l: 'number', I: 'text', 'in-place': 'text' },
    operands: { first: ['text'], unless: ['e', 'expression', 'f', 'file'], rest: file },
  };
}

function readSed(words: readonly Given[]): Reading {
  const { paths, fits } = readForm(words, sedLooks);
  if (fits) return { paths, does: 'looks' };
  // Elsewhere `-i` has a value of its own: `-i ''`.
  const given = words.filter(({ text }) => text !== '');
  const all = readForm(given, sedAsks('read')).options;
  const changes = ['i', 'I', 'in-place'].some((option) => all.has(option));
  return { paths: readForm(given, sedAsks(changes ? 'write' : 'read')).paths, does: 'asks' };
}

/** What makes other text of text, from standard input or files. */
export const text: readonly Program[] = [
  {
    names: ['sed'],
    read: readSed,
    match: [
      "sed -n '1,80p' src/a.ts",
      'sed -n 5p a',
      "sed -n '$p' a",
      "sed -n '/^export/p' src/*.ts",
      "sed -n '/start/,/end/p' a",
      "sed -n '10,20p;40,+5p' a",
      "sed -n -e '1,5p' -e '10p' a",
      "sed -nE '/a|[a-z]+/p' a",
      "cat a | sed -n '3,7p'",
      "sed 's/a/b/' a",
      "git ls-files | sed 's|/.*||;s/^\\./x/g'",
      "sed -E 's/^([a-z]+)=.*/\\1/' a",
      "sed -n 's/a/b/p' a",
      'sed 1d a',
      "sed '/^#/d;/^$/d' a",
      "sed -e 's#a#b#g' -e '$d' a",
      "sed -n '/a/{n;p;q}' a",
      "sed ':a;N;$!ba;s/\\n/,/g' a",
      "sed -n 'l' a",
    ],
    noMatch: [
      "sed 's/a/b/w out' a",
      "sed 's/a/id/e' a",
      "sed 's/a/id/ge' a",
      "sed 's/a/b/;w out' a",
      "sed 's/[/]/x/w out/' a",
      "sed 's,a,b,w out' a",
      "sed 's/a/b\n/w out' a",
      "sed -n '/a/{p;w out\n}' a",
      'sed e a',
      "sed '1!{e id\n}' a",
      "sed 's/a\\\\/b/w out' a",
      "sed 'y/a/b/w' a",
      "sed '$!N;s/x/id/;e' a",
      "sed -n '1w out' a",
      "sed -n 'w out' a",
      "sed -n '1e id' a",
      "sed -n '1,5p;r /etc/passwd' a",
      "sed -n '/a/w/etc/x' a",
      "sed -n '/[/p;/]w x/p' a",
      "sed -n '/[]/p;/]/w x/p' a",
      "sed -n '/[^]/p;/]/w x/p' a",
      "sed -i 's/a/b/' a",
      "sed -ni '1p' a",
      "sed -i '' 's/a/b/' a",
      "sed --in-place=.bak -n '1p' a",
      'sed -n -f script a',
      "sed -n '1p\nw x' a",
      "sed -n -e '1p' -e 'w x' a",
      "sed -n '1p' /etc/passwd",
    ],
  },
  {
    names: ['awk', 'gawk', 'mawk', 'nawk'],
    forms: {
      stops: true,
      values: { F: 'text', v: ownVariable },
      operands: { first: [awkPrints], rest: 'read', least: 1 },
    },
    match: [
      "awk '{print $1, $NF}' a",
      "ls -l | awk '{print $5}'",
      "awk -F: '{ print $1 }' a",
      "awk -F '\\t' 'NR==5' a",
      "awk 'NR>=10 && NR<=20' src/a.ts",
      'awk \'NR>=10 && NR<=20 {print NR ": " $0}\' a',
      "awk '/start/,/end/' a",
      "awk '{s+=$1} END {print s}' a",
      "awk 'length > 100' src/a.ts",
      'awk \'{printf "%s\\n", $2}\' a',
      "awk -v n=3 'NR > n' a",
      "awk '{ count[$1]++ } END { for (k in count) print k, count[k] / NR }' a",
      'awk \'{ if ($1 > 5) { print $1 } else { n += length($0) } } END { printf("%d %s\\n", n, toupper("x")) }\' a',
      "awk '/a|b/ && !/c/ { print substr($0, 1, 10) (NR > 1) }' a",
      'awk \'BEGIN { FS = OFS = "," } { gsub(/x/, "y"); print }\' a',
    ],
    noMatch: [
      "awk '{system($1)}' a",
      'awk \'{print > "out"}\' a',
      "awk '{print $1 > $2}' a",
      'awk \'{print $1 | "sh"}\' a',
      'awk \'BEGIN{"id" | getline; print}\'',
      'awk \'BEGIN{while((getline l < "/etc/passwd")>0) print l}\'',
      'awk \'/[/{print > "x"}/]/ {print $1}\' a',
      'awk -f script a',
      "awk -v ARGV=1 '{print $1}' a",
      "awk -v 'a[$(id)]=1' '{print}' a",
      'awk \'{ if (x) print > "out" }\' a',
      'awk \'{ print (a)(b) > "out" }\' a',
      'awk \'{ print a ? b : c > "out" }\' a',
      'awk \'{ printf("%s", $1) > "out" }\' a',
      'awk \'{ print a++ / "x/ > \\"out" / 2 }\' a',
      'awk \'{ x = length / "b" | "sh" / 2 }\' a',
      'awk \'{ print "a" "b" | "sh" }\' a',
      "awk 'function f(x) { return x } { print f($1) }' a",
      'awk \'{ print a,\n b > "out" }\' a',
      "awk '{ @f() }' a",
      "awk '# | \n{print}' a",
      "awk '{ while ((c | getline l) > 0) print l }' a",
      "awk -i inplace '{print $1}' a",
      'awk \'{print ENVIRON["HOME"]}\' a',
      "awk '{print $1}' /etc/passwd",
      'awk \'@load "x"\' a',
    ],
  },
  {
    names: ['jq'],
    read: readJq,
    match: [
      'cat package.json | jq .scripts',
      "jq -r '.dependencies | keys[]' package.json",
      'jq . a.json b.json',
      "jq --arg name x '.[$name]' a.json",
      "jq -c '.[] | select(.a > 1)' a.json | head",
      'jq .env a.json',
      "jq --slurpfile a b.json '.x + $a' c.json",
      'jq --rawfile a b . c',
    ],
    noMatch: [
      'jq -f program a.json',
      'jq --from-file program a.json',
      'jq --rawfile a .env . c',
      'jq --slurpfile a /etc/passwd . b',
      'jq -L lib . a',
      'jq -n env',
      "jq -n '$ENV.HOME'",
      'jq -n \'"\\(env)"\'',
      'jq \'import "a" as a; .\' b',
      'jq \'include "a"; .\' b',
      'jq . /etc/x.json',
      'jq --arg a',
    ],
  },
  {
    names: ['sort'],
    passes: (words) => words.every(({ text }) => /^-[bdfghinrRsuV]+$/.test(text)),
    forms: {
      flags: 'bdfghiMnrRsuVzcCm',
      long: [
        'reverse',
        'numeric-sort',
        'general-numeric-sort',
        'human-numeric-sort',
        'version-sort',
        'month-sort',
        'unique',
        'stable',
        'ignore-case',
        'ignore-leading-blanks',
        'dictionary-order',
        'zero-terminated',
        'check',
        'merge',
      ],
      values: {
        k: 'text',
        t: 'text',
        S: 'text',
        key: 'text',
        'field-separator': 'text',
        sort: 'text',
        parallel: 'number',
        'buffer-size': 'text',
      },
      operands: 'read',
    },
    match: ['sort a', 'sort | uniq -c | sort -rn', 'sort -t, -k2,2n a', 'sort -u a b', 'ls | sort -V'],
    noMatch: [
      'sort -o a a',
      'sort a -o b',
      'sort -uo b a',
      'sort --output=b a',
      'sort --compress-program=./x a',
      'sort -T /tmp a',
      'sort --files0-from=x',
      'sort --random-source=x a',
      'sort -k 1 /etc/passwd',
      'sort a -t /etc/passwd',
    ],
  },
  {
    names: ['uniq'],
    passes: (words) => words.every(({ text }) => /^-[dui]+$/.test(text)),
    // A second operand would be written, and elsewhere an option behind the first is one.
    forms: {
      stops: true,
      flags: 'cdDuiz',
      long: ['count', 'repeated', 'all-repeated', 'unique', 'ignore-case', 'zero-terminated'],
      values: { f: 'number', s: 'number', w: 'number', 'skip-fields': 'number', 'skip-chars': 'number' },
      operands: { first: ['read'] },
    },
    match: ['uniq a', 'uniq -c a', 'sort a | uniq -d', 'sort a | uniq -c | sort -rn | head -20'],
    noMatch: ['uniq a b', 'uniq *', 'uniq src/*.txt', 'uniq - b', 'uniq a -c', 'uniq /etc/passwd'],
  },
  {
    names: ['cut'],
    forms: {
      flags: 'snz',
      long: ['complement', 'only-delimited', 'zero-terminated'],
      values: {
        b: 'text',
        c: 'text',
        f: 'text',
        d: 'text',
        fields: 'text',
        delimiter: 'text',
        characters: 'text',
        bytes: 'text',
        'output-delimiter': 'text',
      },
      operands: 'read',
    },
    match: ['cut -d: -f1 a', "cut -d ' ' -f 2- a", 'ls -l | cut -c1-80'],
    noMatch: ['cut -f1 /etc/passwd', 'cut -x a', 'cut -f1 a -d /etc/passwd'],
  },
  {
    names: ['tr'],
    forms: {
      flags: 'cCdstu',
      long: ['complement', 'delete', 'squeeze-repeats', 'truncate-set1'],
      operands: { first: ['text', 'text'], least: 1 },
    },
    match: [
      "cat a | tr -d '\\r'",
      "ls | tr '\\n' ' '",
      'cat a | tr a-z A-Z',
      "cat a | tr -cs 'a-z' '\\n' | sort | uniq -c",
    ],
    noMatch: ['tr a b c', 'tr -x a b', 'tr a b > c'],
  },
  {
    names: ['column'],
    forms: {
      flags: 'tx',
      long: ['table'],
      values: {
        s: 'text',
        o: 'text',
        c: 'number',
        N: 'text',
        R: 'text',
        separator: 'text',
        'output-separator': 'text',
      },
      operands: 'read',
    },
    match: ['column -t a', 'column -t -s, a.csv | head', "cat a | column -t -s '|'"],
    noMatch: ['column -q a', 'column /etc/fstab', 'column -t ../a'],
  },
  {
    names: ['paste'],
    forms: { flags: 'sz', long: ['serial'], values: { d: 'text', delimiters: 'text' }, operands: 'read' },
    match: ['paste a b', 'paste -sd, a', 'ls | paste -sd, -', "paste -d ' ' a b"],
    noMatch: ['paste -x a', 'paste a /etc/passwd', 'paste a -d /etc/passwd'],
  },
  {
    names: ['join'],
    forms: {
      flags: 'iz',
      long: ['header', 'check-order', 'nocheck-order', 'ignore-case'],
      values: {
        '1': 'number',
        '2': 'number',
        j: 'number',
        t: 'text',
        e: 'text',
        o: 'text',
        a: ['1', '2'],
        v: ['1', '2'],
      },
      operands: 'read',
    },
    match: ['join a b', 'join -t, -1 2 -2 1 a b', 'join -a 1 -o 1.1,2.2 a b'],
    noMatch: ['join -x a b', 'join a /etc/passwd', 'join a ../b'],
  },
  {
    names: ['comm'],
    forms: {
      flags: '123iz',
      long: ['total', 'check-order', 'nocheck-order', 'zero-terminated'],
      values: { 'output-delimiter': 'text' },
      operands: 'read',
    },
    match: ['comm -12 a b', 'comm a b', 'sort a | comm -23 - b', 'comm -13 <(sort a) <(sort b)'],
    noMatch: ['comm -4 a b', 'comm a /etc/passwd', 'comm <(rm a) b', 'comm <(cat /etc/passwd) b'],
  },
  {
    names: ['fold', 'fmt'],
    forms: {
      flags: 'bscu',
      long: ['spaces', 'bytes'],
      values: { w: 'number', width: 'number' },
      count: true,
      operands: 'read',
    },
    match: ['fold -w 80 a', 'fold -sw 80 a | head', 'fmt -w 72 README.md', 'fmt -80 README.md'],
    noMatch: ['fold -x a', 'fmt -p /etc/x a', 'fold /etc/passwd'],
  },
  {
    names: ['expand', 'unexpand'],
    forms: {
      flags: 'ai',
      long: ['all', 'initial', 'first-only'],
      values: { t: 'text', tabs: 'text' },
      operands: 'read',
    },
    match: ['expand -t 2 a', 'unexpand -a a', 'expand a | head'],
    noMatch: ['expand -x a', 'expand /etc/passwd', 'unexpand a > b'],
  },
];
