import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { workspaceOf } from '../src/common/chatFacts.ts';
import { asProblem, Problem } from '../src/common/errors.ts';
import { type Event, isDelta, type LoggedEvent, type ProblemInfo } from '../src/common/events.ts';
import { type ChatReply, CLIENT_HEADER, PROTOCOL, type RouteName, routes } from '../src/common/protocol.ts';
import { toJson, toMarkdown } from '../src/common/export.ts';
import { transcript } from '../src/common/summary.ts';
import { BUILD } from '../src/node/build.ts';
import { auditPage } from './audit/page.ts';
import type { Chat } from './chat.ts';
import { issueWords } from './issueWords.ts';
import { openapi } from './openapi.ts';
import { eventStream } from './sse.ts';
import { problemsOf, type Supervisor } from './supervisor.ts';

export interface HttpOptions {
  supervisor: Supervisor;
  log: (line: string) => void;
}

/** The protocol over HTTP. Who may call at all, and with how much, is decided by the door (`door.ts`). */
export function createApp({ supervisor, log }: HttpOptions): Hono {
  const app = new Hono();
  app.notFound((context) => {
    const what = `${context.req.method} ${context.req.path}`;
    return problem(
      new Problem('no_route', `There is nothing at ${what}.`, 'GET /openapi.json lists what there is.', 404),
    );
  });
  app.onError((error, context) => {
    const found = asProblem(error);
    if (found.code === 'internal') log(`${context.req.method} ${context.req.path}: ${error.stack ?? error.message}`);
    return problem(found);
  });
  addGeneral(app, supervisor);
  addChats(app, supervisor);
  return app;
}

function addGeneral(app: Hono, supervisor: Supervisor): void {
  app.post(routes.hello.path, async (context) => {
    const hello = await body(context, 'hello');
    return context.json({ client: supervisor.hello(hello), protocol: PROTOCOL, build: BUILD, pid: process.pid });
  });
  app.get(routes.health.path, (context) => {
    const chats = supervisor.list();
    const running = chats.filter(({ state }) => state === 'running' || state === 'waiting').length;
    const engine = supervisor.engineStatus().state;
    const { pid } = process;
    return context.json({
      status: 'ok',
      build: BUILD,
      protocol: PROTOCOL,
      pid,
      engine,
      sandbox: supervisor.sandboxStatus(),
      chats: { total: chats.length, running },
      windows: supervisor.windows,
      ...problemsOf(supervisor.chatProblems),
    });
  });
  app.get(routes.agents.path, (context) => {
    const { agents, problems } = supervisor.agents(
      context.req.query('folder'),
      context.req.query('trusted') !== 'false',
    );
    const infos = agents.map(({ name, description, model, tools, readonly, handoffs, start, from }) => ({
      name,
      description,
      tools,
      readonly,
      handoffs,
      from,
      ...(model === undefined ? {} : { model }),
      ...(start === undefined ? {} : { start }),
    }));
    return context.json({ agents: infos, problems });
  });
  app.get(routes.grants.path, (context) => context.json({ grants: supervisor.grants() }));
  app.delete(route('grantRemove'), (context) => {
    supervisor.removeGrant(id(context));
    return context.json({ ok: true });
  });
  app.get(routes.policies.path, (context) => context.json({ policies: supervisor.policies() }));
  app.get(routes.events.path, (context) => {
    const client = context.req.query('client');
    return eventStream((write) => supervisor.watch((event) => write({ data: event }), client));
  });
  app.get(routes.engine.path, (context) => context.json(supervisor.engineStatus()));
  app.post(routes.enginePost.path, async (context) => {
    await supervisor.engine.act(await body(context, 'enginePost'));
    return context.json(supervisor.engineStatus(), 202);
  });
  app.post(routes.history.path, async (context) =>
    context.json({ hits: await supervisor.history.search(await body(context, 'history')) }),
  );
  app.get(routes.metrics.path, async () => {
    const { text, type } = await supervisor.measures();
    return new Response(text, { headers: { 'content-type': type } });
  });
  let document: { [key: string]: unknown } | undefined;
  app.get(routes.openapi.path, (context) => context.json((document ??= openapi())));
}

