import { z } from 'zod';

/**
 * The events of a chat: facts that happened, the only thing that flows outwards.
 *
 * Logged events are the truth and are kept for ever, one record each in the chat's event log. Deltas are what is
 * shown while a message is still being made; they are never stored, because a logged event follows that says it whole.
 */

/** Where a chat works. Paths are absolute. `trusted` is the editor's workspace trust; headless it is true. */
export const Workspace = z.strictObject({ roots: z.array(z.string()), trusted: z.boolean() });
export type Workspace = z.infer<typeof Workspace>;

/** What a tool call would touch. Paths as the model wrote them: relative to the first root, or absolute. */
export const Effect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read'), path: z.string() }),
  /** `hidden`: what would be written has characters in it that cannot be seen. */
  z.strictObject({ kind: z.literal('write'), path: z.string(), hidden: z.literal(true).optional() }),
  z.strictObject({ kind: z.literal('execute'), command: z.string() }),
  z.strictObject({ kind: z.literal('network'), host: z.string() }),
  z.strictObject({ kind: z.literal('model') }),
  /** A chat of its own for a part of the work, in which every call is judged by itself. */
  z.strictObject({ kind: z.literal('delegate'), agent: z.string() }),
  /** What a command of this chat wrote is read again, by the call that ran it. */
  z.strictObject({ kind: z.literal('output'), call: z.string() }),
]);
export type Effect = z.infer<typeof Effect>;

