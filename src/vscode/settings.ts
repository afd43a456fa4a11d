import type * as vscode from 'vscode';
import { z } from 'zod';
import type { EngineSettings } from '../common/engine.ts';
import { Problem } from '../common/errors.ts';
import { Budget, Edits, Judge, KeepDays, Models, PolicyNames, SandboxMode } from '../common/protocol.ts';
import { urlFault } from './url.ts';

/** The person's settings, parsed. What was left empty is absent. */
export interface Settings {
  engine: EngineSettings;
  /** A Node to run the supervisor with, instead of the editor's own runtime. */
  node?: string;
  /** Days that chats are kept; absent: for ever. */
  keepDays?: number;
  /** Models by agent. */
  models?: Record<string, string>;
  policiesOff?: string[];
  budget?: Budget;
  judge?: string;
  edits?: Edits;
  sandbox?: SandboxMode;
}

const text = z.string().transform((value) => value.trim() || undefined);
const whole = z
  .int()
  .nullable()
  .transform((value) => value ?? undefined);

/**
 * Every setting below `drover.`, with what it may be; package.json has the same ones (a test compares them).
 * `advice` is said when the value cannot be used.
 */
const shape = {
  'engine.url': {
    schema: text.refine((value) => value === undefined || urlFault(value) === null),
    advice: 'Give an address such as http://127.0.0.1:8080/v1, or leave it empty.',
  },
  'engine.path': { schema: text, advice: 'Give the path of llama-server, or leave it empty.' },
  'engine.model': { schema: text, advice: 'Give the path of a GGUF file or a name, or leave it empty.' },
  'engine.slots': {
    schema: whole.pipe(z.int().min(1).max(64).optional()),
    advice: 'Give a number from 1 to 64, or leave it empty.',
  },
  'engine.context': {
    schema: whole.pipe(z.int().min(512).optional()),
    advice: 'Give a number of tokens from 512 up, or leave it empty.',
  },
  'engine.args': { schema: z.array(z.string()), advice: 'Give a list of texts, one for each argument.' },
  'agents.models': {
    schema: Models,
    advice: 'Give names of models by agent, such as {"coding": "qwen3-coder"}.',
  },
  'policies.off': {
    schema: PolicyNames,
    advice: 'Give names of policies, such as ["outside-request"]; GET /policies and docs/policies.md list them.',
  },
  'policies.budget': {
    schema: Budget,
    advice: 'Give numbers of steps, minutes and tokens, such as {"minutes": 60}; 0 is without limit.',
  },
  'policies.judge': { schema: Judge, advice: 'Give the name of a model, "same", or leave it empty.' },
  edits: { schema: Edits, advice: 'Choose "allow" or "ask".' },
  'history.keepDays': {
    schema: whole.pipe(KeepDays.optional()),
    advice: 'Give a number of days from 1 up, or leave it empty to keep all chats.',
  },
  sandbox: { schema: SandboxMode, advice: 'Choose auto or off.' },
  'node.path': { schema: text, advice: 'Give the path of a Node 22.16 or newer, or leave it empty.' },
};
type Key = keyof typeof shape;

/** The names of all settings, without `drover.`. */
export const settingNames = Object.keys(shape);

/**
 * Reads all settings at once. Only values of the person or the machine count: a workspace must not be able to choose
 * what is started. A value that cannot be used is left out and told as a problem.
 */
export function readSettings(configuration: Pick<vscode.WorkspaceConfiguration, 'inspect'>): {
  settings: Settings;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const read = <K extends Key>(name: K): z.output<(typeof shape)[K]['schema']> | undefined => {
    const value: unknown = configuration.inspect(name)?.globalValue;
    if (value === undefined) return undefined;
    const { schema, advice } = shape[name];
    const result = schema.safeParse(value);
    if (result.success) return result.data as z.output<(typeof shape)[K]['schema']>;
    problems.push(new Problem('setting', `The setting drover.${name} cannot be used as it is.`, advice, 400, name));
    return undefined;
  };
  const args = read('engine.args');
  const engine = present({
    url: read('engine.url'),
    path: read('engine.path'),
    model: read('engine.model'),
    slots: read('engine.slots'),
    context: read('engine.context'),
    args: args?.length ? args : undefined,
  });
  const node = read('node.path');
  const keepDays = read('history.keepDays');
  const models = read('agents.models');
  const policiesOff = read('policies.off');
  const budget = read('policies.budget');
  const judge = read('policies.judge');
  const edits = read('edits');
  const sandbox = read('sandbox');
  return {
    settings: { engine, ...present({ node, keepDays, models, policiesOff, budget, judge, edits, sandbox }) },
    problems,
  };
}

/** The same without what is undefined. */
function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
