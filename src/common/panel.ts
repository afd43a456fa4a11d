import { z } from 'zod';
import { EngineAction, type EngineStatus } from './engine.ts';
import { AnswerKind, type Event, Lane, type ProblemInfo } from './events.ts';
import { type AgentInfo, ChatFork, type ChatSummary, InboxPost, InterjectionAnswer } from './protocol.ts';

/** Between the webview and the extension. What comes from the webview is parsed; what goes there is ours. */

export const FromPanel = z.discriminatedUnion('type', [
  /** The page is there (first load, or shown again): answer with state, then the chat's events from the start. */
  z.strictObject({ type: z.literal('ready') }),
  /** `lane` matters while a turn runs. Mentions stand in the text as @path or @path:10-20. */
  z.strictObject({ type: z.literal('send'), text: z.string().min(1), agent: z.string(), lane: Lane }),
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({
    type: z.literal('answer'),
    ask: z.string(),
    /** As the question had it: of what was shown. */
    hash: z.string().optional(),
    answer: AnswerKind,
    /** Of the form that is always allowed. */
    key: z.string().optional(),
    reason: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('undo'), call: z.string() }),
  /** Changes or withdraws a message that waits. */
  z.strictObject({ type: z.literal('inbox'), ...InboxPost.shape }),
  z.strictObject({ type: z.literal('interjection'), ...InterjectionAnswer.shape }),
  /** Goes on in a new chat from a place in this one, with this text. */
  z.strictObject({ type: z.literal('rerun'), ...ChatFork.shape, text: z.string().min(1), agent: z.string() }),
  /** Goes on in a new chat from a place in this one; `text` is put into the box. */
  z.strictObject({ type: z.literal('fork'), ...ChatFork.shape, text: z.string().optional() }),
  z.strictObject({ type: z.literal('chat.new') }),
  z.strictObject({ type: z.literal('chat.open'), id: z.string() }),
  z.strictObject({ type: z.literal('chat.delete'), id: z.string() }),
  /** The list of agents is being looked at: files may have come or gone. */
  z.strictObject({ type: z.literal('agents') }),
  z.strictObject({ type: z.literal('engine'), action: EngineAction }),
  z.strictObject({ type: z.literal('open'), path: z.string(), line: z.int().optional() }),
  z.strictObject({ type: z.literal('diff'), call: z.string() }),
  /** Shows all of an open question in the editor. */
  z.strictObject({ type: z.literal('question'), ask: z.string() }),
  /** Files for the @ list. */
  z.strictObject({ type: z.literal('files'), query: z.string() }),
  z.strictObject({ type: z.literal('copy'), text: z.string() }),
  z.strictObject({ type: z.literal('link'), url: z.string() }),
  /** What only the editor can do. */
  z.strictObject({
    type: z.literal('command'),
    command: z.enum([
      'openFolder',
      'manageTrust',
      'chooseModel',
      'showLog',
      'openSettings',
      'reconnect',
      'copySetup',
      'setKey',
    ]),
  }),
]);
export type FromPanel = z.infer<typeof FromPanel>;

export interface PanelState {
  /** Name of the first folder; null: none is open. */
  folder: string | null;
  trusted: boolean;
  /** "SSH: box" when the files are on another machine. */
  remote: string | null;
  sidecar: 'starting' | 'up' | 'down';
  problem: ProblemInfo | null;
  engine: EngineStatus | null;
  agents: AgentInfo[];
  /** Why agents that there are files of cannot be used. */
  agentProblems: ProblemInfo[];
  chats: ChatSummary[];
  /** The chat in view; null: a new one. */
  chat: string | null;
  /** What is open in the editor, offered as context: path relative to the folder, and the selected lines. */
  editor: { path: string; start?: number; end?: number } | null;
}

export type ToPanel =
  | { type: 'state'; state: PanelState }
  /** Forget the events so far; those of `chat` follow. */
  | { type: 'reset'; chat: string | null }
  | { type: 'event'; id: string; event: Event }
  | { type: 'files'; query: string; files: string[] }
  /** Put a text into the box, e.g. a mention from "ask about selection", and focus it. */
  | { type: 'insert'; text: string }
  /** With a call of the chat in view: there. */
  | { type: 'view'; view: 'chat' | 'chats'; call?: string }
  /** The last request could not be carried out. */
  | { type: 'failed'; problem: ProblemInfo };
