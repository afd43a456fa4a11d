import { type IncomingMessage, request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { asProblem, Problem } from '../common/errors.ts';
import { DeltaEvent, LoggedEvent } from '../common/events.ts';
import { CLIENT_HEADER, ErrorReply, GlobalEvent, type Route, type RouteName, routes } from '../common/protocol.ts';
import { type SseMessage, sseParser } from './sse.ts';

/** Where a supervisor listens; a `Discovery` is one. */
export interface Address {
  host: string;
  port: number;
  token: string | null;
  /** The id that `hello` gave: what is asked for is then known to come from that client. */
  client?: string;
}

type Routes = typeof routes;
type BodyOf<N extends RouteName> = Routes[N] extends { body: infer B extends z.ZodType } ? z.input<B> : undefined;

/** Routes that answer once. */
export type CallName = { [N in RouteName]: Routes[N] extends { reply: z.ZodType } ? N : never }[RouteName];
type ReplyOf<N extends CallName> = Routes[N] extends { reply: infer R extends z.ZodType } ? z.output<R> : never;

export const ChatEvent = z.discriminatedUnion('type', [LoggedEvent, DeltaEvent]);

const streams = { events: GlobalEvent, chatEvents: ChatEvent, chatStream: ChatEvent };
/** Routes that answer with server-sent events. */
export type StreamName = keyof typeof streams;
export interface StreamEvent<N extends StreamName> {
  /** What to resume after; empty where the stream names none. */
  id: string;
  event: z.output<(typeof streams)[N]>;
}

interface Options<N extends RouteName> {
  /** For routes with `{id}`: the chat. */
  id?: string;
  /** What stands behind the question mark of the address. */
  query?: Record<string, string>;
  body?: BodyOf<N>;
  signal: AbortSignal;
}

export interface StreamOptions<N extends StreamName> extends Options<N> {
  /** Begin after the event with this id (`Last-Event-ID`). */
  after?: string;
  /** The id that `hello` gave: while this stream is open, that client is there. */
  client?: string;
}

/**
 * Calls a route and parses its reply.
 * @throws Problem as the supervisor reports it; `unreachable` when nobody answers there; `foreign_reply` when the
 * answer is not Drover's.
 */
export async function call<N extends CallName>(address: Address, name: N, options: Options<N>): Promise<ReplyOf<N>> {
  const response = await send(address, name, options, {});
  const text = await textOf(response, options.signal);
  const { type }: Route = routes[name];
  const reply = routes[name].reply.safeParse(type === undefined ? jsonOf(text) : text);
  if (!reply.success) throw foreign(name, reply.error);
  return reply.data as ReplyOf<N>;
}

/**
 * Sends a message and returns when the supervisor has taken it; the turn, which is the reply, is left unread. Dropping
 * it cancels nothing.
 * @throws Problem like `call`
 */
export async function submit(address: Address, options: Options<'chatStream'>): Promise<void> {
  const response = await send(address, 'chatStream', options, {});
  response.destroy();
}

/**
 * Opens a stream and yields its events until the supervisor ends it. There is no time-out; the signal ends it.
 * @throws Problem like `call`; `broken` when the connection breaks before its end.
 */
export async function* stream<N extends StreamName>(
  address: Address,
  name: N,
  options: StreamOptions<N>,
): AsyncGenerator<StreamEvent<N>, void, undefined> {
  const headers: Record<string, string> = { accept: 'text/event-stream' };
  if (options.after !== undefined) headers['last-event-id'] = options.after;
  const response = await send(address, name, options, headers);
  response.setEncoding('utf8');
  const parse = sseParser(options.after);
  try {
    for await (const chunk of response) for (const message of parse(String(chunk))) yield parsed(name, message);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof Problem) throw error;
    throw new Problem('broken', `The connection to the supervisor broke (${codeOf(error)}).`, 'Try again.', 503);
  } finally {
    response.destroy();
  }
}

export interface FollowOptions<N extends StreamName> extends Omit<StreamOptions<N>, 'body'> {
  /** Milliseconds to wait before try n, counted from 0 since the last event. */
  wait?: (failures: number) => number;
  /** Told of each break, before the next try. */
  broke?: (problem: Problem) => void;
}

/**
 * Like `stream`, and goes on after a break where it was. `address` is asked anew for each try, so it may wait for a
 * new supervisor. Ends when the signal is aborted.
 * @throws Problem when the supervisor refuses (the chat is gone) or `address` throws: trying again would not help.
 */
