import { z } from 'zod';

/** What the server reads of a request; everything else in it is kept as it came. */
export const ChatBody = z.looseObject({
  model: z.string().optional(),
  messages: z.array(
    z.looseObject({
      role: z.string(),
      content: z.unknown().optional(),
      reasoning_content: z.string().nullish(),
      reasoning: z.string().nullish(),
      tool_calls: z
        .array(z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
        .nullish(),
    }),
  ),
  tools: z.array(z.unknown()).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  return_progress: z.boolean().nullish(),
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  id_slot: z.int().nullish(),
});
export type ChatBody = z.infer<typeof ChatBody>;
export type Message = ChatBody['messages'][number];

/** A chat request as it arrived, and what became of it. Times are milliseconds since 1970 with fractions. */
export interface ModelRequest {
  /** From 0, in order of arrival. */
  number: number;
  /** Which TCP connection it came on, from 0. */
  connection: number;
  headers: Record<string, string | string[] | undefined>;
  /** The body, byte for byte. */
  raw: string;
  body: ChatBody;
  /** When its head arrived, when the first byte of the answer went out, and when the answer was over. */
  at: number;
  first?: number;
  ended?: number;
  /** Chat requests under way when it arrived, itself included. */
  inFlight: number;
  /** `cut`: the script broke the answer off. `left`: the client went away. `refused`: answered with an error status. */
  outcome: 'running' | 'done' | 'cut' | 'left' | 'refused';
  /** Chunks with text, reasoning or a piece of a call sent so far. */
  deltas: number;
  /** In the server's own tokenisation. `cached` of `prompt` were in the slot already. */
  prompt: number;
  cached: number;
  completion: number;
  slot?: number;
}

/**
 * The body of a chat request.
 * @throws as llama-server refuses it: for what is no UTF-8, no JSON, has no messages, or has half a surrogate pair.
 */
export function parseChat(bytes: Buffer): { raw: string; body: ChatBody } {
  const raw = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const mayBeHalved = /\\u[dD][89a-fA-F]/.test(raw);
  const json: unknown = JSON.parse(raw, mayBeHalved ? wellFormed : undefined);
  const { data, error } = ChatBody.safeParse(json);
  if (data) return { raw, body: data };
  const [issue] = error.issues;
  throw new Error(issue?.path.length === 1 ? `'${String(issue.path[0])}' is required` : String(issue?.message));
}

function wellFormed(_: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.isWellFormed()) return value;
  throw new Error('[json.exception.parse_error.101] parse error: invalid string: a surrogate lacks its other half');
}

/** Text of a message, whether it is a string or typed parts. */
export function textOf(message: Message | undefined): string {
  const content = message?.content;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => TextPart.safeParse(part).data?.text ?? '').join('');
}
const TextPart = z.looseObject({ type: z.literal('text'), text: z.string() });

/** Milliseconds since 1970, finer than Date.now and comparable between processes of one machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Says how `later` breaks the rule that a prompt only grows: the messages of `earlier` must be the first ones of
 * `later`, and the tools the same, byte for byte. Undefined: it holds.
 */
export function prefixBreak(earlier: ModelRequest, later: ModelRequest): string | undefined {
  if (JSON.stringify(earlier.body.tools) !== JSON.stringify(later.body.tools)) return 'the tools differ';
  if (earlier.body.messages.length > later.body.messages.length) return 'there are fewer messages';
  for (const [index, message] of earlier.body.messages.entries()) {
    const before = JSON.stringify(message);
    const after = JSON.stringify(later.body.messages[index]);
    if (before !== after) return `message ${index} was ${before} and is ${after}`;
  }
  return undefined;
}
