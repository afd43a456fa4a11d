import { faultsOf, isRight, type Judgement } from './checks.ts';
import type { Result } from './evaluate.ts';

/** Counts of one group of requests; `right`: those in which nothing at all was wrong. */
export interface Score {
  n: number;
  tool: number;
  arguments: number;
  finished: number;
  answer: number;
  right: number;
}

const respects = ['tool', 'arguments', 'finished', 'answer'] as const;

/** Counts what went right. */
export function scoreOf(results: readonly Pick<Result, 'judgement'>[]): Score {
  const good = (part: (typeof respects)[number]): number =>
    results.filter(({ judgement }) => judgement[part].length === 0).length;
  return {
    n: results.length,
    tool: good('tool'),
    arguments: good('arguments'),
    finished: good('finished'),
    answer: good('answer'),
    right: results.filter(({ judgement }) => isRight(judgement)).length,
  };
}

/** Share of requests that are right as a whole, in per cent; 0 of 0 is 100. */
export function percent({ n, right }: Score): number {
  return n === 0 ? 100 : (100 * right) / n;
}

/** All that a run is measured by. */
export interface Scores {
  all: Score;
  known: Score;
  free: Score;
  typescript: Score;
  python: Score;
  /** By kind, in order of first appearance. */
  kinds: Record<string, Score>;
  /** Calls of tools that there are not, and calls that could not be understood. */
  invented: number;
  unparsable: number;
}

/** Groups and counts. */
export function scoresOf(results: readonly Result[]): Scores {
  const kinds = new Set(results.map(({ request }) => request.kind));
  const group = (fits: (result: Result) => boolean): Score => scoreOf(results.filter(fits));
  const calls = (part: keyof Judgement): number =>
    results.reduce((sum, { judgement }) => sum + judgement[part].length, 0);
  return {
    all: scoreOf(results),
    known: group(({ request }) => request.set === 'known'),
    free: group(({ request }) => request.set === 'free'),
    typescript: group(({ request }) => request.workspace === 'typescript'),
    python: group(({ request }) => request.workspace === 'python'),
    kinds: Object.fromEntries([...kinds].map((kind) => [kind, group(({ request }) => request.kind === kind)])),
    invented: calls('invented'),
    unparsable: calls('unparsable'),
  };
}

const heads = ['n', 'tool', 'args', 'done', 'answer', 'right'];

/** The scores as a table, by kind and then in total; those of the base model beside them. */
export function table(scores: Scores, base?: Scores): string {
  const rows: [string, Score, Score | undefined][] = [
    ...Object.entries(scores.kinds).map(([kind, score]): [string, Score, Score | undefined] => [
      kind,
      score,
      base?.kinds[kind],
    ]),
    ['known wording', scores.known, base?.known],
    ['free wording', scores.free, base?.free],
    ['TypeScript', scores.typescript, base?.typescript],
    ['Python', scores.python, base?.python],
    ['all', scores.all, base?.all],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = (name: string, cells: readonly string[], more: readonly string[]): string =>
    [name.padEnd(width), cells.map(cell).join(''), ...(base === undefined ? [] : [more.map(cell).join('')])].join('  ');
  const head = line('kind', heads, heads.slice(1));
  const kindCount = rows.length - 5;
  const lines = rows.map(([name, score, other], index) => {
    const text = line(name, cells(score), other === undefined ? [] : cells(other).slice(1));
    const share = index < kindCount ? '' : ` ${shares(score, other)}`;
    return text + share;
  });
  const rule = '-'.repeat(head.length);
  return [
    ...(base === undefined ? [] : [`${' '.repeat(width + 2 + heads.length * 7)}  base model without adapter`]),
    head,
    rule,
    ...lines.slice(0, kindCount),
    rule,
    ...lines.slice(kindCount),
    '',
    `invented tool names: ${scores.invented}${base === undefined ? '' : ` (base: ${base.invented})`}`,
    `unparsable calls: ${scores.unparsable}${base === undefined ? '' : ` (base: ${base.unparsable})`}`,
  ].join('\n');
}

function cell(text: string): string {
  return text.padStart(7);
}

function cells({ n, tool, arguments: args, finished, answer, right }: Score): string[] {
  return [n, tool, args, finished, answer, right].map(String);
}

function shares(score: Score, base: Score | undefined): string {
  const own = `${percent(score).toFixed(1)} %`;
  return base === undefined ? own : `${own} (base ${percent(base).toFixed(1)} %)`;
}

/** One line for each request that went wrong. */
export function failures(results: readonly Result[]): string[] {
  return results
    .filter(({ judgement }) => !isRight(judgement))
    .map(({ request, judgement }) => `${request.id}: ${faultsOf(judgement).map(inShort).join('; ')}`);
}

function inShort(fault: string): string {
  const line = fault.replace(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

/** What the shipped model has to reach, in per cent of whole requests. */
const threshold = { known: 90, free: 70 };

/** Why the scores are not good enough, as sentences; empty when they are. */
export function shortcomings({ known, free, invented, unparsable }: Scores): string[] {
  const short = (name: string, score: Score, least: number): string[] =>
    percent(score) >= least ? [] : [`${name}: ${percent(score).toFixed(1)} % are right, ${least} % are wanted.`];
  return [
    ...short('known wording', known, threshold.known),
    ...short('free wording', free, threshold.free),
    ...(invented === 0 ? [] : [`${invented} calls named a tool that there is not.`]),
    ...(unparsable === 0 ? [] : [`${unparsable} calls could not be understood.`]),
  ];
}
