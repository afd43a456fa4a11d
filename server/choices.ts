import type { Budget, Hello } from '../src/common/protocol.ts';

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
}

/** What is stored and in the environment, until a client says otherwise: the last one counts. */
export class Choices {
  private readonly own: Chosen;
  private chosen: Chosen;

  constructor(own: Chosen) {
    this.own = own;
    this.chosen = own;
  }

  get keepDays(): number | undefined {
    return this.chosen.keepDays;
  }

  take({ keepDays, models, policiesOff, budget, judge }: NonNullable<Hello['settings']>): void {
    this.chosen = {
      keepDays: keepDays ?? this.chosen.keepDays,
      models: models === undefined ? this.chosen.models : { ...this.own.models, ...models },
      policiesOff: policiesOff ?? this.chosen.policiesOff,
      budget: budget === undefined ? this.chosen.budget : { ...this.own.budget, ...budget },
      judge: judge ?? this.chosen.judge,
    };
  }

  model(agent: string): string | undefined {
    return this.chosen.models[agent];
  }

  get budget(): Budget {
    return this.chosen.budget;
  }

  isOff(policy: string): boolean {
    return this.chosen.policiesOff.includes(policy);
  }

  /** The model that judges; `own`: the one that the agent speaks with; undefined: none. */
  get judge(): { model: string } | 'own' | undefined {
    const { judge } = this.chosen;
    if (judge === '') return undefined;
    return judge === 'same' ? 'own' : { model: judge };
  }
}
