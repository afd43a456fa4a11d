import { type LanguageName, type Manner, someManner } from '../code/language.ts';
import type { Domain } from '../domains/domains.ts';
import { reworded } from '../domains/reworded.ts';
import { capital, pascal } from '../english.ts';
import { Random } from '../random.ts';
import { languages, someLayout } from './manners.ts';
import { namesOf } from './names.ts';
import { type ModulePlan, planModules } from './plan.ts';
import { besides, manifests, type ProjectNeeds, readme, settingsFile } from './project.ts';
import { type Habits, writeModule, type Writing, type Written } from './sources.ts';
import { writeTests, type WrittenTests } from './tests.ts';
import { FreshWords } from '../words.ts';
import { todoComments } from './todos.ts';
import type { FileFact, TestFacts, Workspace } from './workspace.ts';
import { posix } from 'node:path';

const languageWeights: Record<LanguageName, number> = {
  typescript: 30,
  javascript: 30,
  python: 28,
  go: 5,
  rust: 4,
  java: 3,
};

const runners: Record<LanguageName, Partial<Record<TestFacts['runner'], number>>> = {
  typescript: { node: 3, vitest: 5, jest: 2 },
  javascript: { node: 6, vitest: 2, jest: 3, mocha: 1 },
  python: { pytest: 6, unittest: 4, make: 1 },
  go: { go: 1 },
  rust: { cargo: 1 },
  java: { maven: 1 },
};

const commands: Record<TestFacts['runner'], string> = {
  node: 'npm test',
  vitest: 'npm test',
  jest: 'npm test',
  mocha: 'npm test',
  pytest: 'python3 -m pytest',
  unittest: 'python3 -m unittest',
  go: 'go test ./...',
  cargo: 'cargo test',
  maven: 'mvn test',
  make: 'make test',
};

/** A made-up program of this domain; the same for the same seed. */
export function makeWorkspace(about: Domain, seed: string): Workspace {
  const random = new Random(seed);
  const fresh = new FreshWords(random);
  const domain = random.chance(0.75) ? reworded(about, fresh, random) : about;
  const languageName = random.weighted(languageWeights);
  const language = languages[languageName];
  const manner = someManner(languageName, random);
  const name = projectName(domain, random, fresh);
  const layout = someLayout(languageName, random, name.replaceAll('-', ' '), fresh);
  const habits: Habits = {
    mood: random.chance(0.55) ? 'third' : 'plain',
    documented: random.pick([1, 0.95, 0.85, 0.7, 0.5]),
    headed: random.pick([1, 0.8, 0.6, 0.3]),
  };
  const plans = planModules(domain, random, namesOf(languageName, manner), languageName, fresh);
  const paths = pathsOf(plans, layout, languageName, random);
  const todos = random.chance(0.55) ? todoComments(domain, random) : [];
  const writing: Writing = { random, language, manner, layout, habits, plans, paths, todos };
  const sources = plans.map((plan) => writeModule(plan, writing));
  const runner = random.chance(0.9) ? random.weighted(runners[languageName]) : undefined;
  const tests =
    runner === undefined
      ? []
      : random
          .sample(
            plans.filter(({ entry }) => !entry),
            3,
          )
          .map((plan) => writeTests(plan, domain, runner, writing))
          .filter((each) => each !== undefined);
  return collect({
    domain,
    random,
    name,
    fresh,
    languageName,
    manner,
    plans,
    sources,
    runner: tests.length > 0 ? runner : undefined,
    tests,
  });
}

interface Parts {
  domain: Domain;
  random: Random;
  name: string;
  fresh: FreshWords;
  languageName: LanguageName;
  manner: Manner;
  plans: readonly ModulePlan[];
  sources: readonly Written[];
  runner: TestFacts['runner'] | undefined;
  tests: readonly WrittenTests[];
}

