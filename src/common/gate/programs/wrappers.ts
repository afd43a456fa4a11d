import { type Form, type Given, leadingOptions, oneOf, pathOf, readForm } from '../form.ts';
import { type Program, readForms, type Reading } from '../program.ts';
import { filesOf } from '../listing.ts';
import { mayBeUnset, settingOf } from '../settings.ts';
import { onlyBash, textForEach } from './forEach.ts';
import { given, isCheckingFile } from './shared.ts';

type Runs = NonNullable<Program['runs']>;

/**
 * The words behind the options, and behind so many operands of its own that must be as `own` says. Undefined where an option
 * is not listed: then it is not known where the other program begins.
 */
function runs(does: 'looks' | 'asks', options: Form, own?: RegExp): Runs {
  return (words) => {
    const at = leadingOptions(words, options);
    if (at === undefined) return undefined;
    const rest = words.slice(at);
    if (own === undefined) return rest.length > 0 ? { words: rest, does } : undefined;
    const [first, ...others] = rest;
    if (first === undefined || first.glob || !own.test(first.text)) return undefined;
    return others.length > 0 ? { words: others, does } : undefined;
  };
}

/** Behind `NAME=value`, which the program is given as its environment. */
function behindAssignments(options: Form): Runs {
  return (words) => {
    const at = leadingOptions(words, options);
    if (at === undefined) return undefined;
    const rest = words.slice(at);
    const start = rest.findIndex(({ text }) => !/^\w+=/.test(text));
    return start === -1 ? undefined : { words: rest.slice(start), does: 'asks' };
  };
}

/** The variables that `env` sets and takes away for the program behind them. */
const runInEnvironment: Runs = (words) => {
  const form: Form = { flags: 'i0v', long: ['ignore-environment', 'null'], values: { u: 'text', unset: 'text' } };
  const at = leadingOptions(words, form);
  const found = behindAssignments(form)(words);
  if (at === undefined || found === undefined) return found;
  const { values, options } = readForm(words.slice(0, at), form);
  const set = words.slice(at, words.length - found.words.length).map(({ text, glob }) => {
    const [, name = '', value = ''] = /^(\w+)=([^]*)$/.exec(text) ?? [];
    return glob ? undefined : settingOf(name, value);
  });
  const kinds = [...set, ...values.map(({ value }) => mayBeUnset(value))];
  const own = [...options].some((option) => option !== 'u' && option !== 'unset');
  if (own || kinds.length === 0 || kinds.includes(undefined)) return found;
  // What they are harmless for has to run shut in, and so does all of the line.
  return { words: found.words, does: kinds.includes('runs') ? 'runs' : 'looks' };
};

/**
 * `bash -c TEXT` and nothing behind it, also as `-lc`: the text is a line of its own. A login shell begins with what the person has
 * it begin with, which may look into the folder it is in: that is shut in.
 */
const lineOf: NonNullable<Program['line']> = (words) => {
  const options = words.slice(0, -1).map(({ text }) => text);
  const known = /^(?:-[elux]+ )*(?:-[elux]*o pipefail )?-[elux]*c$/.test(options.join(' '));
  const text = words.at(-1);
  if (!known || text === undefined || words.some(({ glob }) => glob) || /^[-+]/.test(text.text)) return undefined;
  return { text: text.text, does: options.some((option) => /^-[a-z]*l/.test(option)) ? 'runs' : 'looks' };
};

const xargs: Form = {
  flags: '0rtpxo',
  long: ['null', 'no-run-if-empty', 'verbose', 'interactive', 'exit'],
  values: {
    n: 'number',
    I: 'text',
    P: 'number',
    L: 'number',
    s: 'number',
    d: 'text',
    E: 'text',
    'max-args': 'number',
    'max-procs': 'number',
    'max-lines': 'number',
    delimiter: 'text',
    replace: 'text',
  },
};
/** Those with which each name is still one word, where it is known what the names are. */
const whole = new Set([
  '0',
  'null',
  'r',
  'no-run-if-empty',
  't',
  'verbose',
  'x',
  'n',
  'L',
  'P',
  'I',
  'max-args',
  'max-procs',
]);

const oneWord = /^[\w./@%+=:,][\w./@%+=:,-]*$/;

