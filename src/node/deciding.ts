import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { braceExpand } from 'minimatch';
import { Problem } from '../common/errors.ts';
import { runsFile, runsFolder } from '../common/gate/kinds.ts';
import { literalWords, readCommand } from '../common/gate/command.ts';
import type { Deciding } from '../common/gate/effect.ts';
import { decidesAny } from '../common/gate/programs/deciding.ts';
import type { ResolvedPath } from '../common/tool.ts';
import { hashOf } from './blobs.ts';
import { resolvePath } from './confine.ts';
import { matches } from './matches.ts';

/** What other programs write to all the time, and nothing runs. */
const growing = /\.(?:log|out|pid|lock|tmp)$/i;
/** Files of a command that are compared; who names more is asked about the names alone. */
const mostFiles = 200;
/** Of larger files only size and times are compared, in bytes. */
const largest = 10 * 1024 * 1024;

/** The folders in which a command works, as far as its words say: that where it starts, and those behind `cd`. */
export function foldersOf(command: string, root: string): string[] {
  const words = literalWords(command);
  const moved = words.filter((word, at) => words[at - 1] === 'cd' && !word.startsWith('/'));
  return [root, ...moved.map((folder) => join(root, folder))];
}

/** Those of these files that stand in a folder. Absolute. */
export function decidingFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => decidesAny(name))
      .toSorted()
      .map((name) => join(folder, name));
  } catch (error) {
    // There is no such folder, or it is a file.
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

/**
 * What says what a command runs: of one that is on the list the files of its kind beside it, of another one also those that
 * it names. Undefined: it runs nothing that could be another one the next time.
 *
 * @param root absolute and real
 */
export function decidingOver(command: string, root: string): Deciding | undefined {
  const { runs, unlisted } = readCommand(command);
  const words = literalWords(command);
  const files = runs || words.some(runsFolder) ? foldersOf(command, root).flatMap(decidingFiles) : [];
  if (unlisted !== undefined && words.some(runsFile)) files.push(...filesUsed(command, root));
  if (files.length === 0) return undefined;
  const different = [...new Set(files)];
  const shown = different.map((path) => relative(root, path).split(sep).join('/'));
  const text = JSON.stringify(different.map((path) => [path, contentOf(path)]));
  return { names: shown, hash: hashOf(Buffer.from(text)) };
}

/** As `filesNamed`, without what is only written, which is other each time; what is named twice may be written and then run. */
export function filesUsed(command: string, root: string): string[] {
  const written = readCommand(command).paths.filter(({ effect }) => effect === 'write');
  const only = new Set(written.map(({ path }) => resolve(root, path)));
  const named = tokensOf(command).map((token) => resolve(root, token));
  const once = (path: string): boolean => named.filter((each) => each === path).length < 2;
  return filesNamed(command, root).filter((path) => !(only.has(path) && once(path)));
}

/**
 * The files of the folder that a command could mean by any of its words, also by words of a text that it runs, by a pattern,
 * by braces, and by a variable, which could stand for anything. Absolute and real.
 */
function filesNamed(command: string, root: string): string[] {
  const folders = foldersOf(command, root);
  const words = [...new Set([...literalWords(command), ...namesIn(command)])].flatMap(meanings);
  const named = words.flatMap((word) => (word.startsWith('/') ? [word] : folders.map((each) => `${each}/${word}`)));
  const found = new Set<string>();
  for (const path of new Set(named)) {
    // Most words name nothing, which is told at once.
    if (!existsSync(path)) continue;
    const { root: inside, kind, real } = looked(path, root);
    if (inside !== undefined && kind === 'file' && !growing.test(real)) found.add(real);
    if (found.size === mostFiles) break;
  }
  return [...found].toSorted();

  function namesIn(text: string): string[] {
    return tokensOf(text).flatMap((token) => {
      if (!/[*?[]/.test(token)) return [token];
      const pattern = token.startsWith('/') ? [token] : folders.map((each) => `${each}/${token}`);
      return pattern.flatMap((each) => matches(each, root)?.slice(0, mostFiles) ?? []);
    });
  }
}

/** Expanding braces could take for ever; who writes more than this means no files. */
const mostNames = 100;

/** What stands between blanks, quotes and signs of the shell, each with its braces expanded and a pattern in the place of variables. */
function tokensOf(text: string): string[] {
  const plain = text.replaceAll(/\$(?:PWD\b|\{PWD\})/g, '.').replaceAll(/\$(?:\w+|\{[^}]*\}|\([^)]*\)?)/g, '*');
  const tokens = plain.split(/[\s;&|()<>"'`\\]+/).filter((token) => token !== '' && token.length < 1000);
  return tokens.flatMap((token) => (token.includes('{') ? braceExpand(token, { braceExpandMax: mostNames }) : [token]));
}

/** A file may stand behind an option, and be named without its ending, as a module, or as a program of the project. */
function meanings(word: string): string[] {
  const bare = [word, word.replace(/^[^=]*=/, ''), word.replace(/^(?:[^=]*=)?@/, ''), word.replace(/::.*$/, '')];
  const behind = /^-[A-Za-z]([^=]+)$/.exec(word)?.[1];
  if (behind !== undefined) bare.push(behind);
  if (!/^[\w@][\w./@-]*$/.test(word)) return bare;
  const module = word.replaceAll('.', '/');
  return [
    ...bare,
    ...['.js', '.mjs', '.cjs', '.ts', '/index.js', '/package.json'].map((ending) => word + ending),
    ...['.py', '/__main__.py', '/__init__.py'].map((ending) => module + ending),
    `node_modules/.bin/${word}`,
  ];
}

/** What cannot be a path is none. */
function looked(path: string, folder: string): Pick<ResolvedPath, 'root' | 'kind' | 'real'> {
  try {
    return resolvePath(path, [folder]);
  } catch (error) {
    if (error instanceof Problem) return { root: undefined, kind: 'missing', real: path };
    throw error;
  }
}

/** The SHA-256 of a regular file, of a large one a mark of its size and times; null: there is nothing, or nothing to read. */
export function contentOf(path: string): string | null {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code === 'ENOENT' ? null : String(error.code);
    throw error;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) return 'no regular file';
    const { size, mtimeMs, ctimeMs, ino } = found;
    return size > largest ? `${size} ${mtimeMs} ${ctimeMs} ${ino}` : hashOf(readFileSync(file));
  } finally {
    closeSync(file);
  }
}
