import type { Domain } from '../domains/domains.ts';
import type { LanguageName } from '../code/language.ts';
import { camel, capital, kebab, listed, screaming, snake } from '../english.ts';
import type { Random } from '../random.ts';
import type { FreshWords } from '../words.ts';
import type { FileFact, SettingFact, TestFacts } from './workspace.ts';

/** A file around the sources, with what is true of it. */
export interface ProjectFile {
  path: string;
  text: string;
  kind: FileFact['kind'];
  settings?: Omit<SettingFact, 'file'>[];
}

export interface ProjectNeeds {
  name: string;
  title: string;
  domain: Domain;
  language: LanguageName;
  random: Random;
  fresh: FreshWords;
  runner: TestFacts['runner'] | undefined;
  commonjs: boolean;
  /** Paths of the sources, with what each is for where that is known. */
  sources: { path: string; purpose: string | undefined }[];
  entry: string | undefined;
}

/** README.md, or undefined where the workspace has none, with the sentences of its first paragraph. */
export function readme({ title, domain, random, language, sources, runner, entry, name }: ProjectNeeds): {
  text: string;
  sentences: string[];
} {
  const words: Record<LanguageName, string> = {
    typescript: 'TypeScript',
    javascript: 'JavaScript',
    python: 'Python',
    go: 'Go',
    rust: 'Rust',
    java: 'Java',
  };
  const records = domain.records.map(({ many }) => many);
  const first = random.pick([
    `${title} is a small ${words[language]} program for ${domain.about}.`,
    `A small ${words[language]} project: ${domain.about}.`,
    `${capital(domain.about)}, written in ${words[language]}.`,
    `This is ${title}, a toy project about ${domain.about}.`,
    `${title} does one thing: ${domain.about}.`,
    `Code for ${domain.about}.`,
  ]);
  const second = random.pick([
    `It knows ${listed(records)}.`,
    `It keeps track of ${listed(records)} and prints short reports.`,
    'It has no dependencies.',
    `Everything is kept in memory; nothing is written to disk.`,
    `It began as a weekend project and has been growing since ${random.int(2015, 2025)}.`,
    `The ${records[0] ?? 'data'} come from a file that ${random.pick(['Robin', 'the office', 'a script', 'the old system'])} sends once a ${random.pick(['day', 'week', 'month'])}.`,
  ]);
  const paragraph = random.chance(0.8) ? [first, second] : [first];
  const sections: string[] = [];
  if (random.chance(0.6)) sections.push(usage(language, runner, entry, random));
  if (random.chance(0.4) && sources.length > 0) {
    const rows = sources.filter(({ purpose }) => purpose !== undefined).slice(0, 4);
    if (rows.length > 0)
      sections.push(
        `## ${random.pick(['Files', 'Layout', 'What is where'])}\n\n${rows.map(({ path, purpose }) => `- \`${path}\`: ${purpose}`).join('\n')}`,
      );
  }
  if (random.chance(0.3))
    sections.push(
      random.pick([
        `## Contributing\n\nOpen an issue first, please.`,
        `## Licence\n\nMIT, see LICENSE.`,
        `## Status\n\nUsed every day by ${random.int(2, 40)} people.`,
        `## Thanks\n\nTo everybody who reported bugs in ${name}.`,
      ]),
    );
  return {
    text: `# ${title}\n\n${paragraph.join(random.chance(0.8) ? ' ' : '\n')}\n${sections.map((each) => `\n${each}\n`).join('')}`,
    sentences: paragraph,
  };
}

function usage(
  language: LanguageName,
  runner: TestFacts['runner'] | undefined,
  entry: string | undefined,
  random: Random,
): string {
  const commands: Record<LanguageName, string[]> = {
    typescript: ['npm install', 'npm start'],
    javascript: ['npm install', 'npm start'],
    python: [`python3 ${entry ?? '-m pytest'}`],
    go: ['go run .'],
    rust: ['cargo run'],
    java: ['mvn package'],
  };
  const test =
    runner === undefined ? [] : runner === 'go' ? ['go test ./...'] : runner === 'cargo' ? ['cargo test'] : [];
  return `## ${random.pick(['Usage', 'Getting started', 'How to run it', 'Setup'])}\n\n\`\`\`sh\n${[...commands[language], ...test].join('\n')}\n\`\`\``;
}

