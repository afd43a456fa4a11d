import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type { Event } from '../../src/common/events.ts';
import type { ChatRequest, ChatSummary } from '../../src/common/protocol.ts';
import { call, type ChatEvent, stream } from '../../src/node/client.ts';
import { type Discovery, readDiscovery, runFolder, runMark } from '../../src/node/discovery.ts';

const root = join(import.meta.dirname, '..', '..');
export const cli = join(root, 'dist', 'cli.js');

/** A folder of a test's own with a workspace in it; `dispose` removes it. */
export interface Place {
  folder: string;
  workspace: string;
  state: string;
  file(path: string): string;
  dispose(): void;
}

export function place(files: { [path: string]: string } = {}): Place {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-test-')));
  const workspace = join(folder, 'shop');
  mkdirSync(workspace);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  return {
    folder,
    workspace,
    state: join(folder, 'state'),
    file: (path) => readFileSync(join(workspace, path), 'utf8'),
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** A real supervisor process. */
export interface Running {
  child: ChildProcess;
  discovery: Discovery;
  url: string;
  /** Everything it wrote to its standard streams so far. */
  output: () => string;
  /** A request with the token; the body is sent as JSON unless it is a text. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  chats(): Promise<ChatSummary[]>;
  /** The texts of a chat's messages. */
  said(id: string): Promise<string[]>;
  stop(): Promise<number | null>;
}

/** Parsed JSON to look into; lists are read with the typed client (`chats`, `messages`). */
export interface Json {
  readonly [key: string | number]: Json;
}

export interface Reply {
  status: number;
  headers: Headers;
  json: Json;
}

/** Starts `drover serve` with folders of its own, and waits until it listens. */
export async function startSupervisor(
  at: Place,
  args: string[] = [],
  environment: Record<string, string> = {},
): Promise<Running> {
  const { child, output } = run(at, ['serve', '--workspace', at.workspace, ...args], environment);
  const ended = once(child, 'exit');
  for (;;) {
    const said = /^listening (\d+)$/m.exec(output());
    if (said) break;
    const settled = await Promise.race([ended.then(() => true), once(child.stdout ?? child, 'data').then(() => false)]);
    if (settled) throw new Error(`drover serve ended: ${output()}`);
  }
  const discovery = readDiscovery(runFolder(at.state));
  if (!discovery) throw new Error('no discovery file');
  const url = `http://127.0.0.1:${discovery.port}`;
  return {
    child,
    discovery,
    url,
    output,
    request: (method, path, body, headers = {}) => send(url, discovery.token, method, path, body, headers),
    chats: async () => (await call(discovery, 'chats', { signal: limit() })).chats,
    said: async (id) =>
      (await call(discovery, 'chatGet', { id, signal: limit() })).messages.map(({ content }) => content),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}

/** Starts the command-line program with this place's folders. */
export function run(
  at: Place,
  args: string[],
  environment: Record<string, string> = {},
): { child: ChildProcess; output: () => string } {
  let text = '';
  const child = spawn(process.execPath, [cli, ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: join(at.folder, 'home'),
      DROVER_STATE: at.state,
      DROVER_CONFIG: join(at.folder, 'config'),
      DROVER_MANAGED: join(at.folder, 'managed'),
      DROVER_OFFLINE: '1',
      // What is asked must not depend on what is installed; tests of the sandbox say that they want it.
      DROVER_SANDBOX: 'off',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const pipe of [child.stdout, child.stderr]) pipe?.on('data', (data) => (text += String(data)));
  return { child, output: () => text };
}

function limit(): AbortSignal {
  return AbortSignal.timeout(10_000);
}

async function send(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text.startsWith('{') ? JSON.parse(text) : text };
}

/** A turn that is being watched. */
export interface Turn {
  id: string;
  events: Event[];
  /** The first event that fits, waited for; of those from `from` on. */
  seen<T extends Event['type']>(type: T, fits?: (event: Event & { type: T }) => boolean): Promise<Event & { type: T }>;
  end: Promise<Event[]>;
}

/** Sends a message and watches the turn through the stream that answers it. */
export function startTurn(at: Running, request: z.input<typeof ChatRequest>): Turn {
  const id = request.session_id ?? crypto.randomUUID();
  const body = { agent_type: 'coding', asks: 'client' as const, ...request, session_id: id };
  return watch(id, stream(at.discovery, 'chatStream', { body, signal: AbortSignal.timeout(60_000) }));
}

/** Attaches to a chat, as a second window does. */
export function attach(at: Running, id: string, after = '0'): Turn & { leave(): void } {
  const left = new AbortController();
  const turn = watch(id, stream(at.discovery, 'chatEvents', { id, after, signal: left.signal }), left.signal);
  return { ...turn, leave: () => left.abort() };
}

function watch(id: string, source: AsyncIterable<{ event: z.infer<typeof ChatEvent> }>, leaving?: AbortSignal): Turn {
  const events: Event[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const end = (async () => {
    try {
      for await (const { event } of source) {
        events.push(event);
        for (const wake of waiting) wake();
      }
    } catch (error) {
      if (!leaving?.aborted) throw error;
    } finally {
      over = true;
      for (const wake of waiting) wake();
    }
    return events;
  })();
  // Who only waits for one event must not be told of the end twice.
  end.catch(() => undefined);
  return {
    id,
    events,
    end,
    seen: (type, fits = () => true) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          for (const event of events) {
            if (event.type !== type || !fits(event as never)) continue;
            waiting.delete(look);
            return resolve(event as never);
          }
          if (over)
            reject(new Error(`the stream ended without ${type}: ${JSON.stringify(events.map((event) => event.type))}`));
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Processes that were started for this place: the supervisor's names it, all others carry its run mark. */
export function processesOf(at: Place): number[] {
  const marks = [at.state, runMark(runFolder(at.state))];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      const about = `${read(`/proc/${name}/environ`)} ${read(`/proc/${name}/cmdline`)}`;
      return marks.some((mark) => about.includes(mark));
    })
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended while being looked at.
    return '';
  }
}
