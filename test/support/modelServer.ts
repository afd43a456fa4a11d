import { createServer, type Server } from 'node:http';
import { Chats } from './modelServer/chats.ts';
import { optionsOf } from './modelServer/program.ts';
import type { ModelRequest } from './modelServer/requests.ts';
import { ScriptRun, type Script, type Step } from './modelServer/script.ts';
import { Slots } from './modelServer/slots.ts';
import type { Template } from './modelServer/template.ts';
import { tokenizerOf } from './modelServer/tokens.ts';
import { Watch } from './modelServer/watch.ts';
import type { Dialect } from './modelServer/wire.ts';

/**
 * A model server whose model is a script: a real program that speaks llama-server's protocol (or vLLM's, or Ollama's)
 * over HTTP. It keeps every request word for word, counts tokens, and its prompt cache is exact in them.
 */

export interface ModelServerOptions {
  /** What the model answers. A request for which there is no step gets a 500 that says so. */
  script?: Script | undefined;
  /** Whose protocol; default llama. */
  dialect?: Dialect | undefined;
  /** Default chatml. */
  template?: Template | undefined;
  /** Default 2; vLLM and Ollama: 64. */
  slots?: number | undefined;
  /** Tokens of one slot; default 32768. */
  context?: number | undefined;
  /** Default chars: four characters are a token. `o200k` is a real vocabulary, 0.5 s to load. */
  tokens?: 'chars' | 'o200k' | undefined;
  /** The key that every request but /health must carry. */
  key?: string | undefined;
  /** Default "scripted". */
  model?: string | undefined;
  /** False: the model is loading, 503 until `loaded` is called. */
  ready?: boolean | undefined;
  /** False: vLLM without a tool parser, or an Ollama model that cannot call tools. */
  tools?: boolean | undefined;
  /** Default 0: any free one. */
  port?: number | undefined;
}

export interface ModelServer {
  /** Without a path; the OpenAI API is under `/v1`. */
  url: string;
  /** Every chat request that was understood, in order of arrival. */
  requests: readonly ModelRequest[];
  /** Every other request ("GET /props"), and chats turned away for the key or while loading. */
  probes: readonly string[];
  /** The most chat requests that were under way at once. */
  readonly maxInFlight: number;
  /** Steps that nobody has asked for yet. */
  readonly left: Step[];
  /** Steps for the requests to come. */
  add(...steps: Step[]): void;
  /** The request with this number (from 0), once it has arrived. */
  arrived(number: number, signal?: AbortSignal): Promise<ModelRequest>;
  /** The request with this number, once its answer is over or its client gone. */
  ended(number: number, signal?: AbortSignal): Promise<ModelRequest>;
  /** Waits until this many answers stand at a hold; default 1. */
  reached(hold: string, count?: number, signal?: AbortSignal): Promise<void>;
  /** Lets everybody through a hold, now and later. */
  release(hold: string): void;
  /** The model is loaded (see `ready`). */
  loaded(): void;
  /** Ends at once, whatever is under way. */
  close(): Promise<void>;
}

/** Starts a scripted model server on the loopback. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const watch = new Watch();
  const dialect = options.dialect ?? 'llama';
  const template = options.template ?? 'chatml';
  const facts = {
    dialect,
    template,
    model: options.model ?? 'scripted',
    context: options.context ?? 32768,
    slots: new Slots(options.slots ?? (dialect === 'llama' ? 2 : 64), watch),
    tokenizer: await tokenizerOf(options.tokens ?? 'chars'),
    tools: (options.tools ?? true) && template !== 'no-tools',
  };
  const script = new ScriptRun(options.script ?? []);
  const chats = new Chats(facts, script, watch, options.key);
  chats.ready = options.ready ?? true;
  const server = createServer((request, response) => void chats.handle(request, response));
  server.on('connection', (socket) => socket.setNoDelay(true));
  const port = await listen(server, options.port ?? 0);
  return control(`http://127.0.0.1:${port}`, server, chats, script, watch);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function control(url: string, server: Server, chats: Chats, script: ScriptRun, watch: Watch): ModelServer {
  const ended = (request: ModelRequest | undefined) => (request?.ended === undefined ? undefined : request);
  return {
    url,
    requests: chats.requests,
    probes: chats.probes,
    get maxInFlight() {
      return chats.maxInFlight;
    },
    get left() {
      return script.left;
    },
    add: (...steps) => script.add(steps),
    arrived: (number, signal) => watch.until(() => chats.requests[number], signal),
    ended: (number, signal) => watch.until(() => ended(chats.requests[number]), signal),
    reached: async (hold, count = 1, signal) => {
      await watch.until(() => (chats.standing[hold] ?? 0) >= count, signal);
    },
    release: (hold) => chats.release(hold),
    loaded: () => {
      chats.ready = true;
    },
    close: async () => {
      chats.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * `node test/support/modelServer.ts [--script FILE] [--port N] ...` says `listening on URL` and runs until stopped.
 * A line `release NAME` on standard input opens a hold; `requests` prints all requests as one line of JSON.
 */
async function program(): Promise<void> {
  const server = await startModelServer(optionsOf(process.argv.slice(2)));
  console.log(`listening on ${server.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(server));
  const { createInterface } = await import('node:readline');
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, hold = ''] = line.split(' ');
    if (word === 'release') server.release(hold);
    if (word === 'requests') console.log(JSON.stringify(server.requests));
  }
}

async function stop(server: ModelServer): Promise<void> {
  await server.close();
  process.exit(0);
}

// Not awaited, and known by its file name: the suites inside an editor bundle this file to CommonJS.
if (process.argv[1] === import.meta.filename) void program();