function addChats(app: Hono, supervisor: Supervisor): void {
  app.get(routes.chats.path, (context) =>
    context.json({ chats: supervisor.list(), ...problemsOf(supervisor.chatProblems) }),
  );
  app.post(routes.chat.path, async (context) => {
    const request = await body(context, 'chat');
    if (request.stream === true) return turnStream(supervisor, request);
    return plainTurn(context, supervisor, request);
  });
  app.post(routes.chatStream.path, async (context) =>
    turnStream(supervisor, await body(context, 'chatStream'), context.req.query('client')),
  );
  app.get(route('chatGet'), (context) => {
    const chat = supervisor.chat(id(context));
    return context.json({ chat: supervisor.summary(chat), messages: transcript(chat.events) });
  });
  app.post(route('chatPost'), async (context) => {
    const { message, lane, agent_type: agent, asks } = await body(context, 'chatPost');
    const chat = supervisor.chat(id(context));
    supervisor.checkAgent(agent, workspaceOf(chat.events));
    const item = chat.submit({ text: message, lane, agent, asks, context: undefined, trusted: undefined });
    return context.json({ item }, 202);
  });
  app.post(route('chatEdit'), async (context) => {
    const { title, pinned } = await body(context, 'chatEdit');
    const chat = supervisor.chat(id(context));
    chat.append({
      type: 'chat.edit',
      ...(title === undefined ? {} : { title }),
      ...(pinned === undefined ? {} : { pinned }),
    });
    return context.json(supervisor.summary(chat));
  });
  app.post(route('chatFork'), async (context) => {
    const place = await body(context, 'chatFork');
    return context.json(supervisor.summary(supervisor.fork(id(context), place)), 201);
  });
  app.get(route('chatExport'), (context) => {
    const { events, created } = supervisor.chat(id(context));
    const format = context.req.query('format') ?? 'markdown';
    if (format === 'json') return new Response(toJson(events), { headers: { 'content-type': 'application/json' } });
    if (format === 'markdown') {
      return new Response(toMarkdown(events, created), { headers: { 'content-type': 'text/markdown; charset=utf-8' } });
    }
    const message = `There is no format ${JSON.stringify(format)}.`;
    throw new Problem('no_format', message, 'There are: markdown, json.', 400, 'format');
  });
  app.get(route('chatAudit'), (context) => {
    const chat = supervisor.chat(id(context));
    return context.json({ ...auditPage(chat, context.req.query()), title: supervisor.summary(chat).title });
  });
  app.get(route('chatVerify'), async (context) => context.json(await supervisor.verify(id(context))));
  app.delete(route('chatDelete'), (context) => {
    supervisor.delete(id(context));
    return context.json({ ok: true });
  });
  app.get(route('chatEvents'), (context) => {
    const chat = supervisor.chat(id(context));
    const after = Number.parseInt(context.req.header('last-event-id') ?? '0', 10) || 0;
    return eventStream((write, end) => {
      const leave = supervisor.stream(context.req.query('client'));
      const unsubscribe = chat.subscribe(after, (eventId, event) => write({ id: eventId, data: event }), end);
      return () => {
        unsubscribe();
        leave();
      };
    });
  });
  app.post(route('chatInbox'), async (context) => {
    supervisor.chat(id(context)).changeInbox(await body(context, 'chatInbox'));
    return context.json({ ok: true });
  });
  app.post(route('chatInterjection'), async (context) => {
    const { interjection, answer } = await body(context, 'chatInterjection');
    supervisor.chat(id(context)).answerInterjection(interjection, answer);
    return context.json({ ok: true });
  });
  app.post(route('chatAnswer'), async (context) => {
    const client = supervisor.clientNamed(context.req.header(CLIENT_HEADER));
    supervisor.chat(id(context)).answer(await body(context, 'chatAnswer'), client);
    return context.json({ ok: true });
  });
  app.post(route('chatCancel'), (context) => {
    supervisor.chat(id(context)).cancel();
    return context.json({ ok: true });
  });
  app.post(route('chatUndo'), async (context) => {
    const { call } = await body(context, 'chatUndo');
    return context.json({ path: await supervisor.chat(id(context)).undo(call) });
  });
}

/** The turn as events, from its message to its end. Dropping the stream cancels nothing. */
function turnStream(
  supervisor: Supervisor,
  request: z.output<(typeof routes)['chat']['body']>,
  client?: string,
): Response {
  const { chat, seq, item } = supervisor.submit(request);
  return eventStream((write, end) => {
    const leave = supervisor.stream(client);
    const follow = (id: string, event: Event, last: boolean): void => write({ id, data: event, last });
    const unsubscribe = followTurn(chat, seq, item, follow, end);
    return () => {
      unsubscribe();
      leave();
    };
  });
}

/**
 * Calls back with the events of the turn that takes `item` up, from its chat's first event if the chat is new.
 * @param over called when the chat is gone before
 */
