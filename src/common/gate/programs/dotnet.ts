import type { Form } from '../form.ts';
import type { Program } from '../program.ts';
import { version } from './shared.ts';

const level = ['q', 'quiet', 'm', 'minimal', 'n', 'normal', 'd', 'detailed', 'diag', 'diagnostic'];
const building: Form = {
  does: 'runs',
  long: ['no-restore', 'nologo', 'tl', 'no-incremental', 'no-dependencies'],
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

export const dotnet: readonly Program[] = [
  {
    names: ['dotnet'],
    // `global.json` says which `dotnet` it is. Behind `/` are switches of MSBuild, behind `@` a file with more of them.
    read: (words) =>
      words.some(({ text }) => /^[/@]/.test(text))
        ? { paths: [], does: 'asks' }
        : version('runs', '--version', '--list-sdks', '--list-runtimes', '--info')(words),
    forms: {
      commands: {
        build: building,
        test: {
          ...building,
          long: [...(building.long ?? []), 'no-build', 'list-tests'],
          values: {
            ...building.values,
            filter: /^[^-]/,
            logger: /^console(?:;verbosity=[a-z]+)?$/,
            l: /^console(?:;verbosity=[a-z]+)?$/,
          },
        },
        format: {
          ...building,
          long: ['verify-no-changes', 'no-restore'],
          values: { v: level, verbosity: level, severity: ['info', 'warn', 'error'] },
          needs: ['verify-no-changes'],
        },
      },
    },
    match: [
      'dotnet test',
      'dotnet test --no-restore --filter "FullyQualifiedName~Cart&Category!=Slow" -v minimal',
      'dotnet test tests/Shop.Tests --no-build --logger "console;verbosity=detailed"',
      'dotnet build -c Release --nologo',
      'dotnet build Shop.sln --no-restore -v q',
      'dotnet format --verify-no-changes',
      'dotnet --version',
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
      'dotnet test --results-directory out',
      'dotnet test --logger trx',
      'dotnet test --filter -p:X=y',
      'dotnet test --diag log.txt',
      'dotnet test --collect "XPlat Code Coverage"',
      'dotnet test -- RunConfiguration.EnvironmentVariables.X=y',
      'dotnet test ../other',
      'dotnet watch test',
      'dotnet msbuild /t:Deploy',
      'dotnet nuget push x.nupkg',
    ],
  },
];
