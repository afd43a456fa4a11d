import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LoggedEvent, ProblemInfo } from '../../src/common/events.ts';
import type { Finding, PolicyView } from '../policies/policy.ts';
import { type PolicyProcessOptions, UserPolicy } from './userPolicy.ts';

/** Where findings and problems of user policies go. */
export interface UserPolicyTaker {
  findings(policy: { name: string; rule: string }, found: readonly Finding[]): void;
  problem(problem: ProblemInfo): void;
}

/** A judgement under way. */
export interface Judging {
  /** Settles when all have answered, or failed. */
  done: Promise<void>;
  /** Milliseconds that an agent may be kept waiting for it. */
  patience: number;
}

/** Milliseconds that an agent waits for policies, and for those that are being loaded. */
const PATIENCE = 50;
const LOADING_PATIENCE = 2000;

/**
 * The person's own policies: CONFIG/policies/*.mjs, never of a workspace. A changed file is taken up with the next
 * message.
 */
export class UserPolicies {
  private readonly folder: string;
  private readonly options: PolicyProcessOptions;
  private policies: UserPolicy[] = [];
  /** Which chats were told of which problem. */
  private readonly told = new WeakMap<ProblemInfo, Set<string>>();

  constructor(folder: string, options: PolicyProcessOptions) {
    this.folder = folder;
    this.options = options;
    this.refresh();
  }

  /**
   * Shows them an event, which is the last of the view. The taker is called later, never at once.
   * @returns undefined when none wants it
   */
  judge(chat: string, event: LoggedEvent, view: PolicyView, taker: UserPolicyTaker): Judging | undefined {
    if (event.type === 'user') {
      for (const policy of this.refresh()) policy.onProblem = () => this.tellProblems(chat, taker);
    }
    const asked = this.policies.filter((policy) => policy.mayWant(event));
    const untold = this.policies.some(({ problem }) => problem && this.told.get(problem)?.has(chat) !== true);
    if (asked.length === 0 && !untold) return undefined;
    const judgements = asked.map(async (policy) => {
      const judged = await policy.judge(chat, event, view);
      if ('findings' in judged && policy.head) taker.findings(policy.head, judged.findings);
    });
    const done = Promise.all(judgements).then(() => this.tellProblems(chat, taker));
    return { done, patience: asked.some(({ loading }) => loading) ? LOADING_PATIENCE : PATIENCE };
  }

  /** What they keep of a chat is given back; the next event of it brings all of it again. */
  forget(chat: string): void {
    for (const policy of this.policies) policy.forget(chat);
  }

  /** What there is now. */
  list(): { name: string; rule: string; file: string; problem?: string }[] {
    this.refresh();
    return this.policies.map(({ head, file, problem }) => ({
      name: head?.name ?? basename(file, '.mjs'),
      rule: head?.rule ?? '',
      file,
      ...(problem === undefined ? {} : { problem: problem.message }),
    }));
  }

  close(): void {
    for (const policy of this.policies) policy.end();
    this.policies = [];
  }

  /** @returns those that are new, and so not loaded yet */
  private refresh(): UserPolicy[] {
    const there = new Map(files(this.folder).map(({ file, stamp }) => [file, stamp]));
    const kept = this.policies.filter((policy) => there.get(policy.file) === policy.stamp);
    for (const policy of this.policies) if (!kept.includes(policy)) policy.end();
    for (const { file } of kept) there.delete(file);
    const fresh = [...there].map(([file, stamp]) => new UserPolicy(file, stamp, this.options));
    this.policies = [...kept, ...fresh];
    return fresh;
  }

  private tellProblems(chat: string, taker: UserPolicyTaker): void {
    for (const { problem } of this.policies) {
      if (!problem) continue;
      const told = this.told.get(problem) ?? new Set();
      this.told.set(problem, told);
      if (told.has(chat)) continue;
      told.add(chat);
      taker.problem(problem);
    }
  }
}

function files(folder: string): { file: string; stamp: string }[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.mjs'))
      .toSorted()
      .flatMap((name) => {
        const file = join(folder, name);
        // It may have gone away meanwhile, or be a link to nowhere.
        const found = statSync(file, { throwIfNoEntry: false });
        return found ? [{ file, stamp: `${found.mtimeMs}-${found.size}` }] : [];
      });
  } catch {
    // There is no such folder: the next message looks again.
    return [];
  }
}
