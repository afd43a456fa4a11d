import type { WorkspaceFiles } from './files.ts';
import { namedPlaces } from './places.ts';
import { answerOf, type RecordedTurn } from './record.ts';

/**
 * Finds symbols, paths and lines in an answer that nothing speaks of: neither the workspace, nor what was said, nor
 * what a tool told.
 */

/** Words that look like symbols and are names of the world, or of Drover. */
const known = `
  Drover JavaScript TypeScript GitHub GitLab Node Python SmolLM2 VSCode Markdown JSON HTTP TODO README macOS iOS
  file_read file_write file_edit glob grep bash git npm node python3 pip pytest unittest test status diff log branch
  commit true false null undefined None True False string number boolean
`;

const identifier = /[A-Za-z_$][\w$]*/g;
const pathLike =
  /^(?:\.{0,2}\/)?[\w.@-]+(?:\/[\w.@-]+)+\/?$|^[\w-]+\.(?:[cm]?[jt]sx?|py|json|md|txt|toml|ya?ml|cfg|sh|html|css)$/;
const bareSymbol =
  /(?<![\w$.@/-])(?:[a-z][a-z\d]*(?:[A-Z][a-z\d]*)+|[A-Z][a-z\d]+(?:[A-Z][a-z\d]+)+|[A-Za-z][a-z\d]*(?:_[A-Za-z\d]+)+)(?![\w$-])/g;
const barePath = /(?<![\w@:/.-])(?:[\w.-]+\/)*[\w-]+\.(?:[cm]?[jt]sx?|py|json|md|txt|toml|ya?ml)(?![\w-]|\/)/g;

/** Everything an answer may speak of. */
interface Sources {
  text: string;
  words: ReadonlySet<string>;
}

/** What the answer of the turn names and nobody knows, as sentences. */
export function inventions(turn: RecordedTurn, earlier: readonly RecordedTurn[]): string[] {
  const sources = sourcesOf([...earlier, turn]);
  const { fenced, spans, rest } = partsOf(answerOf(turn));
  const unknown = [
    ...spans.flatMap((span) => unknownInSpan(span, sources)),
    ...[...fenced, rest].flatMap((text) => unknownInText(text, sources)),
  ];
  return [
    ...[...new Set(unknown)].map((name) => `speaks of ${name}, which is nowhere`),
    ...impossibleLines(answerOf(turn), [turn.before, turn.after]),
  ];
}

function sourcesOf(turns: readonly RecordedTurn[]): Sources {
  const parts = turns.flatMap(({ says, mentioned, calls, before, after }) => [
    says,
    ...mentioned,
    ...calls.flatMap((call) => [call.arguments, call.result]),
    ...[before, after].flatMap((files) => [...files].flat()),
  ]);
  const text = [...parts, known].join('\n').replace(/\s+/g, ' ');
  return { text, words: new Set(text.match(identifier)) };
}

/** Fenced blocks without their language, spans between backticks, and what is left. */
function partsOf(answer: string): { fenced: string[]; spans: string[]; rest: string } {
  const fenced: string[] = [];
  const spans: string[] = [];
  const rest = answer
    .replace(/```[^\n]*\n([\s\S]*?)(?:```|$)/g, (_, text: string) => {
      fenced.push(text);
      return ' ';
    })
    .replace(/`([^`\n]+)`/g, (_, text: string) => {
      spans.push(text);
      return ' ';
    });
  return { fenced, spans, rest };
}

function unknownInSpan(span: string, sources: Sources): string[] {
  const plain = span
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\(\)$/, '')
    .replace(/:\d+(?:-\d+)?$/, '')
    .replace(/^@|^\.\//, '');
  if (plain === '' || sources.text.includes(plain)) return [];
  if (pathLike.test(plain)) return [plain];
  // One word between backticks is a name; several are an expression, or a sentence.
  if (/^[A-Za-z_$][\w$]{2,}$/.test(plain)) return sources.words.has(plain) ? [] : [plain];
  return unknownInText(plain, sources);
}

/** Of a text only what no sentence holds: names in the manner of code, paths, and what is called. */
function unknownInText(text: string, { words, text: all }: Sources): string[] {
  return [
    ...(text.match(bareSymbol) ?? []).filter((symbol) => !words.has(symbol)),
    ...(text.match(barePath) ?? []).filter((path) => !all.includes(path.replace(/^\.\//, ''))),
    ...[...text.matchAll(/([A-Za-z_$][\w$]{2,})\(/g)].flatMap(([, name = '']) => (words.has(name) ? [] : [name])),
  ];
}

function impossibleLines(answer: string, states: readonly WorkspaceFiles[]): string[] {
  const paths = new Set(states.flatMap((files) => [...files.keys()]));
  const length = (path: string): number =>
    Math.max(...states.map((files) => (files.get(path) ?? '').replace(/\n$/, '').split('\n').length));
  return namedPlaces(answer, paths)
    .filter(({ path, line }) => line !== undefined && (line < 1 || line > length(path)))
    .map(({ path, line }) => `names line ${line} of ${path}, which has ${length(path)}`);
}
