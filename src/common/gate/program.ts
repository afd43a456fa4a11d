import {
  type CommandPath,
  countLeading,
  type Does,
  type Form,
  type FormReading,
  type Given,
  readForm,
} from './form.ts';
import type { Listing } from './listing.ts';

/** What one simple command does, as far as its words tell. */
export interface Reading {
  paths: CommandPath[];
  does: Does;
  /** See `FormReading.files`; absent where that is not known. */
  files?: readonly string[];
}

/** Another program that one runs. */
export interface Inner {
  words: readonly Given[];
  does: Does;
  paths?: readonly CommandPath[];
  /** Of a shell that runs a text for each of some names: the text, and the variable that stands for a name in it. */
  each?: { text: string; variable: string; names: readonly Given[] };
}

/** Sub-commands by their words: `'log'`, `'stash list'`; `''` for none. */
export interface Commands {
  /** What may stand before the sub-command. */
  before?: Form;
  commands: Readonly<Record<string, Form>>;
  /** For a first operand that is none of these: `pnpm lint` is `pnpm run lint`. */
  otherwise?: Form;
}

/** One entry of the table: to add a program is to write one of these, with its examples. */
export interface Program {
  /** By which it is called; without a folder before them. */
  names: readonly string[];
  forms?: Form | Commands;
  /** Where a form does not say it. Undefined: not on the list in this form. */
  read?: ((words: readonly Given[]) => Reading | undefined) | undefined;
  /** Of a program that runs another one: the words of that, what it does by itself, and what it reads itself. */
  runs?(words: readonly Given[], fed?: Listing): Inner | undefined;
  /** Of one that lists files: which. Asked only where its words are on the list. */
  lists?(words: readonly Given[]): Listing | undefined;
  /** What it prints are lines of its input, as they are. */
  passes?(words: readonly Given[]): boolean;
  /** Of a shell that runs a text which is judged as that text is: it, and what the shell does by itself. */
  line?(words: readonly Given[]): { text: string; does: Does } | undefined;
  /** Of one that runs a text as a command line: that text. */
  script?(words: readonly Given[]): string | undefined;
  /** It looks at what cannot be seen from inside the sandbox: other processes, what listens, what a daemon runs. */
  ofMachine?: true;
  /** Command lines that are allowed, where they run code of the repository inside the sandbox. */
  match: readonly string[];
  /** Command lines that are not. */
  noMatch: readonly string[];
}

const severity: readonly Does[] = ['looks', 'runs', 'asks'];

/** What a command does of which one part does this and another that. */
export function stronger(one: Does, other: Does): Does {
  return severity.indexOf(one) > severity.indexOf(other) ? one : other;
}

/** What a program does with these words; its paths are known also where it is asked about. */
export function readProgram(program: Program, words: readonly Given[]): Reading {
  const own = program.read?.(words);
  if (own !== undefined) return own;
  return program.forms === undefined ? { paths: [], does: 'asks' } : readForms(program.forms, words);
}

export function readForms(forms: Form | Commands, words: readonly Given[]): Reading {
  return 'commands' in forms ? readCommands(forms, words) : readWith(forms, words);
}

function readWith(form: Form, words: readonly Given[]): Reading {
  const { paths, files, fits } = readForm(words, form);
  return { paths, files, does: fits ? (form.does ?? 'looks') : 'asks' };
}

function readCommands({ before = {}, commands, otherwise }: Commands, words: readonly Given[]): Reading {
  const start = countLeading(words, before);
  const leading = readForm(words.slice(0, start), before);
  const names = words.slice(start, start + 3).map(({ text }) => text);
  for (let count = names.length; count >= 0; count--) {
    const name = names.slice(0, count).join(' ');
    if (count === 0 && otherwise !== undefined && names.length > 0) break;
    const form = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (form === undefined) continue;
    // Without a sub-command all words are options of the program itself.
    if (count === 0) return readWith(form, words);
    return behind(leading, readWith(form, words.slice(start + count)));
  }
  return behind(
    leading,
    otherwise === undefined ? { paths: [], does: 'asks' } : readWith(otherwise, words.slice(start)),
  );
}

function behind(leading: FormReading, { paths, does, files = [] }: Reading): Reading {
  return { paths: [...leading.paths, ...paths], files, does: leading.fits ? does : 'asks' };
}
