import type { Verdict } from '../events.ts';
import type { ResolvedPath, Tool } from '../tool.ts';
import { readCommand } from './command.ts';
import { hasHidden } from './hidden.ts';
import { inVersionControl } from './versionControl.ts';

/**
 * An effect whose paths have been looked up. `paths` of a command: what `commandPaths` named, as far as it resolves;
 * `repositoryRuns`: git would start programs there that the repository itself names.
 */
export type ResolvedEffect =
  | { kind: 'read' | 'write'; path: ResolvedPath }
  | { kind: 'execute'; command: string; paths: readonly ResolvedPath[]; repositoryRuns?: boolean }
  | { kind: 'network'; host: string }
  | { kind: 'model' }
  | { kind: 'delegate'; agent: string };

/** What holds for the whole chat. `execute` deny: ENABLE_CODE_EXECUTION=false. */
export interface Policy {
  trusted: boolean;
  /** The role only looks: nothing else is even asked about. */
  readonly?: boolean;
  execute: 'ask' | 'deny';
}

/** What a yes for the whole chat would cover: `key` is remembered, `words` are shown. */
export interface Grant {
  key: string;
  words: string;
}

export interface Judgement extends Verdict {
  /** Absent where only once is offered, or nothing is asked. */
  grant?: Grant;
  /** Allowed, and changes nothing: need not be recorded before it runs. */
  looks: boolean;
}

interface Question {
  tool: Pick<Tool, 'name' | 'group'>;
  effects: readonly ResolvedEffect[];
  policy: Policy;
  /** Keys of what the person allowed for this chat. They turn an ask into an allow, never a denial into anything. */
  grants: ReadonlySet<string>;
}

const order = { deny: 0, ask: 1, allow: 2 };

/** The gate: the one decision over what a call would touch. Pure; the strictest part wins, and unknown means ask. */
export function judge({ tool, effects, policy, grants }: Question): Judgement {
  if (effects.length === 0) {
    return tool.group === 'read' || tool.group === 'team'
      ? { ...allow('nothing', 'It touches nothing.'), looks: true }
      : ask('unknown', `${tool.name} does not say what it would touch.`);
  }
  const parts = effects.map((effect) =>
    effect.kind === 'delegate' ? delegated : looking(granted(judgeEffect(effect, policy), grants), policy),
  );
  const [strictest] = parts.toSorted((a, b) => order[a.decision] - order[b.decision]);
  if (strictest === undefined) throw new Error('effects without a judgement');
  if (strictest.decision === 'allow') return { ...strictest, looks: parts.every((part) => part.looks) };
  // A yes for the chat must cover all that is asked; with several questions in one call only once is offered.
  const { grant, ...rest } = strictest;
  const questions = parts.filter((part) => part.decision === 'ask').length;
  return grant === undefined || questions > 1 ? rest : strictest;
}

function granted(judgement: Judgement, grants: ReadonlySet<string>): Judgement {
  const { grant } = judgement;
  if (judgement.decision !== 'ask' || grant === undefined || !grants.has(grant.key)) return judgement;
  return allow('grant', `You allowed this for the chat: ${grant.words}.`);
}

const delegated = allow('delegate', 'It begins a chat of its own, in which every call is judged by itself.');

function looking(judgement: Judgement, policy: Policy): Judgement {
  if (policy.readonly !== true || judgement.looks || judgement.decision === 'deny') return judgement;
  return deny('role.readonly', 'this agent only looks, and changes and runs nothing. Say what is needed instead.');
}

function judgeEffect(effect: ResolvedEffect, policy: Policy): Judgement {
  if (!policy.trusted && effect.kind !== 'read') {
    return deny(
      'untrusted',
      'This folder is not trusted, so nothing in it is changed or run. To change that, the person can choose "Trust this folder".',
    );
  }
  switch (effect.kind) {
    case 'read':
      return judgeRead(effect.path);
    case 'write':
      return judgeWrite(effect.path);
    case 'execute':
      return judgeCommand(effect, policy);
    case 'network':
      return ask('network', `${effect.host} would be contacted.`);
    case 'model':
      return ask('model', 'Another model would be asked.');
    default:
      return ask('unknown', 'It would do something that Drover does not know.');
  }
}

function judgeRead(path: ResolvedPath): Judgement {
  if (path.root === undefined) {
    return deny(
      'read.outside',
      `${path.given} is outside the workspace. Only files inside it can be read; for others their folder has to be opened.`,
    );
  }
  if (hasHidden(path.given)) return ask('path.hidden', 'The path has characters in it that cannot be seen.');
  if (path.kind === 'other') return ask('read.special', `${path.shown} is no regular file or folder.`);
  return { ...allow('read.inside', 'Reads only, inside the workspace.'), looks: true };
}

function judgeWrite(path: ResolvedPath): Judgement {
  if (path.root === undefined) {
    return deny(
      'write.outside',
      `${path.given} is outside the workspace. Only files inside it can be changed; for others their folder has to be opened.`,
    );
  }
  // The real path is seen from the root: the workspace itself may lie below such a folder.
  if ([path.given, path.shown, path.real.slice(path.root.length)].some(inVersionControl)) {
    return deny('write.versionControl', `${path.shown} belongs to version control. Use its own commands instead.`);
  }
  if (hasHidden(path.given)) return ask('path.hidden', 'The path has characters in it that cannot be seen.');
  const done = path.kind === 'missing' ? 'created' : 'changed';
  return {
    ...ask('write.inside', `${path.shown} would be ${done}.`),
    grant: { key: `write ${path.real}`, words: `changes of ${path.shown}` },
  };
}

function judgeCommand(effect: ResolvedEffect & { kind: 'execute' }, policy: Policy): Judgement {
  const { command, paths: resolved } = effect;
  if (policy.execute === 'deny') {
    return deny(
      'execute.off',
      'Running commands is switched off here (ENABLE_CODE_EXECUTION=false). Use the file tools.',
    );
  }
  const { paths, unlisted } = readCommand(command);
  const looked = new Map(resolved.map((path) => [path.given, path]));
  let unknown: string | undefined;
  for (const { effect, path } of paths) {
    const found = looked.get(path);
    if (found === undefined) {
      unknown ??= `It is not known where ${path} leads.`;
      continue;
    }
    const verdict = effect === 'read' ? judgeRead(found) : judgeWrite(found);
    if (verdict.decision === 'deny') return verdict;
    if (verdict.decision === 'ask') unknown ??= verdict.reason;
  }
  const hidden = hasHidden(command) ? 'The command has characters in it that cannot be seen.' : undefined;
  const runs = 'The configuration of this repository may have git start programs of its own.';
  const reason = hidden ?? unlisted ?? unknown ?? (effect.repositoryRuns === true ? runs : undefined);
  if (reason === undefined) return { ...allow('command.looks', 'It only looks, inside the workspace.'), looks: true };
  return {
    ...ask('command', reason),
    grant: { key: `execute ${command}`, words: 'this exact command' },
  };
}

function allow(rule: string, reason: string): Judgement {
  return { decision: 'allow', rule, reason, looks: false };
}

function ask(rule: string, reason: string): Judgement {
  return { decision: 'ask', rule, reason, looks: false };
}

function deny(rule: string, reason: string): Judgement {
  return { decision: 'deny', rule, reason, looks: false };
}
