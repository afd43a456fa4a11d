import { assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatState } from '../../../../src/common/gate/chatState.ts';
import { commandPaths } from '../../../../src/common/gate/command.ts';
import { type Judgement, judge, type Policy, type ResolvedEffect } from '../../../../src/common/gate/judge.ts';
import { commandEffect, onPaper, trusted } from './support.ts';

/** Nothing shuts in what is run, so that all of it is asked about. */
const open: Policy = { ...trusted, contained: false };

function judged(command: string, always: readonly string[] = [], policy = open): Judgement {
  const paths = commandPaths(command).map((each) => ({
    ...each,
    found: [onPaper(each.path, each.effect === 'nothing' ? 'missing' : 'file')],
  }));
  return effects([{ kind: 'execute', command, paths }], always, policy);
}

function effects(all: ResolvedEffect[], always: readonly string[] = [], policy = open): Judgement {
  return judge({
    tool: { name: 'bash', group: 'execute' },
    effects: all,
    policy,
    grants: new Set(),
    always: new Set(always),
  });
}

const file = ', ‹file› being any file or folder of this workspace';
const code = ', whatever the code of this folder is then';

/** A command that is asked about, and the form that may be allowed for good. */
const offered: [command: string, form: string][] = [
  ['npm test', `npm test${code}`],
  ['npm run test:unit', `npm run test:unit${code}`],
  ['npm run build', `npm run build${code}`],
  ['npm run lint', `npm run lint${code}`],
  ['npm run -s typecheck', `npm run -s typecheck${code}`],
  ['npm test 2>&1', `npm test 2>&1${code}`],
  ['npm test 2>&1 | tail -20', `npm test 2>&1 | tail -20${code}`],
  ['CI=1 npm test', `CI=1 npm test${code}`],
  ['timeout 60 npm test', `timeout 60 npm test${code}`],
  ['cd app && npm test', `cd app && npm test${code}`],
  ['npm run lint && npm test', `npm run lint && npm test${code}`],
  ['pnpm test', `pnpm test${code}`],
  ['yarn test', `yarn test${code}`],
  ['npx vitest run', `npx vitest run${code}`],
  ['npx vitest run test/cart.test.ts', `npx vitest run ‹file›${file}${code}`],
  ['npx vitest run test/cart.test.ts -t "adds two"', `npx vitest run ‹file› -t "adds two"${file}${code}`],
  ["npx jest 'test/cart.test.ts'", `npx jest ‹file›${file}${code}`],
  ['npx tsc --noEmit', `npx tsc --noEmit${code}`],
  ['npx tsc --noEmit -p tsconfig.json', `npx tsc --noEmit -p tsconfig.json${code}`],
  ['npx eslint src', `npx eslint ‹file›${file}${code}`],
  ['npx eslint src test', `npx eslint ‹file› ‹file›${file}${code}`],
  ['npx prettier --check src', `npx prettier --check ‹file›${file}${code}`],
  ['node --test', `node --test${code}`],
  ['node --test test/cart.test.js', `node --test ‹file›${file}${code}`],
  ['pytest', `pytest${code}`],
  ['pytest -q tests/test_cart.py', `pytest -q ‹file›${file}${code}`],
  ['pytest tests/test_cart.py::test_total', `pytest ‹file›${file}${code}`],
  ['python -m pytest tests/test_cart.py -k total', `python -m pytest ‹file› -k total${file}${code}`],
  ['python3 -m mypy src', `python3 -m mypy ‹file›${file}${code}`],
  ['go test ./...', `go test ‹file›${file}${code}`],
  ['go vet ./...', `go vet ‹file›${file}${code}`],
  ['cargo test', `cargo test${code}`],
  ['cargo check', `cargo check${code}`],
  ['make test', `make test${code}`],
  ['make -j4 check', `make -j4 check${code}`],
  ['mvn test', `mvn test${code}`],
  ['dotnet test', `dotnet test${code}`],
  ['mkdir -p src/parts', `mkdir -p ‹file›${file}`],
  ['touch src/new.ts', `touch ‹file›${file}`],
  ['git add -A', 'git add -A'],
  ['git add .', 'git add .'],
  ['git add src/cart.ts', 'git add src/cart.ts'],
  ['npm run format', `npm run format${code}`],
  ['pnpm run tidy', `pnpm run tidy${code}`],
  ['npx vitest run "test/with blank.ts"', `npx vitest run ‹file›${file}${code}`],
  ['cd app && mkdir -p src', `cd app && mkdir -p ‹file›${file}`],
];

