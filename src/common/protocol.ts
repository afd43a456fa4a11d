import { z } from 'zod';
import { AuditPage, Verification } from './audit.ts';
import { HistoryHit, HistoryQuery } from './history.ts';
import { EngineAction, EngineSettings, EngineStatus } from './engine.ts';
import { AnswerKind, Lane, ProblemInfo, Workspace } from './events.ts';

/**
 * The one protocol: every route with its body and its reply. The extension is only its first client.
 * Raise PROTOCOL when a change would break an older client.
 */
export const PROTOCOL = 5;

/** Bytes of a request body; more is refused with 413. */
export const BODY_LIMIT = 4 * 1024 * 1024;

/** A request's header with the id that `POST /hello` gave: the log of a chat then says at which client a person answered. */
export const CLIENT_HEADER = 'drover-client';

export const SessionId = z
  .string()
  .min(1)
  .max(200)
  .refine((id) => !['stream', '.', '..'].includes(id), 'is reserved');

const AgentInfo = z.strictObject({
  name: z.string(),
  description: z.string(),
  model: z.string().optional(),
  tools: z.array(z.string()),
  /** Whatever has an effect other than a look is denied. */
  readonly: z.boolean(),
  /** To whom it may hand a chat over. */
  handoffs: z.array(z.string()),
  /** Its answers are plans, which this agent can carry out. */
  start: z.string().optional(),
  from: z.enum(['drover', 'user', 'workspace']),
});
export type AgentInfo = z.infer<typeof AgentInfo>;

export const ChatSummary = z.strictObject({
  id: z.string(),
  title: z.string(),
  pinned: z.boolean().optional(),
  agent: z.string(),
  /** The chat that delegated a task to this one. */
  parent: z.string().optional(),
  /** The chat that this one goes on from. */
  from: z.string().optional(),
  /** `waiting`: for an answer of a person. `stopped`: by the person, before the end of its last turn. */
  state: z.enum(['idle', 'running', 'waiting', 'failed', 'stopped']),
  workspace: Workspace,
  turns: z.int(),
  changes: z.int(),
  /** Tokens of the last prompt and its answer. */
  tokens: z.int().optional(),
  /** What it waits for or how it ended, in a few words. */
  detail: z.string(),
  /** It has an agent process. */
  live: z.boolean(),
  /** Messages that wait in its inbox. */
  queued: z.int(),
  /** Whether its agent has a slot of the engine now, or waits for one. */
  slot: z.enum(['held', 'waiting']).optional(),
  /** Milliseconds since 1970. */
  created: z.int(),
  updated: z.int(),
});
export type ChatSummary = z.infer<typeof ChatSummary>;

/** Days after which a chat that is not pinned is deleted, counted from when something happened in it last. */
export const KeepDays = z.int().min(1).max(36_500);

/** What an attached client tells of itself; sent again whenever it changes, with the id the first reply gave. */
/** The model that judges whether agents keep to what was asked: its name, `same` for theirs, empty for none. */
export const Judge = z.string();

/**
 * What becomes of a change of a file that is not protected, in a trusted workspace: it is made at once, to be seen and undone, or
 * asked about.
 */
export const Edits = z.enum(['allow', 'ask']);
export type Edits = z.infer<typeof Edits>;

/** Whether commands that run code of a folder are shut in: where that works, or never. */
export const SandboxMode = z.enum(['auto', 'off']);
export type SandboxMode = z.infer<typeof SandboxMode>;

/**
 * Whether they are, and as a sentence what that means and what to do. `off`: by the person; `unavailable`: it does not work
 * here; `checking`: that is being found out.
 */
export const SandboxStatus = z.strictObject({
  state: z.enum(['on', 'off', 'unavailable', 'checking']),
  text: z.string(),
});
export type SandboxStatus = z.infer<typeof SandboxStatus>;

/** Names of policies that are not to step in. */
export const PolicyNames = z.array(z.string().min(1));

/** What a turn may take before the person is asked; what is absent is as shipped, 0 is without limit. */
export const Budget = z.strictObject({
  steps: z.int().min(0).optional(),
  minutes: z.number().min(0).optional(),
  tokens: z.int().min(0).optional(),
});
export type Budget = z.infer<typeof Budget>;

/** Names of the models that agents speak with, by agent, where it is not that of the engine. */
export const Models = z.record(z.string(), z.string().min(1));

