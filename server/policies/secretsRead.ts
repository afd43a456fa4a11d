import type { Effect, LoggedEvent } from '../../src/common/events.ts';
import { commandPaths } from '../../src/common/gate/command.ts';
import type { Policy } from './policy.ts';

/** Files that by their names hold secrets; examples and templates of them do not. */
const secret =
  /(?:^|[/:])(?:\.env(?:\.(?!example|sample|template|dist)[\w.-]+)?|\.npmrc|\.pypirc|\.netrc|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.json)?|secrets?\.(?:json|ya?ml|toml)|[^/]+\.(?:pem|key|p12|pfx|kdbx))$/i;

/** What was read stands in the chat from now on: the agent is told to keep it there. */
export const secretsRead: Policy = {
  name: 'secrets-read',
  rule: 'A file is read, by a tool, a command or a search, whose name says that it holds secrets (.env, keys, credentials).',
  on: ['tool.start', 'tool.end'],
  judge(event, { turn }) {
    const path = pathsRead(event, turn)
      .find((each) => secret.test(each))
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

function pathsRead(event: LoggedEvent, turn: readonly LoggedEvent[]): string[] {
  if (event.type === 'tool.start' && event.verdict.decision !== 'deny') return event.effects.flatMap(pathsOf);
  if (event.type !== 'tool.end' || !searches(event, turn)) return [];
  return event.text.split('\n').flatMap((line) => found.exec(line)?.[0] ?? []);
}

/** How a line of a search begins: with the file, and perhaps the line. */
const found = /^.+?(?=[-:]\d+[-:])|^[^\s:]+(?=:)/;

function searches({ tool, call }: LoggedEvent & { type: 'tool.end' }, turn: readonly LoggedEvent[]): boolean {
  if (tool === 'grep') return true;
  const start = turn.find((event) => event.type === 'tool.start' && event.call === call);
  const effects = start?.type === 'tool.start' ? start.effects : [];
  return effects.some((effect) => effect.kind === 'execute' && /\b(?:[ef]?grep|rg)\b/.test(effect.command));
}

function pathsOf(effect: Effect): string[] {
  if (effect.kind === 'read') return [effect.path];
  if (effect.kind !== 'execute' || namesOnly.test(effect.command)) return [];
  return [...commandPaths(effect.command), ...printed(effect.command)];
}

/** Alone they say of a file that it is there, and how large. */
const namesOnly = /^\s*(?:ls|find|wc)\b[^|;&\n]*$/;
/** Programs that the gate does not know to only look, and that are often used for it. */
const printers = new Set([
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

/** Words behind such a program. */
function printed(command: string): string[] {
  return command.split(/[|;&\n]+/).flatMap((part) => {
    const [program = '', ...words] = part.trim().split(/\s+/);
    return printers.has(program) ? words.map((word) => word.replaceAll(/["']/g, '')) : [];
  });
}
