import { type Form, type Given, pathOf } from '../form.ts';
import { readPython } from '../inline/python.ts';
import { type Commands, type Program, readForms, type Reading } from '../program.ts';
import { pythonChecks } from './pythonChecks.ts';
import { pythonRunners } from './pythonRunners.ts';
import { pythonTests } from './pythonTests.ts';
import { checkingScript, given, innerProgram, list, name, packageName, readHelp, version } from './shared.ts';

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

const manageOptions: Form = {
  ...runs,
  flags: 'h',
  long: ['no-color', 'force-color', 'skip-checks', 'traceback'],
  values: { v: 'number', verbosity: 'number', settings: /^[A-Za-z_][\w.]*$/ },
};
/** What Django's own commands tell; the settings that it could print as well hold secrets. */
const manage: Commands = {
  before: { ...manageOptions, flags: '' },
  commands: {
    test: {
      ...manageOptions,
      long: [
        ...(manageOptions.long ?? []),
        ...list(
          'keepdb failfast noinput no-input parallel debug-sql reverse timing buffer shuffle enable-faulthandler',
        ),
      ],
      values: {
        ...manageOptions.values,
        k: 'text',
        tag: name,
        'exclude-tag': name,
        parallel: /^(?:\d+|auto)$/,
        p: 'text',
        pattern: 'text',
        shuffle: 'number',
      },
      operands: 'test',
    },
    check: {
      ...manageOptions,
      long: [...(manageOptions.long ?? []), 'deploy', 'list-tags'],
      values: {
        ...manageOptions.values,
        t: name,
        tag: name,
        'fail-level': ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'],
      },
      operands: name,
    },
    showmigrations: {
      ...manageOptions,
      flags: 'hlp',
      long: [...(manageOptions.long ?? []), 'list', 'plan'],
      operands: name,
    },
    makemigrations: {
      ...manageOptions,
      long: [...(manageOptions.long ?? []), 'check', 'dry-run'],
      needs: ['dry-run'],
      operands: name,
    },
    migrate: {
      ...manageOptions,
      long: [...(manageOptions.long ?? []), 'check', 'plan'],
      needs: ['plan', 'check'],
      operands: name,
    },
    sqlmigrate: { ...manageOptions, operands: name },
    show_urls: manageOptions,
    validate_templates: manageOptions,
    version: manageOptions,
    help: { ...manageOptions, operands: name },
  },
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
  pydoc: { ...runs, operands: { first: [/^[A-Za-z_][\w.]*$/], least: 1 } },
  inspect: { ...runs, operands: { first: [/^[A-Za-z_][\w.:]*$/], least: 1 } },
  tabnanny: { ...runs, flags: 'qv', operands: { rest: 'read', least: 1 } },
  tokenize: { ...runs, flags: 'e', operands: { first: ['read'], least: 1 } },
  ast: { ...runs, flags: 'a', operands: { first: ['read'], least: 1 } },
  dis: { ...runs, operands: { first: ['read'], least: 1 } },
  platform: runs,
  sysconfig: runs,
  site: runs,
  zipfile: { ...runs, values: { l: 'read', list: 'read', t: 'read', test: 'read' }, needs: ['l', 'list', 't', 'test'] },
  tarfile: { ...runs, values: { l: 'read', list: 'read', t: 'read', test: 'read' }, needs: ['l', 'list', 't', 'test'] },
  django: manage,
  py_compile: { ...runs, flags: 'q', long: ['quiet'], operands: { rest: 'read', least: 1 } },
  // A second file would be written.
  'json.tool': {
    ...runs,
    long: ['sort-keys', 'no-ensure-ascii', 'json-lines', 'tab', 'compact', 'no-indent'],
    values: { indent: 'number' },
    operands: { first: ['read'] },
  },
};

const tools = new Set([
  ...list('pip yamllint codespell sqlfluff ansible-lint checkov'),
  ...[...pythonTests, ...pythonChecks, ...pythonRunners].flatMap(({ names }) => names),
]);