/** package.json, pyproject.toml, go.mod and so on, and files of settings. */
export function manifests(needs: ProjectNeeds): ProjectFile[] {
  const { name, random, language, runner, domain } = needs;
  const version = `${random.int(0, 4)}.${random.int(0, 20)}.${random.int(0, 9)}`;
  switch (language) {
    case 'typescript':
    case 'javascript':
      return [packageJson(needs, version), ...(language === 'typescript' ? [tsconfig(random)] : [])];
    case 'python':
      if (runner !== 'pytest') return [];
      return random.chance(0.7)
        ? [
            {
              path: 'pyproject.toml',
              kind: 'settings',
              text: `[project]\nname = "${kebab(name)}"\nversion = "${version}"\ndescription = "${capital(domain.about)}"\nrequires-python = ">=3.${random.int(9, 13)}"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n`,
              settings: [
                { key: 'version', value: version, line: `version = "${version}"` },
                { key: 'name', value: kebab(name), line: `name = "${kebab(name)}"` },
              ],
            },
          ]
        : [
            {
              path: 'requirements.txt',
              kind: 'settings',
              text: `pytest==${random.int(7, 9)}.${random.int(0, 4)}.0\n${random.sample(['requests>=2.31', 'click==8.1.7', 'rich', 'python-dateutil', 'pyyaml', 'flask==3.0.2'], 2).join('\n')}\n`,
            },
          ];
    case 'go':
      return [
        { path: 'go.mod', kind: 'settings', text: `module example.com/${kebab(name)}\n\ngo 1.${random.int(20, 25)}\n` },
      ];
    case 'rust': {
      const edition = random.pick(['2021', '2024']);
      return [
        {
          path: 'Cargo.toml',
          kind: 'settings',
          text: `[package]\nname = "${kebab(name)}"\nversion = "${version}"\nedition = "${edition}"\n\n[dependencies]\n`,
          settings: [
            { key: 'version', value: version, line: `version = "${version}"` },
            { key: 'edition', value: edition, line: `edition = "${edition}"` },
          ],
        },
      ];
    }
    case 'java':
      return [
        {
          path: 'pom.xml',
          kind: 'settings',
          text: `<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>com.example</groupId>\n  <artifactId>${kebab(name)}</artifactId>\n  <version>${version}</version>\n</project>\n`,
        },
      ];
    default:
      return language satisfies never;
  }
}

function packageJson(
  { name, random, runner, domain, commonjs, entry, language }: ProjectNeeds,
  version: string,
): ProjectFile {
  const test: Partial<Record<TestFacts['runner'], string>> = {
    node: random.pick(['node --test', 'node --test test/']),
    vitest: 'vitest run',
    jest: 'jest',
    mocha: 'mocha',
  };
  const start = entry === undefined ? undefined : language === 'typescript' ? `tsx ${entry}` : `node ${entry}`;
  const scripts: Record<string, string> = {
    ...(start === undefined || random.chance(0.2) ? {} : { start }),
    ...(runner === undefined ? {} : { test: test[runner] ?? 'node --test' }),
    ...(random.chance(0.5)
      ? { build: random.pick(['tsc -p .', 'esbuild src/index.ts --bundle', 'node scripts/build.mjs', 'vite build']) }
      : {}),
    ...(random.chance(0.5) ? { lint: random.pick(['eslint .', 'oxlint', 'biome check .', 'standard']) } : {}),
    ...(random.chance(0.25) ? { format: random.pick(['prettier --write .', 'biome format --write .']) } : {}),
    ...(random.chance(0.2) ? { dev: random.pick(['vite', 'node --watch src/main.js', 'tsx watch src/index.ts']) } : {}),
  };
  const licence = random.pick(['MIT', 'Apache-2.0', 'ISC', 'UNLICENSED', 'BSD-3-Clause', 'GPL-3.0']);
  const author = random.pick([
    'Robin Vale',
    'Mika Brandt',
    'Jo Okafor',
    'Sam Lindqvist',
    'A. Petrova',
    'Noor Haddad',
    'Kit Moreau',
  ]);
  const content: Record<string, unknown> = {
    name: kebab(name),
    version,
    ...(random.chance(0.6) ? { private: true } : {}),
    ...(random.chance(0.7) ? { description: `${capital(domain.about)}.` } : {}),
    ...(commonjs ? {} : { type: 'module' }),
    ...(random.chance(0.3) ? { main: entry ?? 'index.js' } : {}),
    ...(Object.keys(scripts).length > 0 ? { scripts } : {}),
    ...(random.chance(0.4) ? { author } : {}),
    ...(random.chance(0.6) ? { license: licence } : {}),
    ...(random.chance(0.3) ? { engines: { node: `>=${random.pick([18, 20, 22, 24])}` } } : {}),
    ...devDependencies(runner, language, random),
  };
  const keys = ['name', 'version', 'license', 'author', 'main', 'description'].filter((key) => key in content);
  return {
    path: 'package.json',
    kind: 'settings',
    text: `${JSON.stringify(content, null, 2)}\n`,
    settings: keys.map((key) => ({
      key,
      value: String(content[key]),
      line: `"${key}": ${JSON.stringify(content[key])}`,
    })),
  };
}

