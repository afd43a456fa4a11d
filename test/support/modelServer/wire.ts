import { randomBytes } from 'node:crypto';

/** Whose dialect of the OpenAI protocol is spoken. */
export type Dialect = 'llama' | 'vllm' | 'ollama';

export type Finish = 'stop' | 'tool_calls' | 'length';

/** Counts and times of one answer; milliseconds. */
export interface Figures {
  prompt: number;
  cached: number;
  completion: number;
  promptMs: number;
  predictedMs: number;
}

/** One streamed fragment of a tool call. Only the first has a name. */
export interface Fragment {
  index: number;
  /** Null: the server sends none. */
  id?: string | null;
  name?: string;
  arguments: string;
}

/** The chunks of one answer, key for key as each server writes them. */
export interface Wire {
  /** What is sent before the first delta. */
  opening(): object[];
  text(text: string): object;
  reasoning(text: string): object;
  fragment(fragment: Fragment): object;
  progress(figures: { total: number; cache: number; processed: number; time_ms: number }): object | undefined;
  /** The finish reason, and the usage when asked for. */
  closing(reason: Finish, figures: Figures, usage: boolean): object[];
  /** The same answer as one reply, for who did not ask for a stream. */
  whole(said: { text: string; reasoning: string; calls: Fragment[] }, reason: Finish, figures: Figures): object;
  /** An error body. */
  error(error: { code: number; message: string; type: string }): object;
  callId(): string;
}

export function wireOf(dialect: Dialect, model: string): Wire {
  if (dialect === 'vllm') return vllm(model);
  return dialect === 'ollama' ? ollama(model) : llama(model);
}

function created(): number {
  return Math.floor(Date.now() / 1000);
}

function random(length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');
}

function usageOf(figures: Figures): { completion_tokens: number; prompt_tokens: number; total_tokens: number } {
  const { prompt, completion } = figures;
  return { completion_tokens: completion, prompt_tokens: prompt, total_tokens: prompt + completion };
}

/** A call in a whole reply. */
function wholeCall(call: Fragment): object {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } };
}

function llama(model: string): Wire {
  const head = { created: created(), id: `chatcmpl-${random(32)}`, model, system_fingerprint: 'b11669-Debian' };
  const envelope = (choices: object[]) => ({ choices, ...head, object: 'chat.completion.chunk' });
  const chunk = (delta: object, reason: Finish | null = null) => envelope([{ finish_reason: reason, index: 0, delta }]);
  const role = () => chunk({ role: 'assistant', content: null });
  const usageWithCache = (figures: Figures) => ({
    usage: { ...usageOf(figures), prompt_tokens_details: { cached_tokens: figures.cached } },
    timings: timings(figures),
  });
  return {
    opening: () => [role()],
    text: (content) => chunk({ content }),
    reasoning: (reasoning_content) => chunk({ reasoning_content }),
    fragment: ({ index, id, name, arguments: args }) =>
      chunk({
        tool_calls: [
          name === undefined
            ? { index, function: { arguments: args } }
            : { index, ...(id === null ? {} : { id }), type: 'function', function: { name, arguments: args } },
        ],
      }),
    progress: (prompt_progress) => ({ ...role(), prompt_progress }),
    closing: (reason, figures, usage) =>
      usage
        ? [chunk({}, reason), { ...envelope([]), ...usageWithCache(figures) }]
        : [{ ...chunk({}, reason), timings: timings(figures) }],
    whole: ({ text, reasoning, calls }, reason, figures) => ({
      choices: [
        {
          finish_reason: reason,
          index: 0,
          message: {
            role: 'assistant',
            content: text,
            ...(reasoning ? { reasoning_content: reasoning } : {}),
            ...(calls.length > 0 ? { tool_calls: calls.map(wholeCall) } : {}),
          },
        },
      ],
      ...head,
      object: 'chat.completion',
      ...usageWithCache(figures),
    }),
    error: (error) => ({ error }),
    callId: () => random(32),
  };
}