const warning = /^(?:error|ignore|default|always|module|once|[deiaom])(?:::(?:[A-Z]\w*Warning)?)?$/;
const aspect =
  /^(?:dev|utf8|importtime|faulthandler|tracemalloc(?:=\d+)?|no_debug_ranges|showrefcount|frozen_modules=o(?:n|ff)|warn_default_encoding)$/;

/** An option of the interpreter with which it runs the same module in the same way. */
function isFlag(text: string, next: string): boolean {
  const [, kind, value] = /^-([WX])(.*)$/.exec(text) ?? [];
  if (kind === undefined) return /^-[BEIOPbsuq]+$/.test(text);
  return (kind === 'W' ? warning : aspect).test(value === '' ? next : (value ?? ''));
}

/** What stands behind `-m` or `-c`, and the words behind that, if nothing but harmless flags stands before it. */
function behind(option: '-m' | '-c', words: readonly Given[]): { value: Given; rest: readonly Given[] } | undefined {
  let at = 0;
  while (isFlag(words[at]?.text ?? '', words[at + 1]?.text ?? '')) at += /^-[WX]$/.test(words[at]?.text ?? '') ? 2 : 1;
  const value = words[at + 1];
  return words[at]?.text !== option || value === undefined || value.glob
    ? undefined
    : { value, rest: words.slice(at + 2) };
}

/** A program that stands in the line. */
function readText(words: readonly Given[]): Reading | undefined {
  const { value: text, rest = [] } = behind('-c', words) ?? {};
  const paths = text === undefined ? undefined : readPython(text.text);
  return paths === undefined || rest.some(({ glob }) => glob) ? undefined : { paths, does: 'runs' };
}

const pythonVersion = version('looks', '--version', '-V');

/** Of a package: what its program says it is. */
const ofPackage = /^--(?:name|version|fullname|author|description|classifiers)$/;

function readPackage([script, ...words]: readonly Given[]): Reading | undefined {
  const [only, ...others] = words;
  const asked = others.length === 0 && ofPackage.test(only?.text ?? '');
  return script !== undefined && /^(?:\.\/)?setup\.py$/.test(script.text) && asked
    ? { paths: [pathOf(script)], does: 'runs' }
    : undefined;
}

