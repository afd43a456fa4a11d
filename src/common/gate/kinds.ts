/**
 * Kinds of programs by their names. The table of programs says what may run; this is for the others, which are asked about:
 * what to tell a person of them, what is denied among them, and what else they may run.
 */

const named = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

const shells = named('sh bash dash zsh ksh fish ash csh tcsh');
/** They run the words or the file that they are given. */
const starters = named(
  `eval source . env xargs watch nohup exec builtin command busybox toybox setsid parallel tmux screen script`,
);
const languages = named(
  `node nodejs deno bun bunx tsx ts-node python perl ruby php lua osascript pwsh R Rscript java scala groovy julia swift`,
);
const textLanguages = named('awk gawk mawk nawk sed');
/** They run what stands in files of the folder, by the names that these give it. */
const runners = named(
  `npm pnpm yarn npx pnpx bun bunx deno make gmake just task cargo go mvn gradle gradlew dotnet poetry uv tox nox rake
  composer bundle ninja cmake meson turbo nx`,
);

/** The name of a program without its folder and without a version, as in `/usr/bin/python3.11`. */
function plain(program: string): string {
  const name = program.slice(program.lastIndexOf('/') + 1);
  return name.replace(/[\d.]+$/, '') || name;
}

export function isShell(program: string): boolean {
  return shells.has(plain(program));
}

/** Whether it runs programs of a language, from a file or from a text. */
export function isLanguage(program: string): boolean {
  return languages.has(plain(program));
}

/** Whether what it runs is given to it as text, whatever the language. */
export function isInterpreter(program: string): boolean {
  return isLanguage(program) || textLanguages.has(plain(program));
}

/** Whether it runs whatever program it is given. */
export function isStarter(program: string): boolean {
  return isShell(program) || starters.has(plain(program));
}

/** Whether a word is the name of a program that runs a file which the command names. */
export function runsFile(word: string): boolean {
  return isStarter(word) || isInterpreter(word) || word.startsWith('./');
}

/** Whether a word is the name of a program that runs what files of the folder say. */
export function runsFolder(word: string): boolean {
  return runsFile(word) || runners.has(word);
}

/** Scripts of a `package.json` that go on for ever, publish something or bring something. */
const acting =
  /(?:^|[:_.-])(?:deploy|publish|release|start|dev|serve|server|watch|prepare|preview|pre\w+|post\w+|install|upgrade|update|push|upload|open|ui|debug|migrate|reset|clean|docker|container|image|eject|version)(?:[:_.-]|$)/;

/** Whether a script of the project does more than to build or to check, by its name. */
export function deploys(script: string): boolean {
  return acting.test(script);
}