/** `timings` of llama-server: cache_n + prompt_n is the whole prompt. */
function timings(figures: Figures): Record<string, number> {
  const { prompt, cached, completion, promptMs, predictedMs } = figures;
  const rates = (n: number, ms: number) => [ms / Math.max(n, 1), (n * 1000) / Math.max(ms, 0.001)] as const;
  const [promptEach, promptRate] = rates(prompt - cached, promptMs);
  const [predictedEach, predictedRate] = rates(completion, predictedMs);
  return {
    cache_n: cached,
    prompt_n: prompt - cached,
    prompt_ms: promptMs,
    prompt_per_token_ms: promptEach,
    prompt_per_second: promptRate,
    predicted_n: completion,
    predicted_ms: predictedMs,
    predicted_per_token_ms: predictedEach,
    predicted_per_second: predictedRate,
  };
}

/** vLLM: no timings, no progress, no cached tokens (its default); reasoning in `reasoning`. */
function vllm(model: string): Wire {
  const head = {
    id: `chatcmpl-${randomBytes(16).toString('hex')}`,
    object: 'chat.completion.chunk',
    created: created(),
  };
  const envelope = (choices: object[]) => ({ ...head, model, choices });
  const chunk = (delta: object, reason: Finish | null = null) =>
    envelope([{ index: 0, delta, logprobs: null, finish_reason: reason, ...(reason ? { stop_reason: null } : {}) }]);
  return {
    opening: () => [chunk({ role: 'assistant', content: '' })],
    text: (content) => chunk({ content }),
    reasoning: (reasoning) => chunk({ reasoning }),
    fragment: ({ index, id, name, arguments: args }) =>
      chunk({
        tool_calls: [
          name === undefined
            ? { index, function: { arguments: args } }
            : { ...(id === null ? {} : { id }), type: 'function', index, function: { name, arguments: args } },
        ],
      }),
    progress: () => undefined,
    closing: (reason, figures, usage) => [
      chunk({ content: '' }, reason),
      ...(usage ? [{ ...envelope([]), usage: usageOf(figures) }] : []),
    ],
    whole: ({ text, reasoning, calls }, reason, figures) => ({
      ...head,
      object: 'chat.completion',
      model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: text, reasoning: reasoning || null, tool_calls: calls.map(wholeCall) },
          logprobs: null,
          finish_reason: reason,
          stop_reason: null,
        },
      ],
      usage: { ...usageOf(figures), prompt_tokens_details: null },
    }),
    error: ({ code, message }) => ({
      error: { message, type: code < 500 ? 'BadRequestError' : 'InternalServerError', param: null, code },
    }),
    callId: () => `chatcmpl-tool-${randomBytes(16).toString('hex')}`,
  };
}

/** Ollama: the role in every chunk, a whole call in one chunk, neither timings nor cached tokens. */
function ollama(model: string): Wire {
  const head = {
    id: `chatcmpl-${Math.floor(Math.random() * 999)}`,
    object: 'chat.completion.chunk',
    created: created(),
  };
  const envelope = (choices: object[]) => ({ ...head, model, system_fingerprint: 'fp_ollama', choices });
  const chunk = (delta: object, reason: Finish | null = null) =>
    envelope([{ index: 0, delta: { role: 'assistant', content: '', ...delta }, finish_reason: reason }]);
  const calls = (fragments: Fragment[]) =>
    fragments.map(({ index, id, name, arguments: args }) => ({
      ...(id === null ? {} : { id }),
      index,
      type: 'function',
      function: { name, arguments: args },
    }));
  return {
    opening: () => [],
    text: (content) => chunk({ content }),
    reasoning: (reasoning) => chunk({ reasoning }),
    fragment: (fragment) => chunk({ tool_calls: calls([fragment]) }),
    progress: () => undefined,
    closing: (reason, figures, usage) => [
      chunk({}, reason),
      ...(usage ? [{ ...envelope([]), usage: usageOf(figures) }] : []),
    ],
    whole: (said, reason, figures) => ({
      ...head,
      object: 'chat.completion',
      model,
      system_fingerprint: 'fp_ollama',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: said.text,
            ...(said.reasoning ? { reasoning: said.reasoning } : {}),
            ...(said.calls.length > 0 ? { tool_calls: calls(said.calls) } : {}),
          },
          finish_reason: reason,
        },
      ],
      usage: usageOf(figures),
    }),
    error: ({ code, message }) => ({
      error: { message, type: code === 400 ? 'invalid_request_error' : 'api_error', param: null, code: null },
    }),
    callId: () => `call_${random(8).toLowerCase()}`,
  };
}
