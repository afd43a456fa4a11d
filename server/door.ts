import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { Problem } from '../src/common/errors.ts';
import { BODY_LIMIT } from '../src/common/protocol.ts';
import { Rate } from './rate.ts';

// What every request passes before the protocol sees it. It is here and not in the protocol's own handlers because some of
// it is lost behind them: a header that was sent twice, the form of the request line, a body that must not be read.

export interface DoorOptions {
  /** What answers those that may come in. Their bodies are whole, and at most BODY_LIMIT long. */
  fetch: Parameters<typeof getRequestListener>[0];
  /** Undefined: none is asked for. */
  token: string | undefined;
}

/** Milliseconds until the head of a request is there: on one machine it comes in one piece, and a shell is patient. */
const HEAD_TIME = 5000;
/** Milliseconds that a connection is kept without a request. */
const IDLE_TIME = 5000;
/** Milliseconds until its body is: 4 MiB through a slow tunnel. */
const BODY_TIME = 30_000;
/** Milliseconds in which a caller who is still sending can read why it is not read. */
const LINGER = 1000;
/**
 * Connections at once. A window holds two streams and a call or two, a chat of a script one: this is a hundred windows,
 * and well below the 1,024 files that a process may open on many systems.
 */
const MOST_CONNECTIONS = 512;
/**
 * Requests at once, and a second. A busy window sends ten a second, a loop around `curl` a hundred, because each is a process;
 * what is faster for longer is a loop gone wrong, and the streams of all chats would wait for it.
 */
const BURST = 3000;
const PER_SECOND = 500;

const METHODS = ['GET', 'POST', 'DELETE'];

/** A server that lets in who has the token and is no web page. Every answer of its own is JSON with a sentence and advice. */
export function createDoor({ fetch, token }: DoorOptions): Server {
  const pass = getRequestListener(fetch, {
    autoCleanupIncoming: false,
    errorHandler: () => Response.json({ error: malformed().info }, { status: 400 }),
  });
  const server = createServer({
    requireHostHeader: false,
    headersTimeout: HEAD_TIME,
    keepAliveTimeout: IDLE_TIME,
    // The time of a body is watched here: Node's own end of it has no words.
    requestTimeout: 0,
    connectionsCheckingInterval: 500,
  });
  // Those above the limit are told so, up to a second limit that is not a matter of words.
  server.maxConnections = MOST_CONNECTIONS * 1.25;
  const surplus = new WeakSet<Duplex>();
  const busy = new Map<Duplex, number>();
  let connections = 0;
  const rates = { known: new Rate(BURST, PER_SECOND), unknown: new Rate(BURST, PER_SECOND) };

  const enter = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = request;
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once('close', () => leave(busy, socket));
    secure(response);
    const refused =
      (surplus.has(socket) ? refusals.full() : undefined) ??
      misformed(request) ??
      foreign(request) ??
      unknown(request, token, rates) ??
      unusable(request);
    if (refused) return refuse(request, response, refused);
    if (request.headers.expect !== undefined) response.writeContinue();
    const body = await bodyOf(request);
    if (body === 'gone') return;
    if (body === 'slow' || body === 'large') return refuse(request, response, refusals[body]());
    await pass(Object.assign(request, { rawBody: body }), response);
  };
  const come = (request: IncomingMessage, response: ServerResponse): void => void enter(request, response);
  server.on('request', come).on('checkContinue', come);
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    secure(response);
    refuse(request, response, refusals.expectation());
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    if (connections > MOST_CONNECTIONS) surplus.add(socket);
    socket.once('close', () => (connections -= 1));
  });
  server.on('connect', (_, socket) => tell(socket, refusals.method()));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Nothing can be said in the middle of another answer.
    if (error.code === 'ECONNRESET' || !socket.writable || busy.has(socket)) socket.destroy();
    else tell(socket, unreadable(error.code));
  });
  return server;
}

