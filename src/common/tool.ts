import type { z } from 'zod';
import type { ChildResult, Task } from './ipc.ts';
import type { Change, Effect, HandOff, Title } from './events.ts';

/**
 * A tool is one value in one file: what it is called, what it takes, what it would touch, and what it does.
 * It judges nothing itself: `effects` says what it would touch and the gate decides before `run` is entered.
 */
export interface Tool<S extends z.ZodType = z.ZodType> {
  name: string;
  /** Agents name tools or whole groups in their front matter. */
  group: 'read' | 'write' | 'execute' | 'team';
  description: string;
  parameters: S;
  /** Other names that models call it by. */
  otherNames?: RegExp;
  /** Other shapes that models send for the same thing, turned into those of a tool; runs before validation. */
  accept?(raw: unknown, name: string): { tool: string; arguments: unknown } | undefined;
  effects(args: z.infer<S>): Effect[];
  title(args: z.infer<S>): Title;
  /** What a person is shown when asked: the exact command, or the diff. Must not change anything. */
  preview?(args: z.infer<S>, context: ToolContext): Promise<{ kind: 'command' | 'diff' | 'text'; text: string }>;
  /** Failures the model can mend are results with `failed: true` and advice; it throws only for bugs and Problems. */
  run(args: z.infer<S>, context: ToolContext): Promise<ToolResult>;
}

export interface ToolResult {
  /** For the model. Truncated by the tool to its own limits, with a note of what was left out. */
  text: string;
  /** For the line in the panel: "62 lines", "5 hits in 3 files", "exit 0 · 2.1 s". */
  summary: string;
  change?: Change;
  /** Files that others have changed for it. */
  changed?: string[];
  handOff?: HandOff;
  /** The blob that `ToolContext.outputs` keeps of it, where the text has only a part. */
  output?: string;
  failed?: boolean;
}

/** A path that confinement has looked at. `real` has every link resolved, of the nearest ancestor that exists. */
export interface ResolvedPath {
  /** As the model wrote it. */
  given: string;
  absolute: string;
  real: string;
  /** The root it is under, by its real path; undefined: outside the workspace. */
  root: string | undefined;
  /** Relative to the first root with forward slashes, so that it can be given again; elsewhere the absolute path. */
  shown: string;
  kind: 'file' | 'folder' | 'other' | 'missing';
  /** What stands in it may let somebody in, whatever its name; absent: its name says all that is known. */
  token?: true;
  /** It decides what runs later, whatever its name: the configuration of the repository names it for its hooks, or as more of itself. */
  decides?: true;
}

/** File access confined to the workspace; the only one a tool has. */
export interface Files {
  resolve(path: string): Promise<ResolvedPath>;
  /** @throws Problem when it is too large, no regular file, or changed place since it was judged. */
  read(path: ResolvedPath): Promise<Uint8Array>;
  /** What stands in a folder. @throws Problem as `read` does */
  list(path: ResolvedPath): Promise<{ name: string; isDirectory(): boolean }[]>;
  /**
   * Temporary file in the same folder, no link followed, rename. Keeps the blobs that undo needs.
   *
   * @param expected the SHA-256 of what has to stand there, null: nothing; absent: whatever does
   * @throws Problem when something else stands there
   */
  write(
    path: ResolvedPath,
    content: Uint8Array,
    expected?: string | null,
  ): Promise<{ before: string | null; after: string }>;
}

/** What commands wrote and the model was given a part of. It belongs to the chat and is deleted with it. */
export interface Outputs {
  /** Of this call; `name` is the path that file_read takes for it. */
  keep(text: string): Promise<{ name: string; blob: string }>;
  /** Undefined: of that call nothing is kept. */
  read(call: string): Promise<string | undefined>;
}

/** Where commands are shut in. */
export interface Shut {
  /** @throws Problem when it cannot be shut in: then it must not run */
  enter(command: string, signal: AbortSignal): Promise<Entered>;
}

/** A command that runs shut in. */
export interface Entered {
  /** For the shell, in place of it. */
  command: string;
  /** What its environment gets besides. */
  environment: Record<string, string>;
  /** What it cannot do there, as a sentence: for where it did not end well. */
  limits: string;
  /** When nothing of it runs any more. Returns what there is to say about what it did, as sentences. */
  leave(): string[];
}

export interface ToolContext {
  signal: AbortSignal;
  /** Absolute, real; the first is where relative paths and commands start. */
  roots: string[];
  files: Files;
  /** See `withholds` of the gate. */
  withholds(place: ResolvedPath, path: string, nameOnly?: boolean): boolean;
  /** Absent: nothing is kept. */
  outputs?: Outputs;
  /** Those that the agent may call. */
  tools: readonly Tool[];
  /** Agents that it may hand the chat over to; empty when that was done too often in this turn. */
  handoffs: readonly string[];
  /** Has tasks done in chats of their own; settles when all have come to an end. @throws Problem */
  delegate(tasks: readonly Task[]): Promise<ChildResult[]>;
  /** ripgrep, where there is one. */
  ripgrep: string | undefined;
  /** Output while a command runs, for the screen. */
  output(text: string): void;
  /** Environment for children, already cleaned. */
  environment: Record<string, string>;
  /** The call was allowed because it runs in there, and only in there it may run. */
  shut?: Shut;
}

/** Infers the argument types from the schema. */
export function defineTool<S extends z.ZodType>(tool: Tool<S>): Tool<S> {
  return tool;
}
