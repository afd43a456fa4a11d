import type { Form } from '../form.ts';
import type { Program } from '../program.ts';
import { checkingScript, checkNames, configuration, entry, given, list, name, pythonTool } from './shared.ts';

/** What runs the tests of a project in environments, tells of its application, or checks one more thing of its code. */
const runs = { does: 'runs', parser: 'loose' } as const;
const environment = checkNames(
  'tests?|lint|unit|integration|e2e|coverage|cov|check|types?|typing|typecheck|type|mypy|pyright|ruff|flake8|pylint|black|isort|docs?|build|ci|quality|style|security|bandit|' +
    'pre|py|pypy|py\\d+|pypy\\d+|\\d+',
  '.',
);
const tox: Form = {
  ...runs,
  flags: 'lavqrp',
  long: list(
    'listenvs listenvs-all verbose quiet recreate skip-pkg-install skip-env-install notest no-recreate-pkg parallel',
  ),
  values: {
    e: environment,
    f: /^[\w.-]+$/,
    parallel: /^(?:\d+|auto|all)$/,
    'skip-missing-interpreters': ['true', 'false', 'config'],
    c: configuration(/tox\.ini|pyproject\.toml|setup\.cfg/),
  },
  operands: /^(?:auto|all|\d+)$/,
  // The tests of an environment are those of pytest as a rule.
  after: { ...given, flags: 'vqxs', values: { ...given.values, k: 'text' } },
};
const check = (...long: string[]): Form =>
  pythonTool({ flags: 'vq', long: ['verbose', 'quiet', ...long], operands: 'read' });

/** Tasks of a project by their names. */
const tasks = (...listings: string[]): Form => ({
  ...runs,
  flags: 'lq',
  long: ['list', 'quiet'],
  exact: listings,
  operands: { rest: checkingScript },
});

