import { lost, moveTo } from './folder.ts';
import { anyText, type Does, type Given, pathOf } from './form.ts';
import type { Listing } from './listing.ts';
import { type Inner, type Program, readForms, readProgram, stronger } from './program.ts';
import { programNamed } from './programs/index.ts';
import { given as givenToScripts, givenToTests, isBuiltTest, isCheckingFile } from './programs/shared.ts';
import { tellsOfItself } from './programs/versions.ts';
import { addPaths, maxDepth, mergeReading, type Place, refuse, type Walk } from './reading.ts';
import { printers } from './substitution.ts';
import { anyNumber, type Scope, type Value } from './words.ts';

/** What stands around a command in its pipeline. */
export interface Feed {
  /** What it is fed: names of files, as another program lists them. */
  listing?: Listing | undefined;
}

/** Builtins that change the folder. */
export const changers = new Set(['cd', 'pushd', 'popd']);

/** What a program does with its words; of one that runs another, what that does. */
export function readWords(name: string, words: readonly Given[], place: Place, walk: Walk, feed: Feed): Does {
  walk.reading.calls.push([name, ...words.map(({ text }) => text)]);
  if (!printers.has(name)) {
    if (words.some(({ loose }) => loose === true)) walk.reading.runs = true;
    // Whatever a listed name is to the program: one that begins with a hyphen would be an option.
    const listed = words.filter(({ below }) => below !== undefined);
    addPaths(
      listed.map((word) => ({ ...pathOf(word), nameOnly: true })),
      place,
      walk,
    );
  }
  const found = programNamed(name);
  const told = tellsOfItself(name, words);
  if (found === undefined) return told ?? readOwn(name, words, place, walk);
  const { program, local } = found;
  if ((name === 'test' || name === '[') && asksForFile.test(words.map(({ text }) => text).join(' '))) {
    // Whether a file is there that nobody knows beforehand: what lies outside may be seen only where nothing private is.
    return 'runs';
  }
  if (!comparesPlainly(name, words)) return 'asks';
  const inner = program.runs?.(words, feed.listing);
  if (inner !== undefined) {
    addPaths(inner.paths ?? [], place, walk);
    if (inner.each !== undefined) return stronger(inner.does, readForEach(inner.each, place, walk));
    const [first, ...rest] = inner.words;
    // What changes the shell itself is no program that another one could run.
    if (first === undefined || first.glob || changers.has(first.text) || first.text === 'export') {
      if (name === 'command') lost(place, walk);
      return 'asks';
    }
    const does = stronger(inner.does, readWords(first.text, rest, place, walk, {}));
    return local ? stronger(does, 'runs') : does;
  }
  const text = program.line?.(words);
  if (text !== undefined && !local) return readLine(text, place, walk);
  readInnerText(program, words, place, walk);
  if (name === 'git' && told === undefined) return readGit(program, words, { ...place }, walk);
  const { paths, does, files = [] } = readProgram(program, words);
  if (does === 'asks' && told !== undefined) return told;
  walk.reading.files.push(...files);
  addPaths(paths, place, walk);
  // A number or a text that is not known is no name of a file.
  if (paths.some(({ path }) => path.includes(anyNumber) || path.includes(anyText))) return 'asks';
  return local ? stronger(does, 'runs') : does;
}

/** A program of the repository by its name: `./scripts/check.sh`. */
function readOwn(name: string, words: readonly Given[], place: Place, walk: Walk): Does {
  const built = isBuiltTest(name);
  if (!name.includes('/') || !(built || isCheckingFile(name))) return 'asks';
  const { paths, does } = readForms(built ? givenToTests : givenToScripts, words);
  addPaths([pathOf({ text: name, glob: false }), ...paths], place, walk);
  return does;
}

const asksForFile = new RegExp(`^(?:! )?-[efdrwxsLh] ${anyNumber}(?: \\])?$`);

const compared = /^(?:! )?(?:-[nz] \S+|\S+ (?:={1,2}|!=|-(?:eq|ne|gt|ge|lt|le)) \S+)(?: \])?$/;

/** A text that is not known is compared with another one, and is no operator itself. */
function comparesPlainly(name: string, words: readonly Given[]): boolean {
  if ((name !== 'test' && name !== '[') || !words.some(({ text }) => text.includes(anyNumber))) return true;
  return compared.test(words.map(({ text }) => text.replaceAll(/\s/g, '_') || '_').join(' '));
}

/** A text that a shell reads once for each of the names that it is given. */
function readForEach({ text, variable, names }: NonNullable<Inner['each']>, place: Place, walk: Walk): Does {
  let does: Does = 'looks';
  for (const name of names) {
    if (name.loose === true) does = stronger(does, 'runs');
    // Also where the text does nothing with it: what is put in there is part of the line.
    if (name.below?.verbatim === true) addPaths([pathOf({ ...name, plain: true })], place, walk);
    const value: Value = { kind: 'names', given: { ...name, one: true }, folders: place.folders };
    does = stronger(does, readLine({ text, does }, place, walk, new Map([[variable, value]])));
  }
  return does;
}

/** A literal text that another shell reads: a line of its own, in which nothing is set but what is handed on. */
function readLine(
  { text, does }: { text: string; does: Does },
  place: Place,
  walk: Walk,
  scope: Scope = new Map(),
): Does {
  if (walk.depth >= maxDepth) return 'asks';
  // It has not changed its folder before, and goes back to none.
  const { before: _, ...sure } = place.sure ?? { folder: '', needs: [], stack: [] };
  const alone: Place = { ...place, sure: place.sure === undefined ? undefined : { ...sure, stack: [] } };
  const { reading } = walk.readText(text, alone, { ...walk, scope });
  mergeReading(reading, walk);
  walk.reading.beyond = true;
  if (reading.unlisted !== undefined) {
    refuse(walk, reading.unlisted);
    return 'asks';
  }
  return reading.runs ? stronger(does, 'runs') : does;
}

/** With `-C` it stands in another folder, as behind a `cd`. The value of `-c` is no option. */
function readGit(program: Program, words: readonly Given[], place: Place, walk: Walk): Does {
  const kept: Given[] = [];
  let at = 0;
  for (let word = words[at]; word?.text.startsWith('-') === true; word = words[++at]) {
    const value = words[at + 1];
    if (word.text === '-C' && value !== undefined) {
      // For `cd` it would be the folder before.
      if (value.text === '-') return 'asks';
      moveTo('cd', [value], true, place, walk);
    } else kept.push(word, ...(word.text === '-c' && value !== undefined ? [value] : []));
    if (/^-[cC]$/.test(word.text)) at += 1;
  }
  kept.push(...words.slice(at));
  if (place.folders === undefined) return 'asks';
  walk.reading.git.push(...place.folders);
  const { paths, does, files = [] } = readProgram(program, kept);
  walk.reading.files.push(...files);
  addPaths(paths, place, walk);
  return paths.some(({ path }) => path.includes(anyText)) ? 'asks' : does;
}

/** A text that is run as a command line is looked through for what is denied; it is asked about in any case. */
function readInnerText(program: Program, words: readonly Given[], place: Place, outer: Walk): void {
  const text = program.script?.(words);
  if (text === undefined || outer.depth >= maxDepth) return;
  const inner = outer.readText(text, { folders: [''] }, outer).reading;
  outer.reading.denied ??= inner.denied;
  outer.reading.calls.push(...inner.calls);
  addPaths(inner.paths, place, outer);
}