export const Hello = z.strictObject({
  client: z.string().optional(),
  kind: z.enum(['vscode', 'cli', 'other']),
  protocol: z.int(),
  build: z.string(),
  /** Folders open in it. */
  roots: z.array(z.string()).default([]),
  /**
   * Whether the editor trusts them. Chats of these folders that are at work, or have something waiting, follow when that
   * changes.
   */
  trusted: z.boolean().optional(),
  /** Absolute paths of documents with unsaved changes. */
  unsaved: z.array(z.string()).default([]),
  /**
   * The person's machine-scope settings, all that are set in this client: one that is absent is not, or not any more. Of
   * several clients the last writer wins.
   */
  settings: z
    .strictObject({
      engine: EngineSettings.optional(),
      keepDays: KeepDays.optional(),
      models: Models.optional(),
      policiesOff: PolicyNames.optional(),
      budget: Budget.optional(),
      judge: Judge.optional(),
      edits: Edits.optional(),
      sandbox: SandboxMode.optional(),
    })
    .optional(),
  /** The editor's own ripgrep. */
  ripgrep: z.string().optional(),
});
export type Hello = z.infer<typeof Hello>;
export const HelloReply = z.strictObject({ client: z.string(), protocol: z.int(), build: z.string(), pid: z.int() });
export type HelloReply = z.infer<typeof HelloReply>;

