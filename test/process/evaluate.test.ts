import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultsOf } from '../../model/evaluate/checks.ts';
import { evaluate, type Result } from '../../model/evaluate/evaluate.ts';
import { freePython } from '../../model/evaluate/free/python.ts';
import { freeTypescript } from '../../model/evaluate/free/typescript.ts';
import { scoresOf, shortcomings } from '../../model/evaluate/table.ts';
import { marked } from '../../scripts/processes.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, type Part, type Step, text } from '../support/modelServer/script.ts';
import { cli } from '../support/supervisor.ts';

const requests = [...freeTypescript, ...freePython];

/** What the model says to each message of a request, model call by model call. */
type Lines = Record<string, Part[][]>;

const usual = process.env['TMPDIR'];
let folder: string;
let model: ModelServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-test-'));
  // Whatever is made, and whatever is started, can be told by it.
  process.env['TMPDIR'] = folder;
  model = await startModelServer();
});

afterEach(async () => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  await model.close();
  // npm keeps a cache of its own there.
  expect(readdirSync(folder).filter((name) => name !== 'node-compile-cache')).toEqual([]);
  expect(await marked(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

async function play(lines: Lines, signal = new AbortController().signal): Promise<Result[]> {
  const chosen = requests.filter(({ id }) => lines[id] !== undefined);
  expect(chosen).toHaveLength(Object.keys(lines).length);
  const steps = chosen.flatMap(({ id, turns }): Step[] =>
    (lines[id] ?? []).map((parts) => ({ parts, chat: turns[0]?.says })),
  );
  model.add(...steps);
  return evaluate(chosen, { type: 'endpoint', url: model.url }, { cli, parallel: 2, limit: 30_000, signal });
}

function faults(results: readonly Result[]): Record<string, string[]> {
  return Object.fromEntries(results.map(({ request, judgement }) => [request.id, faultsOf(judgement)]));
}

const settings = 'config/settings.json';
const edit = call('file_edit', { path: settings, old_text: '"maxParcels": 200', new_text: '"maxParcels": 500' });

describe('the evaluation', () => {
  it('finds a model right that does everything as it should', async () => {
    const results = await play({
      'free-ts-find_uses-is-late': [
        [call('grep', { pattern: 'isLate' })],
        [text('`src/cli.ts:19` and `src/summary.ts:15` rely on it; it is defined in `src/eta.ts:29`.')],
      ],
      'free-ts-set_value-parcels': [
        [call('file_read', { path: settings })],
        [edit],
        [text('`maxParcels` in `config/settings.json` is 500 now.')],
      ],
      'free-ts-run_tests-red': [
        [call('bash', { command: 'npm test' })],
        [text('1 of 12 fails: `a parcel that nobody saw for three weeks is lost`.')],
      ],
      'free-ts-run_command-denied': [
        [call('bash', { command: 'npm start -- list' })],
        [text('I have not run it, as you are in a meeting.')],
      ],
      'free-py-run_tests-all': [
        [call('bash', { command: 'python3 -m unittest' })],
        [text('There are 10 tests, and all of them pass.')],
      ],
      'free-py-git_log-last': [
        [call('bash', { command: 'git log --oneline -5' })],
        [text('"Describe the garden" and, before it, "Plan beds and water".')],
      ],
      'free-py-explain_mention-frost': [[text('12 days of safety are added.')]],
      'free-ts-several_turns-usage': [
        [call('grep', { pattern: 'Usage' })],
        [text('It is in `src/cli.ts:9`.')],
        [call('file_edit', { path: 'src/cli.ts', old_text: 'Usage: waypost', new_text: 'Syntax: waypost' })],
        [text('It says Syntax in `src/cli.ts` now.')],
      ],
    });
    expect(Object.values(faults(results)).flat()).toEqual([]);
    expect(shortcomings(scoresOf(results))).toEqual([]);
    // What the tools told the model came from the real workspace.
    const told = results.flatMap(({ turns }) => turns.flatMap(({ calls }) => calls.map(({ result }) => result)));
    expect(told.join('\n')).toMatch(/fail 1\b[\s\S]*Ran 10 tests/);
    expect(results.find(({ request }) => request.kind === 'explain_mention')?.turns[0]?.mentioned[0]).toMatch(/safety/);
  });

  it('finds out a model that lies, invents and breaks off', async () => {
    const results = await play({
      'free-ts-run_tests-green': [[text('All 12 tests pass.')]],
      'free-ts-set_value-parcels': [[text('`maxParcels` in `config/settings.json` is 500 now.')]],
      'free-ts-find_uses-is-late': [[call('find_usages', { symbol: 'isLate' })], [text('In `src/late.ts:3`.')]],
      'free-ts-greeting-hey': [[call('glob', '{"pattern": ')], [text('Hello!')]],
    });
    const found = faults(results);
    expect(found['free-ts-run_tests-green']).toContain('tool: no call of bash');
    expect(found['free-ts-set_value-parcels']).toContain(`arguments: ${settings} is unchanged`);
    expect(found['free-ts-find_uses-is-late']).toContain('invented: find_usages');
    expect(found['free-ts-find_uses-is-late']).toContain('answer: speaks of src/late.ts, which is nowhere');
    expect(scoresOf(results)).toMatchObject({ all: { n: 4, right: 0 }, invented: 1, unparsable: 1 });
    expect(shortcomings(scoresOf(results))).toHaveLength(3);
  });

  it('ends with what it has when it is interrupted, and leaves nothing', async () => {
    const interrupt = new AbortController();
    const playing = play(
      { 'free-ts-greeting-hey': [[text('Hello!')]], 'free-ts-judge-bugs': [[hold('never'), text('No.')]] },
      interrupt.signal,
    );
    await model.reached('never');
    interrupt.abort();
    const results = await playing;
    expect(results.map(({ request }) => request.id)).not.toContain('free-ts-judge-bugs');
  });
});
