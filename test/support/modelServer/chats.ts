import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { play, refuse, reply } from './answer.ts';
import { now, parseChat, type ModelRequest } from './requests.ts';
import { sideRoute, type Facts } from './routes.ts';
import { refusals, type Part, type ScriptRun } from './script.ts';
import { render, TemplateError } from './template.ts';
import type { Watch } from './watch.ts';
import { wireOf, type Wire } from './wire.ts';

/** Answers the requests of one scripted server and keeps what it saw. */
export class Chats {
  readonly requests: ModelRequest[] = [];
  readonly probes: string[] = [];
  maxInFlight = 0;
  ready = true;
  readonly #facts: Facts;
  readonly #script: ScriptRun;
  readonly #watch: Watch;
  readonly #key: string | undefined;
  readonly #closing = new AbortController();
  readonly #released = new Set<string>();
  readonly #standing = new Map<string, number>();
  readonly #connections = new WeakMap<Socket, number>();
  #connected = 0;
  #inFlight = 0;

  constructor(facts: Facts, script: ScriptRun, watch: Watch, key: string | undefined) {
    this.#facts = facts;
    this.#script = script;
    this.#watch = watch;
    this.#key = key;
  }

  /** Holds where answers stand now, and how many. */
  get standing(): Record<string, number> {
    return Object.fromEntries(this.#standing);
  }

  release(hold: string): void {
    this.#released.add(hold);
    this.#watch.changed();
  }

  close(): void {
    this.#closing.abort(new Error('the model server closes'));
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = now();
    const path = (request.url ?? '/').replace(/\?.*/, '');
    const route = `${request.method} ${path}`;
    if (this.#facts.dialect === 'llama') response.setHeader('server', 'llama.cpp');
    const left = new AbortController();
    response.on('close', () => left.abort(new Error('the client went away')));
    const gone = AbortSignal.any([left.signal, this.#closing.signal]);
    try {
      const bytes = await read(request);
      const shut = this.#shut(request, path);
      if (shut || route !== 'POST /v1/chat/completions') this.#see(route);
      if (shut) return this.#refuse(response, shut);
      if (route !== 'POST /v1/chat/completions') return this.#side(response, route, bytes);
      await this.#chat(request, response, bytes, at, gone);
    } catch (error) {
      if (gone.aborted) return;
      if (response.headersSent) throw error;
      const message = error instanceof Error ? error.message : String(error);
      this.#refuse(response, refusals.bad(message, error instanceof TemplateError ? error.status : 400));
    }
  }

  #see(route: string): void {
    this.probes.push(route);
    this.#watch.changed();
  }

  /** Why nobody is let in: the model is loading, or the key is wrong. */
  #shut(request: IncomingMessage, path: string): Refusal | undefined {
    if (!this.ready) return refusals.loading();
    const open =
      this.#key === undefined || path === '/health' || request.headers.authorization === `Bearer ${this.#key}`;
    return open ? undefined : refusals.unauthorized();
  }

  #side(response: ServerResponse, route: string, bytes: Buffer): void {
    const body = sideRoute(route, bytes.toString(), this.#facts);
    if (body === undefined) return this.#refuse(response, refusals.notFound());
    if (typeof body === 'object') return reply(response, 200, body);
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(body);
  }

  async #chat(
    request: IncomingMessage,
    response: ServerResponse,
    bytes: Buffer,
    at: number,
    gone: AbortSignal,
  ): Promise<void> {
    const { raw, body } = parseChat(bytes);
    const record: ModelRequest = {
      number: this.requests.length,
      connection: this.#connection(request.socket),
      headers: request.headers,
      raw,
      body,
      at,
      inFlight: ++this.#inFlight,
      outcome: 'running',
      deltas: 0,
      prompt: 0,
      cached: 0,
      completion: 0,
    };
    this.requests.push(record);
    this.maxInFlight = Math.max(this.maxInFlight, this.#inFlight);
    this.#watch.changed();
    try {
      await this.#answer(record, response, gone);
    } finally {
      this.#inFlight--;
      record.ended = now();
      if (record.outcome === 'running') record.outcome = gone.aborted ? 'left' : 'refused';
      this.#watch.changed();
    }
  }

  async #answer(record: ModelRequest, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const { dialect, template, tokenizer, slots, context, tools } = this.#facts;
    if (dialect === 'vllm' && !tools && record.body.tools?.length)
      return this.#refuse(response, refusals.noToolParser());
    const prompt = tokenizer.encode(render(record.body, template));
    record.prompt = prompt.length;
    if (prompt.length >= context) {
      const tooLong = dialect === 'vllm' ? refusals.tooLongVllm : refusals.tooLong;
      return this.#refuse(response, tooLong(prompt.length, context));
    }
    const step = this.#script.next(record);
    if (!step) return this.#refuse(response, refusals.failed(`the script has no step for request ${record.number}`));
    const { slot, cached } = await slots.take(prompt, record.body.id_slot ?? undefined, gone);
    record.slot = slot.id;
    record.cached = cached;
    let kept = slot.tokens;
    try {
      kept = await play(step, {
        request: record,
        response,
        wire: this.#wire(),
        tokenizer,
        prompt,
        cached,
        limit: Math.min(
          record.body.max_tokens ?? record.body.max_completion_tokens ?? Infinity,
          context - prompt.length,
        ),
        tools: tools && (record.body.tools?.length ?? 0) > 0,
        wholeCalls: dialect === 'ollama',
        hold: (name) => this.#hold(name, gone),
        gone,
      });
    } finally {
      slots.release(slot, kept);
    }
  }

  async #hold(name: string, signal: AbortSignal): Promise<void> {
    const stand = (more: number) => this.#standing.set(name, (this.#standing.get(name) ?? 0) + more);
    stand(1);
    this.#watch.changed();
    try {
      await this.#watch.until(() => this.#released.has(name), signal);
    } finally {
      stand(-1);
    }
  }

  #connection(socket: Socket): number {
    const number = this.#connections.get(socket) ?? this.#connected++;
    this.#connections.set(socket, number);
    return number;
  }

  #wire(): Wire {
    return wireOf(this.#facts.dialect, this.#facts.model);
  }

  #refuse(response: ServerResponse, { status, error }: Refusal): void {
    refuse(response, status, this.#wire().error(error));
  }
}

type Refusal = Part & { part: 'status' };

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