/** Commands that are asked about each time, and a part of the sentence that says why. */
const refused: [command: string, why: string][] = [
  ['rm a', 'cannot be brought back'],
  ['rm -rf dist', 'cannot be brought back'],
  ['mv a b', 'cannot be brought back'],
  ['cp a b', 'cannot be brought back'],
  ['find . -delete', 'cannot be brought back'],
  ['chmod +x run.sh', 'cannot be brought back'],
  ['git clean -f src', 'not known what git'],
  ['git reset --hard', 'not known what git'],
  ['git checkout main', 'not known what git'],
  ['git commit', 'hooks'],
  ['git commit -m x', 'hooks'],
  ['git add -A && git commit -m done', 'hooks'],
  ['git add --chmod=+x a', 'not known what git'],
  ['git push', 'network'],
  ['git pull', 'network'],
  ['git fetch origin', 'network'],
  ['curl -O https://example.com/a', 'network'],
  ['wget https://example.com/a', 'network'],
  ['npm install zod', 'network'],
  ['npm ci', 'network'],
  ['npx cowsay', 'network'],
  ['pip install requests', 'network'],
  ['docker run alpine', 'network'],
  ['cargo install ripgrep', 'network'],
  ['go get example.com/x', 'network'],
  ['ssh host ls', 'network'],
  ['npm publish', 'network'],
  ['npm run deploy', 'not known what npm'],
  ['yarn run tidy', 'not known what yarn'],
  ['npm run dev', 'not known what npm'],
  ['npm run tidy -- --all', 'not known what npm'],
  ["bash -c 'npm test'", 'the shell would do more'],
  ['bash run.sh', 'whatever it is given'],
  ['env npm test', 'whatever it is given'],
  ['cat a | xargs cat', 'whatever it is given'],
  ['eval npm test', 'whatever it is given'],
  ["node -e 'x'", 'interpreter'],
  ['node scripts/build.js', 'interpreter'],
  ["python -c 'x'", 'interpreter'],
  ['python tools/run.py', 'interpreter'],
  ["perl -pe 's/a/b/e' a", 'interpreter'],
  ["sed -i 's/a/b/' a", 'interpreter'],
  ['sudo npm test', 'another account'],
  ['./run.sh', 'not known what ./run.sh'],
  ['terraform plan', 'network'],
  ['npm test > out.txt', 'do more in it'],
  ['npm test &', 'do more in it'],
  ['npm test $ARGS', 'do more in it'],
  ['npm test $(cat args)', 'do more in it'],
  ['for a in 1 2; do npm test; done', 'do more in it'],
  ['npm test\nnpm run lint', 'do more in it'],
  ['npm test && rm a', 'cannot be brought back'],
  ['npm test && curl https://example.com', 'network'],
  ['cat /usr/share/dict/words', 'outside the workspace'],
  ['cat .env', 'secrets'],
  ['touch /tmp/x', 'more than plain files'],
  ['mkdir .vscode', 'more than plain files'],
  ['touch .envrc', 'more than plain files'],
  ['mkdir src/*', 'not known what mkdir'],
  ['npm te\u200bst', 'cannot be seen'],
];

describe('a command that may be allowed for good', () => {
  test.each(offered)('%s', (command, form) => {
    const asked = judged(command);
    expect(asked).toMatchObject({ decision: 'ask' });
    expect(asked.notAlways).toBeUndefined();
    expect(asked.always?.map(({ words }) => words)).toEqual([form]);
    const key = asked.always?.[0]?.key ?? '';
    expect(judged(command, [key])).toMatchObject({ decision: 'allow', rule: 'grant.always', looks: false });
  });

  test('no two of them are the same form but by their files', () => {
    const keys = offered.map(([command]) => judged(command).always?.[0]?.key);
    const same = offered.filter((_, at) => keys.indexOf(keys[at]) !== at).map(([command]) => command);
    expect(same).toEqual(['npx vitest run "test/with blank.ts"']);
  });
});

describe('a command that is asked about each time', () => {
  test.each(refused)('%s', (command, why) => {
    const asked = judged(command);
    expect(asked).toMatchObject({ decision: 'ask' });
    expect(asked.always).toBeUndefined();
    expect(asked.notAlways).toContain(why);
  });
});

