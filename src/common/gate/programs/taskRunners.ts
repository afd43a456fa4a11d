import type { Program } from '../program.ts';
import { targets } from './make.ts';
import { checkingScript, entry, list, tool, version } from './shared.ts';

/** Names by which tasks that build, test or check are known, as those of `make` and of `package.json`. */
const task = (text: string): boolean => targets.test(text) || checkingScript.test(text);

/** What a tool that keeps versions of languages tells of them. It reads its file in the folder, which may hold more than versions. */
const versions = (names: string, ...commands: string[]): Program =>
  entry(
    names,
    { commands: Object.fromEntries(commands.map((each) => [each, tool({ operands: /^[a-z][\w-]*$/ })])) },
    list(names).map((each) => `${each} ${commands[0] ?? ''}`),
    list(names).flatMap((each) => [each, `${each} install x`, `${each} exec ./x`]),
  );

export const taskRunners: readonly Program[] = [
  entry(
    'just',
    tool({
      flags: 'ln',
      long: list('list summary dry-run unsorted no-deps quiet verbose dump variables groups'),
      values: { s: /^\w[\w-]*$/, show: /^\w[\w-]*$/, color: ['auto', 'always', 'never'] },
      operands: task,
    }),
    ['just --list', 'just test', 'just -n build', 'just --show test', 'just lint typecheck'],
    [
      'just deploy',
      'just -f evil test',
      'just --justfile evil test',
      'just -d .. test',
      'just --shell ./x test',
      'just --command x',
      'just --set a b test',
      'just a=b test',
      'just --fmt',
      'just --edit',
      'just --choose',
      'just ../test',
      'just --init',
    ],
  ),
  entry(
    'task',
    tool({
      flags: 'lasvnfpyo',
      long: list('list list-all json silent verbose dry force parallel summary status color'),
      values: { sort: ['default', 'alphanumeric', 'none'], C: 'number', concurrency: 'number' },
      operands: task,
    }),
    ['task test', 'task --list', 'task -s lint:all', 'task --list-all'],
    [
      'task deploy',
      'task -t evil.yml test',
      'task --taskfile evil.yml test',
      'task -d .. test',
      'task test X=y',
      'task -w test',
      'task --init',
      'task -g test',
      'task test -- x',
    ],
  ),
  entry(
    'mise',
    {
      commands: {
        run: tool({ operands: { first: [task], least: 1 } }),
        r: tool({ operands: { first: [task], least: 1 } }),
        'tasks ls': tool({}),
        tasks: tool({}),
        ls: tool({ flags: 'clJ', long: ['current', 'installed', 'json'] }),
        current: tool({}),
        which: tool({ operands: /^[\w-]+$/ }),
      },
    },
    ['mise run test', 'mise ls', 'mise current', 'mise tasks', 'mise --version'],
    [
      'mise install',
      'mise use node@20',
      'mise exec -- x',
      'mise run deploy',
      'mise x -- y',
      'mise trust',
      'mise env',
      'mise set x=y',
      'mise -C .. run test',
    ],
  ),
  versions('asdf', 'current', 'list', 'which', 'plugin list'),
  versions('nvm', 'current', 'ls', 'list'),
  versions('fnm volta', 'current', 'list', 'ls'),
  versions('rbenv pyenv nodenv goenv', 'version', 'versions', 'which'),
  {
    names: ['corepack'],
    read: version('looks', '--version', '-v'),
    match: ['corepack --version'],
    noMatch: ['corepack enable', 'corepack prepare', 'corepack pnpm install', 'corepack use pnpm'],
  },
  {
    names: ['direnv'],
    read: version('looks', 'status', 'version', '--version'),
    match: ['direnv status', 'direnv version'],
    noMatch: ['direnv allow', 'direnv exec . x', 'direnv export bash', 'direnv edit'],
  },
  // Their hooks change files as well as they check them.
  {
    names: ['pre-commit', 'lefthook', 'lint-staged', 'husky'],
    read: version('runs', '--version', 'version', 'validate-config', 'validate-manifest'),
    match: ['pre-commit --version', 'pre-commit validate-config'],
    noMatch: [
      'pre-commit run --all-files',
      'pre-commit install',
      'lefthook run pre-commit',
      'lint-staged',
      'husky',
      'pre-commit autoupdate',
    ],
  },
];
