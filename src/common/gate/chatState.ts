import type { LoggedEvent } from '../events.ts';
import { type CommandReading, commandInWords, readCommand } from './command.ts';
import { runsFile } from './kinds.ts';
import { mayReachOut } from './network.ts';
import { decides } from './programs/deciding.ts';
import { runsOwnProgram } from './programs/shared.ts';

/** What has happened in a chat, as far as it counts for what its agent may do next. */
export interface ChatState {
  /** What the running turn has read that came from elsewhere than the person, by name and in order. */
  read: readonly string[];
  /** Files that concern this command and were changed since the person last said yes to it. */
  changed: (command: string, concerns: (path: string) => boolean) => readonly string[];
}

/** Of a call that stands for itself. */
export const untouched: ChatState = { read: [], changed: () => [] };

/** Derived from the events alone, so that another agent that goes on with the chat is held to the same. */
export function chatState(events: readonly LoggedEvent[]): ChatState {
  return { read: readInTurn(events), changed: (command, concerns) => changedSince(events, command, concerns) };
}

/** Why a command is asked about whatever was allowed before. */
export interface Anew {
  rule: string;
  reason: string;
  /** A yes holds for this time only. */
  once: boolean;
}

/**
 * What a turn has read may have talked the agent into what reaches out, or into changing what decides what runs; and where
 * what decides what a program runs was changed, running it is another act than before.
 *
 * @param protects it would write a protected file
 */
export function askedAnew(
  command: string,
  reading: CommandReading,
  protects: boolean,
  { read, changed }: ChatState,
): Anew | undefined {
  const deciding = changed(command, (path) =>
    reading.calls.some(
      ([program = '', ...words]) =>
        decides(path, program, reading.runs) ||
        ((reading.unlisted !== undefined || runsOwnProgram(program, words)) && isScript(path, program, words)),
    ),
  );
  const reaches = reading.unlisted !== undefined && mayReachOut(reading.calls);
  if (read.length > 0 && (reaches || protects)) {
    return { rule: 'turn.read', reason: becauseRead(read), once: true };
  }
  if (deciding.length === 0) return undefined;
  const reason = `It is asked because ${listed(deciding)} ${deciding.length === 1 ? 'was' : 'were'} changed in this chat, and may decide what this runs.`;
  return { rule: 'command.changed', reason, once: false };
}

/** Whether it is what would be run: the program itself, or a file that an interpreter is given. */
function isScript(path: string, program: string, words: readonly string[]): boolean {
  const named = runsFile(program) ? [program, ...words] : [program];
  return named.some((word) => {
    const plain = word.replaceAll(/(^|\/)(?:\.\/+)+/g, '$1');
    return plain !== '' && (path === plain || path.endsWith(`/${plain}`) || plain.endsWith(`/${path}`));
  });
}

/** The end of a sentence's reason: what was read before. */
export function becauseRead(read: readonly string[]): string {
  return `It is asked because this turn has read ${listed(read)}.`;
}

/** Names shown; more would not be read. */
const MOST_NAMES = 3;

function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  const shown = all.slice(0, MOST_NAMES);
  const rest = all.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** How calls end that tell the agent something which Drover has not written itself. */
const tells = new Set(['ok', 'error', 'cancelled', 'unknown']);

function readInTurn(events: readonly LoggedEvent[]): string[] {
  const begin = events.findLastIndex(({ type }) => type === 'user');
  const [first] = events;
  const turn = events.slice(Math.max(0, begin));
  const made = new Set(events.flatMap((event) => (event.type === 'interjection' ? [event.interjection] : [])));
  const names = turn.flatMap((event): string[] => {
    if (event.type === 'tool.end') {
      // Of a change that it made, the agent is told what it wrote itself.
      const foreign = event.handOff === undefined && event.change === undefined;
      return tells.has(event.outcome) && foreign ? [nameOf(event)] : [];
    }
    // What came of children, and not what a policy says.
    return event.type === 'interjected' && !made.has(event.interjection) ? ['what other agents answered'] : [];
  });
  // The task of a child was written by an agent, after whatever that had read.
  const delegated = first?.type === 'chat' && first.parent !== undefined;
  const given = delegated && events.filter(({ type }) => type === 'user').length === 1;
  return given ? ['the task that another agent gave', ...names] : names;
}

function nameOf({ title, tool }: LoggedEvent & { type: 'tool.end' }): string {
  if (title === undefined) return `what ${tool} answered`;
  const object = title.object.length > 60 ? `${title.object.slice(0, 60)}…` : title.object;
  if (title.kind === 'read' || title.kind === 'edit') return object;
  if (title.kind === 'run') return `the output of ${object}`;
  if (title.kind === 'search') return `hits for ${object}`;
  return title.kind === 'list' ? `the list of ${object}` : `what ${tool} answered`;
}

function changedSince(
  events: readonly LoggedEvent[],
  command: string,
  concerns: (path: string) => boolean,
): readonly string[] {
  const changed = changesIn(events).filter(concerns);
  // Mostly nothing has, and no yes need be looked for.
  if (changed.length === 0) return changed;
  return changesIn(events, lastYes(events, command) + 1).filter(concerns);
}

/** Where the person last said yes to a command, however it was written; -1: never. */
function lastYes(events: readonly LoggedEvent[], command: string): number {
  const inWords = commandInWords(command);
  const yes = new Map<string, number>();
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at];
    if (event?.type === 'answer' && event.answer !== 'reject') yes.set(event.ask, at);
    const answered = event?.type === 'ask' ? yes.get(event.ask) : undefined;
    if (event?.type === 'ask' && answered !== undefined && commandsOf(event).includes(inWords)) return answered;
  }
  return -1;
}

/** A command line is read once, however often the chat is looked through. */
const asked = new WeakMap<LoggedEvent, readonly string[]>();

function commandsOf(event: LoggedEvent & { type: 'ask' }): readonly string[] {
  const known = asked.get(event);
  if (known !== undefined) return known;
  const commands = event.effects.flatMap((effect) =>
    effect.kind === 'execute' ? [commandInWords(effect.command)] : [],
  );
  asked.set(event, commands);
  return commands;
}

/**
 * Files that agents of a chat have changed, by edits and by commands that name them, from an event on; also those of chats that it
 * delegated to. What the person has undone is as it was.
 */
export function changesIn(events: readonly LoggedEvent[], from = 0): string[] {
  const undone = new Set(events.flatMap((event) => (event.type === 'undo' && event.done ? [event.call] : [])));
  const paths = events.slice(from).flatMap((event): readonly string[] => {
    if (event.type === 'chat' || event.type === 'interjected') return event.changed ?? [];
    if (event.type === 'tool.start') return event.verdict.decision === 'deny' ? [] : writtenByCommands(event);
    if (event.type !== 'tool.end' || undone.has(event.call)) return [];
    return [...(event.change === undefined ? [] : [event.change.path]), ...(event.changed ?? [])];
  });
  return [...new Set(paths)];
}

/** The same for what they write. */
const written = new WeakMap<LoggedEvent, readonly string[]>();

function writtenByCommands(event: LoggedEvent & { type: 'tool.start' }): readonly string[] {
  const known = written.get(event);
  if (known !== undefined) return known;
  const paths = event.effects.flatMap((effect) =>
    effect.kind === 'execute'
      ? readCommand(effect.command).paths.flatMap((path) => (path.effect === 'write' ? [path.path] : []))
      : [],
  );
  written.set(event, paths);
  return paths;
}