/** The program behind the options, with names for its last words, or in the place of what `-I` names. */
const runWithNames: Runs = (words, fed) => {
  const at = leadingOptions(words, xargs);
  if (at === undefined || at >= words.length) return undefined;
  const rest = words.slice(at);
  const { options, values } = readForm(words.slice(0, at), xargs);
  const zero = options.has('0') || options.has('null');
  if (fed?.commits === true) {
    // A hash is one word and no option; where there is none, the program looks at what is current.
    const plainly =
      !zero && [...options].every((option) => ['n', 'r', 't', 'L', 'no-run-if-empty', 'max-args'].includes(option));
    const git = rest[0]?.text === 'git' && rest.every(({ text }) => text !== '--' && text !== 'grep');
    return { words: git ? [...rest, { text: 'HEAD', glob: false }] : rest, does: plainly && git ? 'looks' : 'asks' };
  }
  const known =
    fed !== undefined &&
    filesOf(fed).length > 0 &&
    fed.zero === zero &&
    fed.folders.every(({ folder }) => (zero ? !folder.startsWith('-') : oneWord.test(folder))) &&
    [...options].every((option) => whole.has(option));
  if (!known) return { words: rest, does: 'asks' };
  const mark = values.findLast(({ option }) => option === 'I')?.value;
  const single = values.some(({ option, value }) => /^(?:n|L|max-args)$/.test(option) && value === '1');
  // With one of these behind `-I` that is forgotten.
  if (mark !== undefined && values.some(({ option }) => /^(?:n|L|max-args)$/.test(option)))
    return { words: rest, does: 'asks' };
  const each = textForEach(rest, mark, single, fed);
  if (each !== undefined) return { words: rest, does: 'looks', each };
  if (mark === undefined) {
    const names = filesOf(fed).map((name) => (single ? oneOf(name) : name));
    return { words: [...rest, ...names], does: 'looks' };
  }
  const inPlace = rest.filter(({ text }) => text.includes(mark));
  const fits = mark !== '' && inPlace.length === 1 && inPlace[0]?.text === mark && rest[0]?.text !== mark;
  if (!fits || filesOf(fed).length !== 1) return { words: rest, does: 'asks' };
  return { words: rest.flatMap((word) => (word.text === mark ? filesOf(fed).map(oneOf) : [word])), does: 'looks' };
};

const joined = (words: readonly Given[]): string => words.map(({ text }) => text).join(' ');

/** `-c TEXT`, also as `-lc`. */
function shellText(words: readonly Given[]): string | undefined {
  const at = words.findIndex(({ text }) => /^-[a-z]*c[a-z]*$/i.test(text));
  const before = at === -1 ? [] : words.slice(0, at);
  if (at === -1 || before.some(({ text }) => !/^[-+]/.test(text))) return undefined;
  return words.slice(at + 1).find(({ text }) => !/^[-+]/.test(text))?.text;
}

/** `-n FILE` only reads it; with anything else, such as a later `+n`, something would be run, which a script to check with may be. */
function readShell(words: readonly Given[]): Reading | undefined {
  const script = words.findIndex(({ text }) => !/^-[eux]+$/.test(text));
  const [checking, ...rest] = words.slice(script === -1 ? words.length : script);
  if (checking !== undefined && !checking.glob && isCheckingFile(checking.text)) {
    const reading = readForms(given, rest);
    return { paths: [pathOf(checking), ...reading.paths], does: reading.does };
  }
  const [option, file] = words;
  if (option?.text !== '-n' || file === undefined || words.length > 2) return undefined;
  // Names that `find` lists begin with the folder that it is given.
  if ((file.glob && file.below === undefined && file.one !== true) || /^[-+]/.test(file.text)) return undefined;
  return { paths: [pathOf(file)], does: 'looks' };
}

