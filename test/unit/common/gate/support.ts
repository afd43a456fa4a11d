import { commandOnPaper, onPaper, paperPolicy, paperRoot } from '../../../../src/common/gate/examples.ts';
import { type Judgement, judge, type ResolvedEffect } from '../../../../src/common/gate/judge.ts';

export { commandOnPaper as commandEffect, onPaper, paperPolicy as trusted, paperRoot as root };

export function judgeCommand(command: string, policy = paperPolicy, grants: string[] = []): Judgement {
  return judgeEffects([commandOnPaper(command)], policy, grants);
}

export function judgeEffects(effects: ResolvedEffect[], policy = paperPolicy, grants: string[] = []): Judgement {
  return judge({ tool: { name: 'some_tool', group: 'execute' }, effects, policy, grants: new Set(grants) });
}
