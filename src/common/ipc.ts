import type { Team } from './agent.ts';
import type { Endpoint } from './engine.ts';
import type {
  AnsweredBy,
  AnswerKind,
  ClientName,
  DeltaEvent,
  LoggedEvent,
  ProblemInfo,
  Times,
  Usage,
} from './events.ts';
import type { Boundary, Telling } from './interjections.ts';
import type { Edits } from './protocol.ts';

/** Between the supervisor and an agent process, over the fork's channel. Both ends are built together: types suffice. */

/** A part of the work for an agent in a chat of its own. */
export interface Task {
  agent: string;
  task: string;
}

/** What came of it; `text` is its last answer, or why there is none. */
export interface ChildResult extends Task {
  chat: string;
  state: 'done' | 'failed' | 'cancelled';
  text: string;
  /** Files that its agent has changed. */
  changed?: string[];
}

/** How commands that run code of the workspace are shut in. Paths are absolute. */
export interface SandboxPlan {
  /** Drover's folder for what it fetched: bubblewrap may be there. */
  managed: string;
  /** For temporary files of commands; nobody else's, made by the agent when it is needed. */
  temporary: string;
  /** For what commands made and must not have made. */
  taken: string;
  /** Drover's own, which no command reads. */
  hidden: string[];
}

/** What an agent process needs to know of its chat. */
export interface AgentStart extends Team {
  chat: string;
  /** Every event of the chat so far. */
  events: LoggedEvent[];
  /** Whether code may be executed at all (ENABLE_CODE_EXECUTION). */
  execute: 'ask' | 'deny';
  /** What becomes of changes of files that are not protected, until a `settings` says otherwise. */
  edits: Edits;
  ripgrep: string | undefined;
  /** Keys of what the person always allows in the chat's folder. */
  always: string[];
  /** STATE/blobs, for undo. */
  blobs: string;
  home: string;
  sandbox: SandboxPlan;
  /** The person switched it off. */
  sandboxOff: boolean;
  system: string;
  /** What a second model is told to judge by, and its name where it is another one; undefined: none judges. */
  judge: { prompt: string; model: string | undefined } | undefined;
}

export type ToAgent =
  | { type: 'start'; start: AgentStart }
  /** A turn begins with the user event that the supervisor has just logged, and with the agents that there are now. */
  | ({ type: 'turn'; event: LoggedEvent & { type: 'user' }; sandboxOff: boolean } & Team)
  /** The person chose otherwise: it holds from the next call. */
  | { type: 'settings'; edits: Edits }
  /** The supervisor has logged that the folders are trusted now, or are not any more. */
  | { type: 'trust'; event: LoggedEvent & { type: 'trust' } }
  /** The open turn goes on where another process had stopped, after `seconds` of work. */
  | { type: 'resume'; seconds: number }
  /** Reply to `boundary`, once the chat is not paused. */
  | { type: 'boundary'; id: number; steers: { item: string; text: string }[]; tellings: Telling[] }
  /** Reply to `record`: it is in the log. `stop`: the call must not run, and why. */
  | { type: 'ack'; id: number; stop?: string }
  | {
      type: 'answer';
      ask: string;
      answer: AnswerKind;
      reason?: string;
      key?: string;
      by: AnsweredBy;
      client?: ClientName;
    }
  /** Keys of what the person always allows here, now. */
  | { type: 'always'; keys: string[] }
  /** `waited`: milliseconds in the line for a slot. */
  | { type: 'lease'; id: number; lease: string; endpoint: Endpoint; waited: number }
  | { type: 'lease.failed'; id: number; problem: ProblemInfo }
  /** Reply to `delegate`. */
  | { type: 'delegated'; id: number; results: ChildResult[] }
  | { type: 'delegate.failed'; id: number; problem: ProblemInfo }
  | { type: 'undo'; id: number; call: string }
  | { type: 'cancel' };

export type FromAgent =
  | { type: 'delta'; event: DeltaEvent }
  /** To be logged; nothing waits for it. */
  | { type: 'event'; event: LoggedEvent }
  /** To be logged and synced before the agent goes on. */
  | { type: 'record'; id: number; event: LoggedEvent }
  /** At a safe boundary: what have the person and the policies said meanwhile? Before a `call` nothing is told. */
  | { type: 'boundary'; id: number; at: Boundary | 'call' }
  | { type: 'lease'; id: number; agent: string }
  | { type: 'lease.cancel'; id: number }
  | { type: 'release'; lease: string; usage?: Usage; problem?: ProblemInfo }
  /** The second model finds that the agent has left what was asked for; its words. */
  | { type: 'drift'; evidence: string }
  /** A request to the second model is over. */
  | { type: 'judged'; times: Times; usage?: Usage; problem?: ProblemInfo }
  | { type: 'delegate'; id: number; call: string; tasks: Task[] }
  | { type: 'undone'; id: number; path: string; problem?: ProblemInfo };
