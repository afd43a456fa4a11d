import { countLeading, type Form, type Given, pathOf, readForm } from '../form.ts';
import { isLanguage, isShell } from '../kinds.ts';
import type { Commands, Program, Reading } from '../program.ts';

/** Words in the name of a script or an environment that say that it changes something, goes on for ever or is for release. */
const acting =
  'deploy|publish|release|start|dev|serve|server|watch|prepare|preview|preinstall|postinstall|install|fix|write|update|' +
  'push|upload|open|ui|debug|headed|inspect|migrate|reset|docker|container|image';

/**
 * The names that start with one of these bases and say nothing of another purpose: `test:unit`, not `test:watch`. Several
 * are parted by commas.
 */
export function checkNames(bases: string, others = ''): RegExp {
  const name = `(?!(?:[^,]*[:_.-])?(?:${acting})(?:[:_.,-]|$))(?:${bases})(?:[:_-][\\w:${others}-]*)?`;
  return new RegExp(`^${name}(?:,${name})*$`);
}

/** Scripts of a `package.json` and tasks that test, check or build. With a dot in it a name could be that of a file. */
export const checkingScript = checkNames(
  'tests?|unit|integration|e2e|coverage|lint|check|types|tsc|eslint|stylelint|svelte-check|vitest|jest|mocha|mypy|pytest|knip|size|bundle|bench|typecheck|type-check|verify|validate|ci|compile|build|' +
    '(?:format|fmt|style|prettier):check',
);

/** A file below the folder one stands in, that is a program. */
function isOwnProgram(name: string, ending: RegExp): boolean {
  return /^(?:\.\/)?(?:\w[\w.-]*\/)*\w[\w.-]*$/.test(name) && !name.includes('..') && ending.test(name);
}

/** It is told to say what it can do, or which one it is, and nothing else. */
export function asksForHelp(words: readonly Given[]): boolean {
  const [only, ...others] = words;
  return others.length === 0 && only?.glob === false && /^(?:--help|-h|--version|-V)$/.test(only.text);
}

/** A program of the repository that is only asked what it can do: `python scripts/report.py --help`. */
export function readHelp([script, ...words]: readonly Given[], ending: RegExp): Reading | undefined {
  const own = script !== undefined && isOwnProgram(script.text, ending) && asksForHelp(words);
  return own ? { paths: [pathOf(script)], does: 'runs' } : undefined;
}

/**
 * A script of the repository whose name says that it tests, checks or builds: `scripts/check.sh`, as one of `package.json` with that
 * name.
 */
export function isCheckingFile(name: string): boolean {
  const [, base] = /^(?:\.\/)?(?:\w[\w-]*\/)*([\w-]+)(?:\.(?:sh|bash))?$/.exec(name) ?? [];
  return base !== undefined && checkingScript.test(base.replaceAll('_', '-').replace(/^run-/, ''));
}

/** A program that a build makes of tests, in a folder of builds: `build/cart_test`. */
export function isBuiltTest(name: string): boolean {
  return /^(?:\.\/)?(?:\.\.?\/)?(?!.*\.\.)(?:build|cmake-build|out|target|bin)[\w-]*\/(?:\w[\w.-]*\/)*(?:\w*[_-]?tests?|tests?[_-]\w+|\w+Tests?)$/.test(
    name,
  );
}

/** What test programs of C++ are given: which tests, and how much is told. */
export const givenToTests: Form = {
  does: 'runs',
  flags: 'sr',
  long: ['gtest_list_tests', 'gtest_brief', 'list-tests', 'success', 'help', 'gtest_also_run_disabled_tests'],
  values: {
    gtest_filter: 'text',
    gtest_brief: ['0', '1'],
    gtest_color: ['yes', 'no', 'auto'],
    gtest_repeat: 'number',
    'test-case': 'text',
    run_test: 'text',
  },
  operands: /^[\w[\]~*,. -]+$/,
};

/** Whether what is run is a file of the repository that is on the list by its name, or because it is only asked what it can do. */
export function runsOwnProgram(program: string, words: readonly string[]): boolean {
  if (program.includes('/') ? isCheckingFile(program) : isShell(program) && words.some(isCheckingFile)) return true;
  return (
    isLanguage(program) &&
    words.some((word) => isOwnProgram(word, /\.(?:py|[cm]?[jt]s)$/)) &&
    asksForHelp(words.slice(1).map((text) => ({ text, glob: false })))
  );
}

/** Names of packages and modules: no path that leads out. */
export const packageName = /^(?!.*\.\.)[@\w][\w@./-]*$/;