function devDependencies(runner: string | undefined, language: LanguageName, random: Random): Record<string, unknown> {
  const list: Record<string, string> = {
    ...(language === 'typescript' ? { typescript: `^5.${random.int(2, 9)}.${random.int(0, 4)}` } : {}),
    ...(runner === 'vitest' ? { vitest: `^${random.int(1, 4)}.${random.int(0, 6)}.0` } : {}),
    ...(runner === 'jest' ? { jest: `^${random.int(28, 30)}.${random.int(0, 7)}.0` } : {}),
    ...(runner === 'mocha' ? { mocha: `^${random.int(9, 11)}.${random.int(0, 7)}.0` } : {}),
  };
  return Object.keys(list).length === 0 ? {} : { devDependencies: list };
}

function tsconfig(random: Random): ProjectFile {
  const target = random.pick(['ES2020', 'ES2022', 'ESNext', 'ES2023']);
  const options = {
    target,
    module: random.pick(['NodeNext', 'ESNext', 'preserve']),
    strict: true,
    ...(random.chance(0.5) ? { noUncheckedIndexedAccess: true } : {}),
    ...(random.chance(0.5) ? { outDir: 'dist' } : {}),
  };
  return {
    path: 'tsconfig.json',
    kind: 'settings',
    text: `${JSON.stringify({ compilerOptions: options, include: ['src'] }, null, 2)}\n`,
    settings: [
      { key: 'target', value: target, line: `"target": "${target}"` },
      { key: 'module', value: options.module, line: `"module": "${options.module}"` },
    ],
  };
}

type Value = number | string | boolean;

/** A file with settings of the program: JSON, YAML, TOML or .env. */
export function settingsFile({ domain, random, name, fresh }: ProjectNeeds): ProjectFile {
  const general: [string, Value][] = [
    ['port', random.pick([3000, 8080, 5000, 9090, 4321, 7070, 8443])],
    ['host', random.pick(['localhost', '0.0.0.0', '127.0.0.1', `${kebab(name)}.local`])],
    ['log level', random.pick(['info', 'debug', 'warn', 'error'])],
    ['language', random.pick(['en', 'de', 'fr', 'pt', 'nl', 'sv'])],
    ['timeout', random.pick([5, 10, 15, 30, 60, 120])],
    ['retries', random.int(1, 9)],
    ['cache', random.chance(0.5)],
    ['theme', random.pick(['dark', 'light', 'sepia', 'contrast'])],
    ['currency', random.pick(['EUR', 'USD', 'CHF', 'GBP', 'SEK'])],
    ['page size', random.pick([10, 20, 25, 50, 100])],
    ['data file', `${random.pick(['data', 'var', 'store'])}/${snake(domain.records[0]?.many ?? 'data')}.json`],
    ['verbose', random.chance(0.5)],
    ['time zone', random.pick(['Europe/Berlin', 'UTC', 'America/Toronto', 'Asia/Tokyo'])],
    [fresh.next(), fresh.next()],
    [fresh.next(), random.int(1, 400)],
    [`${fresh.next()} ${fresh.next()}`, `${random.int(10, 12)}-${random.int(10, 28)}`],
  ];
  const own = domain.values.map((each): [string, Value] => [
    each.words,
    each.value.startsWith("'") ? each.value.slice(1, -1) : Number(each.value),
  ]);
  const entries = random.sample([...general, ...own], random.int(4, 8));
  const form = random.weighted({ json: 5, yaml: 3, toml: 2, env: 1 });
  const stem = random.pick(['config', 'settings', 'config/default', 'app', 'config/settings', 'options', kebab(name)]);
  const casing = form === 'env' ? screaming : random.pick([camel, snake, kebab]);
  const path =
    form === 'env'
      ? random.pick(['.env.example', '.env.sample'])
      : `${stem}.${form === 'yaml' ? random.pick(['yaml', 'yml']) : form}`;
  const rows = entries.map(([words, value]) => ({
    key: casing(words),
    value,
    line: settingLine(form, casing(words), value),
  }));
  const body =
    form === 'json'
      ? `{\n${rows.map(({ line }) => `  ${line}`).join(',\n')}\n}\n`
      : `${form === 'env' ? '' : `# ${random.pick(['Settings of', 'How to run', 'Defaults for'])} ${name}\n`}${form === 'toml' && random.chance(0.5) ? '[app]\n' : ''}${rows.map(({ line }) => line).join('\n')}\n`;
  return {
    path,
    kind: 'settings',
    text: body,
    settings: rows.map(({ key, value, line }) => ({ key, value: String(value), line })),
  };
}

