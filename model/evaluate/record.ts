import type { Event } from '../../src/common/events.ts';
import type { WorkspaceFiles } from './files.ts';

/** A call as the model made it, and what it was told. */
export interface RecordedCall {
  name: string;
  /** Its JSON text, untouched. */
  arguments: string;
  /** `ok`, `error`, `denied`, `invalid`, …; `lost` when no result came. */
  outcome: string;
  result: string;
  /** A person was asked before it ran. */
  asked: boolean;
}

/** What became of one message: all that its judgement looks at. */
export interface RecordedTurn {
  says: string;
  /** Contents of files that the message mentioned, as the model was given them. */
  mentioned: readonly string[];
  calls: readonly RecordedCall[];
  /** All texts of the model in order; the last one is the answer. */
  texts: readonly string[];
  /** How the last message of the model ended; undefined when there was none. */
  finish: string | undefined;
  /** How the turn ended; undefined when it did not. */
  end: string | undefined;
  /** Problems that the person was told of. */
  problems: readonly string[];
  seconds: number;
  before: WorkspaceFiles;
  after: WorkspaceFiles;
}

/** The last text of the model. */
export function answerOf(turn: RecordedTurn): string {
  return turn.texts.at(-1) ?? '';
}

/** Puts the events of one turn together. */
export function recordTurn(
  says: string,
  events: readonly Event[],
  files: { before: WorkspaceFiles; after: WorkspaceFiles },
): RecordedTurn {
  const ends = new Map(events.flatMap((event) => (event.type === 'tool.end' ? [[event.call, event] as const] : [])));
  const asked = new Set(events.flatMap((event) => (event.type === 'ask' ? [event.call] : [])));
  const answers = events.filter((event) => event.type === 'assistant');
  const end = events.findLast((event) => event.type === 'turn.end');
  return {
    says,
    mentioned: [...ends.values()].filter(({ origin }) => origin === 'mention').map(({ text }) => text),
    calls: answers.flatMap(({ calls }) =>
      calls.map((call) => ({
        name: call.name,
        arguments: call.arguments,
        outcome: ends.get(call.id)?.outcome ?? 'lost',
        result: ends.get(call.id)?.text ?? '',
        asked: asked.has(call.id),
      })),
    ),
    texts: answers.map(({ text }) => text),
    finish: answers.at(-1)?.finish,
    end: end?.reason,
    problems: events.flatMap((event) =>
      event.type === 'error' ? [`${event.problem.code}: ${event.problem.message}`] : [],
    ),
    seconds: end?.seconds ?? 0,
    ...files,
  };
}