export async function* follow<N extends 'events' | 'chatEvents'>(
  address: (signal: AbortSignal) => Promise<Address>,
  name: N,
  options: FollowOptions<N>,
): AsyncGenerator<StreamEvent<N>, void, undefined> {
  const { wait = backOff, broke, signal, ...rest } = options;
  let after = options.after;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const resumed = { ...rest, signal, ...(after === undefined ? {} : { after }) } as StreamOptions<N>;
      for await (const event of stream(await address(signal), name, resumed)) {
        failures = 0;
        if (event.id !== '') after = event.id;
        yield event;
      }
      broke?.(new Problem('broken', 'The supervisor closed the connection.', 'Try again.', 503));
    } catch (error) {
      if (signal.aborted) return;
      const problem = asProblem(error);
      if (!mayPass(problem)) throw error;
      broke?.(problem);
    }
    // An aborted wait is not a failure: the loop ends.
    await delay(wait(failures), undefined, { signal }).catch(() => undefined);
  }
}

/** 0.1 s, doubled with each failure, at most 5 s. */
export function backOff(failures: number): number {
  return Math.min(100 * 2 ** failures, 5000);
}

/** True for what another try, perhaps with another supervisor (a new token), may mend. */
function mayPass(problem: Problem): boolean {
  return ['unreachable', 'broken', 'too_many', 'too_many_connections'].includes(problem.code) || problem.status === 401;
}

function send<N extends RouteName>(
  address: Address,
  name: N,
  options: Options<N> & { client?: string },
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  const { signal } = options;
  const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      return;
    }
    const request = httpRequest({
      host: address.host,
      port: address.port,
      method: routes[name].method.toUpperCase(),
      path: pathOf(name, options),
      agent: false,
      signal,
      headers: {
        ...headers,
        ...(body ? { 'content-type': 'application/json', 'content-length': String(body.length) } : {}),
        ...(address.client === undefined ? {} : { [CLIENT_HEADER]: address.client }),
        ...(address.token === null ? {} : { authorization: `Bearer ${address.token}` }),
      },
    });
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) resolve(response);
      else void refusal(response, status, signal).then(reject, reject);
    });
    request.on('error', (error) => reject(signal.aborted ? error : unreachable(error)));
    request.end(body);
  });
}

interface Place {
  id?: string;
  client?: string;
  query?: Record<string, string>;
}

/** The path of a route; ids are never trusted to be safe in one. */
function pathOf(name: RouteName, { id, client, query: more = {} }: Place): string {
  const all = new URLSearchParams({ ...more, ...(client === undefined ? {} : { client }) }).toString();
  const query = all === '' ? '' : `?${all}`;
  const { path } = routes[name];
  if (!path.includes('{id}')) return path + query;
  if (id === undefined) throw new Error(`${name} needs the id of a chat`);
  return path.replace('{id}', encodeURIComponent(id)) + query;
}

async function textOf(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(Buffer.from(chunk as Uint8Array));
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function refusal(response: IncomingMessage, status: number, signal: AbortSignal): Promise<Problem> {
  const reply = ErrorReply.safeParse(jsonOf(await textOf(response, signal)));
  if (!reply.success) {
    return new Problem(
      'foreign_reply',
      `Something that is not Drover's supervisor answers there (status ${status}).`,
      'Run "Drover: Show Log" to see which supervisor is meant, then try again.',
      status,
    );
  }
  const { code, message, advice, field } = reply.data.error;
  return new Problem(code, message, advice, status, field);
}

function parsed<N extends StreamName>(name: N, message: SseMessage): StreamEvent<N> {
  const event = streams[name].safeParse(jsonOf(message.data));
  if (!event.success) throw foreign(name, event.error);
  return { id: message.id, event: event.data as StreamEvent<N>['event'] };
}

function foreign(name: RouteName, error: z.ZodError): Problem {
  const where = error.issues[0]?.path.join('.') || 'its shape';
  return new Problem(
    'foreign_reply',
    `The supervisor's answer to ${routes[name].path} cannot be understood (${where}).`,
    'Reload the window; if it stays, stop the supervisor with `drover stop`.',
    502,
  );
}

function unreachable(error: unknown): Problem {
  return new Problem('unreachable', `The supervisor does not answer (${codeOf(error)}).`, 'Try again.', 503);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