function settingLine(form: 'json' | 'yaml' | 'toml' | 'env', key: string, value: Value): string {
  if (form === 'json') return `"${key}": ${JSON.stringify(value)}`;
  if (form === 'yaml') return `${key}: ${String(value)}`;
  if (form === 'toml') return `${key} = ${JSON.stringify(value)}`;
  return `${key}=${String(value)}`;
}

/** What lies about besides: notes, data, a Makefile. */
export function besides({ domain, random, fresh, name, runner, language, title }: ProjectNeeds): ProjectFile[] {
  const [record] = domain.records;
  const files: ProjectFile[] = [];
  const add = (chance: number, file: () => ProjectFile): void => {
    if (random.chance(chance)) files.push(file());
  };
  add(0.5, () => ({
    path: '.gitignore',
    kind: 'other',
    text: `${random.sample(['node_modules/', 'dist/', '*.log', '.env', '__pycache__/', 'target/', 'build/', '.DS_Store', 'coverage/', '*.tmp'], random.int(2, 5)).join('\n')}\n`,
  }));
  add(0.25, () => ({
    path: 'CHANGELOG.md',
    kind: 'document',
    text: `# Changelog\n\n## 1.${random.int(1, 9)}.0\n\n- ${random.pick(['Added', 'Reworked', 'Extended'])} the ${random.pick(['report', 'search', 'export', 'import', 'summary'])} of ${record?.many ?? 'records'}\n- ${random.pick(['Fixed a crash on empty input', 'Faster start', 'Better error messages', 'Removed an unused option'])}\n\n## 1.0.0\n\n- First release\n`,
  }));
  add(0.25, () => ({
    path: random.pick([
      'docs/guide.md',
      'docs/usage.md',
      'docs/notes.md',
      `docs/${kebab(record?.many ?? 'data')}.md`,
      `docs/${fresh.next()}.md`,
      `${fresh.next()}.txt`,
      'NOTES.md',
    ]),
    kind: 'document',
    text: `# ${random.pick(['Notes', 'Guide', 'How it works', 'Decisions'])}\n\n${random.pick([`How ${title} treats ${record?.many ?? 'data'}.`, `Written down so that nobody has to ask again.`, `For people who work on ${name}.`])}\n\n## ${capital(record?.many ?? 'data')}\n\n${capital(record?.fields[0]?.words ?? 'name')} and ${record?.fields[1]?.words ?? 'value'} are required, all else may be left out.\n\n## ${random.pick(['Questions', 'Open points', 'Plans'])}\n\n- ${random.pick(['Should empty lines be an error?', 'Who cleans up old files?', 'Is one currency enough?', 'Do we need a database?'])}\n`,
  }));
  add(0.25, () => dataFile(domain, random));
  add(runner === 'make' ? 1 : 0.12, () => {
    const test =
      runner === 'make' ? `test:\n\t${language === 'python' ? 'python3 -m pytest -q' : './run-tests.sh'}\n\n` : '';
    return {
      path: 'Makefile',
      kind: 'other',
      text: `.PHONY: ${runner === 'make' ? 'test ' : ''}clean\n\n${test}${random.chance(0.5) ? 'build:\n\t./build.sh\n\n' : ''}clean:\n\trm -rf build\n`,
    };
  });
  const script = language === 'javascript' || language === 'typescript';
  if (script && random.chance(0.2)) files.push(...webFiles(title, domain, random));
  if (script || language === 'python') {
    add(0.12, () => dockerfile(language, random));
    add(0.15, () => workflow(language, random));
  }
  add(0.12, () => ({
    path: 'LICENSE',
    kind: 'other',
    text: `MIT License\n\nCopyright (c) ${random.int(2016, 2026)} ${random.pick(['the authors', 'Robin Vale', 'Noor Haddad'])}\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\nof this software, to deal in it without restriction.\n`,
  }));
  return files;
}

