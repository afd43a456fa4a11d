import { filesFault } from './files.ts';
import { inventions } from './invented.ts';
import { namedPlaces, placeFaults } from './places.ts';
import { answerOf, type RecordedCall, type RecordedTurn } from './record.ts';
import type { EvaluationRequest, Expectation, Fact, Need } from './request.ts';

/** What was wrong in each respect; all empty: the request was dealt with rightly. */
export interface Judgement {
  tool: string[];
  arguments: string[];
  finished: string[];
  answer: string[];
  /** Names of tools that there are not, one for each call. */
  invented: string[];
  /** Calls that could not be understood: broken JSON, arguments that the tool does not take, call marks in a text. */
  unparsable: string[];
}

const toolNames = ['file_read', 'file_write', 'file_edit', 'glob', 'grep', 'bash'];
/** A call that was written as a text, so that nobody ran it. */
const callMarkup = /<\/?tool_call\b/;
/** What else only the prompt may hold. */
const promptMarkup = /<\/?tools?_?(?:response)?>|<\|im_(?:start|end)\|>|<\/?drover\b|<\/?result\b/;

/** Judges all turns of a request together. `turns`: as many as were played, in order. */
export function judgeRequest(request: EvaluationRequest, turns: readonly RecordedTurn[]): Judgement {
  const judged = request.turns.map(({ expect, answer }, index): Judgement => {
    const turn = turns[index];
    const rejected = answer?.answer === 'reject';
    return turn === undefined ? notPlayed() : judgeTurn(turn, expect, turns.slice(0, index), rejected);
  });
  const all = (part: keyof Judgement): string[] => judged.flatMap((each) => each[part]);
  return {
    tool: all('tool'),
    arguments: all('arguments'),
    finished: all('finished'),
    answer: all('answer'),
    invented: all('invented'),
    unparsable: all('unparsable'),
  };
}

/** True when nothing at all was wrong. */
export function isRight(judgement: Judgement): boolean {
  return faultsOf(judgement).length === 0;
}

/** Everything that was wrong, with the respect it was wrong in. */
export function faultsOf(judgement: Judgement): string[] {
  return (['tool', 'arguments', 'finished', 'answer', 'invented', 'unparsable'] as const).flatMap((part) =>
    judgement[part].map((fault) => `${part}: ${fault}`),
  );
}

function notPlayed(): Judgement {
  const empty = { invented: [], unparsable: [] };
  const fault = ['the turn was not played'];
  return { tool: fault, arguments: fault, finished: fault, answer: fault, ...empty };
}

function judgeTurn(
  turn: RecordedTurn,
  expect: Expectation,
  earlier: readonly RecordedTurn[],
  rejected: boolean,
): Judgement {
  const calls = turn.calls.map((call) => ({ ...call, arguments: plainArguments(call.arguments) }));
  const { needs } = expect;
  const unmet = typeof needs === 'string' ? [] : needs.filter((need) => !calls.some((call) => meets(call, need)));
  const without = unmet.filter((need) => !calls.some(({ name }) => need.some(({ tools }) => tools.includes(name))));
  const fault = filesFault(turn.before, turn.after, expect.files);
  return {
    tool: [
      ...(needs === 'none' && calls.length > 0 ? [`called ${calls.map(({ name }) => name).join(', ')}`] : []),
      ...without.map((need) => `no call of ${toolsOf(need)}`),
      ...unwanted(calls, expect),
    ],
    arguments: [
      ...unmet.map((need) => `no call that fits ${need.map(({ fits }) => String(fits)).join(' or ')}`),
      ...(fault === undefined ? [] : [fault]),
      ...(rejected && calls.filter(({ asked }) => asked).length > 1 ? ['asked again after it was rejected'] : []),
    ],
    finished: finishFaults(turn),
    answer: answerFaults(turn, expect, earlier),
    invented: calls.filter(({ name }) => !toolNames.includes(name)).map(({ name }) => name),
    unparsable: [
      ...calls
        .filter(({ name, outcome }) => outcome === 'invalid' && toolNames.includes(name))
        .map((call) => `${call.name} ${call.arguments.slice(0, 200)}: ${call.result}`),
      ...turn.texts.flatMap((text) => callMarkup.exec(text) ?? []).map((mark) => `${mark} in a text`),
      ...turn.problems.filter((problem) => problem.startsWith('engine_error') && /pars|json|tool/i.test(problem)),
    ],
  };
}

