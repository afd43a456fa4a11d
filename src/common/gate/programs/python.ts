import type { Form, Given } from '../form.ts';
import { type Commands, type Program, readForms } from '../program.ts';
import { pythonChecks } from './pythonChecks.ts';
import { pythonTests } from './pythonTests.ts';
import { innerProgram, packageName, version } from './shared.ts';

const runs = { does: 'runs', parser: 'argparse' } as const;

/** What pip looks at is told by an interpreter, and that may be the one of an environment that lies in the repository. */
const pipForms: Commands = {
  commands: {
    list: {
      ...runs,
      flags: 'lv',
      long: ['local', 'user', 'not-required', 'editable', 'exclude-editable', 'disable-pip-version-check'],
      values: { format: ['columns', 'freeze', 'json'], exclude: packageName },
    },
    show: { ...runs, flags: 'fv', long: ['files', 'verbose', 'disable-pip-version-check'], operands: packageName },
    freeze: {
      ...runs,
      flags: 'l',
      long: ['local', 'all', 'user', 'exclude-editable'],
      values: { exclude: packageName },
    },
    check: runs,
  },
};

const unittest: Form = {
  ...runs,
  flags: 'vqfbch',
  long: ['verbose', 'quiet', 'failfast', 'buffer', 'catch', 'locals', 'help'],
  values: { k: 'text', durations: 'number' },
};

/** Modules of Python itself that test or check. As programs of their own they have no name. */
const modules: Readonly<Record<string, Form | Commands>> = {
  unittest: {
    commands: {
      '': { ...unittest, operands: 'test' },
      discover: {
        ...unittest,
        values: {
          ...unittest.values,
          s: 'read',
          t: 'read',
          p: 'text',
          'start-directory': 'read',
          'top-level-directory': 'read',
          pattern: 'text',
        },
        operands: { first: ['read', 'text', 'read'] },
      },
    },
  },
  doctest: { ...runs, flags: 'vf', long: ['verbose', 'fail-fast'], operands: { rest: 'read', least: 1 } },
  compileall: { ...runs, flags: 'fql', values: { r: 'number', j: 'number' }, operands: 'read' },
  py_compile: { ...runs, flags: 'q', long: ['quiet'], operands: { rest: 'read', least: 1 } },
  // A second file would be written.
  'json.tool': {
    ...runs,
    long: ['sort-keys', 'no-ensure-ascii', 'json-lines', 'tab', 'compact', 'no-indent'],
    values: { indent: 'number' },
    operands: { first: ['read'] },
  },
};

const tools = new Set(['pip', ...[...pythonTests, ...pythonChecks].flatMap(({ names }) => names)]);

/** The module behind `-m` and its words, if nothing but harmless flags stands before it. */
function moduleOf(words: readonly Given[]): { module: Given; rest: readonly Given[] } | undefined {
  const at = words.findIndex(({ text }) => !/^-[BEIOPbsu]+$/.test(text));
  const module = words[at + 1];
  return at === -1 || words[at]?.text !== '-m' || module === undefined || module.glob
    ? undefined
    : { module, rest: words.slice(at + 2) };
}

const pythonVersion = version('looks', '--version', '-V');

const interpreter: Program = {
  names: ['python', 'python3'],
  // Python looks for a module in the folder that it is called in first, so it may be the repository's.
  runs: (words) => {
    const found = moduleOf(words);
    return found !== undefined && tools.has(found.module.text)
      ? { words: [found.module, ...found.rest], does: 'runs' }
      : undefined;
  },
  read: (words) => {
    const found = moduleOf(words);
    const forms =
      found !== undefined && Object.hasOwn(modules, found.module.text) ? modules[found.module.text] : undefined;
    if (found === undefined || forms === undefined) return pythonVersion(words);
    return readForms(forms, found.rest);
  },
  match: [
    'python --version',
    'python -V',
    'python3 --version',
    'python3 -V',
    'python -m pytest -k "total and not slow"',
    'python3 -B -m pytest tests/test_cart.py::test_total',
    'python3 -m unittest discover -s tests',
    'python -m unittest tests.test_cart.TestCart -v',
    'python -m unittest',
    'python -m doctest -v src/cart.py',
    'python -m mypy src',
    'python -m ruff check .',
    'python -m black --check src',
    'python -m compileall -q src',
    'python -m py_compile src/cart.py',
    'python -m json.tool package.json',
    'python -m pip list',
    'python -m pip --version',
    '.venv/bin/python -m pytest',
  ],
  noMatch: [
    'python',
    'python x.py',
    'python --version x.py',
    "python -c 'x'",
    "python -Bc 'x'",
    'python -i',
    'python -m evil',
    'python -mpytest -p evil',
    'python -m http.server',
    'python -m venv x',
    'python -m pip install x',
    'python -m pytest -p evil',
    'python -m black src',
    'python -X importtime -m pytest',
    'python -W error::evil.X -m pytest',
    'python -m json.tool a.json b.json',
    'python -m compileall -d x src',
    'python -m compileall -i list.txt',
    'python -m unittest discover -s ../other',
    'python -m doctest -o x',
    'python -m timeit x',
  ],
};

