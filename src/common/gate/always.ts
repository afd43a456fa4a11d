import { commandWords, literalWords, partsInWords, readCommand } from './command.ts';
import type { Given } from './form.ts';
import type { Grant, LookedUp, ResolvedEffect } from './effect.ts';
import { deploys, isInterpreter, isStarter } from './kinds.ts';
import { inVersionControl, isProtected } from './names.ts';
import { reachesOut } from './network.ts';
import { GATE_VERSION } from './version.ts';
import { literalValue } from './words.ts';

/** What may be allowed for good of what is asked about: the forms that a yes would cover, or why there is none. */
export type General = { forms: readonly Grant[] } | { why: string };

/** A word that stands for any file, as a person is shown it. */
export const anyFile = '‹file›';

/** Questions to which the same answer may not hold the next time, by their rules; every rule that is not named is one too. */
const never: Readonly<Record<string, string>> = {
  'read.secrets': 'it may hold secrets.',
  'read.outside': 'it reaches outside the workspace.',
  'read.special': 'it is no regular file.',
  'write.temporary': 'it reaches outside the workspace.',
  'write.protected': 'what stands in this file decides what runs later, or who may do what.',
  'write.special': 'it is no regular file.',
  'path.hidden': 'it has characters in it that cannot be seen.',
  'command.hidden': 'it has characters in it that cannot be seen.',
  'command.repository': 'the repository could have git start other programs the next time.',
  network: 'another machine would be contacted.',
  model: 'another model would be asked.',
};
const unknown = 'it is not known what else it would cover.';

/**
 * What a person may allow for good when they are asked about this effect. A form covers what its words say and no more: the
 * same program, sub-command and options, and other words only in the place of one that the table knows to be a file of the
 * workspace. Its key begins with the version of the rules and with the rule that asks, so that it holds only while these are
 * the same.
 *
 * @param rule of the judgement that asks
 * @param contained whether commands can be shut in: then a script of the project is, once it is always allowed
 */
export function generalise(effect: ResolvedEffect, rule: string, contained = false): General {
  const why = Object.hasOwn(never, rule) ? never[rule] : undefined;
  if (why !== undefined) return { why };
  if (effect.kind === 'execute' && (rule === 'command' || rule === 'command.contained')) {
    return generaliseCommand(effect, rule, contained);
  }
  if (effect.kind === 'write' && rule === 'write.inside' && effect.path.root !== undefined) {
    const { real, root, shown } = effect.path;
    return {
      forms: [
        { key: keyOf(rule, ['file', real]), words: `changes of ${shown}` },
        {
          key: keyOf(rule, ['files', root]),
          words: 'changes of all files in this workspace but those that hold secrets or decide what runs later',
        },
      ],
    };
  }
  return { why: unknown };
}

function keyOf(rule: string, form: unknown): string {
  return `${GATE_VERSION} ${rule} ${JSON.stringify(form)}`;
}

function generaliseCommand(effect: ResolvedEffect & { kind: 'execute' }, rule: string, contained: boolean): General {
  const { command, paths, repositoryRuns } = effect;
  const reading = readCommand(command);
  const why = reading.asked.map(({ program, words }) => whyNever(program, words)).find((each) => each !== undefined);
  if (why !== undefined) return { why };
  if (reading.denied !== undefined || reading.beyond || /[\r\n]/.test(command.trim())) {
    return { why: 'the shell would do more in it than to run plain commands.' };
  }
  // What only the names of files make a question of is none of the program.
  if (rule === 'command' && (reading.asked.length === 0 || paths.some(({ glob }) => glob))) return { why: unknown };
  if (!paths.every(isPlain)) return { why: 'it names more than plain files of the workspace.' };
  const rootOnly = reading.git.every((folder) => folder === '');
  if (repositoryRuns === true || !rootOnly) return { why: never['command.repository'] ?? unknown };

  const given = literalWords(command);
  const looked = new Map(paths.map(({ path, found }) => [path, found?.[0]]));
  // What is not there may be the name of a test, or of anything else; only what is written need not be there yet.
  const inside = new Map(
    reading.paths.flatMap(({ path, effect, before = 0 }) => {
      const found = looked.get(path);
      return found === undefined || (found.kind === 'missing' && effect !== 'write')
        ? []
        : [[path.slice(before), found.root] as const];
    }),
  );
  const rootOf = (word: string): string | undefined => {
    // What is said twice may be something else in the other place: the value of an option, a pattern.
    if (!reading.files.includes(word) || given.filter((each) => each === word).length !== 1) return undefined;
    return inside.get(word) ?? inside.get(word.replace(/(?:::[^]*|(?::\d+){1,2})$/, ''));
  };
  const parts = partsInWords(command, (word) => {
    const root = rootOf(word);
    return root === undefined ? undefined : { any: root };
  });
  if (parts === undefined) return { why: unknown };
  const open = parts.some((part) => typeof part === 'object' && 'any' in part);
  const covers = open ? `, ${anyFile} being any file or folder of this workspace` : '';
  const script = runsScript(command);
  const runs = rule === 'command.contained' || script;
  const shut = script && contained ? ', shut in from then on (no network, and writing nowhere else)' : '';
  const changing = runs ? `${shut}, whatever the code of this folder is then` : '';
  const deciding = runs ? effect.deciding : undefined;
  const until = deciding === undefined ? '' : `, until ${listed(deciding.names)} changes`;
  const key = keyOf(rule, deciding === undefined ? parts : [parts, deciding.hash]);
  return { forms: [{ key, words: shown(command, rootOf) + covers + changing + until }] };
}