const interpreter: Program = {
  names: ['python', 'python3', ...Array.from({ length: 8 }, (_, at) => `python3.${at + 7}`)],
  // Python looks for a module in the folder that it is called in first, so it may be the repository's.
  runs: (words) => {
    const found = behind('-m', words);
    return found !== undefined && tools.has(found.value.text)
      ? { words: [found.value, ...found.rest], does: 'runs' }
      : undefined;
  },
  read: (words) => {
    const [script, ...others] = words;
    if (script !== undefined && !script.glob && /^(?:\.\/)?manage\.py$/.test(script.text))
      return readForms(manage, others);
    const found = behind('-m', words);
    const forms =
      found !== undefined && Object.hasOwn(modules, found.value.text) ? modules[found.value.text] : undefined;
    if (found === undefined || forms === undefined) {
      return pythonVersion(words) ?? readText(words) ?? readPackage(words) ?? readHelp(words, /\.py$/);
    }
    return readForms(forms, found.rest);
  },
  match: [
    'python --version',
    'python -V',
    'python3 --version',
    'python3 -V',
    'python scripts/migrate.py --help',
    'python setup.py --version',
    "python -c 'import cart.total; print(cart.total.__file__)'",
    "python3 -c \"import json; print(json.load(open('package.json'))['scripts'])\"",
    "cat a.json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'",
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
    'python3.12 -W error -m pytest',
    'python -X dev -W ignore::DeprecationWarning -m unittest',
    'python -m pyflakes backend',
    'python -m tox -e py312',
    'python manage.py test app.tests -v 2',
    'python manage.py check',
    'python manage.py showmigrations',
    'python manage.py makemigrations --check --dry-run',
    'python -m tabnanny src',
    'python -m zipfile -l dist/x.whl',
    'python -m ast src/cart.py',
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
    'python -X pycache_prefix=x -m pytest',
    'python -W -m evil',
    "python -X dev -c 'x'",
    'python -m pydoc -w x',
    'python -m pydoc -p 0',
    'python manage.py migrate',
    'python manage.py shell',
    'python manage.py makemigrations',
    'python manage.py makemigrations --check',
    'python manage.py flush',
    'python manage.py diffsettings',
    'python manage.py test --testrunner evil',
    'python manage.py test --settings=evil/../x',
    'python x/manage.py2 test',
    'python -m zipfile -e x.zip .',
    'python -m site --user-base x',
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
  long: [
    'no-sync',
    'frozen',
    'locked',
    'offline',
    'quiet',
    'all-extras',
    'all-groups',
    'isolated',
    'dev',
    'no-dev',
    'no-progress',
  ],
  values: { extra: packageName, group: packageName, package: packageName, p: /^3\.\d+$/, python: /^3\.\d+$/ },
};
const inner = new Set([...tools, 'python', 'python3', 'manage.py', 'node', 'npm']);
inner.delete('pip');

const projectTool: Form = {
  does: 'runs',
  parser: 'loose',
  flags: 'vq',
  long: ['quiet', 'verbose', 'json', 'graph', 'tree', 'no-color'],
};
const listings: Readonly<Record<string, readonly string[]>> = {
  pipenv: ['graph', 'verify', 'scripts'],
  pdm: ['list', 'info', 'show'],
  rye: ['list', 'show', 'version'],
  hatch: ['status', 'version', 'env show', 'dep show table'],
};
/** Also of an environment: `hatch run test:cov`. */
const projectScript = checkingScript;

const runners: readonly Program[] = [
  {
    names: ['uv'],
    read: version('looks', '--version', '-V'),
    runs: ([command, second, ...words]) => {
      if (command?.text === 'tool' && second?.text === 'run') return innerProgram(words, {}, tools);
      return command?.text === 'run' && second !== undefined
        ? innerProgram([second, ...words], uvRun, inner)
        : undefined;
    },
    forms: {
      commands: {
        'pip list': { ...runs, flags: 'q', values: { format: ['columns', 'freeze', 'json'] } },
        'pip show': { ...runs, flags: 'qf', operands: packageName },
        'pip freeze': { ...runs, flags: 'q' },
        'pip check': { ...runs, flags: 'q' },
        'pip tree': { ...runs, flags: 'q' },
        tree: {
          ...runs,
          flags: 'q',
          long: list('frozen locked offline universal all-groups no-dev no-dedupe invert'),
          values: { depth: 'number', d: 'number', package: packageName, invert: packageName },
        },
        'python list': { ...runs, flags: 'q', long: list('only-installed all-versions offline') },
        'python find': { ...runs, operands: /^[\d.]+$/ },
        'tool list': runs,
        lock: { ...runs, long: ['check', 'locked', 'offline'], needs: ['check', 'locked'] },
        export: {
          ...runs,
          long: list('frozen locked offline no-hashes no-dev all-groups all-extras'),
          values: { format: ['requirements-txt', 'requirements.txt'] },
        },
        version: { ...runs, long: ['short'] },
      },
    },
    match: [
      'uv --version',
      'uv run pytest -q tests/test_cart.py',
      'uv run ruff check',
      'uv run --frozen --extra dev python -m pytest',
      'uv run -- mypy src',
      'uv pip list',
      'uv tree --depth 1',
      'uv python list --only-installed',
      'uv run manage.py check',
      'uv tool run ruff check',
      'uv lock --check',
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
      'uv lock',
      'uv export -o x',
      'uv version --bump minor',
      'uv tool run evil',
      'uv tool run --from evil ruff check',
      'uv tool install x',
      'uv python install 3.12',
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
        'env info': { does: 'runs', parser: 'loose', flags: 'pe', long: ['path', 'executable'] },
        'env list': { does: 'runs', parser: 'loose', long: ['full-path'] },
        version: { does: 'runs', parser: 'loose', flags: 's', long: ['short'] },
        lock: { does: 'runs', parser: 'loose', long: ['check'], needs: ['check'] },
      },
    },
    match: [
      'poetry run pytest',
      'poetry run python -m pytest -x',
      'poetry run mypy src',
      'poetry show --tree',
      'poetry check',
      'poetry env info',
      'poetry version -s',
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
      'poetry version 2.0.0',
      'poetry env use 3.12',
    ],
  },
  {
    names: ['uvx'],
    runs: (words) => innerProgram(words, {}, tools),
    match: ['uvx ruff check', 'uvx mypy src'],
    noMatch: [
      'uvx',
      'uvx evil',
      'uvx --from evil ruff check',
      'uvx ruff check --fix',
      'uvx --with evil ruff',
      'uvx ruff@latest check',
    ],
  },
  ...['pipenv', 'pdm', 'rye', 'hatch'].map((each): Program => ({
    names: [each],
    read: version('runs', '--version', '-V'),
    runs: ([command, ...words]) => (command?.text === 'run' ? innerProgram(words, { flags: 'q' }, inner) : undefined),
    forms: {
      commands: {
        run: { ...projectTool, operands: { first: [projectScript], rest: 'test', least: 1 }, after: given },
        ...Object.fromEntries((listings[each] ?? []).map((listing) => [listing, projectTool])),
        ...(each === 'hatch' || each === 'rye'
          ? {
              test: {
                ...projectTool,
                flags: 'acpvq',
                long: ['all', 'cover', 'parallel', 'randomize'],
                operands: 'test',
                after: given,
              },
            }
          : {}),
        ...(each === 'hatch' || each === 'rye'
          ? { fmt: { ...projectTool, long: ['check', 'linter', 'formatter'], needs: ['check'], operands: 'read' } }
          : {}),
        ...(each === 'rye' ? { lint: { ...projectTool, operands: 'read' } } : {}),
      },
    },
    match: [`${each} run pytest -q`, `${each} run python -m pytest`, `${each} run test`, `${each} --version`],
    noMatch: [
      each,
      `${each} run ./x`,
      `${each} run python x.py`,
      `${each} run deploy`,
      `${each} install x`,
      `${each} publish`,
      `${each} shell`,
      `${each} run pytest -p evil`,
      `${each} fmt`,
      `${each} -p ../other run test`,
    ],
  })),
  {
    names: ['conda', 'mamba', 'micromamba'],
    read: version('looks', '--version', '-V'),
    runs: ([command, option, folder, ...words]) => {
      const named = /^(?:-n|--name)$/.test(option?.text ?? '') && name.test(folder?.text ?? '');
      if (command?.text !== 'run' || !named) return undefined;
      return innerProgram(words, { long: ['no-capture-output', 'live-stream'] }, inner);
    },
    forms: {
      commands: {
        list: { ...runs, long: ['json', 'export', 'explicit'], values: { n: name, name }, operands: packageName },
        'env list': { ...runs, long: ['json'] },
        info: { ...runs, flags: 'e', long: ['envs', 'json'] },
      },
    },
    match: ['conda list', 'conda env list', 'conda run -n dev pytest', 'conda info --envs', 'conda --version'],
    noMatch: [
      'conda install x',
      'conda create -n x',
      'conda run -n dev ./x',
      'conda run -p ../x pytest',
      'conda env remove -n x',
      'conda config --show',
      'conda run -n dev python x.py',
      'conda search x',
      'conda clean -a',
    ],
  },
];

export const python: readonly Program[] = [
  interpreter,
  pip,
  ...runners,
  ...pythonTests,
  ...pythonChecks,
  ...pythonRunners,
];