/** What lies beside JavaScript for browsers and servers. */
function webFiles(title: string, domain: Domain, random: Random): ProjectFile[] {
  const many = domain.records[0]?.many ?? 'things';
  const folder = random.pick(['', 'public/', 'web/', 'static/']);
  const rules = random.sample(
    ['body', 'main', 'h1', `.${kebab(many)}`, '.row', '.empty', 'button', 'footer'],
    random.int(2, 4),
  );
  return [
    {
      path: `${folder}index.html`,
      kind: 'other',
      text: `<!doctype html>\n<html lang="en">\n  <head>\n    <meta charset="utf-8" />\n    <title>${title}</title>\n    <link rel="stylesheet" href="style.css" />\n  </head>\n  <body>\n    <h1>${capital(many)}</h1>\n    <p>${random.pick(domain.texts)}</p>\n  </body>\n</html>\n`,
    },
    {
      path: `${folder}style.css`,
      kind: 'other',
      text: rules
        .map(
          (rule) =>
            `${rule} {\n  ${random.pick(['margin: 0', 'color: #333', 'padding: 1rem', 'font-weight: bold', 'display: grid'])};\n}\n`,
        )
        .join('\n'),
    },
  ];
}

function dockerfile(language: LanguageName, random: Random): ProjectFile {
  const image =
    language === 'python' ? `python:3.${random.int(10, 13)}-slim` : `node:${random.pick([20, 22, 24])}-alpine`;
  const [install, start] =
    language === 'python'
      ? ['pip install -r requirements.txt', '["python3", "-m", "app"]']
      : ['npm ci', '["npm", "start"]'];
  return {
    path: 'Dockerfile',
    kind: 'other',
    text: `FROM ${image}\nWORKDIR /app\nCOPY . .\nRUN ${install}\nCMD ${start}\n`,
  };
}

function workflow(language: LanguageName, random: Random): ProjectFile {
  const step = language === 'python' ? 'python3 -m pytest' : 'npm test';
  const name = random.pick(['ci', 'test', 'checks', 'build']);
  return {
    path: `.github/workflows/${name}.yml`,
    kind: 'other',
    text: `name: ${name}\non: [push]\njobs:\n  ${name}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: ${step}\n`,
  };
}

function dataFile(domain: Domain, random: Random): ProjectFile {
  const record = random.pick(domain.records);
  const fields = record.fields.slice(0, 4);
  const value = (type: string): string =>
    type === 'int'
      ? String(random.int(1, 900))
      : type === 'num'
        ? (random.int(10, 900) / 10).toFixed(1)
        : type === 'bool'
          ? random.pick(['yes', 'no'])
          : random.pick(['Ada', 'north', 'Birch', 'K2', 'blue', 'Solveig', 'Otto', 'M-17', 'harbour', 'east']);
  const rows = Array.from({ length: random.int(3, 9) }, () => fields.map(({ type }) => value(type)));
  const stem = random.pick([
    `data/${snake(record.many)}`,
    snake(record.many),
    `fixtures/${snake(record.many)}`,
    'data/example',
  ]);
  if (random.chance(0.5))
    return {
      path: `${stem}.csv`,
      kind: 'data',
      text: `${[fields.map(({ words }) => snake(words)), ...rows].map((row) => row.join(',')).join('\n')}\n`,
    };
  const objects = rows
    .slice(0, 4)
    .map((row) => Object.fromEntries(fields.map(({ words }, index) => [camel(words), row[index]])));
  return { path: `${stem}.json`, kind: 'data', text: `${JSON.stringify(objects, null, 2)}\n` };
}