function leave(busy: Map<Duplex, number>, socket: Duplex): void {
  const left = (busy.get(socket) ?? 1) - 1;
  if (left > 0) busy.set(socket, left);
  else busy.delete(socket);
}

interface Refusal {
  problem: Problem;
  headers?: Record<string, string>;
}

const refusals = {
  full: (): Refusal => ({
    problem: new Problem(
      'too_many_connections',
      `There are more than ${MOST_CONNECTIONS} connections.`,
      'Close some, then try again.',
      503,
    ),
    headers: { 'retry-after': '1' },
  }),
  slow: (): Refusal => ({
    problem: new Problem(
      'too_slow',
      `The body did not come within ${BODY_TIME / 1000} s.`,
      'Send the whole of it, and its right length.',
      408,
    ),
  }),
  large: (): Refusal => ({
    problem: new Problem(
      'too_large',
      `The body is larger than ${BODY_LIMIT / 1024 / 1024} MiB.`,
      'Send less; name files with @path instead.',
      413,
    ),
  }),
  method: (): Refusal => ({
    problem: new Problem(
      'no_method',
      `Only ${METHODS.join(', ')} are understood.`,
      'GET /openapi.json says where.',
      405,
    ),
    headers: { allow: METHODS.join(', ') },
  }),
  expectation: (): Refusal => ({
    problem: new Problem('no_expectation', 'This Expect header cannot be met.', 'Leave that header out.', 417),
  }),
};

function malformed(what = 'The request cannot be understood'): Problem {
  return new Problem('bad_request', `${what}.`, 'Send it as curl would.', 400);
}

function unreadable(code: string | undefined): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const message = `No whole request came within ${HEAD_TIME / 1000} s.`;
    return { problem: new Problem('too_slow', message, 'Send it in one piece.', 408) };
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { problem: new Problem('too_large', 'The headers are longer than 16 KiB.', 'Send fewer.', 431) };
  }
  return { problem: malformed() };
}

/** What two programs on the way could understand differently. */
function misformed({ url = '', headersDistinct }: IncomingMessage): Refusal | undefined {
  if (!url.startsWith('/')) {
    return { problem: malformed('The request line must hold a path, such as GET /health, and no address') };
  }
  for (const name of ['host', 'origin', 'authorization', 'content-type', 'content-encoding']) {
    if ((headersDistinct[name]?.length ?? 0) > 1)
      return { problem: malformed(`There is more than one ${name} header`) };
  }
  return headersDistinct['host'] === undefined ? { problem: malformed('There is no Host header') } : undefined;
}

/**
 * A page in a browser can reach loopback. It is known by its Origin, whatever that says, by what browsers add where they send
 * none, and by a Host that is not ours (DNS rebinding).
 */
function foreign({ headers, socket }: IncomingMessage): Refusal | undefined {
  const from = headers['sec-fetch-site'] ?? 'none';
  const local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
  if (headers.origin === undefined && from === 'none' && isOwnHost(headers.host ?? '', local)) return undefined;
  const problem = new Problem(
    'foreign',
    'Requests from web pages and for other host names are refused.',
    'Call it from a program, at the address it printed.',
    403,
  );
  return { problem };
}

/**
 * Whether a Host header names this end of a connection: on loopback exactly 127.0.0.1:PORT or localhost:PORT, or the address
 * that it came in by.
 */
export function isOwnHost(host: string, local: { address: string; port: number }): boolean {
  const address = local.address.replace(/^::ffff:(?=[\d.]+$)/, '');
  // A connection that has just gone has none.
  if (address === '') return false;
  const own = isIPv6(address) ? `[${address}]` : address;
  const names = ['127.0.0.1', 'localhost'];
  // Where it was made reachable from elsewhere, a published or forwarded port may be another one; a name that means
  // the caller's own machine is never one that somebody else has made up.
  if (!/^(?:127\.|::1$)/.test(address) && names.includes(host.replace(/:\d{1,5}$/, ''))) return true;
  return [...names, own].some((name) => host === `${name}:${local.port}` || (local.port === 80 && host === name));
}

