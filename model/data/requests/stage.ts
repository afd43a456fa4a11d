import type { Kind } from '../kinds.ts';
import { phrases } from '../phrases/index.ts';
import type { Chat } from '../play/chat.ts';
import { Unsuitable } from '../play/unsuitable.ts';
import type { Random } from '../random.ts';
import type { SymbolFact, Workspace } from '../workspace/workspace.ts';

/** All that a request is played with. */
export interface Stage {
  workspace: Workspace;
  chat: Chat;
  random: Random;
  /** Whether the person trusts the folder; else nothing is changed or run. */
  trusted: boolean;
}

/** What a turn was about: what "it" means in the next one. */
export interface Topic {
  file?: string;
  symbol?: SymbolFact;
  /** The edit that was made; `value`: what of `new` the person asked for. */
  edit?: { path: string; old: string; new: string; value: string };
  /** The tests were run. */
  tests?: boolean;
}

export type Play = (stage: Stage) => Promise<Topic>;

/** The person asks, in one of the taught wordings. */
export async function ask({ chat, random }: Stage, kind: Kind, values: Record<string, string> = {}): Promise<void> {
  await chat.say(worded(random, phrases[kind].taught, values));
}

const otherThan = {
  function: /\b(?:class|constant|variable|type|method|value|number)\b/i,
  class: /\b(?:function|constant|method|helper|variable|call|calls|called|callers|runs?)\b/i,
  constant: /\b(?:function|class|method|helper|call|calls|called|callers|runs?|does)\b|\(\)/i,
};

/** The same about a symbol, without wordings that call it what it is not. */
export async function askAbout(
  stage: Stage,
  kind: Kind,
  symbol: { name: string; kind?: SymbolFact['kind'] },
  values: Record<string, string> = {},
): Promise<void> {
  const { chat, random } = stage;
  const sort = symbol.kind === undefined ? 'constant' : symbol.kind === 'class' ? 'class' : 'function';
  const all = phrases[kind].taught;
  const fitting = all.filter((each) => !otherThan[sort].test(each));
  await chat.say(worded(random, fitting.length < 10 ? all : fitting, { symbol: symbol.name, ...values }));
}

/** One of the wordings, with its placeholders filled; now and then typed in haste. */
export function worded(random: Random, wordings: readonly string[], values: Record<string, string>): string {
  const wording = random.pick(
    wordings.filter((each) =>
      [...each.matchAll(/\{(\w+)\}/g)].every(([, name]) => name !== undefined && name in values),
    ),
  );
  return fill(hasty(wording, random), values);
}

export function fill(wording: string, values: Record<string, string>): string {
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, () => value), wording);
}

function hasty(wording: string, random: Random): string {
  let text = wording;
  if (random.chance(0.12)) text = text.replace(/[.!]$/, '');
  if (random.chance(0.1) && !text.startsWith('{')) text = text.charAt(0).toLowerCase() + text.slice(1);
  return text;
}

/** The value, or another workspace is needed. */
export function need<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Unsuitable(`no ${what}`);
  return value;
}

export function some<T>(random: Random, list: readonly T[], what: string): T {
  if (list.length === 0) throw new Unsuitable(`no ${what}`);
  return random.pick(list);
}

/** A line of the result of a search. */
export interface Hit {
  path: string;
  line: number;
  text: string;
}

/** The hits in a result of grep, in its order. */
export function hitsIn(result: string): Hit[] {
  return result.split('\n').flatMap((row) => {
    const [, path, line, text] = /^(.+?):(\d+):(.*)$/.exec(row) ?? [];
    return path === undefined ? [] : [{ path, line: Number(line), text: text ?? '' }];
  });
}

/** Lines of all files that contain a text. */
export function occurrences(workspace: Workspace, text: string): Hit[] {
  return [...workspace.files].flatMap(([path, content]) =>
    content.split('\n').flatMap((line, at) => (line.includes(text) ? [{ path, line: at + 1, text: line }] : [])),
  );
}

/** Whether a search for the name finds the name only, and not too often. */
export function searchable(workspace: Workspace, name: string, most = 12): boolean {
  const hits = occurrences(workspace, name);
  const word = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
  return hits.length > 0 && hits.length <= most && hits.every(({ text }) => word.test(text) && text.length < 290);
}

/** At most eight points, and how many more there are. */
export function points(items: readonly string[]): string {
  const shown = items.slice(0, 8).map((item) => `- ${item}`);
  return [...shown, ...(items.length > 8 ? [`- and ${items.length - 8} more`] : [])].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}
