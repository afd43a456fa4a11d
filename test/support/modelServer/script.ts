import { z } from 'zod';
import { textOf, type ModelRequest } from './requests.ts';

/**
 * A script says what the model answers: a list of steps, or a function of the request. A step is a list of parts,
 * played in order. Parts and steps are plain data, so a script can also be a JSON file.
 */

const Text = z.strictObject({
  part: z.literal('text'),
  text: z.string(),
  /** The exact deltas; else one for each token. */
  deltas: z.array(z.string()).optional(),
});
const Reasoning = z.strictObject({ part: z.literal('reasoning'), text: z.string() });
const Call = z.strictObject({
  part: z.literal('call'),
  name: z.string(),
  /** An object, or the JSON text word for word, which may be broken. */
  arguments: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** Absent: made up, as servers do. Null: none is sent. */
  id: z.string().nullish(),
  /** Wait here after so many fragments of this call (the first one carries the name). */
  hold: z.strictObject({ name: z.string(), after: z.int().min(0) }).optional(),
});
/** Wait until the test releases this name. As the first part of a step: not even the headers are sent. */
const Hold = z.strictObject({ part: z.literal('hold'), name: z.string() });
/** So much of the prompt is read now; 0 to 1 of what was not cached. Told only to who asked with `return_progress`. */
const Progress = z.strictObject({ part: z.literal('progress'), share: z.number().min(0).max(1) });
/** A keep-alive line. Sends the headers when they are not out yet. */
const Comment = z.strictObject({ part: z.literal('comment') });
/** These characters into the stream, as they are. */
const Raw = z.strictObject({ part: z.literal('raw'), data: z.string() });
/** From here on everything is sent in pieces of so many bytes, each a chunk of its own. */
const Cut = z.strictObject({ part: z.literal('cut'), bytes: z.int().min(1) });
/** Ends the answer in good order, with this reason. Without it: `tool_calls` after a call, else `stop`. */
const Finish = z.strictObject({ part: z.literal('finish'), reason: z.enum(['stop', 'tool_calls', 'length']) });
const Failure = z.looseObject({ code: z.number(), message: z.string(), type: z.string() });
/** An error instead of a stream. */
const Status = z.strictObject({ part: z.literal('status'), status: z.int(), error: Failure });
/** An error inside the stream; then its end, without [DONE]. */
const StreamError = z.strictObject({ part: z.literal('error'), error: Failure });
/** The stream just ends: no finish reason, no [DONE]. */
const End = z.strictObject({ part: z.literal('end') });
/** The connection is reset. */
const Reset = z.strictObject({ part: z.literal('reset') });

export const Part = z.discriminatedUnion('part', [
  Text,
  Reasoning,
  Call,
  Hold,
  Progress,
  Comment,
  Raw,
  Cut,
  Finish,
  Status,
  StreamError,
  End,
  Reset,
]);
export type Part = z.infer<typeof Part>;

type Pattern = string | RegExp | ((request: ModelRequest) => boolean);

export interface Step {
  parts: Part[];
  /** Only for a request whose last message has this text. */
  when?: Pattern | undefined;
  /** Only for a chat whose first user message has this text. */
  chat?: Pattern | undefined;
  /** Play it as often as it fits. */
  repeat?: boolean | undefined;
}

export type Script = Step[] | ((request: ModelRequest) => Step | undefined);

/** A script as a JSON file has it. */
export const ScriptFile = z.array(
  z.strictObject({
    parts: z.array(Part),
    when: z.string().optional(),
    chat: z.string().optional(),
    repeat: z.boolean().optional(),
  }),
);

/** The answer to the next request that no other step fits. */
export function reply(...parts: Part[]): Step {
  return { parts };
}

/** The answer to a request whose last message (or the request itself, with a function) fits. */
export function replyTo(when: Pattern, ...parts: Part[]): Step {
  return { when, parts };
}