const pip: Program = {
  names: ['pip', 'pip3'],
  read: version('runs', '--version', '-V'),
  forms: pipForms,
  match: ['pip list', 'pip list --format=json', 'pip show requests', 'pip freeze', 'pip3 --version', 'pip check'],
  noMatch: [
    'pip install x',
    'pip download x',
    'pip list --outdated',
    'pip list -o',
    'pip list --index-url https://example.org',
    'pip --python ./evil list',
    'pip list --path ../x',
    'pip freeze -r requirements.txt',
    'pip list --log out.txt',
    'pip config set x y',
    'pip uninstall x',
    'pip wheel .',
  ],
};

const uvRun: Form = {
  parser: 'loose',
  flags: 'q',
  long: ['no-sync', 'frozen', 'locked', 'offline', 'quiet', 'all-extras', 'all-groups', 'dev', 'no-dev', 'no-progress'],
  values: { extra: packageName, group: packageName },
};
const inner = new Set([...tools, 'python', 'python3']);
inner.delete('pip');

const runners: readonly Program[] = [
  {
    names: ['uv'],
    read: version('looks', '--version', '-V'),
    runs: ([command, ...words]) => (command?.text === 'run' ? innerProgram(words, uvRun, inner) : undefined),
    forms: {
      commands: {
        'pip list': { ...runs, flags: 'q', values: { format: ['columns', 'freeze', 'json'] } },
        'pip show': { ...runs, flags: 'qf', operands: packageName },
        'pip freeze': { ...runs, flags: 'q' },
        'pip check': { ...runs, flags: 'q' },
      },
    },
    match: [
      'uv --version',
      'uv run pytest -q tests/test_cart.py',
      'uv run ruff check',
      'uv run --frozen --extra dev python -m pytest',
      'uv run -- mypy src',
      'uv pip list',
    ],
    noMatch: [
      'uv run x.py',
      'uv run python x.py',
      'uv run --with evil pytest',
      'uv run --env-file .env pytest',
      'uv run --directory ../other pytest',
      'uv run -p ./evil pytest',
      'uv run --index-url https://example.org pytest',
      'uv run pip install x',
      'uv run pytest -p evil',
      'uv sync',
      'uv add x',
      'uv pip install x',
      'uv pip list --outdated',
      'uv publish',
    ],
  },
  {
    names: ['poetry'],
    read: version('runs', '--version', '-V'),
    runs: ([command, ...words]) => (command?.text === 'run' ? innerProgram(words, {}, inner) : undefined),
    forms: {
      commands: {
        show: {
          does: 'runs',
          parser: 'loose',
          flags: 'tTa',
          long: ['tree', 'top-level', 'all', 'no-truncate'],
          operands: packageName,
        },
        check: { does: 'runs', parser: 'loose', long: ['lock', 'strict'] },
      },
    },
    match: [
      'poetry run pytest',
      'poetry run python -m pytest -x',
      'poetry run mypy src',
      'poetry show --tree',
      'poetry check',
    ],
    noMatch: [
      'poetry run x',
      'poetry run python x.py',
      'poetry install',
      'poetry add x',
      'poetry publish',
      'poetry show --latest',
      'poetry show -o',
      'poetry -C ../other run pytest',
      'poetry config x y',
    ],
  },
];

export const python: readonly Program[] = [interpreter, pip, ...runners, ...pythonTests, ...pythonChecks];