/** As `HEAD~1` and `origin/main`: nothing that git would take for an option. */
export const revision = /^[\w@][\w@./~^-]*$/;

export const workers = /^\d+%?$/;

/**
 * With one of these alone a program only tells its version, or the like. `looks`: it answers before it reads anything of the
 * folder; `runs`: something in the folder may say which program of that name answers.
 */
export function version(does: Reading['does'], ...given: readonly string[]): NonNullable<Program['read']> {
  return ([only, ...others]) =>
    only !== undefined && others.length === 0 && !only.glob && given.includes(only.text)
      ? { paths: [], does }
      : undefined;
}

/** The program behind these options, where it is one of those named. It comes from the repository as a rule. */
export function innerProgram(
  words: readonly Given[],
  before: Form,
  names: ReadonlySet<string>,
): ReturnType<NonNullable<Program['runs']>> {
  const count = countLeading(words, before);
  const { paths, fits } = readForm(words.slice(0, count), before);
  if (!fits || paths.length > 0) return undefined;
  const inner = words.slice(words[count]?.text === '--' ? count + 1 : count);
  return names.has(inner[0]?.text ?? '') ? { words: inner, does: 'runs' } : undefined;
}

/** Of the tools of a language: what a repository configures them with is code, so that none of them only looks. */
export const toolVersion = version('runs', '--version', '-v', '-V');
export const color = ['color', 'no-color', 'colors', 'no-colors'];
export const asked: Form = { does: 'asks' };

export function javascriptTool(form: Form): Form {
  return { does: 'runs', parser: 'loose', ...form, long: ['help', ...(form.long ?? [])] };
}

export function pythonTool(form: Form): Form {
  return { does: 'runs', parser: 'argparse', ...form, long: ['help', ...(form.long ?? [])] };
}

/** It only looks where all of its words together fit one of these. */
export function lines(...known: readonly RegExp[]): NonNullable<Program['read']> {
  return (words: readonly Given[]): Reading => {
    const line = words.map(({ text }) => text).join(' ');
    const literal = words.every(({ text, glob }) => !glob && text !== '' && !/\s/.test(text));
    return { paths: [], does: literal && known.some((each) => each.test(line)) ? 'looks' : 'asks' };
  };
}

/** Of the tools of any other language. */
export function tool(form: Form): Form {
  return { does: 'runs', parser: 'loose', ...form, long: ['help', 'version', ...(form.long ?? [])] };
}

/** What stands in a text, parted by blanks: names and options that are easier to read in a line. */
export function list(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** An entry of a program that has nothing but forms. */
export function entry(
  names: string,
  forms: Form | Commands,
  match: readonly string[],
  noMatch: readonly string[],
): Program {
  return { names: list(names), read: toolVersion, forms, match, noMatch };
}

/** Of a program whose operands are files, except that these words mean something else to it. */
export function except(form: Form, words: string): Commands {
  const { operands: _, ...before } = form;
  const others = list(words).map((each) => [each, asked] as const);
  return { before, commands: { '': form, ...Object.fromEntries(others) }, otherwise: form };
}

/**
 * A configuration by the name under which a tool looks for it by itself. To name it is no more than to leave it out, save for the
 * folder.
 */
export function configuration(name: RegExp): RegExp {
  return new RegExp(`^(?:\\./)?(?:\\w[\\w-]*/)*(?:${name.source})$`);
}

/** Names of things in a project that are no files: groups, suites, modes, dialects. */
export const name = /^[\w@][\w@.:,+-]*$/;

/** What a script may be given, whichever program it starts: names of tests, and options that mean no harm to any of them. */
export const given: Form = {
  does: 'runs',
  parser: 'loose',
  long: list(
    `run coverage no-coverage verbose silent runInBand bail ci passWithNoTests color no-color changed detectOpenHandles forceExit json
     findRelatedTests quiet noEmit check list listTests`,
  ),
  exact: ['--watch=false', '--watchAll=false', '--no-watch'],
  values: {
    // To some runners these letters are flags, and the word behind them is a file.
    t: 'test',
    g: 'test',
    coverage: ['true', 'false'],
    testNamePattern: 'text',
    testPathPattern: 'text',
    grep: 'text',
    bail: 'number',
    reporter: ['default', 'verbose', 'dot', 'spec', 'tap', 'json', 'list', 'line', 'min'],
    maxWorkers: workers,
    'max-warnings': 'number',
    testTimeout: 'number',
    project: name,
    filter: 'text',
    pretty: ['true', 'false'],
    format: ['stylish', 'json', 'compact', 'unix'],
  },
  operands: 'test',
};