/** As `package.json or Makefile`. */
export function listed(names: readonly string[]): string {
  const [last = '', ...others] = names.slice(0, 4).toReversed();
  const more =
    names.length > 4 ? [...others.toReversed(), last, 'another of its kind'] : [...others.toReversed(), last];
  return more.length < 2 ? last : `${more.slice(0, -1).join(', ')} or ${more.at(-1)}`;
}

/** The line as it was written, with `anyFile` where another file may stand. */
function shown(command: string, rootOf: (word: string) => string | undefined): string {
  let line = '';
  let from = 0;
  for (const { pos, end, word } of commandWords(command)) {
    const value = word === undefined ? undefined : literalValue(word);
    const any = value !== undefined && rootOf(value) !== undefined;
    line += command.slice(from, pos) + (any ? anyFile : command.slice(pos, end));
    from = end;
  }
  return (line + command.slice(from)).trim();
}

/** Inside the workspace, known, and nothing that decides what runs later. */
function isPlain({ found }: LookedUp): boolean {
  return (
    found !== undefined &&
    found.every(({ root, kind, shown, real }) => {
      const below = real.slice(root?.length ?? 0);
      return root !== undefined && kind !== 'other' && ![shown, below].some(isOwn);
    })
  );
}

function isOwn(path: string): boolean {
  return isProtected(path) || inVersionControl(path);
}

const removers = new Set(
  'rm rmdir unlink shred truncate mv cp dd install rsync find chmod chown chgrp ln tee kill pkill killall'.split(' '),
);
const rooted = new Set(['sudo', 'doas', 'su', 'pkexec']);

/** Why this command is not offered to be allowed for good; undefined: it may be. */
function whyNever(program: string, words: readonly Given[]): string | undefined {
  const [sub = '', ...rest] = words.map(({ text }) => text);
  if (rooted.has(program)) return 'it has the rights of another account.';
  if (isRepeatable(program, sub, rest, words)) return undefined;
  if (program === 'git' && sub === 'commit') return 'a commit may run hooks, and says something else each time.';
  if (isStarter(program)) return `${program} runs whatever it is given, which may be something else the next time.`;
  if (isInterpreter(program)) return 'what the interpreter runs may be something else the next time.';
  if (removers.has(program)) return 'what it removes or writes over cannot be brought back.';
  if (reachesOut([[program, ...words.map(({ text }) => text)]]))
    return 'it uses the network, or what it fetches is run.';
  return `it is not known what ${program.slice(0, 40)} may do in this form.`;
}

function isRepeatable(program: string, sub: string, rest: readonly string[], words: readonly Given[]): boolean {
  if (words.some(({ glob }) => glob)) return false;
  switch (program) {
    case 'mkdir':
      return [sub, ...rest].every((word) => !word.startsWith('-') || /^(?:-[pv]+|--parents|--verbose)$/.test(word));
    case 'touch':
      return [sub, ...rest].every((word) => !word.startsWith('-') || /^-[acm]+$/.test(word));
    case 'git':
      return sub === 'add' && rest.length > 0 && rest.every((word) => !/^-(?!-?all$|-?update$|[Auvn]+$|-$)/.test(word));
    case 'npm':
    case 'pnpm':
      return sub === 'run' && rest.length === 1 && /^\w[\w:.-]*$/.test(rest[0] ?? '') && !deploys(rest[0] ?? '');
    default:
      return false;
  }
}

/** They run what stands in a file of the folder under a name. */
const scriptRunners = new Set(['npm', 'pnpm']);

/** Whether a command that is asked about runs a script of the project, whose code the agent may have written meanwhile. */
export function runsScript(command: string): boolean {
  return readCommand(command).asked.some(({ program }) => scriptRunners.has(program));
}