export function text(text: string): Part {
  return { part: 'text', text };
}
/** Text in exactly these deltas. */
export function deltas(...deltas: string[]): Part {
  return { part: 'text', text: deltas.join(''), deltas };
}
export function reasoning(text: string): Part {
  return { part: 'reasoning', text };
}
/** A tool call. `args`: an object, or the JSON text word for word. */
export function call(
  name: string,
  args: string | Record<string, unknown>,
  more: { id?: string | null; hold?: { name: string; after: number } } = {},
): Part {
  return { part: 'call', name, arguments: args, ...more };
}
export function hold(name: string): Part {
  return { part: 'hold', name };
}
export function progress(share: number): Part {
  return { part: 'progress', share };
}
export function comment(): Part {
  return { part: 'comment' };
}
export function raw(data: string): Part {
  return { part: 'raw', data };
}
export function cut(bytes: number): Part {
  return { part: 'cut', bytes };
}
export function finish(reason: 'stop' | 'tool_calls' | 'length'): Part {
  return { part: 'finish', reason };
}
export function status(
  status: number,
  type: string,
  message: string,
  more: Record<string, unknown> = {},
): Part & { part: 'status' } {
  return { part: 'status', status, error: { code: status, message, type, ...more } };
}
/** What llama-server says when all requests together have outgrown a unified cache. */
export function streamError(message = 'Context size has been exceeded.', code = 500, type = 'server_error'): Part {
  return { part: 'error', error: { code, message, type } };
}
export function end(): Part {
  return { part: 'end' };
}
export function reset(): Part {
  return { part: 'reset' };
}

/** The errors of the servers; a step can answer with any of them. */
export const refusals = {
  unauthorized: () => status(401, 'authentication_error', 'Invalid API Key'),
  notFound: () => status(404, 'not_found_error', 'File Not Found'),
  bad: (message: string, code = 400) => status(code, code < 500 ? 'invalid_request_error' : 'server_error', message),
  failed: (message = 'Internal error') => status(500, 'server_error', message),
  loading: () => status(503, 'unavailable_error', 'Loading model'),
  /** The server says so by itself when a prompt is too long for its slot; as a step it says it of any prompt. */
  tooLong: (tokens: number, context: number) =>
    status(
      400,
      'exceed_context_size_error',
      `request (${tokens} tokens) exceeds the available context size (${context} tokens), try increasing it`,
      { n_prompt_tokens: tokens, n_ctx: context },
    ),
  tooLongVllm: (tokens: number, context: number) =>
    status(
      400,
      'BadRequestError',
      `This model's maximum context length is ${context} tokens. However, you requested ${tokens} tokens in the messages, Please reduce the length of the messages.`,
    ),
  noToolParser: () =>
    status(
      400,
      'BadRequestError',
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    ),
};

/** A script while it is played: gives each request its step. */
export class ScriptRun {
  #script: Script;
  #unused: Step[];

  constructor(script: Script) {
    this.#script = script;
    this.#unused = typeof script === 'function' ? [] : [...script];
  }

  /** Steps that no request has had yet, without those that repeat. */
  get left(): Step[] {
    return this.#unused.filter((step) => !step.repeat);
  }

  add(steps: Step[]): void {
    this.#unused.push(...steps);
  }

  /** Steps that were added come before a function. */
  next(request: ModelRequest): Step | undefined {
    const step = this.#unused.find((candidate) => fits(candidate, request));
    if (step && !step.repeat) this.#unused.splice(this.#unused.indexOf(step), 1);
    return step ?? (typeof this.#script === 'function' ? this.#script(request) : undefined);
  }
}

function fits(step: Step, request: ModelRequest): boolean {
  const { messages } = request.body;
  const first = textOf(messages.find((message) => message.role === 'user'));
  return matches(step.when, textOf(messages.at(-1)), request) && matches(step.chat, first, request);
}

function matches(pattern: Pattern | undefined, text: string, request: ModelRequest): boolean {
  if (pattern === undefined) return true;
  if (typeof pattern === 'function') return pattern(request);
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
}