function followTurn(
  chat: Chat,
  seq: number,
  item: string,
  listener: (id: string, event: Event, last: boolean) => void,
  over: () => void,
): () => void {
  let inside = false;
  let last = false;
  const listen = (eventId: string, event: Event): void => {
    if (last) return;
    const own = 'item' in event && event.item === item;
    // A steer is answered by the turn in which it is read.
    if (own && (event.type === 'user' || event.type === 'steered')) inside = true;
    if (!inside && !own && event.type !== 'chat') return;
    last = (inside && event.type === 'turn.end') || (own && event.type === 'inbox.withdraw');
    listener(eventId, event, last);
  };
  return chat.subscribe(seq, listen, over);
}

/** What a plain reply is made of. */
const told = new Set<Event['type']>(['assistant', 'error', 'interjection', 'inbox.withdraw', 'turn.end']);

async function plainTurn(
  context: Context,
  supervisor: Supervisor,
  request: z.output<(typeof routes)['chat']['body']>,
): Promise<Response> {
  const { chat, seq, item } = supervisor.submit(request);
  const leave = supervisor.stream();
  const turn: LoggedEvent[] = [];
  await new Promise<void>((resolve) => {
    const take = (_: string, event: Event, last: boolean): void => {
      if (told.has(event.type) && !isDelta(event)) turn.push(event);
      // Unsubscribing waits until subscribe has returned.
      if (last) queueMicrotask(() => resolve(unsubscribe()));
    };
    const unsubscribe = followTurn(chat, seq, item, take, resolve);
  }).finally(leave);
  const end = turn.findLast((event) => event.type === 'turn.end');
  const error = turn.findLast((event) => event.type === 'error');
  if (end?.reason === 'failed' && error) {
    return context.json(
      { error: error.problem, session_id: chat.id },
      error.problem.code === 'prompt_too_long' ? 413 : 502,
    );
  }
  if (turn.some((event) => event.type === 'inbox.withdraw'))
    throw new Problem('withdrawn', 'The message was withdrawn before it was taken up.', 'Send it again.', 409);
  if (!end)
    throw new Problem(
      'chat_deleted',
      'The chat was deleted before this message was taken up.',
      'Begin a new chat.',
      409,
    );
  const answer = turn.findLast((event) => event.type === 'assistant');
  const wrong = end.reason === 'cancelled' ? stopped(turn) : error?.problem;
  const reply: ChatReply = {
    response: answer?.text ?? '',
    agent_name: answer?.agent ?? supervisor.summary(chat).agent,
    session_id: chat.id,
    messages: transcript(chat.events),
    ...(wrong ? { error: wrong } : {}),
  };
  return context.json(reply);
}

/** By the person, or by a policy. */
function stopped(turn: readonly LoggedEvent[]): ProblemInfo {
  const policy = turn.findLast((event) => event.type === 'interjection' && ['pause', 'stop'].includes(event.grade));
  const why = policy?.type === 'interjection' ? ` by the supervisor: ${policy.evidence}` : '.';
  return {
    code: 'cancelled',
    message: `The turn was stopped before its end${why}`,
    advice: 'Send a message to go on.',
  };
}

/** The path of a route as hono writes it. */
function route(name: RouteName): string {
  return routes[name].path.replace('{id}', ':id');
}

function id(context: Context): string {
  return context.req.param('id') ?? '';
}

/**
 * The body of a request, parsed by its route's schema.
 * @throws Problem 415, or 400 with the field's name.
 */
async function body<N extends RouteName>(
  context: Context,
  name: N,
): Promise<(typeof routes)[N] extends { body: infer B extends z.ZodType } ? z.output<B> : never> {
  const { body: schema }: { method: string; body?: z.ZodType } = routes[name];
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new Problem('not_json', 'The request must have Content-Type: application/json.', 'Add that header.', 415);
  }
  const text = await context.req.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be parsed';
    throw new Problem('not_json', `The body is no JSON: ${why}.`, 'Send one JSON object.', 400);
  }
  const parsed = schema?.safeParse(value);
  if (parsed?.success) return parsed.data as never;
  const issue = parsed?.error.issues[0];
  const keys = issue !== undefined && 'keys' in issue ? (issue.keys[0] ?? '') : '';
  const field = [...(issue?.path.map(String) ?? []), ...(keys === '' ? [] : [keys])].join('.');
  const message = keys === '' ? issueWords(issue) : 'is not known';
  throw new Problem(
    'wrong_shape',
    `${field || 'The body'} ${message}.`,
    'GET /openapi.json says what it takes.',
    400,
    field,
  );
}

function problem(found: Problem): Response {
  return Response.json({ error: found.info }, { status: found.status });
}
