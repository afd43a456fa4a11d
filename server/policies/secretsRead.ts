import type { Effect, LoggedEvent } from '../../src/common/events.ts';
import { readCommand } from '../../src/common/gate/command.ts';
import { isSecret } from '../../src/common/gate/names.ts';
import type { Policy } from './policy.ts';

/** What was read stands in the chat from now on: the agent is told to keep it there. */
export const secretsRead: Policy = {
  name: 'secrets-read',
  rule: 'A file is read, by a tool, a command or a search, whose name says that it holds secrets (.env, keys, credentials).',
  on: ['tool.start', 'tool.end'],
  judge(event, { turn }) {
    const path = pathsRead(event, turn)
      .find((each) => isSecret(each))
      ?.replace(/^\.\//, '');
    if (path === undefined) return undefined;
    return {
      grade: 'note',
      evidence: `${path} was read, which may hold secrets. Its content is in this chat now.`,
      say: `${path} may hold secrets. Do not repeat what stands in it, and write it nowhere.`,
      key: path,
    };
  },
};

/** Of a command before it runs, of a file tool when it has read the file. */
function pathsRead(event: LoggedEvent, turn: readonly LoggedEvent[]): string[] {
  if (event.type === 'tool.start' && event.verdict.decision !== 'deny') return event.effects.flatMap(readByCommand);
  if (event.type !== 'tool.end') return [];
  const effects = effectsOf(event, turn);
  const files = event.outcome === 'ok' ? effects.flatMap((each) => (each.kind === 'read' ? [each.path] : [])) : [];
  if (!searches(event, effects)) return files;
  return [...files, ...event.text.split('\n').flatMap((line) => found.exec(line)?.[0] ?? [])];
}

/** How a line of a search begins: with the file, and perhaps the line. */
const found = /^.+?(?=[-:]\d+[-:])|^[^\s:]+(?=:)/;

function effectsOf({ call }: LoggedEvent & { type: 'tool.end' }, turn: readonly LoggedEvent[]): readonly Effect[] {
  const start = turn.find((event) => event.type === 'tool.start' && event.call === call);
  return start?.type === 'tool.start' ? start.effects : [];
}

function searches({ tool }: LoggedEvent & { type: 'tool.end' }, effects: readonly Effect[]): boolean {
  if (tool === 'grep') return true;
  return effects.some((effect) => effect.kind === 'execute' && /\b(?:[ef]?grep|rg)\b/.test(effect.command));
}

function readByCommand(effect: Effect): string[] {
  if (effect.kind !== 'execute' || namesOnly.test(effect.command)) return [];
  const { paths } = readCommand(effect.command);
  return [...paths.flatMap((each) => (each.effect === 'read' ? [each.path] : [])), ...printed(effect.command)];
}

/** Alone they say of a file that it is there, and how large. */
const namesOnly = /^\s*(?:ls|find|wc)\b[^|;&\n]*$/;
/**
 * Programs that are often used to look at a file, where the gate does not know what they read: because it does not know
 * them, or because of a `~`, a `sudo` or a `bash -c`.
 */
const printers = new Set([
  'cat',
  'head',
  'tail',
  'diff',
  'grep',
  'egrep',
  'fgrep',
  'rg',
  'sed',
  'awk',
  'less',
  'more',
  'nl',
  'sort',
  'cut',
  'tac',
  'strings',
  'base64',
  'xxd',
  'od',
  'bat',
  'source',
  '.',
]);
/** What is run in front of another program, and the words of a shell in front of those that it runs. */
const fronts = new Set([
  'sudo',
  'doas',
  'command',
  'exec',
  'env',
  'nice',
  'nohup',
  'time',
  'timeout',
  'xargs',
  'do',
  'then',
]);
const shell = /\b(?:ba|da|z|k)?sh\s+(?:-\w+\s+)*-\w*c\s+["']/g;
/** What is only written: the text behind `<<`, and the file behind `>`. */
const written = /<<-?\s*(["']?)(\w+)\1[\s\S]*?\n\s*\2\b|\d?>{1,2}\|?\s*[^\s;|&]+/g;

/** Words behind such a program. */
function printed(command: string): string[] {
  const parts = command
    .replaceAll(written, ' ')
    .replaceAll(shell, ';')
    .split(/[|;&\n`]+|\$\(/);
  return parts.flatMap((part) => {
    const all = part.trim().split(/\s+/);
    const at = fronts.has(all[0] ?? '') ? all.findIndex((word) => printers.has(word)) : 0;
    const [program = '', ...words] = at === -1 ? [] : all.slice(at);
    if (!printers.has(program)) return [];
    const files = /grep|rg/.test(program) ? withoutPattern(words) : words;
    return files.map((word) => word.replaceAll(/["'<)]/g, ''));
  });
}

/** The first word of a search that is no option, nor the figure of one. */
function withoutPattern(words: readonly string[]): string[] {
  return words.filter((word) => !/^-|^\d+$/.test(word)).slice(1);
}
