import type { Form, Given } from '../form.ts';
import { type Commands, type Program, readForms } from '../program.ts';
import { version } from './shared.ts';

const level = ['q', 'quiet', 'm', 'minimal', 'n', 'normal', 'd', 'detailed', 'diag', 'diagnostic'];
const building: Form = {
  does: 'runs',
  long: ['no-restore', 'nologo', 'tl', 'no-incremental', 'no-dependencies', 'no-logo', 'warnaserror'],
  exact: [
    '-warnaserror',
    '-nologo',
    '-p:Configuration=Release',
    '-p:Configuration=Debug',
    '-p:TreatWarningsAsErrors=true',
    '-clp:ErrorsOnly',
    '-clp:NoSummary',
    '-m',
    '-m:1',
    '-t:Rebuild',
    '-t:Build',
  ],
  values: {
    v: level,
    verbosity: level,
    c: ['Debug', 'Release'],
    configuration: ['Debug', 'Release'],
    f: /^net[\w.-]+$/,
    framework: /^net[\w.-]+$/,
    tl: ['on', 'off', 'auto'],
  },
  operands: 'read',
  after: {},
};

const logger = /^(?:console(?:;verbosity=[a-z]+)?|trx(?:;LogFileName=[\w-]+\.trx)?|GitHubActions)$/;
/** What a server is asked for besides is another option. */
const listing: Form = {
  does: 'runs',
  long: ['include-transitive', 'no-restore'],
  values: { format: ['console', 'json'], framework: /^net[\w.-]+$/ },
  operands: 'read',
};

const forms: Commands = {
  commands: {
    build: building,
    test: {
      ...building,
      long: [...(building.long ?? []), 'no-build', 'list-tests', 'blame', 'blame-hang'],
      values: {
        ...building.values,
        filter: /^[^-]/,
        logger,
        l: logger,
        // Of what is installed with the tests: the one that comes with the test platform.
        collect: ['XPlat Code Coverage', 'Code Coverage'],
        'results-directory': 'product',
      },
    },
    'list package': listing,
    'list reference': listing,
    'sln list': listing,
    'tool list': { does: 'runs', flags: 'g', long: ['global', 'local'] },
    'nuget list source': { does: 'runs' },
    'msbuild -version': { does: 'runs' },
    'ef migrations list': {
      does: 'runs',
      long: ['no-build', 'no-connect', 'json'],
      values: { project: 'read', p: 'read', s: 'read', 'startup-project': 'read' },
    },
    'ef dbcontext list': { does: 'runs', long: ['no-build', 'json'], values: { project: 'read', p: 'read' } },
    'workload list': { does: 'runs' },
    'new list': { does: 'runs' },
    format: {
      ...building,
      long: ['verify-no-changes', 'no-restore'],
      values: { v: level, verbosity: level, severity: ['info', 'warn', 'error'], include: 'read', exclude: 'text' },
      needs: ['verify-no-changes'],
    },
  },
};
const dotnetVersion = version('runs', '--version', '--list-sdks', '--list-runtimes', '--info');

/** The project stands between the words of these commands: `dotnet list PROJECT package`. Its colon is another sign for `=`. */
function ordered(words: readonly Given[]): Given[] {
  const [first, second, third, ...rest] = words.map((word) => ({
    ...word,
    text: word.text.replace(/^--(collect|logger):/, '--$1='),
  }));
  const known = first?.text === 'list' || first?.text === 'sln';
  if (first === undefined || second === undefined || third === undefined)
    return [first, second].filter((word) => word !== undefined);
  return known &&
    /^(?:package|reference|list)$/.test(third.text) &&
    !second.text.startsWith('-') &&
    !/^(?:package|reference|list|add|remove)$/.test(second.text)
    ? [first, third, second, ...rest]
    : [first, second, third, ...rest];
}

function isOrdered(words: readonly Given[]): boolean {
  return ordered(words).every(({ text }, at) => text === words[at]?.text);
}

export const dotnet: readonly Program[] = [
  {
    names: ['dotnet'],
    // `global.json` says which `dotnet` it is. Behind `/` are switches of MSBuild, behind `@` a file with more of them.
    read: (words) =>
      words.some(({ text }) => /^[/@]/.test(text))
        ? { paths: [], does: 'asks' }
        : (dotnetVersion(words) ?? (isOrdered(words) ? undefined : readForms(forms, ordered(words)))),
    forms,
    match: [
      'dotnet test',
      'dotnet test --no-restore --filter "FullyQualifiedName~Cart&Category!=Slow" -v minimal',
      'dotnet test tests/Shop.Tests --no-build --logger "console;verbosity=detailed"',
      'dotnet build -c Release --nologo',
      'dotnet build Shop.sln --no-restore -v q',
      'dotnet format --verify-no-changes',
      'dotnet --version',
      'dotnet list package',
      'dotnet list App/App.csproj reference',
      'dotnet sln Shop.sln list',
      'dotnet tool list -g',
      'dotnet test --logger trx',
      'dotnet test --collect:"XPlat Code Coverage"',
      'dotnet build -p:Configuration=Release -warnaserror',
      'dotnet format --verify-no-changes --include src',
      'dotnet --list-sdks',
    ],
    noMatch: [
      'dotnet',
      'dotnet run',
      'dotnet publish',
      'dotnet x.dll',
      'dotnet exec x.dll',
      'dotnet tool install x',
      'dotnet add package x',
      'dotnet restore',
      'dotnet format',
      'dotnet build -p:PreBuildEvent=./x',
      'dotnet build /p:PreBuildEvent=./x',
      'dotnet build -property:CscToolPath=x',
      'dotnet build @other.rsp',
      'dotnet build -logger:x.dll',
      'dotnet build -o out',
      'dotnet test --test-adapter-path x',
      'dotnet test --settings x.runsettings',
      'dotnet test --results-directory src',
      'dotnet test --logger "trx;LogFileName=../x.trx"',
      'dotnet test --logger Evil',
      'dotnet test --collect Evil',
      'dotnet list package --outdated',
      'dotnet list package --vulnerable',
      'dotnet list package --source https://example.org',
      'dotnet sln add x.csproj',
      'dotnet ef database update',
      'dotnet ef migrations add x',
      'dotnet build -t:Deploy',
      'dotnet test --filter -p:X=y',
      'dotnet test --diag log.txt',
      'dotnet test -- RunConfiguration.EnvironmentVariables.X=y',
      'dotnet test ../other',
      'dotnet watch test',
      'dotnet msbuild /t:Deploy',
      'dotnet nuget push x.nupkg',
    ],
  },
];