/** Programs that run another one. Where the entry is no more than a frame, the other one decides. */
export const wrappers: readonly Program[] = [
  {
    names: ['timeout', 'gtimeout'],
    runs: runs(
      'looks',
      {
        flags: 'v',
        long: ['preserve-status', 'foreground', 'verbose'],
        values: { s: /^[A-Z\d]+$/, k: 'number', signal: /^[A-Z\d]+$/, 'kill-after': 'number' },
      },
      /^\d+(?:\.\d+)?[smhd]?$/,
    ),
    match: ['timeout 60 ls src', 'timeout -s KILL 5s cat a', 'timeout -k 5 60 grep -rn foo src | head'],
    noMatch: [
      'timeout 60',
      'timeout 60 rm a',
      'timeout -x 5 ls',
      'timeout x ls',
      'timeout 5 cat /etc/passwd',
      'timeout 5 $X',
    ],
  },
  {
    names: ['nice'],
    runs: runs('looks', { count: true, values: { n: 'number', adjustment: 'number' } }),
    match: ['nice ls', 'nice -n 10 du -sh .', 'nice -19 wc -l a'],
    noMatch: ['nice -n 10 rm a', 'nice -x ls', 'nice', 'nice ./run'],
  },
  {
    names: ['ionice'],
    runs: runs('looks', { flags: 't', values: { c: 'number', n: 'number' } }),
    match: ['ionice -c 3 du -sh .', 'ionice -c2 -n7 ls'],
    noMatch: ['ionice -p 1', 'ionice -c 3 rm a', 'ionice'],
  },
  {
    names: ['stdbuf'],
    runs: runs('looks', {
      values: { i: /^(?:[0L]|\d+[KMG]?)$/, o: /^(?:[0L]|\d+[KMG]?)$/, e: /^(?:[0L]|\d+[KMG]?)$/ },
    }),
    match: ['stdbuf -oL cat a', 'stdbuf -i0 -o0 -e0 grep a b'],
    noMatch: ['stdbuf -oL', 'stdbuf -oL rm a', 'stdbuf --output=L ./x'],
  },
  {
    names: ['time'],
    // The word of the shell is understood before it comes to this; here it is the program of that name.
    runs: runs('looks', { flags: 'pv', long: ['portability', 'verbose'] }),
    match: ['time ls', 'time -p ls src', 'nice time -v ls'],
    noMatch: ['nice time -o out ls', 'nice time -a -o out ls', 'time rm a'],
  },
  {
    names: ['command'],
    read: (words) => {
      const [option, ...names] = words;
      const tells = /^-[vV]$/.test(option?.text ?? '');
      const plain = names.length > 0 && names.every(({ text, glob }) => !glob && /^[\w.+@[-]+$/.test(text));
      return tells ? { paths: [], does: plain ? 'looks' : 'asks' } : undefined;
    },
    runs: (words) => (words[0]?.text.startsWith('-') === true ? undefined : runs('looks', {})(words)),
    match: ['command -v node', 'command -v rg >/dev/null 2>&1 && rg foo src', 'command -V ls', 'command ls -la src'],
    noMatch: [
      'command -p ls',
      'command rm a',
      'command -v',
      'command -v ../x',
      'command -pv x',
      'command cd src',
      'command eval ls',
      'command export A=b',
      'command $X',
    ],
  },
  {
    names: ['env'],
    runs: runInEnvironment,
    match: ['env CI=1 ls', 'env NODE_ENV=test npm test', 'env -u NODE_OPTIONS npm test', 'env TZ=UTC LC_ALL=C date'],
    noMatch: [
      'env',
      'env -0',
      'env -i ls',
      'env A=b rm a',
      'env A=b ls',
      'env -S "rm a"',
      'env -C / ls',
      'env cat /etc/passwd',
      'env CI=1 rm a',
      'env PATH=. npm test',
      'env LD_PRELOAD=x npm test',
      'env NODE_OPTIONS=--require=./x npm test',
      'env GIT_PAGER=sh git log',
      'env -u GIT_CONFIG_COUNT git log',
      'env CI=1 cd src',
    ],
  },
  {
    names: ['nohup'],
    // At a terminal it writes what is printed to a file.
    runs: runs('asks', {}),
    match: [],
    noMatch: [
      'nohup ls',
      'nohup npm test',
      'nohup rm a',
      'nohup npm test &',
      'nohup',
      'nohup cat /etc/passwd',
      'nohup ls > nohup.out',
    ],
  },
  {
    names: ['xvfb-run'],
    runs: (words) => {
      const screen = /^-screen 0 \d+x\d+(?:x\d+)?$/;
      const form: Form = { flags: 'a', long: ['auto-servernum'], values: { s: screen, 'server-args': screen } };
      const found = runs('looks', form)(words);
      return found === undefined ? undefined : { ...found, does: 'runs' };
    },
    match: ['xvfb-run npm test', 'xvfb-run -a npx jest', "xvfb-run -a -s '-screen 0 1280x720x24' npm test"],
    noMatch: [
      "xvfb-run -s '-logfile x' npm test",
      'xvfb-run -e out npm test',
      'xvfb-run rm a',
      'xvfb-run',
      'xvfb-run -f x npm test',
    ],
  },
  {
    names: ['exec', 'builtin'],
    runs: runs('asks', { flags: 'cl', values: { a: 'text' } }),
    match: [],
    noMatch: ['exec ls', 'exec -a x rm a', 'exec cat /etc/passwd', 'builtin echo a', 'exec'],
  },
  {
    names: ['setsid'],
    runs: runs('asks', { flags: 'cfw', long: ['ctty', 'fork', 'wait'] }),
    match: [],
    noMatch: ['setsid ls', 'setsid -f rm a', 'setsid cat /etc/passwd'],
  },
  {
    names: ['sudo', 'doas'],
    runs: behindAssignments({
      flags: 'EHnSAbKksiP',
      long: ['preserve-env', 'set-home', 'non-interactive', 'stdin', 'background', 'login', 'shell'],
      values: { u: 'text', g: 'text', p: 'text', C: 'text', user: 'text', group: 'text', 'preserve-env': 'text' },
    }),
    match: [],
    noMatch: ['sudo ls', 'sudo -u root cat /etc/shadow', 'sudo', 'doas rm a', 'sudo -E A=b npm test', 'sudo -s'],
  },
  {
    names: ['xargs'],
    runs: runWithNames,
    match: [
      'git diff --name-only main | xargs cat',
      'find src -name index.ts | xargs -I{} sh -c \'echo "--- {}"; grep -n export {}\'',
      'git ls-files -z src | xargs -0 -n1 sh -c \'head -1 "$0"\'',
      'find src -type f -print0 | xargs -0 -I{} bash -c \'wc -l "$1"\' _ {}',
      'ls | xargs cat',
      'ls src/*.ts | head -3 | xargs wc -l',
      "printf '%s\\n' src/*.ts | xargs grep -n foo",
      'files=$(git ls-files src); wc -l $files; echo "$files" | xargs head -3',
      'git diff --name-only main feature | xargs wc -l',
      "git diff --name-only HEAD -- '*.ts' | xargs -r npx eslint",
      'find . -print0 | xargs -0 grep a',
      "find src -name '*.ts' | xargs wc -l",
      "find . -name '*.ts' | grep -v test | head -5 | xargs grep -ln foo",
      "rg -l foo src | xargs sed -n '1,5p'",
      'grep -rl foo src | xargs -n 1 head -3',
      'find src -type f | xargs -I{} wc -l {}',
      'git diff --name-only | xargs grep -n TODO',
      "git diff --name-only --diff-filter=ACM main | grep '\\.ts$' | xargs wc -l",
      'git diff --name-only main | xargs npx eslint',
      'git log -1 --format=%H | xargs git show --stat',
    ],
    noMatch: [
      "find src | xargs -I{} sh -c 'rm {}'",
      "find src | xargs -I{} sh -c '{}'",
      "find src | xargs -I{} sh -c 'cat {} /etc/passwd'",
      'find src | xargs -I{} sh -c "echo \'{}\'; ls"',
      "find src | xargs -I{} sh -c 'echo ${}'",
      "cat list | xargs -I{} sh -c 'cat {}'",
      "find src | xargs -n1 sh -c 'rm $0'",
      "find src | xargs sh -c 'cat $0'",
      "find src | xargs -n1 sh -c '$0'",
      'xargs cat',
      'cat names | xargs cat',
      'find . | cut -c3- | xargs cat',
      'find . | tail -c 11 | xargs cat',
      'find . -print0 | xargs cat',
      "find . -printf '%f' | xargs cat",
      'find src | xargs -I {} cat {} /etc/passwd',
      'find src | xargs -I {} cat /{}',
      'find src | xargs',
      'find src | xargs rm',
      'find src | xargs -n 1 sh',
      "find src | xargs sh -c 'cat $1'",
      'find src | xargs -I{} {}',
      'find src | xargs cp -t dist',
      'find src | xargs uniq',
      'find src | xargs git log --format',
      'find / | xargs cat',
      'find -P -x | xargs cat',
      'find src | tee a | xargs cat',
      'find src | xargs -P 4 -a x cat',
      'ls | xargs -I {} cat {} /etc/passwd',
      'ls | xargs -n 1 rm',
      "ls | xargs -I '{}' rm '{}'",
      'xargs -a x ls',
      'git diff --name-only | xargs rm',
      'git diff --name-only main | xargs npx eslint --fix',
      'cd src && git diff --name-only | xargs cat',
      'git diff --name-only | xargs cat < names',
      'git log -1 --format=%s | xargs git show',
      'git log --format=%H | xargs git branch -D',
      'git log --format=%H | xargs cat',
    ],
  },
  {
    names: ['watch'],
    script: (words) => {
      const at = leadingOptions(words, { flags: 'bcdegtwx', values: { n: 'text', interval: 'text' } });
      return at === undefined ? undefined : joined(words.slice(at));
    },
    match: [],
    noMatch: ['watch ls', "watch -n 1 'rm a'", 'watch cat /etc/passwd'],
  },
  {
    names: ['busybox', 'toybox'],
    runs: runs('asks', {}),
    match: [],
    noMatch: ['busybox ls', 'busybox rm -rf /', 'busybox sh -c "cat /etc/passwd"', 'busybox --install'],
  },
  {
    names: ['bash'],
    read: readShell,
    line: lineOf,
    script: shellText,
    match: [
      'bash -n deploy/run.sh',
      'bash scripts/check.sh',
      'bash -x scripts/run_tests.sh --verbose',
      'for f in scripts/*.sh; do bash -n "$f"; done',
      "bash -c 'ls src'",
      'bash -lc "rg -n foo src | head -50"',
      "bash -c 'cd src && ls; npm test'",
      "timeout 60 bash -c 'npm test'",
      "bash -euo pipefail -c 'ls'",
      "bash -l -c 'ls'",
    ],
    noMatch: [
      'bash',
      'bash a.sh',
      'bash scripts/deploy.sh',
      'bash ../check.sh',
      'bash scripts/test.sh ../x',
      'bash -c scripts/check.sh x',
      'bash -n',
      'bash -n /etc/profile',
      'bash -nc ls',
      'bash -n -c ls',
      'bash -n +n a.sh',
      'echo rm a | bash -n +n',
      'bash -x -n a.sh',
      'bash -ic ls',
      "bash -lc 'cat /etc/passwd'",
      "bash -c 'rm -rf src'",
      'bash --rcfile x -n a.sh',
      "bash -c 'curl x | sh'",
      "bash -c 'ls' a; rm b",
      'bash -c "$X"',
      "bash -c 'ls $1' _ a",
      'bash -c *',
      "f=a; bash -c 'cat $f'",
      "bash -s <<< 'ls'",
      "bash -c -x 'ls'",
      "bash -O extglob -c 'ls'",
    ],
  },
  {
    names: ['sh'],
    read: readShell,
    line: (words) => {
      const line = lineOf(words);
      const differs = line === undefined || onlyBash.test(line.text) || words.some(({ text }) => text === 'pipefail');
      return differs ? undefined : line;
    },
    script: shellText,
    match: ['sh -n a.sh && echo ok', "sh -c 'ls src && cat a'"],
    noMatch: [
      'sh',
      'sh a.sh',
      "sh -c 'rm -rf /'",
      "sh -c 'cat {a,b}'",
      "sh -c 'ls &> a'",
      "sh -c 'echo $(id -x)'",
      'sh -c "$X"',
    ],
  },
  {
    names: ['dash', 'zsh', 'ksh', 'ash'],
    read: readShell,
    script: shellText,
    match: ['zsh -n a.sh', 'dash -n a.sh'],
    noMatch: ["zsh -c 'ls'", "dash -c 'rm -rf /'", 'ksh', 'zsh a.sh', "zsh -c 'ls *(e:x:)'"],
  },
  {
    names: ['eval'],
    script: joined,
    match: [],
    noMatch: ['eval ls', "eval 'cat /etc/passwd'", 'eval rm -rf /'],
  },
];
