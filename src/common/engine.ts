import { z } from 'zod';
import { ProblemInfo } from './events.ts';

/**
 * What is known of an endpoint, by probing it. Code branches on this and never on a product's name.
 * Absent knowledge is the careful value.
 */
export const Capabilities = z.strictObject({
  /** The chat template renders tools. False: none are sent. */
  tools: z.boolean(),
  /** The server reports `prompt_progress` when asked with `return_progress`. */
  progress: z.boolean(),
  /** Requests it serves at once. */
  slots: z.int().positive(),
  /** Tokens one slot holds, where known. */
  context: z.int().positive().optional(),
  /** Names of the tools that the model was taught, where it knows no others: only they are offered. */
  offered: z.array(z.string()).optional(),
  /** Tokens of the longest answer that makes sense for this model, where known: more is one that runs away. */
  answer: z.int().positive().optional(),
  /** Texts that the tokenizer turns into control tokens; broken up in everything untrusted before it is sent. */
  controlTokens: z.array(z.string()),
  /** Tags of plain text that the chat template writes around results, calls and turns, where it can be tried. */
  templateTags: z.array(z.string()).optional(),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** Where to send a request: `url` ends in `/v1`. */
export const Endpoint = z.strictObject({
  url: z.string(),
  key: z.string().optional(),
  model: z.string(),
  capabilities: Capabilities,
});
export type Endpoint = z.infer<typeof Endpoint>;

/** A GGUF that is there, or can be had. `size` in bytes. */
export const ModelInfo = z.strictObject({
  id: z.string(),
  name: z.string(),
  path: z.string().optional(),
  size: z.int().optional(),
  /** One line on what it is for, where it is not obvious. */
  note: z.string().optional(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

export const EngineStatus = z.strictObject({
  /**
   * `absent` no llama-server, `no-model` nothing to load, `stopped`, `fetching` a part is on its way, `starting`,
   * `ready`, `stopping`, `failed`.
   */
  state: z.enum(['absent', 'no-model', 'stopped', 'fetching', 'starting', 'ready', 'stopping', 'failed']),
  kind: z.enum(['managed', 'url']),
  url: z.string().optional(),
  /** The llama-server in use and where it was found, in words. */
  server: z.string().optional(),
  /** One line that the person should know, e.g. that this is a CPU build although there is a GPU. */
  note: z.string().optional(),
  model: ModelInfo.optional(),
  tools: z.boolean().optional(),
  slots: z.int().optional(),
  context: z.int().optional(),
  busy: z.int(),
  waiting: z.int(),
  problem: ProblemInfo.optional(),
  /** What is under way; `done` and `total` in bytes where known. */
  progress: z.strictObject({ text: z.string(), done: z.int().optional(), total: z.int().optional() }).optional(),
  models: z.array(ModelInfo),
});
export type EngineStatus = z.infer<typeof EngineStatus>;

/** What `POST /engine` can ask for. `model`: an id of `models`, a path of a GGUF, or a model name of the server. */
export const EngineAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('start') }),
  z.strictObject({ action: z.literal('stop') }),
  z.strictObject({ action: z.literal('restart') }),
  /** `fetch`: it may be downloaded where it is not there yet. */
  z.strictObject({ action: z.literal('model'), model: z.string().min(1), fetch: z.boolean().default(false) }),
  /** Use the server at this address; an empty text goes back to the managed one. */
  z.strictObject({ action: z.literal('url'), url: z.string(), key: z.string().optional() }),
]);
export type EngineAction = z.infer<typeof EngineAction>;

/** The person's choices; from CONFIG/config.json, the environment and the editor's settings. */
export const EngineSettings = z.object({
  /** A server that already runs. When set, nothing is started. */
  url: z.string().optional(),
  key: z.string().optional(),
  /** The llama-server to run. */
  path: z.string().optional(),
  /** A GGUF, or a name in the managed folder; with `url`, the model's name there. */
  model: z.string().optional(),
  slots: z.int().min(1).max(64).optional(),
  /** Tokens for each slot. */
  context: z.int().min(512).optional(),
  /** More arguments for llama-server. */
  args: z.array(z.string()).optional(),
});
export type EngineSettings = z.infer<typeof EngineSettings>;
