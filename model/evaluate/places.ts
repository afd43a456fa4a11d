import type { WorkspaceFiles } from './files.ts';
import type { Places } from './request.ts';

/** A place that an answer names: a file, and a line of it where one is given. */
export interface NamedPlace {
  path: string;
  line?: number;
}

interface Found {
  path: string;
  at: number;
  end: number;
}

/**
 * The files of the workspace that an answer names, with lines: `a/b.ts:12`, `b.ts` (line 12), "lines 3, 7 and 9 of
 * a/b.ts", or under a line that names the file. A bare file name counts where only one file has it.
 */
export function namedPlaces(answer: string, paths: Iterable<string>): NamedPlace[] {
  const names = namesOf(paths);
  const places: NamedPlace[] = [];
  let latest: string | undefined;
  for (const text of answer.split('\n')) {
    const found = pathsIn(text, names);
    const lined = new Set<string>();
    const put = (path: string | undefined, line: number): void => {
      if (path === undefined) return;
      lined.add(path);
      places.push({ path, line });
    };
    for (const { path, end } of found) for (const line of linesBehind(text.slice(end))) put(path, line);
    for (const { at, lines } of linesInWords(text)) {
      const before = found.findLast((each) => each.at < at);
      const owner = (before ?? found[0])?.path ?? latest;
      for (const line of lines) put(owner, line);
    }
    for (const { path } of found) if (!lined.has(path)) places.push({ path });
    latest = found.at(-1)?.path ?? latest;
  }
  return places;
}

/** What stands for a file in a text: its path, and its bare name where no other file has it. */
function namesOf(paths: Iterable<string>): Map<string, string> {
  const all = [...paths];
  const names = new Map(all.map((path) => [path, path]));
  for (const path of all) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (all.filter((other) => other === name || other.endsWith(`/${name}`)).length === 1) names.set(name, path);
  }
  return names;
}

function pathsIn(text: string, names: ReadonlyMap<string, string>): Found[] {
  const taken: Found[] = [];
  for (const [name, path] of [...names].toSorted(([a], [b]) => b.length - a.length)) {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      const end = at + name.length;
      if (/[\w/-]$|[\w/]\.$/.test(text.slice(0, at).replace(/\.\/$/, '')) || /^(?:[\w/-]|\.\w)/.test(text.slice(end))) {
        continue;
      }
      if (!taken.some((other) => at < other.end && other.at < end)) taken.push({ path, at, end });
    }
  }
  return taken.toSorted((a, b) => a.at - b.at);
}

/** `:12` directly behind a path, and `:12, :15`. */
function linesBehind(text: string): number[] {
  const match = /^[`*"]*:(\d+)((?:, ?:\d+)*)/.exec(text);
  return match === null ? [] : [...`${match[1] ?? ''}${match[2] ?? ''}`.matchAll(/\d+/g)].map(Number);
}

const inWords = /\b(?:lines?|L)[ `*]*(\d+(?:(?:[ `*]*(?:,|and|&|or|to|-|–)[ `*]*)+(?:lines? )?\d+)*)/gi;

function linesInWords(text: string): { at: number; lines: number[] }[] {
  return [...text.matchAll(inWords)].map((match) => ({
    at: match.index,
    lines: [...(match[1] ?? '').matchAll(/\d+/g)].map(([number]) => Number(number)),
  }));
}

interface Hit extends Required<NamedPlace> {
  definition: boolean;
  import: boolean;
}

function hitsOf(files: WorkspaceFiles, { of, definition }: Places): Hit[] {
  return [...files].flatMap(([path, text]) =>
    text.split('\n').flatMap((content, index) =>
      of.test(content)
        ? [
            {
              path,
              line: index + 1,
              definition: definition?.test(content) === true,
              import: /^\s*(?:import|from)\b/.test(content),
            },
          ]
        : [],
    ),
  );
}

/** More hits than this need not all be listed with their lines. */
const completeUpTo = 8;

/** What is wrong with the places an answer names. */
export function placeFaults(answer: string, wanted: Places, files: WorkspaceFiles): string[] {
  const hits = hitsOf(files, wanted);
  const named = namedPlaces(answer, files.keys());
  const untrue = named.filter(
    ({ path, line }) => !hits.some((hit) => hit.path === path && (line === undefined || hit.line === line)),
  );
  const faults = [...new Set(untrue.map(written))].map((place) => `names ${place}, which is no such place`);
  if (wanted.want === 'definition') return [...faults, ...definitionFaults(named, hits)];
  const needed = hits.filter(
    (hit) =>
      !(wanted.optional ?? []).some((start) => hit.path.startsWith(start)) &&
      (wanted.want === 'all' || !(hit.definition || hit.import)),
  );
  return [...faults, ...missing(named, needed, hits), ...(wanted.want === 'uses' ? mixedUp(answer, named, hits) : [])];
}

function definitionFaults(named: readonly NamedPlace[], hits: readonly Hit[]): string[] {
  const definition = hits.find((hit) => hit.definition);
  if (definition === undefined) return [];
  const [first] = named;
  if (first?.path !== definition.path) return [`does not name ${definition.path} as the place of the definition`];
  const line = named.find((place) => place.path === definition.path && place.line !== undefined)?.line;
  return line === undefined || line === definition.line
    ? []
    : [`says line ${line}; it is defined in ${written(definition)}`];
}

/** Each file has to be named; where lines are given for it, all of its own. */
function missing(named: readonly NamedPlace[], needed: readonly Hit[], hits: readonly Hit[]): string[] {
  const files = new Set(needed.map(({ path }) => path));
  return [...files].flatMap((path) => {
    const here = named.filter((place) => place.path === path);
    if (here.length === 0) return [`does not name ${path}`];
    const lines = here.flatMap(({ line }) => (line === undefined ? [] : [line]));
    const own = needed.filter((hit) => hit.path === path && !hit.import);
    if (lines.length === 0 || hits.length > completeUpTo) return [];
    return own.filter(({ line }) => !lines.includes(line)).map((hit) => `leaves out ${written(hit)}`);
  });
}

/** A definition in a list of uses has to be told apart by a word. */
function mixedUp(answer: string, named: readonly NamedPlace[], hits: readonly Hit[]): string[] {
  const definition = hits.find((hit) => hit.definition);
  const listed = named.some(({ path, line }) => path === definition?.path && line === definition?.line);
  const told = /\b(?:defin|declar|implement|itself\b|lives\b|comes from\b)/i.test(answer);
  return definition !== undefined && listed && !told ? [`gives the definition ${written(definition)} as a use`] : [];
}

function written({ path, line }: NamedPlace): string {
  return line === undefined ? path : `${path}:${line}`;
}
