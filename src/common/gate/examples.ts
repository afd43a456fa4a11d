import type { ResolvedPath } from '../tool.ts';
import { commandPaths, readCommand } from './command.ts';
import type { DeniedKind } from './denials.ts';
import type { ResolvedEffect } from './effect.ts';
import { keyOf } from './form.ts';
import { judge, type Policy } from './judge.ts';
import type { Program } from './program.ts';

/** The workspace in which examples are judged. Nothing is there, so all that they name counts as an ordinary file. */
export const paperRoot = '/home/me/shop';
export const paperPolicy: Policy = {
  trusted: true,
  execute: 'ask',
  edits: 'ask',
  contained: true,
  home: '/home/me',
};

/** What a path means as long as there are no links. */
export function onPaper(given: string, kind: ResolvedPath['kind'] = 'file'): ResolvedPath {
  const real = resolved(given.replace(/^~(?=\/|$)/, '/home/me'));
  const inside = real === paperRoot || real.startsWith(`${paperRoot}/`);
  return {
    given,
    absolute: real,
    real,
    root: inside ? paperRoot : undefined,
    shown: inside ? real.slice(paperRoot.length + 1) || '.' : real,
    kind,
  };
}

function resolved(path: string): string {
  const names: string[] = [];
  for (const name of (path.startsWith('/') ? path : `${paperRoot}/${path}`).split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

/** A command as if no file had a name that one of its patterns would fit, and each folder that it changes to were there. */
export function commandOnPaper(command: string): ResolvedEffect & { kind: 'execute' } {
  const entered = readCommand(command).paths.flatMap((each) => (each.effect === 'folder' ? [keyOf(each)] : []));
  const paths = commandPaths(command).map((each) => ({
    ...each,
    found: [
      onPaper(each.path, entered.includes(keyOf(each)) ? 'folder' : each.effect === 'nothing' ? 'missing' : 'file'),
    ],
  }));
  return { kind: 'execute', command, paths };
}

/** The same of what is never run. */
export function wrongDenials(kinds: readonly DeniedKind[]): string[] {
  const ruleOf = (line: string): string | undefined => readCommand(line).denied?.rule;
  return kinds.flatMap(({ rule, match, noMatch }) => [
    ...match.filter((line) => ruleOf(line) !== rule).map((line) => `is not denied by ${rule}: ${line}`),
    ...noMatch.filter((line) => ruleOf(line) !== undefined).map((line) => `is denied: ${line}`),
  ]);
}

/** The examples of entries that are judged otherwise than they say, each with what became of it. */
export function wrongExamples(programs: readonly Program[]): string[] {
  const tool = { name: 'bash', group: 'execute' as const };
  const allowed = (command: string): boolean => {
    const effects = [commandOnPaper(command)];
    return judge({ tool, effects, policy: paperPolicy, grants: new Set() }).decision === 'allow';
  };
  return programs.flatMap(({ match, noMatch }) => [
    ...match.filter((line) => !allowed(line)).map((line) => `is not allowed: ${line}`),
    ...noMatch.filter(allowed).map((line) => `is allowed: ${line}`),
  ]);
}
