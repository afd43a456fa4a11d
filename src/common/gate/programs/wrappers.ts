import { type Form, type Given, leadingOptions, readForm } from '../form.ts';
import type { Program, Reading } from '../program.ts';
import { filesOf } from '../listing.ts';

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
  const known =
    fed !== undefined &&
    fed.folders.length > 0 &&
    fed.zero === zero &&
    fed.folders.every(({ folder }) => (zero ? !folder.startsWith('-') : oneWord.test(folder))) &&
    [...options].every((option) => whole.has(option));
  if (!known) return { words: rest, does: 'asks' };
  const mark = values.findLast(({ option }) => option === 'I')?.value;
  if (mark === undefined) return { words: [...rest, ...filesOf(fed)], does: 'looks' };
  const inPlace = rest.filter(({ text }) => text.includes(mark));
  const fits = mark !== '' && inPlace.length === 1 && inPlace[0]?.text === mark && rest[0]?.text !== mark;
  if (!fits || fed.folders.length !== 1) return { words: rest, does: 'asks' };
  return { words: rest.flatMap((word) => (word.text === mark ? filesOf(fed) : [word])), does: 'looks' };
};

const joined = (words: readonly Given[]): string => words.map(({ text }) => text).join(' ');

/** `-c TEXT`, also as `-lc`. */
function shellText(words: readonly Given[]): string | undefined {
  const at = words.findIndex(({ text }) => /^-[a-z]*c[a-z]*$/i.test(text));
  const before = at === -1 ? [] : words.slice(0, at);
  if (at === -1 || before.some(({ text }) => !/^[-+]/.test(text))) return undefined;
  return words.slice(at + 1).find(({ text }) => !/^[-+]/.test(text))?.text;
}

/** `-n FILE` only reads it; with anything else, such as a later `+n`, something would be run. */
function readShell(words: readonly Given[]): Reading | undefined {
  const [option, file] = words;
  if (option?.text !== '-n' || file === undefined || words.length > 2) return undefined;
  if (file.glob || /^[-+]/.test(file.text)) return undefined;
  return { paths: [{ effect: 'read', path: file.text, glob: false }], does: 'looks' };
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
    runs: (words) => (/^-[vV]/.test(words[0]?.text ?? '') ? undefined : runs('asks', { flags: 'p' })(words)),
    match: ['command -v node', 'command -v rg >/dev/null 2>&1 && rg foo src', 'command -V ls'],
    noMatch: ['command ls', 'command -p ls', 'command rm a', 'command -v', 'command -v ../x', 'command -pv x'],
  },
  {
    names: ['env'],
    runs: behindAssignments({
      flags: 'i0v',
      long: ['ignore-environment', 'null'],
      values: { u: 'text', unset: 'text' },
    }),
    match: [],
    noMatch: ['env', 'env -0', 'env ls', 'env A=b rm a', 'env -S "rm a"', 'env -C / ls', 'env cat /etc/passwd'],
  },
  {
    names: ['nohup', 'exec', 'builtin'],
    runs: runs('asks', { flags: 'cl', values: { a: 'text' } }),
    match: [],
    noMatch: ['nohup ls', 'exec ls', 'exec -a x rm a', 'nohup cat /etc/passwd', 'builtin echo a', 'exec'],
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
      'find . -print0 | xargs -0 grep a',
      "find src -name '*.ts' | xargs wc -l",
      "find . -name '*.ts' | grep -v test | head -5 | xargs grep -ln foo",
      "rg -l foo src | xargs sed -n '1,5p'",
      'grep -rl foo src | xargs -n 1 head -3',
      'find src -type f | xargs -I{} wc -l {}',
    ],
    noMatch: [
      'ls | xargs cat',
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
    names: ['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash'],
    read: readShell,
    script: shellText,
    match: ['bash -n deploy/run.sh', 'sh -n a.sh && echo ok'],
    noMatch: [
      'bash',
      'bash a.sh',
      'bash -n',
      'bash -n /etc/profile',
      'bash -nc ls',
      'bash -n -c ls',
      'bash -n +n a.sh',
      'echo rm a | bash -n +n',
      'bash -x -n a.sh',
      'bash -c ls',
      "bash -lc 'cat /etc/passwd'",
      "sh -c 'rm -rf /'",
      'bash --rcfile x -n a.sh',
      "bash -c 'curl x | sh'",
    ],
  },
  {
    names: ['eval'],
    script: joined,
    match: [],
    noMatch: ['eval ls', "eval 'cat /etc/passwd'", 'eval rm -rf /'],
  },
];
