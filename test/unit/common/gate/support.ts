import { posix } from 'node:path';
import { commandPaths } from '../../../../src/common/gate/command.ts';
import { type Judgement, judge, type Policy, type ResolvedEffect } from '../../../../src/common/gate/judge.ts';
import type { ResolvedPath } from '../../../../src/common/tool.ts';

export const root = '/home/me/shop';
export const trusted: Policy = { trusted: true, execute: 'ask', edits: 'ask', contained: true, home: '/home/me' };

/** As if there were no links: what a path means on paper. */
export function onPaper(given: string, kind: ResolvedPath['kind'] = 'file'): ResolvedPath {
  const real = posix.resolve(root, given.replace(/^~(?=\/|$)/, '/home/me'));
  const inside = real === root || real.startsWith(`${root}/`);
  return {
    given,
    absolute: real,
    real,
    root: inside ? root : undefined,
    shown: inside ? posix.relative(root, real) || '.' : real,
    kind,
  };
}

export function judgeCommand(command: string, policy = trusted, grants: string[] = []): Judgement {
  return judgeEffects([commandEffect(command)], policy, grants);
}

export function commandEffect(command: string): ResolvedEffect & { kind: 'execute' } {
  const paths = commandPaths(command).map((each) => ({
    ...each,
    // As if no file had such a name that a pattern would fit.
    found: [onPaper(each.path, each.effect === 'nothing' ? 'missing' : 'file')],
  }));
  return { kind: 'execute', command, paths };
}

export function judgeEffects(effects: ResolvedEffect[], policy = trusted, grants: string[] = []): Judgement {
  return judge({ tool: { name: 'some_tool', group: 'execute' }, effects, policy, grants: new Set(grants) });
}