function unknown(
  { headers }: IncomingMessage,
  token: string | undefined,
  rates: { known: Rate; unknown: Rate },
): Refusal | undefined {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const known = token === undefined || (given !== undefined && timingSafeEqual(digest(given), digest(token)));
  const wait = (known ? rates.known : rates.unknown).take();
  if (wait > 0) {
    const message = `More than ${PER_SECOND} requests a second have come for a while.`;
    const problem = new Problem('too_many', message, 'Wait a second, and follow /events instead of asking.', 429);
    return { problem, headers: { 'retry-after': String(wait) } };
  }
  if (known) return undefined;
  const problem = new Problem(
    'unauthorized',
    given === undefined ? 'This request has no token.' : 'The token is wrong.',
    'Send "Authorization: Bearer TOKEN"; the token stands in supervisor.json (`drover status` says where).',
    401,
  );
  return { problem, headers: { 'www-authenticate': 'Bearer' } };
}

/** Equal lengths, so that the comparison takes the same time for all. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A method, a kind of body or a length that nothing here takes. */
function unusable(request: IncomingMessage): Refusal | undefined {
  const { method = '', headers } = request;
  if (!METHODS.includes(method)) return refusals.method();
  const type = headers['content-type'] ?? (hasBody(request) ? '' : 'application/json');
  const plain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  if (!isJson(type) || !plain) {
    const message = 'The request must have Content-Type: application/json, in UTF-8 and not compressed.';
    return { problem: new Problem('not_json', message, 'Add that header.', 415) };
  }
  return Number(headers['content-length'] ?? 0) > BODY_LIMIT ? refusals.large() : undefined;
}

function isJson(type: string): boolean {
  const [name = '', ...parameters] = type.toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return name.trim() === 'application/json' && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The whole body; of one that is too large or too slow no more is read. */
function bodyOf(request: IncomingMessage): Promise<Buffer | 'large' | 'slow' | 'gone'> {
  if (!hasBody(request)) return Promise.resolve(Buffer.alloc(0));
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    const settle = (result: Buffer | 'large' | 'slow' | 'gone'): void => {
      clearTimeout(timer);
      request.off('data', take).off('end', end).off('close', gone).off('error', gone);
      // What goes wrong with a body that nobody waits for any more is nobody's concern.
      request.on('error', () => undefined);
      resolve(result);
    };
    const take = (part: Buffer): void => {
      size += part.byteLength;
      parts.push(part);
      if (size <= BODY_LIMIT) return;
      request.pause();
      settle('large');
    };
    const end = (): void => settle(Buffer.concat(parts));
    const gone = (): void => settle('gone');
    const timer = setTimeout(() => {
      request.pause();
      settle('slow');
    }, BODY_TIME);
    request.on('data', take).on('end', end).on('close', gone).on('error', gone);
  });
}

/** No page may show, keep or guess at what is answered. */
function secure(response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('x-content-type-options', 'nosniff');
}

function refuse(request: IncomingMessage, response: ServerResponse, { problem, headers }: Refusal): void {
  if (hasBody(request) && !request.complete) {
    response.setHeader('connection', 'close');
    // Node would read on to the end of the body, to throw it away.
    request.read(0);
    const { socket } = request;
    socket.destroySoon = () => linger(socket);
  }
  const text = JSON.stringify({ error: problem.info });
  const length = String(Buffer.byteLength(text));
  response.writeHead(problem.status, { 'content-type': 'application/json', 'content-length': length, ...headers });
  response.end(text);
}

/** An answer where there is no request that could be answered. */
function tell(socket: Duplex, { problem, headers = {} }: Refusal): void {
  const text = JSON.stringify({ error: problem.info });
  const lines = Object.entries({
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const { status } = problem;
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`);
  linger(socket);
}

/** Ends our side and leaves the caller a moment: closed while it is sending, a connection is reset and the answer lost. */
function linger(socket: Duplex): void {
  socket.end();
  setTimeout(() => socket.destroy(), LINGER).unref();
}
