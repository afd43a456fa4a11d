import { type Event, isDelta, type LoggedEvent } from './events.ts';

/** The events of a chat as lines that can be read and compared: ids are numbered as they come, and times are left out. */
export function transcriptOf(events: readonly Event[]): string {
  const logged = events.filter((event): event is LoggedEvent => !isDelta(event));
  return `${eventLines(logged).join('\n')}\n`;
}

/** A line for each event. */
export function eventLines(events: readonly LoggedEvent[]): string[] {
  const names = new Map<string, string>();
  const name = (id: string): string => {
    if (!names.has(id)) names.set(id, `#${names.size + 1}`);
    return names.get(id) ?? '';
  };
  return events.map((event) => line(event, name));
}

function line(event: LoggedEvent, name: (id: string) => string): string {
  switch (event.type) {
    case 'chat':
      return `chat with ${event.agent}: ${event.title}`;
    case 'chat.edit':
      return `chat is now ${JSON.stringify({ title: event.title, pinned: event.pinned })}`;
    case 'user':
      return `user to ${event.agent}: ${event.text}`;
    case 'turn.start':
      return `turn ${event.turn}`;
    case 'assistant': {
      const calls = event.calls.map((call) => `${call.name} ${call.arguments}`);
      return `${event.agent}, ${event.finish}: ${[event.text, ...calls].filter((part) => part !== '').join(' | ')}`;
    }
    case 'tool.start':
      return `  ${event.title.verb} ${event.title.object}: ${event.verdict.decision}`;
    case 'tool.end':
      return `  ${event.outcome}: ${event.summary.replace(/[\d.]+ s$/, 'N s')}`;
    case 'ask':
      return `  asks ${name(event.ask)}: ${event.title.verb} ${event.title.object}`;
    case 'answer':
      return `  ${name(event.ask)} ${event.answer} by ${event.by}`;
    case 'undo':
      return `undo ${event.path}: ${event.done}`;
    case 'inbox.put':
      return `inbox ${event.lane} ${name(event.item)}: ${event.text}`;
    case 'inbox.change':
      return `inbox ${name(event.item)} changed: ${[event.text, event.lane, event.before && `before ${name(event.before)}`].filter(Boolean).join(', ')}`;
    case 'inbox.withdraw':
      return `inbox ${name(event.item)} withdrawn`;
    case 'child':
      return `  child ${name(event.chat)} with ${event.agent}: ${event.task}`;
    case 'trust':
      return `folder ${event.trusted ? '' : 'not '}trusted`;
    case 'role':
      return `role of ${event.agent}`;
    case 'steered':
      return `steered ${name(event.item)}: ${event.text}`;
    case 'interjection':
      return `policy ${event.policy}, ${event.grade} ${name(event.interjection)}: ${event.evidence}`;
    case 'interjected':
      return `told ${name(event.interjection)}, ${event.what}: ${event.text}`;
    case 'interjection.answer':
      return `person: ${event.answer} ${name(event.interjection)}`;
    case 'turn.parked':
      return `turn parked: ${event.why}`;
    case 'turn.resumed':
      return 'turn resumed';
    case 'error':
      return `error ${event.problem.code}: ${event.problem.message}`;
    case 'turn.end':
      return `turn ${event.turn} ${event.reason}`;
    default:
      return event satisfies never;
  }
}
