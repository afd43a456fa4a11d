import { finds, lists, notDone, reads, runs } from '../expect.ts';
import type { Expectation, Fact, WorkspaceName } from '../request.ts';
import { commits } from '../workspaces.ts';
import { py, type Target, ts } from './target.ts';

const npmTest = /npm (?:run )?test|npm t\b|node --test/;
const unittest = /python3? -m (?:unittest|pytest)|\bpytest\b/;

function ran(command: RegExp, ...facts: Fact[]): Expectation {
  return { needs: [runs(command)], facts, runs: true };
}

function allPass(command: RegExp, count: RegExp): Expectation {
  const pass = new RegExp(
    String.raw`${count.source}[^.]*(?:pass|succe|ok|green)|(?:pass|succe)\w*[^.]*${count.source}`,
    'i',
  );
  return { ...ran(command, pass), never: [/\b[1-9]\d* (?:tests? )?fail/i] };
}

/** Requests that a command answers. */
export const runTargets: readonly Target[] = [
  ts('project', {}, { needs: [reads('README.md', 'package.json')], facts: [/parcel/i, /late|arriv|track|where/i] }),
  py('project', {}, { needs: [reads('README.md')], facts: [/garden|vegetable/i, /\bbeds?\b|\bsow|\bwater/i] }),
  py(
    'project',
    {},
    { needs: [[...reads('README.md'), ...lists('.')]], facts: [/allotment|garden/i] },
    { prepare: { 'README.md': null } },
  ),
  ts('run_tests', {}, allPass(npmTest, /\b(?:12|twelve)\b/)),
  py('run_tests', {}, allPass(unittest, /\b(?:10|ten)\b/)),
  ts(
    'run_tests',
    {},
    { ...ran(npmTest, /fail/i, 'the check digit of 12345678 is 5'), never: [/all (?:\d+ )?tests pass/i] },
    { prepare: { 'src/trackingNumber.ts': [['[8, 6, 4, 2, 3, 5, 9, 7]', '[8, 6, 4, 2, 3, 5, 9, 6]']] } },
  ),
  py(
    'run_tests',
    {},
    { ...ran(unittest, /fail|error/i, 'test_last_frost'), never: [/all (?:\d+ )?tests pass/i] },
    { prepare: { 'allotment/seasons.py': [['(5, 12)', '(5, 11)']] } },
  ),
  ts(
    'run_command',
    { command: 'node src/cli.ts list' },
    ran(/node src\/cli\.ts list/, 'You are not waiting for anything'),
  ),
  ts('run_command', { command: 'ls docs' }, ran(/ls docs/, 'carriers.md', 'statuses.md')),
  py(
    'run_command',
    { command: 'python3 -m allotment water 20' },
    ran(/python3 -m allotment water 20/, /south\b.{0,20}\b24\b/i),
  ),
  py(
    'run_command',
    { command: 'python3 -m allotment plan' },
    { needs: [runs(/python3 -m allotment plan/)], facts: notDone, never: [/You can sow now|Good morning/], runs: true },
    { answer: { answer: 'reject', reason: 'this is not the moment' } },
  ),
  ts(
    'run_script',
    { script: 'depots' },
    {
      needs: [runs(/npm run (?:-s |--silent )?depots/)],
      facts: [/depots?\b/i, /Aberdeen|Belfast|York|\b62\b|list|print|ran\b|succe|work|\b0\b/i],
      runs: true,
    },
  ),
  ts(
    'run_script',
    { script: 'lint' },
    {
      needs: [[...finds(/lint/, 'package.json'), ...runs(/npm run/)]],
      facts: [/\b(?:no|not|isn't|doesn't|missing)\b/i, /\bstart\b/, /\btest\b/, /\bdepots\b/],
      runs: true,
    },
  ),
  ts('run_script', { script: 'start' }, ran(/npm (?:run )?start/, /Usage: waypost|list \| late|\bran\b|usage/i)),
  ts(
    'git_status',
    {},
    { ...ran(/git (?:status|diff)/, /clean|nothing|no (?:uncommitted |unstaged )?changes|not? .{0,20}changed/i) },
  ),
  py(
    'git_status',
    {},
    { ...ran(/git (?:status|diff)/), names: { all: ['settings.json', 'todo.txt'], only: true } },
    { prepare: { 'settings.json': [['"hour": 9', '"hour": 8']], 'todo.txt': 'buy string\n' } },
  ),
  ts(
    'git_diff',
    {},
    {
      ...ran(/git diff/, 'src/status.ts', [/\bIn the van\b/, /Arriving today/]),
      names: { all: ['src/status.ts'], only: true },
    },
    { prepare: { 'src/status.ts': [['Arriving today', 'In the van']] } },
  ),
  py(
    'git_diff',
    {},
    {
      ...ran(/git diff/, 'allotment/watering.py', /\b(?:25|28)\b/),
      names: { all: ['allotment/watering.py'], only: true },
    },
    { prepare: { 'allotment/watering.py': [['HOT = 25', 'HOT = 28']] } },
  ),
  ts('git_log', {}, ran(/git log/, ...commits.typescript)),
  py('git_log', {}, ran(/git log/, ...commits.python)),
  ts('git_branch', {}, onBranch('typescript')),
  py('git_branch', {}, onBranch('python')),
];

/** Where HEAD is can also be told by its commit. */
function onBranch(workspace: WorkspaceName): Expectation {
  return ran(/git (?:branch|status|rev-parse|symbolic-ref|log)/, [/\bmain\b/, commits[workspace][1]]);
}