export const ChatRequest = z.strictObject({
  message: z.string().min(1, 'must not be empty'),
  session_id: SessionId.optional(),
  agent_type: z.string().optional(),
  stream: z.boolean().optional(),
  context_variables: z.record(z.string(), z.unknown()).optional(),
  workspace: z
    .union([z.string(), z.strictObject({ roots: z.array(z.string()), trusted: z.boolean().default(true) })], {
      error: 'must be a folder, or {"roots": [folders], "trusted": true or false}',
    })
    .describe('Where the chat works; one that is named by its path counts as trusted')
    .optional(),
  asks: z.enum(['client', 'deny']).default('deny'),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** A message as the OpenAI API has it. */
export const ChatMessage = z.object({
  role: z.enum(['user', 'assistant', 'tool']),
  content: z.string(),
  tool_calls: z
    .array(
      z.object({
        id: z.string(),
        type: z.literal('function'),
        function: z.object({ name: z.string(), arguments: z.string() }),
      }),
    )
    .optional(),
  tool_call_id: z.string().optional(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

export const ChatReply = z.strictObject({
  response: z.string(),
  agent_name: z.string(),
  session_id: z.string(),
  messages: z.array(ChatMessage),
  /** What went wrong on the way although there is an answer: it was cut off, or the turn was stopped. */
  error: ProblemInfo.optional(),
});
export type ChatReply = z.infer<typeof ChatReply>;

export const ChatPost = z.strictObject({
  message: z.string().min(1, 'must not be empty'),
  lane: Lane.default('follow-up'),
  agent_type: z.string().optional(),
  asks: z.enum(['client', 'deny']).default('deny'),
});
export const Answer = z.strictObject({
  ask: z.string(),
  answer: AnswerKind,
  reason: z.string().max(2000).optional(),
  /** Of the question, as its event had it: an answer to anything else than what was shown is refused. */
  hash: z.string().optional(),
  /** With `always`: which of the forms of the question; may be left out where there is one. */
  key: z.string().optional(),
});

/** Something that the person always allows in a folder. */
export const StandingGrant = z.strictObject({
  id: z.string(),
  /** The first folder of the workspaces in which it holds. */
  folder: z.string(),
  words: z.string(),
  /** Milliseconds since 1970. */
  made: z.int(),
  /** False: the rules have changed since, and it is asked about again. */
  holds: z.boolean(),
});
export type StandingGrant = z.infer<typeof StandingGrant>;

/** `before`: the item that it is to stand before, null for the end. A follow-up with lane `steer` is read sooner. */
export const InboxPost = z
  .strictObject({
    item: z.string(),
    text: z.string().min(1, 'must not be empty').optional(),
    lane: Lane.optional(),
    before: z.string().nullable().optional(),
    withdraw: z.literal(true).optional(),
  })
  .refine((body) => Object.keys(body).length > 1, 'must say what is to change');

export const InterjectionAnswer = z.strictObject({
  interjection: z.string(),
  /** `withdraw`: it does not hold, and the agent is told. `continue`: a pause is lifted. `mute`: no more of its policy. */
  answer: z.enum(['withdraw', 'continue', 'mute']),
});

/** Characters of a chat's title. */
export const TITLE_LIMIT = 200;

export const ChatEdit = z
  .strictObject({
    title: z.string().trim().min(1, 'must not be empty').max(TITLE_LIMIT).optional(),
    pinned: z.boolean().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must say what is to change');

/**
 * `message`: the number of the person's message (from 1) before which the new chat ends; `answer`: of the message behind whose
 * answer it ends; without either, all of the chat.
 */
const Counted = z.int().min(1);
export const ChatFork = z
  .strictObject({ message: Counted.optional(), answer: Counted.optional(), steer: Counted.optional() })
  .refine(
    (place) => Object.values(place).filter((number) => number !== undefined).length < 2,
    'must name a message, an answer or a steer',
  );

export const ErrorReply = z.strictObject({ error: ProblemInfo, session_id: z.string().optional() });

/** Why logs of chats could not be read and were passed over; absent: there are none. */
const ChatProblems = z.array(ProblemInfo);

export const Health = z.strictObject({
  status: z.literal('ok'),
  build: z.string(),
  protocol: z.int(),
  pid: z.int(),
  engine: EngineStatus.shape.state,
  sandbox: SandboxStatus,
  chats: z.strictObject({ total: z.int(), running: z.int() }),
  /** Windows of VS Code that look on. */
  windows: z.int().optional(),
  problems: ChatProblems.optional(),
});

/** What `GET /events` streams: the engine, the sandbox, and the list of chats. The first events after attaching say everything. */
export const GlobalEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('engine'), engine: EngineStatus }),
  z.strictObject({ type: z.literal('sandbox'), sandbox: SandboxStatus }),
  z.strictObject({ type: z.literal('chats'), chats: z.array(ChatSummary), problems: ChatProblems.optional() }),
  z.strictObject({ type: z.literal('chat'), chat: ChatSummary }),
  z.strictObject({ type: z.literal('chat.gone'), id: z.string() }),
]);
export type GlobalEvent = z.infer<typeof GlobalEvent>;

export interface Route {
  method: 'get' | 'post' | 'delete';
  path: string;
  summary: string;
  body?: z.ZodType;
  /** Absent: a stream of server-sent events. */
  reply?: z.ZodType;
  /** Media type of the reply; absent: JSON. */
  type?: string;
  status?: number;
}

const Done = z.strictObject({ ok: z.literal(true) });

export const routes = {
  hello: {
    method: 'post',
    path: '/hello',
    summary: 'Attach a client, or tell what changed in it.',
    body: Hello,
    reply: HelloReply,
  },
  health: { method: 'get', path: '/health', summary: 'Whether the supervisor and its engine are well.', reply: Health },
  agents: {
    method: 'get',
    path: '/agents',
    summary:
      'The agents that a chat can be given to; with ?folder=… those of its .drover/agents too, unless &trusted=false. As with POST /chat, a folder counts as trusted where nothing else is said.',
    reply: z.strictObject({ agents: z.array(AgentInfo), problems: z.array(ProblemInfo) }),
  },
  chats: {
    method: 'get',
    path: '/chats',
    summary: 'All chats, newest first.',
    reply: z.strictObject({ chats: z.array(ChatSummary), problems: ChatProblems.optional() }),
  },
  chat: {
    method: 'post',
    path: '/chat',
    summary: 'Send a message and wait for the whole turn.',
    body: ChatRequest,
    reply: ChatReply,
  },
  chatStream: {
    method: 'post',
    path: '/chat/stream',
    summary: 'Send a message; the reply is the turn, as events.',
    body: ChatRequest,
  },
  chatGet: {
    method: 'get',
    path: '/chat/{id}',
    summary: 'One chat: its summary and messages.',
    reply: z.strictObject({ chat: ChatSummary, messages: z.array(ChatMessage) }),
  },
  chatPost: {
    method: 'post',
    path: '/chat/{id}',
    summary: "Put a message into the chat's inbox.",
    body: ChatPost,
    reply: z.strictObject({ item: z.string() }),
    status: 202,
  },
  chatEdit: {
    method: 'post',
    path: '/chat/{id}/edit',
    summary: 'Rename the chat, or pin it above the others.',
    body: ChatEdit,
    reply: ChatSummary,
  },
  chatFork: {
    method: 'post',
    path: '/chat/{id}/fork',
    summary: 'Begin a new chat with what was said in this one up to a message or an answer.',
    body: ChatFork,
    reply: ChatSummary,
    status: 201,
  },
  chatExport: {
    method: 'get',
    path: '/chat/{id}/export',
    summary: 'The chat as Markdown to read (?format=markdown), or as JSON with all events (?format=json).',
    reply: z.string(),
    type: 'text/markdown',
  },
  chatAudit: {
    method: 'get',
    path: '/chat/{id}/audit',
    summary:
      'What was decided in the chat, the newest first: ?limit=… at a time, ?before=… goes on behind a page, ?only=asked, denied or changes, ?tool=….',
    reply: AuditPage,
  },
  chatVerify: {
    method: 'get',
    path: '/chat/{id}/audit/verify',
    summary: 'Whether the log of the chat is what Drover wrote, and how far its anchor reaches.',
    reply: Verification,
  },
  chatDelete: {
    method: 'delete',
    path: '/chat/{id}',
    summary: 'Delete the chat and its log, with the chats that it delegated to.',
    reply: Done,
  },
  chatEvents: {
    method: 'get',
    path: '/chat/{id}/events',
    summary: 'All events of the chat from Last-Event-ID on, then live.',
  },
  chatAnswer: {
    method: 'post',
    path: '/chat/{id}/answer',
    summary: 'Answer an ask; the first answer wins.',
    body: Answer,
    reply: Done,
  },
  chatInbox: {
    method: 'post',
    path: '/chat/{id}/inbox',
    summary: 'Change, move or withdraw a message that waits in the inbox.',
    body: InboxPost,
    reply: Done,
  },
  chatInterjection: {
    method: 'post',
    path: '/chat/{id}/interjection',
    summary: 'Take back what a policy said, lift its pause, or mute it in this chat.',
    body: InterjectionAnswer,
    reply: Done,
  },
  chatCancel: { method: 'post', path: '/chat/{id}/cancel', summary: 'Stop the running turn.', reply: Done },
  chatUndo: {
    method: 'post',
    path: '/chat/{id}/undo',
    summary: 'Put a file back as it was before a call changed it.',
    body: z.strictObject({ call: z.string() }),
    reply: z.strictObject({ path: z.string() }),
  },
  events: { method: 'get', path: '/events', summary: 'The engine and the list of chats, live.' },
  history: {
    method: 'post',
    path: '/history',
    summary: 'Messages of all chats in which these words stand, newest first.',
    body: HistoryQuery,
    reply: z.strictObject({ hits: z.array(HistoryHit) }),
  },
  engine: { method: 'get', path: '/engine', summary: 'The engine: state, model, slots.', reply: EngineStatus },
  enginePost: {
    method: 'post',
    path: '/engine',
    summary: 'Start, stop or restart the engine, or choose its model.',
    body: EngineAction,
    reply: EngineStatus,
    status: 202,
  },
  policies: {
    method: 'get',
    path: '/policies',
    summary: 'The policies that watch the chats, and which of them are switched off.',
    reply: z.strictObject({
      policies: z.array(
        z.strictObject({
          name: z.string(),
          rule: z.string(),
          /** Of one of the person's own. */
          file: z.string().optional(),
          /** Why that one is not used. */
          problem: z.string().optional(),
          off: z.boolean(),
        }),
      ),
    }),
  },
  grants: {
    method: 'get',
    path: '/grants',
    summary: 'What the person always allows, by folder.',
    reply: z.strictObject({ grants: z.array(StandingGrant) }),
  },
  grantRemove: {
    method: 'delete',
    path: '/grants/{id}',
    summary: 'Take back something that is always allowed: it is asked about again, in running chats too.',
    reply: Done,
  },
  metrics: {
    method: 'get',
    path: '/metrics',
    summary: 'Counters for Prometheus, see docs/metrics.md.',
    reply: z.string(),
    type: 'text/plain',
  },
  openapi: {
    method: 'get',
    path: '/openapi.json',
    summary: 'This protocol, for programs.',
    reply: z.record(z.string(), z.unknown()),
  },
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;