describe('what an allowed form covers', () => {
  const form = (command: string): string => judged(command).always?.[0]?.key ?? 'none';

  test.each([
    ['npx vitest run test/cart.test.ts', 'npx vitest run test/other.test.ts'],
    ['npx vitest run test/cart.test.ts', 'npx vitest run "test/with blank.ts"'],
    ['npx vitest run test/cart.test.ts', './node_modules/.bin/../x', false],
    ['npx vitest run test/cart.test.ts', 'npx  vitest run ./test/a.test.ts'],
    ['npx vitest run test/cart.test.ts', 'npx vitest run', false],
    ['npx vitest run test/cart.test.ts', 'npx vitest run test/a.ts test/b.ts', false],
    ['npx vitest run test/cart.test.ts', 'npx vitest run test/a.ts --coverage', false],
    ['npx vitest run test/cart.test.ts', 'npx vitest run --config evil.ts', false],
    ['npx vitest run test/cart.test.ts', 'npx vitest run ../other/a.test.ts', false],
    ['npx vitest run test/cart.test.ts', 'npx vitest run test/a.ts; npm test', false],
    ['npx vitest run test/cart.test.ts', 'npx vitest run test/a.ts | tee out', false],
    ['npx tsc --noEmit -p tsconfig.json', 'npx tsc --noEmit -p other.json', false],
    ['npx tsc --noEmit', 'npx tsc', false],
    ['npm test', 'npm test -- --bail', false],
    ['npm test', 'npm run test', false],
    ['npm run lint && npm test', 'npm test && npm run lint', false],
    ['npm run lint && npm test', 'npm run lint || npm test', false],
    ['git add .', 'git add src', false],
    ['mkdir -p a', 'mkdir -p deep/er'],
    ['mkdir -p a', 'mkdir a', false],
    ['mkdir -p a', 'mkdir -p .git/hooks', false],
    ['mkdir -p a', 'mkdir -p .vscode', false],
    ['mkdir -p a', 'mkdir -p ../b', false],
    ['touch a', 'touch .env', false],
  ] as [string, string, boolean?][])('%s and %s', (given, other, covered = true) => {
    expect(judged(other, [form(given)]).decision === 'allow').toBe(covered);
  });

  test('never what is denied, whatever is claimed to be allowed', () => {
    const keys = offered.map(([command]) => form(command));
    for (const [command] of offered) {
      expect(judged(`${command} && cat ~/.ssh/id_rsa`, keys).decision).toBe('deny');
      expect(judged(command, keys, { ...open, execute: 'deny' }).decision).toBe('deny');
      expect(judged(command, keys, { ...open, trusted: false }).decision).toBe('deny');
      expect(judged(command, keys, { ...open, readonly: true }).decision).toBe('deny');
    }
  });

  test('with anything behind it, it is asked about or denied as before', () => {
    const keys = offered.map(([command]) => form(command));
    const more = constantFrom(' ; ', ' && ', ' || ', ' | ', ' & ', '\n', ' > ', ' >> ', ' < ', ' ');
    const hostile = constantFrom(
      'rm -rf src',
      'curl x | sh',
      'sh -c x',
      '$(id)',
      '`id`',
      '../x',
      '~/.ssh/id_rsa',
      '/etc/x',
    );
    assert(
      property(constantFrom(...offered), more, hostile, ([command], sign, rest) => {
        expect(judged(command + sign + rest, keys).decision).not.toBe('allow');
      }),
      { numRuns: 500 },
    );
  });

  test('only while it is asked about by the same rule, and by the same rules', () => {
    const key = form('npm test');
    expect(key).toMatch(/^\d+ command\.contained /);
    expect(judged('npm test', [key.replace('command.contained', 'command')]).decision).toBe('ask');
    expect(judged('npm test', [key.replace(/^\d+/, '0')]).decision).toBe('ask');
  });

  test('a script of the project shut in, where that works: its code may be what the agent wrote after it had read something', () => {
    const shut = { ...open, contained: true };
    const [asked] = judged('npm run format', [], shut).always ?? [];
    expect(asked?.words).toBe(`npm run format, shut in from then on (no network, and writing nowhere else)${code}`);
    const state: ChatState = { read: ['README.md'], changed: () => [] };
    const effects = [commandEffect('npm run format')];
    const tool = { name: 'bash', group: 'execute' as const };
    const always = new Set([asked?.key ?? '']);
    const inside = judge({ tool, effects, policy: shut, grants: new Set(), always, state });
    expect(inside).toMatchObject({ decision: 'allow', rule: 'grant.always', contained: true });
    const outside = judge({ tool, effects, policy: open, grants: new Set(), always, state });
    expect(outside).toMatchObject({ decision: 'ask', anew: true });
  });

  test('only while what says what is run is the same', () => {
    const command = 'npm run format';
    const by = (hash: string): ResolvedEffect => ({
      kind: 'execute',
      command,
      paths: [],
      deciding: { names: ['package.json', 'Makefile'], hash },
    });
    const [asked] = effects([by('one')]).always ?? [];
    expect(asked?.words).toBe(`npm run format${code}, until package.json or Makefile changes`);
    expect(effects([by('one')], [asked?.key ?? '']).decision).toBe('allow');
    expect(effects([by('two')], [asked?.key ?? '']).decision).toBe('ask');
    const mkdir = { ...by('one'), command: 'mkdir' } as ResolvedEffect;
    expect(effects([mkdir]).always?.map(({ words }) => words)).toEqual(['mkdir']);
  });

  test('not while what it runs has been changed in this chat, whatever was allowed for good', () => {
    const key = form('npm test');
    const again = (changed: string[]): Judgement =>
      judge({
        tool: { name: 'bash', group: 'execute' },
        effects: [{ kind: 'execute', command: 'npm test', paths: [] }],
        policy: open,
        grants: new Set(),
        always: new Set([key]),
        state: { read: [], changed: () => changed },
      });
    expect(again([])).toMatchObject({ decision: 'allow', rule: 'grant.always' });
    expect(again(['package.json'])).toMatchObject({
      decision: 'ask',
      rule: 'command.contained',
      notAlways: 'it is asked because of what has happened in this chat.',
    });
    expect(again(['package.json']).always).toBeUndefined();
  });

  test('no file that only fits a pattern later', () => {
    const command = 'mkdir -p a && cat src/*';
    const found = [onPaper('src/*')];
    const asked = effects([{ kind: 'execute', command, paths: [{ path: 'src/*', glob: true, found }] }]);
    expect(asked).toMatchObject({ decision: 'ask', rule: 'command' });
    expect(asked.always).toBeUndefined();
    // The pattern alone makes it a question: a file is called like an option.
    const option = [onPaper('-rf')];
    const masked = effects([{ kind: 'execute', command: 'cat *', paths: [{ path: '*', glob: true, found: option }] }]);
    expect(masked).toMatchObject({ decision: 'ask', rule: 'command' });
    expect(masked.always).toBeUndefined();
  });

  test('only files that are there, where they are not made', () => {
    const on = (command: string, path: string, kind: 'file' | 'missing'): Judgement =>
      effects([{ kind: 'execute', command, paths: [{ path, glob: false, found: [onPaper(path, kind)] }] }]);
    expect(on('npm test -- cart', 'cart', 'missing').always?.[0]?.words).toBe(`npm test -- cart${code}`);
    const key = on('npm test -- cart', 'cart', 'file').always?.[0]?.key;
    expect(on('npm test -- other', 'other', 'file').always?.[0]?.key).toBe(key);
    expect(on('npm test -- other', 'other', 'missing').always?.[0]?.key).not.toBe(key);
    expect(on('mkdir a', 'a', 'missing').always?.[0]?.words).toBe(`mkdir ‹file›${file}`);
  });

  test('not another workspace', () => {
    const key = form('npx vitest run a.ts');
    expect(judged('npx vitest run a.ts', [key.replaceAll('/home/me/shop', '/home/me/other')]).decision).toBe('ask');
  });
});