export const pythonRunners: readonly Program[] = [
  entry(
    'poe invoke inv',
    tasks(),
    ['poe test', 'invoke test', 'inv --list', 'poe lint'],
    ['poe deploy', 'invoke -c evil test', 'inv -r .. test', 'poe -C .. test', 'invoke release', 'poe test --x'],
  ),
  entry(
    'pixi',
    {
      commands: {
        run: { ...runs, operands: { first: [checkingScript], least: 1 } },
        list: runs,
        info: runs,
        'task list': runs,
      },
    },
    ['pixi run test', 'pixi list', 'pixi --version'],
    [
      'pixi run ./x',
      'pixi run python x.py',
      'pixi install',
      'pixi add x',
      'pixi shell',
      'pixi run --manifest-path ../x test',
    ],
  ),
  entry(
    'pyre',
    { commands: { check: runs } },
    ['pyre check'],
    ['pyre', 'pyre infer', 'pyre --binary ./x check', 'pyre start', 'pyre init'],
  ),
  entry(
    'tox',
    { commands: { '': tox, run: tox, r: tox, list: tox, l: tox, 'run-parallel': tox, p: tox } },
    [
      'tox',
      'tox -e py312',
      'tox -e lint,mypy',
      'tox -l',
      'tox list',
      'tox run -e py311 -- tests/test_a.py',
      'tox --version',
    ],
    [
      'tox -c evil.ini',
      'tox -x testenv.commands=x',
      'tox --override x=y',
      'tox -e deploy',
      'tox -e release',
      'tox devenv x',
      'tox --workdir src',
      'tox exec -- x',
      'tox -e py312 -- -p evil',
      'tox config',
      'tox --root .. -e py312',
      'tox quickstart',
    ],
  ),
  entry(
    'nox',
    {
      ...runs,
      flags: 'lrRvx',
      long: list(
        'list list-sessions reuse-existing-virtualenvs no-install stop-on-first-error verbose nocolor no-venv',
      ),
      values: {
        s: environment,
        e: environment,
        session: environment,
        sessions: environment,
        p: /^[\d.]+$/,
        python: /^[\d.]+$/,
        t: name,
        tags: name,
        k: 'text',
        keywords: 'text',
      },
      operands: environment,
      after: given,
    },
    ['nox', 'nox -l', 'nox -s tests', 'nox -s lint tests-3.12', 'nox -s tests -- tests/test_a.py'],
    [
      'nox -f evil.py',
      'nox --noxfile evil.py',
      'nox -s release',
      'nox --envdir src',
      'nox --report x',
      'nox -s tests -- -p evil',
      'nox --extra-python ./x',
      'nox --force-python ./x -s tests',
    ],
  ),
  {
    names: ['manage.py', './manage.py'],
    // It is started as a program: what it does is said where Python is given it.
    runs: (words) => ({
      words: [{ text: 'python', glob: false }, { text: 'manage.py', glob: false }, ...words],
      does: 'runs',
    }),
    match: ['./manage.py test', './manage.py check'],
    noMatch: ['./manage.py', './manage.py migrate', './manage.py shell', './manage.py runserver'],
  },
  entry(
    'flask',
    {
      before: { ...runs, values: { app: /^[A-Za-z_][\w.:]*$/ } },
      commands: {
        routes: { ...runs, long: ['all-methods'], values: { s: name, sort: name } },
        'db history': runs,
        'db current': runs,
        'db heads': runs,
        'db check': runs,
      },
    },
    ['flask routes', 'flask --app shop routes --sort rule', 'flask db current'],
    [
      'flask run',
      'flask shell',
      'flask --app ./evil.py routes',
      'flask --env-file .env routes',
      'flask db upgrade',
      'flask -A ../x routes',
    ],
  ),
  entry(
    'alembic',
    {
      before: {
        ...runs,
        values: { c: configuration(/alembic\.ini/), config: configuration(/alembic\.ini/), n: name, name },
      },
      commands: Object.fromEntries(
        list('history current heads branches check').map((each) => [
          each,
          {
            ...runs,
            flags: 'vi',
            long: ['verbose', 'indicate-current', 'resolve-dependencies'],
            values: { r: /^[\w:+-]+$/, 'rev-range': /^[\w:+-]+$/ },
          } satisfies Form,
        ]),
      ),
    },
    [
      'alembic history',
      'alembic current',
      'alembic heads',
      'alembic -c alembic.ini history -r base:head',
      'alembic check',
    ],
    [
      'alembic upgrade head',
      'alembic downgrade -1',
      'alembic revision -m x',
      'alembic -c evil.ini history',
      'alembic -x a=b current',
      'alembic stamp head',
      'alembic init x',
      'alembic edit x',
    ],
  ),
  entry('pyflakes', pythonTool({ operands: 'read' }), ['pyflakes src'], ['pyflakes ../other']),
  entry(
    'pycodestyle pydocstyle pydoclint',
    pythonTool({
      flags: 'qv',
      long: list('statistics count show-source explain quiet verbose'),
      values: {
        'max-line-length': 'number',
        select: name,
        ignore: name,
        convention: name,
        exclude: 'text',
        match: 'text',
      },
      operands: 'read',
    }),
    ['pycodestyle --max-line-length=100 src', 'pydocstyle app --convention google'],
    ['pycodestyle --config evil src', 'pydocstyle --config=evil src', 'pycodestyle ../other'],
  ),
  entry(
    'vulture',
    pythonTool({
      flags: 'v',
      long: ['sort-by-size', 'verbose'],
      values: { 'min-confidence': 'number', exclude: 'text', 'ignore-names': 'text', 'ignore-decorators': 'text' },
      operands: 'read',
    }),
    ['vulture app', 'vulture app --min-confidence 80'],
    ['vulture --config evil app', 'vulture ../other'],
  ),
  entry(
    'interrogate deptry xenon',
    pythonTool({
      flags: 'v',
      long: ['verbose', 'quiet'],
      values: {
        'fail-under': 'number',
        'max-absolute': name,
        'max-modules': name,
        'max-average': name,
        ignore: name,
        'extend-exclude': 'text',
      },
      operands: 'read',
    }),
    ['interrogate -v src', 'deptry .', 'xenon --max-absolute B src'],
    [
      'interrogate -o x src',
      'interrogate --generate-badge x src',
      'deptry -o x .',
      'deptry --config evil .',
      'xenon -u https://example.org src',
    ],
  ),
  entry(
    'radon',
    {
      commands: Object.fromEntries(
        ['cc', 'mi', 'raw', 'hal'].map((each) => [
          each,
          pythonTool({
            flags: 'asj',
            long: ['average', 'total-average', 'show-complexity', 'json'],
            values: { n: name, x: name, min: name, max: name, e: 'text', i: 'text' },
            operands: 'read',
          }),
        ]),
      ),
    },
    ['radon cc src -a', 'radon mi src'],
    ['radon cc -O x src', 'radon cc --output-file x src', 'radon cc ../other'],
  ),
  entry(
    'lint-imports check-manifest',
    check('no-cache', 'show-timings'),
    ['lint-imports', 'check-manifest'],
    ['lint-imports --config evil', 'check-manifest -u', 'check-manifest -c', 'check-manifest --update'],
  ),
  entry(
    'autopep8 yapf',
    pythonTool({
      flags: 'dr',
      long: ['diff', 'recursive', 'aggressive'],
      values: { 'max-line-length': 'number' },
      needs: ['diff', 'd'],
      operands: 'read',
    }),
    ['autopep8 --diff src/cart.py', 'yapf -d -r src'],
    [
      'autopep8 -i src/cart.py',
      'yapf -i src',
      'autopep8 --diff --in-place src/cart.py',
      'yapf -d --style=evil src',
      'yapf -di src',
    ],
  ),
  entry(
    'docformatter',
    pythonTool({ flags: 'cr', long: ['check', 'diff', 'recursive'], needs: ['check', 'c'], operands: 'read' }),
    ['docformatter --check -r src'],
    ['docformatter -i src', 'docformatter --check --in-place src', 'docformatter --check --config evil src'],
  ),
  entry(
    'ty pyrefly',
    {
      commands: {
        check: pythonTool({
          long: ['exit-zero', 'error-on-warning', 'quiet', 'verbose'],
          values: { 'output-format': ['full', 'concise', 'gitlab', 'github', 'json', 'min-text', 'full-text'] },
          operands: 'read',
        }),
      },
    },
    ['ty check', 'pyrefly check src'],
    [
      'ty server',
      'ty check --config-file evil',
      'ty check --python ./x',
      'pyrefly init',
      'pyrefly check --config evil',
      'pyrefly suppress',
    ],
  ),
  entry(
    'twine',
    { commands: { check: pythonTool({ long: ['strict'], operands: { rest: 'read', least: 1 } }) } },
    ['twine check dist/x.whl'],
    ['twine upload dist/x.whl', 'twine register x', 'twine check ../x'],
  ),
  entry(
    'mkdocs',
    {
      commands: {
        build: pythonTool({
          flags: 'qvs',
          long: ['strict', 'quiet', 'verbose', 'no-directory-urls'],
          values: { d: 'product', 'site-dir': 'product' },
        }),
      },
    },
    ['mkdocs build --strict'],
    ['mkdocs serve', 'mkdocs gh-deploy', 'mkdocs build -d src', 'mkdocs build -f evil.yml', 'mkdocs new x'],
  ),
  entry(
    'sphinx-build',
    pythonTool({
      flags: 'WnqEavTN',
      long: ['keep-going', 'nitpicky'],
      values: { b: list('html dirhtml doctest dummy text xml man json'), j: /^(?:\d+|auto)$/ },
      operands: { first: ['read', 'product'], least: 2 },
    }),
    ['sphinx-build -W -b html docs docs/_build/html', 'sphinx-build docs build'],
    [
      'sphinx-build -c evil docs build',
      'sphinx-build docs src',
      'sphinx-build -D extensions=../x docs build',
      'sphinx-build -D extensions=evil docs build',
      'sphinx-build -w x docs build',
      'sphinx-build -d src docs build',
    ],
  ),
  entry(
    'nose2 behave',
    pythonTool({
      flags: 'vBFq',
      long: ['verbose', 'quiet', 'stop', 'no-capture', 'dry-run', 'fail-fast', 'no-color'],
      values: { t: 'text', tags: 'text', n: 'text', name: 'text', s: 'read' },
      operands: 'test',
    }),
    ['nose2 -v', 'behave features/cart.feature'],
    [
      'nose2 --config evil',
      'nose2 --plugin evil',
      'behave -o x',
      'behave -D a=b',
      'behave -r evil',
      'behave -f evil:X',
      'nose2 ../other',
    ],
  ),
  entry(
    'trial',
    pythonTool({ flags: 've', operands: /^[A-Za-z_][\w.]*$/ }),
    ['trial shop.tests'],
    ['trial --reporter=evil x', 'trial --logfile x y', 'trial ./x.py'],
  ),
  entry(
    'stestr',
    {
      commands: {
        run: pythonTool({ operands: /^[A-Za-z_][\w.]*$/ }),
        list: pythonTool({}),
        last: pythonTool({}),
        failing: pythonTool({ long: ['list'] }),
      },
    },
    ['stestr run', 'stestr last'],
    ['stestr init', 'stestr --config evil run', 'stestr load x', 'stestr run --load-list x'],
  ),
];
