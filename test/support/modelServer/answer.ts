import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { now, type ModelRequest } from './requests.ts';
import type { Part, Step } from './script.ts';
import { CALL_END, callOpening, THINK_END, THINK_START } from './template.ts';
import type { Tokenizer } from './tokens.ts';
import type { Finish, Fragment, Wire } from './wire.ts';

/** Tokens that are read between two reports of progress: llama-server's default batch. */
const BATCH = 2048;

/** One request that is being answered. */
export interface Exchange {
  request: ModelRequest;
  response: ServerResponse;
  wire: Wire;
  tokenizer: Tokenizer;
  /** The whole prompt; `cached` tokens of it are there already. */
  prompt: number[];
  cached: number;
  /** Tokens that may be generated. */
  limit: number;
  /** The template shows tools and the request has some: calls are recognised. Else they come as text. */
  tools: boolean;
  /** Whole calls in one chunk, never cut ones. */
  wholeCalls: boolean;
  /** Waits until the test releases this name. */
  hold(name: string): Promise<void>;
  /** Aborted when the client goes away or the server closes. */
  gone: AbortSignal;
}

/**
 * Plays a step as the answer to a request and notes in the request what became of it.
 * @returns the tokens that the slot holds afterwards.
 */
export async function play(step: Step, exchange: Exchange): Promise<number[]> {
  const answer = new Answer(exchange);
  try {
    await answer.play(step.parts);
  } catch (error) {
    if (!exchange.gone.aborted) throw error;
    exchange.request.outcome = 'left';
  }
  return answer.kept();
}

