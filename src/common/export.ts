import type { LoggedEvent } from './events.ts';
import { dropHidden, escapeHidden } from './gate/hidden.ts';
import { masked } from './mask.ts';
import { summarise } from './summary.ts';

/**
 * A chat to be read by people: what was said, what was done, and what changed. Secrets are masked.
 * @param created in milliseconds since 1970
 */
export function toMarkdown(events: readonly LoggedEvent[], created: number): string {
  const { title, workspace } = summarise(events, created, created);
  const head = [
    `# ${title}`,
    '',
    `${new Date(created).toISOString().slice(0, 10)} · ${workspace.roots.join(', ') || 'no folder'}`,
  ];
  const parts = [head.join('\n'), ...events.map(part)].filter((text) => text !== '');
  return `${parts.map((text) => masked(dropHidden(text))).join('\n\n')}\n`;
}

/** A chat for programs: its events as they were logged, without the word that marks its frames. Secrets are masked. */
export function toJson(events: readonly LoggedEvent[]): string {
  const plain = events.map((event) => (event.type === 'chat' ? { ...event, mark: '' } : event));
  // Text by text: what masks a piece of JSON may break it.
  const safe = (_: string, value: unknown): unknown => (typeof value === 'string' ? maskedWhole(value) : value);
  return `${escapeHidden(JSON.stringify({ events: plain }, safe, 2))}\n`;
}

/** What cannot be seen must not keep a secret from being known as one. */
function maskedWhole(text: string): string {
  const seen = dropHidden(text);
  const safe = masked(seen);
  return safe === seen ? text : safe;
}

function part(event: LoggedEvent): string {
  switch (event.type) {
    case 'user':
      return `## You\n\n${event.text}`;
    case 'steered':
      return `## You, meanwhile\n\n${event.text}`;
    case 'turn.start':
      return `## ${event.agent.charAt(0).toUpperCase()}${event.agent.slice(1)}`;
    case 'assistant':
      return event.text.trim();
    case 'tool.end': {
      const what = event.title ? `${event.title.verb} ${event.title.object}` : event.tool;
      const line = `- ${what}: ${endOf(event)}`;
      return event.change ? `${line}\n\n${fenced(event.change.diff, 'diff')}` : line;
    }
    case 'interjection':
      return `> The supervisor stepped in (${event.policy}, ${event.grade}): ${event.evidence}`;
    case 'error':
      return `> ${event.problem.message} ${event.problem.advice}`;
    case 'undo':
      return event.done ? `- Undone: ${event.path}` : '';
    default:
      return '';
  }
}

function endOf({ outcome, summary, text }: LoggedEvent & { type: 'tool.end' }): string {
  if (outcome === 'ok') return summary;
  if (outcome !== 'denied') return `${outcome}, ${summary}`;
  return `denied. ${summary === 'denied' ? text.replace(/^Denied: /, '') : summary}`;
}

/** In a fence longer than any in it. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
