import { partOfName } from './expansion.ts';
import type { Scope, Value } from './words.ts';

/** What lines print that are on the list: commits, numbers and parts of names, of which more is known than of any text. */

const commit = String.raw`[\w@][\w@./~^-]*`;
const few = String.raw`(?:-(?:n ?)?\d+|--max-count=\d+)`;
const behindNames = String.raw`(?: -- [\w./*'"@+-]+(?: [\w./*'"@+-]+)*)?`;
/**
 * Of which git prints nothing but names of commits: hashes, and branches and tags, whose names are one word each. That none of
 * those is an option is looked up: `namesBranches`.
 */
const namesCommit = new RegExp(
  String.raw`^git (?:rev-parse (?:(?:--verify|--short(?:=\d+)?|-q|--quiet|--abbrev-ref) )*(?:HEAD|@|main|master|origin/(?:main|master|HEAD))(?:[~^]\d*)*` +
    String.raw`|merge-base(?: --fork-point)? ${commit} ${commit}|merge-base --fork-point ${commit}` +
    String.raw`|rev-list (?:${few} |--no-merges |--max-parents=0 |--reverse |--first-parent )*${commit}${behindNames}` +
    String.raw`|log (?:${few} |--no-merges |--reverse |--diff-filter=[A-Z] )*--(?:format|pretty)=(?:format:)?(['"]?)%[hH]\1(?: ${few}| --diff-filter=[A-Z]| --reverse)*(?: ${commit})?${behindNames}` +
    String.raw`|describe --tags --abbrev=0(?: ${commit})?|branch --show-current|for-each-ref (?:--count=\d+ |--sort=-?\w+ )*--format=(['"]?)%\(refname(?::short)?\)\2(?: --count=\d+| --sort=-?\w+)*(?: refs/[\w/*-]+)*|tag(?: -l| --list)?(?: ['"]?[\w.*][\w.*-]*['"]?)?(?: --sort=-?[\w:]+)?|symbolic-ref --short(?: -q)? HEAD)` +
    String.raw`(?: ?\| ?(?:head|tail) (?:-n ?|-)\d+)?$|^echo ['"]?(?:HEAD(?:[~^]\d*)*|(?:origin/)?(?:main|master))['"]?$`,
);

const pattern = String.raw`(?:'[^']*'|"[^"$\`\\]*"|[\w.@/][\w.@/-]*)`;
/** Of several files `grep` would print the names as well: without quotes a variable may stand for more than one. */
const oneFile = String.raw`(?:[\w./@][\w./@-]*|"\$(?:\w+|\{\w+\})")`;
const cut = String.raw` ?\| ?(?:head|tail) (?:-n ?|-)\d+`;
/** What prints one number, of a file or a commit that may not be there also nothing; the third also a line in which nothing is that a shell would run. */
const number = new RegExp(
  String.raw`^(?:nproc(?: --all)?|getconf _NPROCESSORS_ONLN|date (?:-u )?\+'?"?%[sYmdHMSj]"?'?|[^;&\n|]*(?:\|[^;&\n|]+)*\| ?wc -[lwc])$`,
);
const numberOf = new RegExp(
  String.raw`^(?:grep (?=(?:-[iwEFxvnhs]+ )*-[iwEFxvnhs]*c)(?:-[ciwEFxvnhs]+ )+${pattern} ${oneFile}|wc -[lwcm] ?< ?${oneFile}|git rev-list --count [\w@][\w@./~^-]*)$`,
);
const lineNumber = new RegExp(
  String.raw`^grep (?=(?:-[iwEFx]+ |-m ?\d+ )*-[iwEFx]*n)(?:-[inwEFx]+ |-m ?\d+ )+${pattern} ${oneFile}(?:${cut})? ?\| ?cut -d ?['"]?:['"]? -f ?1(?:${cut})?$`,
);

const letters = String.raw`(?:\[(?:A-Z|a-z|0-9|_)+\][+*]?|\w+|\\w[+*]?|\\b)+`;
const shortened = String.raw`(?: ?\| ?(?:sort(?: -u)?|uniq|head -(?:n ?)?\d+|tail -(?:n ?)?\d+))*$`;
/**
 * What `grep -o` prints of a pattern that fits letters, digits and `_` alone, all of it or what stands behind `\K`: words, with the
 * name of a file before them at most.
 */