function collect({
  domain,
  random,
  name,
  fresh,
  languageName,
  manner,
  plans,
  sources,
  runner,
  tests,
}: Parts): Workspace {
  const title = random.chance(0.5) ? name : capital(name.replaceAll(/[-_]/g, ' '));
  const needs: ProjectNeeds = {
    name,
    fresh,
    title,
    domain,
    language: languageName,
    random,
    runner,
    commonjs: manner.modules === 'commonjs',
    sources: sources.map(({ path, fact }) => ({ path, purpose: fact.purpose })),
    entry: sources[plans.findIndex(({ entry }) => entry)]?.path,
  };
  const workspace: Workspace = {
    name,
    title,
    domain,
    language: languageName,
    files: new Map(),
    facts: new Map(),
    texts: sources.flatMap(({ texts }) => texts),
    settings: [],
    tests:
      runner === undefined
        ? undefined
        : {
            runner,
            command: commands[runner],
            files: tests.map(({ path, names, subject }) => ({ path, names, subject })),
          },
    readme: undefined,
    scripts: {},
    git: random.chance(0.8),
  };
  const add = (path: string, text: string, fact: FileFact): void => {
    if (workspace.files.has(path)) return;
    workspace.files.set(path, text);
    workspace.facts.set(path, fact);
  };
  for (const { path, text, fact } of [...sources, ...tests]) add(path, text, fact);
  const around = [...manifests(needs), ...(random.chance(0.55) ? [settingsFile(needs)] : []), ...besides(needs)];
  for (const { path, text, kind, settings } of around) {
    add(path, text, bareFact(path, kind));
    workspace.settings.push(...(settings ?? []).map((each) => ({ ...each, file: path })));
  }
  if (languageName === 'python') addPackages(workspace, add);
  if (random.chance(0.82)) {
    const { text, sentences } = readme(needs);
    add('README.md', text, bareFact('README.md', 'document'));
    workspace.readme = sentences;
  }
  const manifest = workspace.files.get('package.json');
  if (manifest !== undefined)
    workspace.scripts = (JSON.parse(manifest) as { scripts?: Record<string, string> }).scripts ?? {};
  return workspace;
}

export function bareFact(path: string, kind: FileFact['kind']): FileFact {
  return { path, kind, purpose: undefined, symbols: [], constants: [], imports: [] };
}

/** Folders of Python files are packages, so that the tests can be found. */
function addPackages(workspace: Workspace, add: (path: string, text: string, fact: FileFact) => void): void {
  const folders = new Set(
    [...workspace.files.keys()].filter((path) => path.endsWith('.py')).map((path) => posix.dirname(path)),
  );
  for (const folder of folders) {
    if (folder === '.' || folder === 'src') continue;
    const path = `${folder}/__init__.py`;
    add(path, '', bareFact(path, 'other'));
  }
}

function projectName(domain: Domain, random: Random, fresh: FreshWords): string {
  const word = domain.name.replaceAll(' ', '-');
  const made = (): string => fresh.next();
  return random.pick([
    word,
    word,
    `${word}-${random.pick(['app', 'tools', 'service', 'desk', 'cli', 'core', 'api', 'kit', 'demo', 'manager', 'board'])}`,
    `${random.pick(['tiny', 'my', 'open', 'simple', 'little', 'quick', 'old', 'new'])}-${word}`,
    made(),
    made(),
    `${made()}-${word}`,
  ]);
}

function pathsOf(
  plans: readonly ModulePlan[],
  layout: ReturnType<typeof someLayout>,
  languageName: LanguageName,
  random: Random,
): Map<string, string> {
  const extension = languages[languageName].extension;
  return new Map(
    plans.map(({ words, entry, store }) => {
      const inner = layout.inner !== undefined && !entry && random.chance(0.5) ? layout.inner : '';
      const stem =
        languageName === 'java' && store
          ? pascal(store.name)
          : languageName === 'python' && words === 'main' && random.chance(0.2)
            ? '__main__'
            : layout.fileName(words);
      return [words, posix.join(layout.sources, inner, `${stem}.${extension}`)];
    }),
  );
}
