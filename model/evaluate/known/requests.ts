import { type Kind, kinds } from '../../data/kinds.ts';
import { phrases } from '../../data/phrases/index.ts';
import type { EvaluationRequest } from '../request.ts';
import { editTargets } from './edit.ts';
import { explainTargets } from './explain.ts';
import { findTargets } from './find.ts';
import { runTargets } from './run.ts';
import { talkTargets } from './talk.ts';
import type { Target } from './target.ts';

const targets: readonly Target[] = [...explainTargets, ...findTargets, ...runTargets, ...editTargets, ...talkTargets];

/** Of the wordings of a kind, each one taken is as far from the last one as this. */
const stride = 5;
const placeholder = /\{(\w+)\}/g;

/** `held`: kept back from training; `taught`: to see what is due to the wording alone. */
export type Wordings = 'held' | 'taught';

/** Requests of the kinds that the model was taught, about workspaces that it was not. Always the same ones. */
export function knownRequests(wordings: Wordings = 'held'): EvaluationRequest[] {
  return kinds.flatMap((kind) => requestsOf(kind, wordings));
}

function requestsOf(kind: Kind, wordings: Wordings): EvaluationRequest[] {
  const start = kinds.indexOf(kind);
  return targets
    .filter((target) => target.kind === kind)
    .map((target, index) => {
      const usable = phrases[kind][wordings].filter((wording) => canBeFilled(wording, target.fill));
      const wording = target.says ?? usable[(start + index * stride) % usable.length];
      if (wording === undefined) {
        throw new Error(`no ${wordings} wording of ${kind} takes ${JSON.stringify(target.fill)}`);
      }
      return requestOf(target, filled(wording, target.fill), index);
    });
}

function requestOf(
  { kind, workspace, expect, prepare, answer }: Target,
  says: string,
  index: number,
): EvaluationRequest {
  return {
    id: `known-${workspace === 'python' ? 'py' : 'ts'}-${kind}-${index + 1}`,
    kind,
    set: 'known',
    workspace,
    ...(prepare === undefined ? {} : { prepare }),
    turns: [{ says, expect, ...(answer === undefined ? {} : { answer }) }],
  };
}

function canBeFilled(wording: string, fill: Target['fill']): boolean {
  return [...wording.matchAll(placeholder)].every(([, name = '']) => fill[name] !== undefined);
}

function filled(wording: string, fill: Target['fill']): string {
  return wording.replace(placeholder, (_, name: string) => fill[name] ?? '');
}