describe('edits', () => {
  const write = (path: string): ResolvedEffect => ({ kind: 'write', path: onPaper(path) });
  const forms = (path: string) => effects([write(path)]).always ?? [];

  test('one file, or all that are not protected', () => {
    const [one, all] = forms('src/cart.ts');
    expect(one?.words).toBe('changes of src/cart.ts');
    expect(all?.words).toBe(
      'changes of all files in this workspace but those that hold secrets or decide what runs later',
    );
    expect(effects([write('src/cart.ts')], [one?.key ?? '']).rule).toBe('grant.always');
    expect(effects([write('src/other.ts')], [one?.key ?? '']).decision).toBe('ask');
    expect(effects([write('src/other.ts')], [all?.key ?? '']).rule).toBe('grant.always');
  });

  test.each(['.vscode/tasks.json', '.env', 'AGENTS.md', '.github/workflows/ci.yml', '.npmrc', '.git/config', '../x'])(
    'never for %s',
    (path) => {
      const keys = forms('src/cart.ts').map(({ key }) => key);
      const judgement = effects([write(path)], keys);
      expect(judgement.decision).not.toBe('allow');
      expect(judgement.always).toBeUndefined();
    },
  );

  test('of several things at once nothing is offered', () => {
    expect(effects([write('a.ts'), write('b.ts')])).toMatchObject({
      decision: 'ask',
      notAlways: 'it asks for several things at once.',
    });
  });
});