class Answer {
  readonly #exchange: Exchange;
  readonly #start = performance.now();
  /** What the model wrote, as the template will repeat it. */
  #raw = '';
  /** Tokens written. */
  #count = 0;
  /** Tokens of the prompt that were read, those in the cache included. */
  #read: number;
  #readMs = 0;
  #announced = false;
  #opened = false;
  #thinking = false;
  #over = false;
  #complete = false;
  #bytes = Infinity;
  #text = '';
  #reasoning = '';
  readonly #calls: Fragment[] = [];

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.#read = exchange.cached;
  }

  async play(parts: Part[]): Promise<void> {
    for (const part of parts) {
      await this.#part(part);
      if (this.#over) return;
    }
    await this.#finish(this.#calls.length > 0 ? 'tool_calls' : 'stop');
  }

  /** The last token that was generated is never in the cache: nothing was computed from it yet. */
  kept(): number[] {
    const written = this.#exchange.tokenizer.encode(this.#raw);
    const kept = this.#complete ? written : written.slice(0, -1);
    return this.#exchange.prompt.slice(0, this.#read).concat(kept);
  }

  async #part(part: Part): Promise<void> {
    const exchange = this.#exchange;
    switch (part.part) {
      case 'text':
        return this.#say(part.deltas ?? exchange.tokenizer.pieces(part.text));
      case 'reasoning':
        return this.#think(exchange.tokenizer.pieces(part.text));
      case 'call':
        return this.#call(part);
      case 'hold':
        return exchange.hold(part.name);
      case 'progress':
        return this.#progress(exchange.cached + Math.round(part.share * (exchange.prompt.length - exchange.cached)));
      case 'comment':
        return this.#write(':\n\n');
      case 'raw':
        return this.#write(part.data);
      case 'cut':
        this.#bytes = part.bytes;
        return undefined;
      case 'finish':
        return this.#finish(part.reason);
      case 'status':
        refuse(exchange.response, part.status, exchange.wire.error(part.error));
        return this.#end('refused');
      case 'error':
        await this.#send(exchange.wire.error(part.error));
        exchange.response.end();
        return this.#end('cut');
      case 'end':
        exchange.response.end();
        return this.#end('cut');
      case 'reset':
        exchange.response.socket?.resetAndDestroy();
        return this.#end('cut');
    }
  }

  #end(outcome: ModelRequest['outcome']): void {
    this.#over = true;
    this.#exchange.request.outcome = outcome;
  }

  async #say(pieces: string[]): Promise<void> {
    this.#mark(this.#thinking ? THINK_END : '');
    this.#thinking = false;
    for (const piece of pieces) {
      if (this.#count >= this.#exchange.limit) return this.#finish('length');
      this.#text += piece;
      await this.#delta(piece, this.#exchange.wire.text(piece));
    }
  }

  async #think(pieces: string[]): Promise<void> {
    this.#mark(this.#thinking ? '' : THINK_START);
    this.#thinking = true;
    for (const piece of pieces) {
      if (this.#count >= this.#exchange.limit) return this.#finish('length');
      this.#reasoning += piece;
      await this.#delta(piece, this.#exchange.wire.reasoning(piece));
    }
  }

  async #call(part: Part & { part: 'call' }): Promise<void> {
    const { wire, tokenizer, limit, tools, wholeCalls } = this.#exchange;
    const args = typeof part.arguments === 'string' ? part.arguments : JSON.stringify(part.arguments);
    const opening = callOpening(part.name);
    if (!tools) return this.#say(tokenizer.pieces(opening + args + CALL_END));
    this.#mark((this.#thinking ? THINK_END : '') + opening);
    this.#thinking = false;
    const id = part.id === undefined ? wire.callId() : part.id;
    const call = { index: this.#calls.length, id, name: part.name, arguments: '' };
    const pieces = wholeCalls ? [args] : fragments(args, tokenizer);
    if (wholeCalls) this.#count += tokenizer.encode(args).length - 1;
    for (const [number, piece] of pieces.entries()) {
      if (part.hold?.after === number) await this.#exchange.hold(part.hold.name);
      if (this.#count >= limit) return this.#finish('length');
      if (number === 0) this.#calls.push(call);
      call.arguments += piece;
      const fragment = number === 0 ? { ...call } : { index: call.index, arguments: piece };
      await this.#delta(piece, wire.fragment(fragment));
    }
    if (part.hold && part.hold.after >= pieces.length) await this.#exchange.hold(part.hold.name);
    this.#mark(CALL_END);
  }

  /** Tokens that the server swallows: no chunk tells of them. */
  #mark(text: string): void {
    this.#raw += text;
    this.#count += this.#exchange.tokenizer.encode(text).length;
  }

  async #delta(piece: string, chunk: object): Promise<void> {
    await this.#open();
    this.#raw += piece;
    this.#count++;
    this.#exchange.request.deltas++;
    this.#exchange.request.completion = this.#count;
    await this.#send(chunk);
  }

  /** Before the first delta: the rest of the prompt is read, then comes what opens an answer. */
  async #open(): Promise<void> {
    if (this.#opened) return;
    this.#opened = true;
    const total = this.#exchange.prompt.length;
    await this.#announce();
    while (this.#read < total) await this.#progress(Math.min(this.#read + BATCH, total));
    this.#readMs = performance.now() - this.#start;
    for (const chunk of this.#exchange.wire.opening()) await this.#send(chunk);
  }

  async #announce(): Promise<void> {
    if (this.#announced) return;
    this.#announced = true;
    await this.#report(0);
  }

  async #progress(read: number): Promise<void> {
    await this.#announce();
    this.#read = read;
    await this.#report(performance.now() - this.#start);
  }

  async #report(ms: number): Promise<void> {
    const { request, wire, prompt, cached } = this.#exchange;
    if (!request.body.return_progress) return;
    const figures = { total: prompt.length, cache: cached, processed: this.#read, time_ms: Math.round(ms) };
    const chunk = wire.progress(figures);
    if (chunk) await this.#send(chunk);
  }

  async #finish(reason: Finish): Promise<void> {
    const { request, response, wire, limit, prompt, cached, tokenizer } = this.#exchange;
    await this.#open();
    this.#complete = reason !== 'length' && this.#count < limit;
    if (this.#thinking && this.#complete) this.#mark(THINK_END);
    const actual = this.#complete ? reason : 'length';
    // A complete answer is counted as the next prompt will have it, and its end mark is a token too.
    if (this.#complete) this.#count = tokenizer.encode(this.#raw).length + 1;
    request.completion = this.#count;
    const predictedMs = performance.now() - this.#start - this.#readMs;
    const figures = { prompt: prompt.length, cached, completion: this.#count, promptMs: this.#readMs, predictedMs };
    if (request.body.stream) {
      for (const chunk of wire.closing(actual, figures, request.body.stream_options?.include_usage === true))
        await this.#send(chunk);
      await this.#write('data: [DONE]\n\n');
      response.end();
    } else {
      const said = { text: this.#text, reasoning: this.#reasoning, calls: this.#calls };
      reply(response, 200, wire.whole(said, actual, figures));
    }
    this.#end('done');
  }

  async #send(chunk: object): Promise<void> {
    await this.#write(`data: ${JSON.stringify(chunk)}\n\n`);
  }

  /** One write is one HTTP chunk. Gives way after each, so that a client sees what was sent and may go away. */
  async #write(text: string): Promise<void> {
    const { request, response, gone } = this.#exchange;
    if (request.body.stream) {
      this.#headers();
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += this.#bytes) {
        const free = response.write(bytes.subarray(at, at + this.#bytes));
        if (!free) await once(response, 'drain', { signal: gone });
      }
    }
    await turn(undefined, { signal: gone });
  }

  #headers(): void {
    const { request, response } = this.#exchange;
    if (response.headersSent) return;
    request.first = now();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  }
}

/** The arguments as the server streams them: the first fragment is the opening brace alone. */
function fragments(args: string, tokenizer: Tokenizer): string[] {
  if (!args.startsWith('{')) return args === '' ? [''] : tokenizer.pieces(args);
  return ['{', ...tokenizer.pieces(args.slice(1))];
}

/** A JSON reply. */
export function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** An error reply; llama-server closes the connection after one. */
export function refuse(response: ServerResponse, status: number, body: object): void {
  response.setHeader('connection', 'close');
  reply(response, status, body);
}
