import { isDeepStrictEqual } from 'node:util';
import type { Budget, Edits, Hello, SandboxMode } from '../src/common/protocol.ts';

/** What the person chooses besides the engine. */
export interface Chosen {
  /** Days that chats are kept; undefined: for ever. */
  keepDays: number | undefined;
  /** Names of models by agent. */
  models: { readonly [agent: string]: string };
  /** Names of policies that are not to step in. */
  policiesOff: readonly string[];
  /** What a turn may take. */
  budget: Budget;
  /** The model that judges, see `Judge` in protocol.ts. */
  judge: string;
  /** What becomes of changes of files that are not protected. */
  edits: Edits;
  /** Whether commands are shut in. */
  sandbox: SandboxMode;
}

type Given = NonNullable<Hello['settings']>;

/**
 * What is stored and in the environment, and before it what clients say. What a client does not name is not set in it, so
 * that a choice is taken back where it was made; of several clients the one that changed something last counts.
 */
export class Choices {
  private readonly own: Chosen;
  /** By client; who changed something last comes last. */
  private readonly clients = new Map<string, Given>();
  /** The last client that was there, which goes on counting until another one comes. */
  private gone: string | undefined;

  constructor(own: Chosen) {
    this.own = own;
  }

  get keepDays(): number | undefined {
    return this.said('keepDays') ?? this.own.keepDays;
  }

  take(client: string, given: Given): void {
    if (this.gone !== undefined) this.clients.delete(this.gone);
    this.gone = undefined;
    if (isDeepStrictEqual(this.clients.get(client), given)) return;
    this.clients.delete(client);
    this.clients.set(client, given);
  }

  /** The client is not there any more. */
  leave(client: string): void {
    if (this.clients.size > 1) this.clients.delete(client);
    else if (this.clients.has(client)) this.gone = client;
  }

  model(agent: string): string | undefined {
    return { ...this.own.models, ...this.said('models') }[agent];
  }

  get budget(): Budget {
    return { ...this.own.budget, ...this.said('budget') };
  }

  get edits(): Edits {
    return this.said('edits') ?? this.own.edits;
  }

  isOff(policy: string): boolean {
    return (this.said('policiesOff') ?? this.own.policiesOff).includes(policy);
  }

  /** The model that judges; `own`: the one that the agent speaks with; undefined: none. */
  get judge(): { model: string } | 'own' | undefined {
    const judge = this.said('judge') ?? this.own.judge;
    if (judge === '') return undefined;
    return judge === 'same' ? 'own' : { model: judge };
  }

  get sandboxOff(): boolean {
    return (this.said('sandbox') ?? this.own.sandbox) === 'off';
  }

  private said<K extends keyof Given>(name: K): Given[K] {
    return [...this.clients.values()].findLast((given) => given[name] !== undefined)?.[name];
  }
}