const printingWords = new RegExp(
  String.raw`^grep (?:-[hinE]*o[hinE]* (['"])\^?|-[hn]*o[hn]*P[hn]* (['"])[\w =:,.*+?^-]*\\K)${letters}(?:\1|\2) \.?\w[\w./-]*${shortened}`,
);
/** `rg -o PATTERN -r '$2'`: what a group of the pattern fits. */
const printingGroup = new RegExp(
  String.raw`^rg ((?:(?:-[oNIhn]+|--(?:only-matching|no-filename|no-line-number|no-heading)|-r '\$\d'|'[^']+'|\w[\w./-]*)(?: |$))+)${shortened}`,
);

/** Whether one of these calls prints names of branches or tags. */
export function namesBranches(calls: readonly (readonly string[])[]): boolean {
  return calls.some(([program, ...words]) => program === 'git' && words.some((word) => printsBranches.has(word)));
}

const printsBranches = new Set(
  '--abbrev-ref --symbolic-full-name describe name-rev branch for-each-ref tag symbolic-ref show-ref'.split(' '),
);

/** Each line that this prints is such a word. */
export function printsWords(line: string): boolean {
  return printingWords.test(line.trim()) || printsGroup(line.trim());
}

function printsGroup(line: string): boolean {
  const words: string[] = printingGroup.exec(line)?.[1]?.match(/'[^']*'|\S+/g) ?? [];
  const given = words.indexOf('-r');
  const number = Number(words[given + 1]?.slice(2, -1));
  const [pattern = '', ...others] = words.filter((word, at) => word.startsWith("'") && at !== given + 1);
  // The name of a file could be several words.
  const only =
    words.some((word) => /^-[NIhn]*o|^--only-matching$/.test(word)) &&
    words.some((word) => /^-[Nohn]*I|^--no-filename$/.test(word));
  if (given === -1 || !only || others.length > 0 || /\\[()]|\[[^\]]*[()]|\(\?(?!:)/.test(pattern)) return false;
  const groups = [...pattern.matchAll(/\((?!\?)([^()]*)\)?/g)].map(([, group]) => group ?? '');
  return new RegExp(`^${letters}$`).test(groups[number - 1] ?? '');
}

/** Each variable alone between quotes is the name of one file, and no option. */
function namesFiles(line: string, scope: Scope): boolean {
  return [...line.matchAll(/"\$\{?(\w+)\}?"/g)].every(([, name = '']) => {
    const value = scope.get(name);
    return value?.kind === 'names' || (value?.kind === 'known' && /^[\w./]/.test(value.text));
  });
}

/** @param folders in which the line stands; undefined: it is not known what it prints */
export function printed(line: string, folders: readonly string[] | undefined, scope: Scope): Value | undefined {
  if (line.split(/ \|\| /).every((each) => namesCommit.test(each))) return { kind: 'revision' };
  const unquoted = withoutTexts(line);
  if (unquoted !== undefined && number.test(unquoted.replaceAll(/ ?2>&1(?= *\|)/g, '')))
    return { kind: 'number', empty: false };
  if (unquoted !== undefined && numberOf.test(unquoted) && namesFiles(line, scope))
    return { kind: 'number', empty: true };
  if (printsNumbers(line, scope)) return { kind: 'number', empty: true };
  if (printsWords(line)) return { kind: 'any', word: true };
  // One part of a name, whichever: it may be one that the shell would leave out, for which whoever is given it runs shut in.
  if (/^basename(?: -s \.?\w+)? (?:"?\$\{?\w+\}?"?)(?: ['"]?[\w.-]+['"]?)?$/.test(line)) {
    return { kind: 'names', given: { text: '*', glob: true, one: true, loose: true, part: true }, folders };
  }
  const [, program = '', words = ''] = /^(dirname|basename)((?: +[\w./@+-]+| +"[\w./@+-]+")+)$/.exec(line) ?? [];
  const part = program === '' ? undefined : partOfName(program, words.trim().replaceAll('"', '').split(/ +/));
  return part === undefined ? undefined : { kind: 'known', text: part };
}

/**
 * The line with `''` in the place of each text between quotes, but for a variable alone; undefined where it is in doubt where one ends,
 * as of a line within a text.
 */
function withoutTexts(line: string): string | undefined {
  let doubtful = /\$['"]/.test(line);
  const rest = line.replaceAll(/'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]/g, (text) => {
    if (/^"[^]*(?:\$\(|`)/.test(text)) doubtful = true;
    return /^"\$(?:\w+|\{\w+\})"$/.test(text) ? text : "''";
  });
  const left = rest.replaceAll(/''|"\$(?:\w+|\{\w+\})"/g, '');
  return doubtful || /['"]/.test(left) ? undefined : rest;
}

/** Each line that this prints is a number, or one that no shell would run anything of. */
export function printsNumbers(line: string, scope: Scope): boolean {
  return lineNumber.test(line.trim()) && namesFiles(line, scope);
}
