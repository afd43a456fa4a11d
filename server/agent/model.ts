import OpenAI from 'openai';
import type { ChatCompletionChunk, ChatCompletionCreateParamsStreaming, ChatCompletionTool } from 'openai/resources';
import type { Endpoint } from '../../src/common/engine.ts';
import type { DeltaEvent, Usage } from '../../src/common/events.ts';
import type { Message } from '../../src/common/transcript.ts';
import { brokenOff, explain, silent } from './failures.ts';
import { patientFetch } from './fetch.ts';

/** One model call. Tools must be the same bytes in every call of a chat. */
export interface Request {
  endpoint: Endpoint;
  messages: Message[];
  tools: ChatCompletionTool[];
  signal: AbortSignal;
}

/** What came back. `calls` hold arguments as text, in order; the last one may be broken when `finish` is `length`. */
export interface Completion {
  text: string;
  reasoning: string;
  calls: { name: string; arguments: string }[];
  finish: 'stop' | 'tool_calls' | 'length';
  /** The server said that this is all. */
  finished: boolean;
  usage: Usage | undefined;
  /** Milliseconds from sending to the first token; tokens written a second, by the server's own clock where it has one. */
  first: number | undefined;
  perSecond: number | undefined;
}

/** Silence after which a server counts as hung, in milliseconds: before the first sign of life, and between tokens. */
const SILENCE = { first: 600_000, next: 120_000 };

/** Most tokens of one answer, and its share of the slot: one that runs away must not take all of it. */
const MOST = 8192;
const SHARE = 0.25;

/**
 * Streams one completion: yields deltas, returns the whole.
 * @throws Problem for what the person can mend; the signal's reason when aborted. What had come until then is in
 * `partial`, which is filled as it comes.
 */
export async function* complete(request: Request, partial: Completion): AsyncGenerator<DeltaEvent, Completion> {
  const started = performance.now();
  const silence = new AbortController();
  const signal = AbortSignal.any([request.signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(), SILENCE.first);
  try {
    const client = clientOf(request.endpoint);
    const chunks = await client.chat.completions.create(bodyOf(request), { signal });
    for await (const chunk of chunks) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), isReading(chunk) ? SILENCE.first : SILENCE.next);
      for (const event of take(chunk, partial, request.endpoint)) {
        if (event.type !== 'reading') partial.first ??= performance.now() - started;
        yield event;
      }
    }
    // The client library ends an aborted stream as if it were complete.
    request.signal.throwIfAborted();
    if (silence.signal.aborted) throw silent();
    if (!partial.finished) throw brokenOff(request.endpoint);
    return partial;
  } catch (error) {
    request.signal.throwIfAborted();
    throw silence.signal.aborted ? silent() : explain(error, request.endpoint);
  } finally {
    clearTimeout(timer);
  }
}

/** A completion nothing of which has come yet. */
export function emptyCompletion(): Completion {
  const none = undefined;
  return {
    text: '',
    reasoning: '',
    calls: [],
    finish: 'stop',
    finished: false,
    usage: none,
    first: none,
    perSecond: none,
  };
}

function clientOf(endpoint: Endpoint): OpenAI {
  return new OpenAI({
    baseURL: endpoint.url,
    apiKey: endpoint.key ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    fetch: patientFetch,
  });
}

function bodyOf({ endpoint, messages, tools }: Request): ChatCompletionCreateParamsStreaming {
  const { capabilities } = endpoint;
  return {
    model: endpoint.model,
    messages,
    ...(capabilities.tools ? { tools } : {}),
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: Math.min(capabilities.answer ?? MOST, Math.floor((capabilities.context ?? Infinity) * SHARE)),
    ...(capabilities.progress ? { return_progress: true } : {}),
  };
}

/** Fields that servers add to the protocol. */
interface Extra {
  prompt_progress?: { total: number; cache: number; processed: number };
  timings?: { prompt_n?: number; cache_n?: number; predicted_per_second?: number };
  error?: { message?: string; code?: number };
}

function isReading(chunk: ChatCompletionChunk & Extra): boolean {
  return chunk.prompt_progress !== undefined;
}

function* take(chunk: ChatCompletionChunk & Extra, partial: Completion, endpoint: Endpoint): Generator<DeltaEvent> {
  const { prompt_progress: progress, usage, timings } = chunk;
  if (progress) yield { type: 'reading', done: progress.processed, total: progress.total, cached: progress.cache };
  if (usage) {
    const cached = usage.prompt_tokens_details?.cached_tokens ?? timings?.cache_n;
    const { context } = endpoint.capabilities;
    partial.usage = {
      prompt: usage.prompt_tokens,
      completion: usage.completion_tokens,
      ...(cached === undefined ? {} : { cached }),
      ...(context === undefined ? {} : { context }),
    };
  }
  if (timings?.predicted_per_second !== undefined) partial.perSecond = timings.predicted_per_second;
  const [choice] = chunk.choices;
  if (!choice) return;
  const delta: ChatCompletionChunk.Choice.Delta & { reasoning_content?: string | null; reasoning?: string | null } =
    choice.delta ?? {};
  const reasoning = delta.reasoning_content ?? delta.reasoning;
  if (reasoning) {
    partial.reasoning += reasoning;
    yield { type: 'reasoning', text: reasoning };
  }
  if (delta.content) {
    partial.text += delta.content;
    yield { type: 'text', text: delta.content };
  }
  yield* takeCalls(delta, partial);
  const finish = choice.finish_reason;
  if (finish) partial.finished = true;
  if (finish === 'length') partial.finish = 'length';
  else if (finish && partial.calls.length > 0) partial.finish = 'tool_calls';
}

function* takeCalls(delta: ChatCompletionChunk.Choice.Delta, partial: Completion): Generator<DeltaEvent> {
  for (const [position, piece] of (delta.tool_calls ?? []).entries()) {
    // Some servers send no index; then each piece is a whole call.
    const index = piece.index ?? partial.calls.length + position;
    const call = (partial.calls[index] ??= { name: '', arguments: '' });
    call.name += piece.function?.name ?? '';
    call.arguments += piece.function?.arguments ?? '';
    yield { type: 'call', name: call.name, characters: call.arguments.length };
  }
}