/** What the gate decided. `rule` is for logs and *Why?*; `reason` is the sentence a person reads. */
export const Verdict = z.strictObject({
  decision: z.enum(['allow', 'ask', 'deny']),
  rule: z.string(),
  reason: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;

/** A call in plain words: `verb` "Read", `object` "src/cart.ts". `kind` picks the icon. */
export const Title = z.strictObject({
  kind: z.enum(['read', 'list', 'search', 'edit', 'run', 'other']),
  verb: z.string(),
  object: z.string(),
});
export type Title = z.infer<typeof Title>;

/** A changed file. `before` and `after` name blobs by SHA-256 (null: the file did not exist). `diff` is unified, capped. */
export const Change = z.strictObject({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  added: z.int(),
  removed: z.int(),
  diff: z.string(),
});
export type Change = z.infer<typeof Change>;

/**
 * What stood in a file that a call writes, by its SHA-256; null: there was no file. Absent: it could not be read, being too
 * large or none of a regular kind.
 */
export const FileState = z.strictObject({ path: z.string(), hash: z.string().nullable().optional() });
export type FileState = z.infer<typeof FileState>;

/** A tool call as the model wrote it; `arguments` is its JSON text, untouched. */
export const ToolCall = z.strictObject({ id: z.string(), name: z.string(), arguments: z.string() });
export type ToolCall = z.infer<typeof ToolCall>;

/** Token counts of one model call, from the server. `cached` of `prompt` were not read again. */
export const Usage = z.strictObject({
  prompt: z.int(),
  completion: z.int(),
  cached: z.int().optional(),
  /** Size of the slot in tokens, where known. */
  context: z.int().optional(),
});
export type Usage = z.infer<typeof Usage>;

/**
 * Milliseconds, except `perSecond`: tokens written a second. `queue` is the wait for a slot while the engine was ready, `total`
 * from asking for one to the end.
 */
export const Times = z.strictObject({
  queue: z.number(),
  first: z.number().optional(),
  total: z.number(),
  perSecond: z.number().optional(),
});
export type Times = z.infer<typeof Times>;

/** Why a request could not be carried out and what the person can do. The wire form of `Problem` in errors.ts. */
export const ProblemInfo = z.strictObject({
  code: z.string(),
  message: z.string(),
  advice: z.string(),
  /** What was wrong: the field of the request, the setting, the agent. */
  field: z.string().optional(),
});
export type ProblemInfo = z.infer<typeof ProblemInfo>;

export const Lane = z.enum(['steer', 'follow-up']);
export type Lane = z.infer<typeof Lane>;

/**
 * How strongly a policy steps in. `note`: the agent is told. `acknowledge`: until it has answered in words, no call with
 * an effect other than a look runs. `pause`: nothing goes on until a person decides. `stop`: the turn ends.
 */
export const Grade = z.enum(['note', 'acknowledge', 'pause', 'stop']);
export type Grade = z.infer<typeof Grade>;

/**
 * `policy`: the call would not run after a yes, see interjections.ts. `team`: the person has said no to the same in a
 * chat that this one belongs to.
 */
export const AnsweredBy = z.enum(['client', 'nobody', 'auto', 'cancel', 'policy', 'team']);
export type AnsweredBy = z.infer<typeof AnsweredBy>;

/** The program at which a person sat, as it said hello; `id` is the one that it was given then. */
export const ClientName = z.strictObject({ kind: z.enum(['vscode', 'cli', 'other']), id: z.string() });
export type ClientName = z.infer<typeof ClientName>;

/**
 * Who let a call pass, or kept it from passing. `rule`: the gate alone; `setting`: the person's choice for all chats;
 * `grant`: their yes for this chat; the others are who answered the `ask`.
 */
export const Approver = z.strictObject({
  by: z.enum(['rule', 'setting', 'grant', 'person', 'nobody', 'policy', 'team', 'cancel']),
  ask: z.string().optional(),
  client: ClientName.optional(),
});
export type Approver = z.infer<typeof Approver>;

/** `once`: this call; `chat`: what the grant says, for this chat; `always`: a form, for good; or no. */
export const AnswerKind = z.enum(['once', 'chat', 'always', 'reject']);
export type AnswerKind = z.infer<typeof AnswerKind>;

/**
 * Who asks a person, and because of what: the message of this turn, by the person or (`task`) by the agent of another chat;
 * and what the turn has read since, in words, which may have led to it too.
 */
export const Asker = z.strictObject({
  agent: z.string(),
  from: z.enum(['person', 'task']),
  text: z.string(),
  read: z.array(z.string()),
});
export type Asker = z.infer<typeof Asker>;

/** Another agent goes on with the chat; `context` is what it is told besides, as JSON. */
export const HandOff = z.strictObject({ agent: z.string(), context: z.record(z.string(), z.unknown()).optional() });
export type HandOff = z.infer<typeof HandOff>;

/** How a call ended. `unknown`: it was recorded and its result was lost in a crash; `skipped`: it never began. */
export const Outcome = z.enum(['ok', 'error', 'denied', 'invalid', 'cancelled', 'unknown', 'skipped']);
export type Outcome = z.infer<typeof Outcome>;
/** Summary of a call that was allowed, and not run because what was shown had changed by then. */
export const CHANGED_MEANWHILE = 'changed meanwhile';

export const LoggedEvent = z.discriminatedUnion('type', [
  /** First record of every log. `mark` is the secret word of its frames (see transcript.ts). */
  z.strictObject({
    type: z.literal('chat'),
    id: z.string(),
    agent: z.string(),
    workspace: Workspace,
    mark: z.string(),
    title: z.string(),
    /** The chat that this one goes on from; the events behind this one are copies of its. */
    from: z.string().optional(),
    /** How many they are. */
    copied: z.int().optional(),
    /** The chat that delegated a task to this one. */
    parent: z.string().optional(),
    /** Files that were changed in the chat that delegated, before this one began. */
    changed: z.array(z.string()).optional(),
    /** Whoever speaks here only looks, because the agent that delegated does. */
    readonly: z.literal(true).optional(),
    /** What the first message says of the surroundings (folder, platform, date), frozen so that it costs once. */
    facts: z.string(),
  }),
  /** The person gave it another name, or wants it above the others. */
  z.strictObject({ type: z.literal('chat.edit'), title: z.string().optional(), pinned: z.boolean().optional() }),
  z.strictObject({
    type: z.literal('user'),
    text: z.string(),
    agent: z.string(),
    context: z.record(z.string(), z.unknown()).optional(),
    /** The inbox item this message was, when it waited there. */
    item: z.string().optional(),
    asks: z.enum(['client', 'deny']),
    /** The workspace's trust, where it changed since the chat was made. */
    trusted: z.boolean().optional(),
  }),
  /** The editor's trust in the chat's folders changed while the chat was there; it holds from the next call. */
  z.strictObject({ type: z.literal('trust'), trusted: z.boolean() }),
  /**
   * What the model is told of the role of an agent, from here on; kept because its file may change. `handoffs`: to whom it
   * may hand over, with what each is for.
   */
  z.strictObject({
    type: z.literal('role'),
    agent: z.string(),
    text: z.string(),
    handoffs: z.array(z.strictObject({ name: z.string(), description: z.string() })),
    /** It may have parts of its work done by them. */
    delegates: z.literal(true).optional(),
  }),
  z.strictObject({ type: z.literal('turn.start'), turn: z.int(), agent: z.string() }),
  z.strictObject({
    type: z.literal('assistant'),
    agent: z.string(),
    text: z.string(),
    reasoning: z.string().optional(),
    /** Only calls that arrived whole; one cut off is never here. */
    calls: z.array(ToolCall),
    finish: z.enum(['stop', 'tool_calls', 'length', 'cancelled', 'failed']),
    model: z.string(),
    usage: Usage.optional(),
    times: Times.optional(),
  }),
  /** Recorded before a call runs. `origin` mention: the person wrote @file and Drover reads it. */
  z.strictObject({
    type: z.literal('tool.start'),
    call: z.string(),
    tool: z.string(),
    title: Title,
    effects: z.array(Effect),
    verdict: Verdict,
    origin: z.enum(['model', 'mention']),
    agent: z.string().optional(),
    approver: Approver.optional(),
    /** The files that it says it writes, as they are before. */
    files: z.array(FileState).optional(),
  }),
  /** `text` is what the model is told; `summary` the few words at the right of the line ("62 lines"). */
  z.strictObject({
    type: z.literal('tool.end'),
    call: z.string(),
    tool: z.string(),
    title: Title.optional(),
    outcome: Outcome,
    text: z.string(),
    summary: z.string(),
    change: Change.optional(),
    /** Files that were changed in the chats that it delegated to. */
    changed: z.array(z.string()).optional(),
    handOff: HandOff.optional(),
    /** The output of a command of which `text` has only a part: the name of its blob, by SHA-256. */
    output: z.string().optional(),
    origin: z.enum(['model', 'mention']),
    ms: z.number().optional(),
    agent: z.string().optional(),
    /** Why it did not begin, where no record before says so: it was refused before it could be judged, or asked about. */
    verdict: Verdict.optional(),
    /** The files of its record as they are behind it, where no `change` says so. */
    files: z.array(FileState).optional(),
  }),
  /** A call of `delegate` has begun a chat of its own. */
  z.strictObject({ type: z.literal('child'), call: z.string(), chat: z.string(), agent: z.string(), task: z.string() }),
  /** A question to a person. `preview` is the exact command or the diff that would be applied. */
  z.strictObject({
    type: z.literal('ask'),
    ask: z.string(),
    call: z.string(),
    tool: z.string(),
    title: Title,
    effects: z.array(Effect),
    verdict: Verdict,
    preview: z.strictObject({ kind: z.enum(['command', 'diff', 'text']), text: z.string() }),
    folder: z.string(),
    /** What a yes for this chat would cover, in words; absent where only once is offered. */
    grant: z.string().optional(),
    /** How the gate will know it again. */
    grantKey: z.string().optional(),
    /** The forms that may be allowed for good, see always.ts; where there is none, why. */
    always: z.array(z.strictObject({ key: z.string(), words: z.string() })).optional(),
    notAlways: z.string().optional(),
    /** The command with what braces, `~` and patterns in it become, where that differs from how it is written. */
    resolved: z.string().optional(),
    /** SHA-256 over all that a yes would cover, see approval.ts. */
    hash: z.string().optional(),
    /** Who asks, and what led to it. */
    asker: Asker.optional(),
  }),
  z.strictObject({
    type: z.literal('answer'),
    ask: z.string(),
    answer: AnswerKind,
    reason: z.string().optional(),
    /** Which of the forms is allowed for good. */
    key: z.string().optional(),
    by: AnsweredBy,
    client: ClientName.optional(),
  }),
  z.strictObject({
    type: z.literal('undo'),
    call: z.string(),
    path: z.string(),
    done: z.boolean(),
    /** Why it was not done. */
    reason: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('inbox.put'),
    item: z.string(),
    lane: Lane,
    text: z.string(),
    agent: z.string().optional(),
    asks: z.enum(['client', 'deny']),
    context: z.record(z.string(), z.unknown()).optional(),
    trusted: z.boolean().optional(),
    /** What a child was begun for: read before all that is put in meanwhile. */
    task: z.literal(true).optional(),
  }),
  /** What is given changes; `before` names the item that it now stands before, null: it is the last. */
  z.strictObject({
    type: z.literal('inbox.change'),
    item: z.string(),
    text: z.string().optional(),
    lane: Lane.optional(),
    before: z.string().nullable().optional(),
  }),
  z.strictObject({ type: z.literal('inbox.withdraw'), item: z.string() }),
  /** A steer reached the model: framed after the result of `call`, or at the head of the next user message. */
  z.strictObject({ type: z.literal('steered'), item: z.string(), text: z.string(), call: z.string().optional() }),
  /** A policy stepped in. `rule` says what it watches for, `evidence` what it saw; `say` is what the agent is told. */
  z.strictObject({
    type: z.literal('interjection'),
    interjection: z.string(),
    policy: z.string(),
    grade: Grade,
    rule: z.string(),
    evidence: z.string(),
    say: z.string(),
    /** What tells findings of one policy apart; each is said once a turn. */
    key: z.string().optional(),
  }),
  /**
   * The agent was told of an interjection: behind the result of `call`, at the head of the next message, or in one of its
   * own. `what`: that it was made, that the person took it back, or that after acknowledging it the work may go on. Or of
   * what came of its children, see delegations.ts.
   */
  z.strictObject({
    type: z.literal('interjected'),
    interjection: z.string(),
    what: z.enum(['made', 'withdrawn', 'go-on']),
    text: z.string(),
    /** As in `tool.end`, where the result of delegating was lost. */
    changed: z.array(z.string()).optional(),
    call: z.string().optional(),
  }),
  /** What the person decided: took it back, lifted a pause, or wants to hear no more of its policy in this chat. */
  z.strictObject({
    type: z.literal('interjection.answer'),
    interjection: z.string(),
    answer: z.enum(['withdraw', 'continue', 'mute']),
  }),
  /** The turn waits for a person and needs no agent meanwhile: nobody was there for long, or Drover was ended. */
  z.strictObject({ type: z.literal('turn.parked'), why: z.enum(['nobody', 'ended']) }),
  /** What it waited for has come, and an agent goes on where the one before had stopped. */
  z.strictObject({ type: z.literal('turn.resumed') }),
  /** Something went wrong; the turn may go on. */
  z.strictObject({ type: z.literal('error'), problem: ProblemInfo }),
  z.strictObject({
    type: z.literal('turn.end'),
    turn: z.int(),
    reason: z.enum(['done', 'cancelled', 'failed']),
    seconds: z.number(),
    /** Tokens read anew over all model calls of the turn, and the size of the last prompt. */
    read: z.int().optional(),
    prompt: z.int().optional(),
    perSecond: z.number().optional(),
  }),
]);
export type LoggedEvent = z.infer<typeof LoggedEvent>;

export const DeltaEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({ type: z.literal('reasoning'), text: z.string() }),
  /** The prompt is being read: `done` of `total` tokens, `cached` of them for free. */
  z.strictObject({ type: z.literal('reading'), done: z.int(), total: z.int(), cached: z.int() }),
  /** All slots are taken; `ahead` requests come first. */
  z.strictObject({ type: z.literal('waiting'), ahead: z.int() }),
  /** The engine is being made ready: what it is doing, in words. */
  z.strictObject({ type: z.literal('engine.wait'), text: z.string() }),
  /** The model is writing a tool call: its name and how many characters so far. */
  z.strictObject({ type: z.literal('call'), name: z.string(), characters: z.int() }),
  /** Output of a running command. */
  z.strictObject({ type: z.literal('output'), call: z.string(), text: z.string() }),
  /** Sent once to who attaches in the middle of a message: all of it so far. */
  z.strictObject({ type: z.literal('snapshot'), text: z.string(), reasoning: z.string() }),
]);
export type DeltaEvent = z.infer<typeof DeltaEvent>;

export type Event = LoggedEvent | DeltaEvent;

const deltaTypes = new Set<string>(DeltaEvent.options.map((option) => option.shape.type.value));

/** True for what is never stored. */
export function isDelta(event: Event): event is DeltaEvent {
  return deltaTypes.has(event.type);
}

export { unreachable } from './unreachable.ts';
