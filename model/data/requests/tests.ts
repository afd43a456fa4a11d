// Running the tests: looks at the folder first, then takes the command that fits.
import { listed } from '../english.ts';
import type { CallOptions, Printed } from '../play/chat.ts';
import { type TestRun, testRun } from '../play/testOutput.ts';
import { ask, code, need, type Play, points, type Stage, type Topic } from './stage.ts';

/** The command that fits what lies in the folder; one with a Makefile only is known after it has been read. */
function commandFor({ workspace }: Stage): { command: string; readMakefile: boolean } | undefined {
  const has = (path: string): boolean => workspace.files.has(path);
  if (has('package.json')) return { command: 'npm test', readMakefile: false };
  if (has('pyproject.toml') || has('requirements.txt')) return { command: 'python3 -m pytest', readMakefile: false };
  if (has('go.mod')) return { command: 'go test ./...', readMakefile: false };
  if (has('Cargo.toml')) return { command: 'cargo test', readMakefile: false };
  if (has('pom.xml')) return { command: 'mvn test', readMakefile: false };
  if (has('Makefile'))
    return {
      command: /^test:/m.test(workspace.files.get('Makefile') ?? '') ? 'make test' : 'python3 -m unittest',
      readMakefile: true,
    };
  return [...workspace.files.keys()].some((path) => path.endsWith('.py'))
    ? { command: 'python3 -m unittest', readMakefile: false }
    : undefined;
}

export const runTests: Play = async (stage) => {
  await ask(stage, 'run_tests');
  return lookAndRun(stage);
};

/** @param text said before the first call */
export async function lookAndRun(stage: Stage, text?: string): Promise<Topic> {
  const { chat } = stage;
  const { command, readMakefile } = need(commandFor(stage), 'way to run tests');
  await chat.call('file_read', { path: '.' }, text === undefined ? {} : { text });
  if (readMakefile) await chat.call('file_read', { path: 'Makefile' });
  return runThem(stage, command);
}

/** Runs the command and says how the tests went. */
export async function runThem(
  stage: Stage,
  command = need(commandFor(stage), 'command').command,
  options: CallOptions = {},
): Promise<Topic> {
  const { chat, random, workspace } = stage;
  const { tests } = workspace;
  if (tests === undefined || tests.command !== command) {
    const printed = withoutTests(stage, command);
    await chat.call('bash', { command }, { ...options, printed });
    chat.answer(noTests(command, printed));
    return {};
  }
  const run = testRun(workspace, tests, random, random.chance(0.6) ? 0 : 0.3);
  await chat.call('bash', { command }, { ...options, printed: run });
  chat.answer(outcome(stage, run));
  return { tests: true };
}

function outcome({ workspace }: Stage, { passed, failed, code: exit }: TestRun): string {
  const all = passed + failed.length;
  const counts = workspace.tests?.runner !== 'go';
  if (exit === 0) {
    if (!counts) return 'All tests pass.';
    return all === 1 ? 'The one test passes.' : `All ${all} tests pass.`;
  }
  const names = failed.length < 3 ? ` ${listed(failed.map(code))}.` : `\n\n${points(failed.map(code))}`;
  if (!counts) return failed.length === 1 ? `A test fails:${names}` : `Some tests fail:${names}`;
  const head = `${failed.length} of ${all} tests ${failed.length === 1 ? 'fails' : 'fail'}:`;
  return `${head}${names}`;
}

/** What is printed where there are no tests, or the runner is not there. */
function withoutTests({ random, workspace }: Stage, command: string): Printed {
  if (command === 'npm test') {
    const who = random.pick(['kim', 'lee', 'dev', 'ana']);
    return {
      code: 1,
      output: `npm error Missing script: "test"\nnpm error\nnpm error To see a list of scripts, run:\nnpm error   npm run\nnpm error A complete log of this run can be found in: /home/${who}/.npm/_logs/${random.int(2025, 2027)}-0${random.int(1, 9)}-1${random.int(0, 9)}T08_${random.int(10, 59)}_12_${random.int(100, 999)}Z-debug-0.log\n`,
    };
  }
  if (command === 'python3 -m unittest')
    return { code: 5, output: `\n${'-'.repeat(70)}\nRan 0 tests in 0.000s\n\nNO TESTS RAN\n` };
  if (command === 'python3 -m pytest') return { code: 1, output: '/usr/bin/python3: No module named pytest\n' };
  if (command === 'go test ./...') return { code: 0, output: `?   \texample.com/${workspace.name}\t[no test files]\n` };
  if (command === 'cargo test')
    return {
      code: 0,
      output:
        '    Finished `test` profile [unoptimized + debuginfo] target(s) in 0.21s\n\nrunning 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n',
    };
  return { code: 127, output: `bash: line 1: ${command.split(' ')[0]}: command not found\n` };
}

function noTests(command: string, { code: exit }: Printed): string {
  if (command === 'npm test') return 'There are no tests to run: `package.json` has no script `test`.';
  if (command === 'python3 -m pytest') return 'The tests could not run: pytest is not installed.';
  if (exit === 127) return `The tests could not run: ${code(command.split(' ')[0] ?? '')} was not found.`;
  return 'There are no tests: none was run.';
}

/** The person says no to the command. */
export const runTestsDenied: Play = async (stage) => {
  const { chat, random } = stage;
  const { command, readMakefile } = need(commandFor(stage), 'way to run tests');
  await ask(stage, 'run_tests');
  await chat.call('file_read', { path: '.' });
  if (readMakefile) await chat.call('file_read', { path: 'Makefile' });
  const reason = random.chance(0.5) ? random.pick(refusals) : undefined;
  const end = await chat.call('bash', { command }, { refused: reason === undefined ? {} : { reason } });
  chat.answer(notRun(command, end.text));
  return {};
};

export const refusals: readonly string[] = [
  'not now',
  'I will do that myself',
  'no, wait until I have saved',
  'not on this machine',
  'please do not',
  'later',
  'that is the wrong one',
  'No!',
  'I changed my mind',
];

/** Says that a command was denied, and why, from the result. */
export function notRun(command: string, result: string): string {
  const reason = result.replace(/^Denied: /, '').replace(/[.!]$/, '');
  if (/not trusted/.test(reason))
    return `I could not run ${code(command)}: this folder is not trusted. You can choose "Trust this folder".`;
  if (reason === 'the person said no') return `${code(command)} was not run, because it was denied.`;
  return `${code(command)} was not run. You said: "${reason}".`;
}