function meets(call: RecordedCall, need: readonly Need[]): boolean {
  if (call.outcome === 'invalid') return false;
  return need.some(
    ({ tools, fits, shows }) =>
      tools.includes(call.name) && (fits.test(call.arguments) || shows?.test(call.result) === true),
  );
}

function toolsOf(need: readonly Need[]): string {
  return [...new Set(need.flatMap(({ tools }) => tools))].join(' or ');
}

/** The arguments with nothing escaped that need not be, so that `\/` and `/` are the same. */
function plainArguments(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    // Judged as unparsable by its outcome; shown as it came.
    return text;
  }
}

/** What a person had to be asked for although nobody wanted it. */
function unwanted(calls: readonly RecordedCall[], { runs, files }: Expectation): string[] {
  return calls
    .filter(({ asked, name }) => asked && !(name === 'bash' ? runs === true : files !== undefined))
    .map((call) => `asked for ${call.name} ${call.arguments.slice(0, 120)}, which nobody wanted`);
}

function finishFaults(turn: RecordedTurn): string[] {
  return [
    ...(turn.end === 'done' ? [] : [`the turn ended: ${turn.end ?? 'not at all'}`]),
    ...turn.problems,
    ...(turn.finish === 'stop' ? [] : [`the last message ended: ${turn.finish ?? 'there is none'}`]),
    ...(answerOf(turn).trim() === '' ? ['no answer'] : []),
  ];
}

function answerFaults(turn: RecordedTurn, expect: Expectation, earlier: readonly RecordedTurn[]): string[] {
  const answer = answerOf(turn);
  const { facts = [], some, never = [], places, names, world } = expect;
  const found = (some?.of ?? []).filter((fact) => says(answer, fact)).length;
  return [
    ...facts.filter((fact) => !says(answer, fact)).map((fact) => `does not say ${shown(fact)}`),
    ...(some === undefined || found >= some.least ? [] : [`says ${found} of ${some.least} of ${shown(some.of)}`]),
    ...never.flatMap((pattern) => pattern.exec(plain(answer)) ?? []).map((text) => `says "${text}"`),
    ...(places === undefined ? [] : placeFaults(answer, places, turn.before)),
    ...(names === undefined ? [] : nameFaults(turn, names)),
    ...(world === true ? [] : inventions(turn, earlier)),
    ...(promptMarkup.exec(answer) ?? []).map((mark) => `holds ${mark}, which belongs to the prompt`),
    ...repetitions(answer),
  ];
}

/** Whether an answer says something; marks of Markdown are no part of what is said. */
export function says(answer: string, fact: Fact): boolean {
  if (fact instanceof RegExp) return fact.test(answer) || fact.test(plain(answer));
  if (typeof fact === 'string') return blank(plain(answer)).includes(blank(plain(fact)));
  return fact.some((one) => says(answer, one));
}

function plain(text: string): string {
  return text.replace(/\*\*|`/g, '');
}

function blank(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase();
}

function shown(fact: Fact): string {
  if (typeof fact === 'string') return JSON.stringify(fact);
  return fact instanceof RegExp ? String(fact) : fact.map(shown).join(' or ');
}

function nameFaults(turn: RecordedTurn, { all, only }: NonNullable<Expectation['names']>): string[] {
  const answer = plain(answerOf(turn));
  const missing = all.filter((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return !new RegExp(String.raw`(?<![\w-])${name.replace(/\./g, String.raw`\.`)}(?![\w-])`).test(answer);
  });
  const others = namedPlaces(answerOf(turn), turn.before.keys()).filter(({ path }) => !all.includes(path));
  return [
    ...missing.map((path) => `does not name ${path}`),
    ...(only === true ? [...new Set(others.map(({ path }) => path))].map((path) => `names ${path} as well`) : []),
  ];
}

/** A small model that says the same for ever has not answered. */
function repetitions(answer: string): string[] {
  const counts = new Map<string, number>();
  for (const part of answer.split(/\n|(?<=[.!?])\s/)) {
    const text = part.trim();
    if (text.length >= 20) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, times]) => times >= 3)
    .map(([text, times]) => `says ${times} times: ${text.slice(0, 80)}`);
}
