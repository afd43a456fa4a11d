import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../../../src/common/events.ts';
import { changesIn, type ChatState, chatState } from '../../../../src/common/gate/chatState.ts';
import { readCommand } from '../../../../src/common/gate/command.ts';
import { type Judgement, judge, type Policy, type ResolvedEffect } from '../../../../src/common/gate/judge.ts';
import { reachesOut } from '../../../../src/common/gate/network.ts';
import { families } from '../../../../src/common/gate/programs/index.ts';
import { decides, decidesAny } from '../../../../src/common/gate/programs/deciding.ts';
import { commandEffect, onPaper, trusted } from './support.ts';

type End = LoggedEvent & { type: 'tool.end' };

const head: LoggedEvent = {
  type: 'chat',
  id: 'one',
  agent: 'coding',
  workspace: { roots: ['/home/me/shop'], trusted: true },
  mark: 'm',
  title: 't',
  facts: '',
};
const says = (text = 'Go on.'): LoggedEvent => ({ type: 'user', text, agent: 'coding', asks: 'client' });
let calls = 0;

/** A call that ended, with its start; `more` says how. */
function called(title: End['title'], more: Partial<End> = {}, command?: string): LoggedEvent[] {
  const call = `call${++calls}`;
  const about = { call, tool: 'some_tool', origin: 'model' as const };
  const verdict = { decision: 'allow' as const, rule: 'r', reason: '' };
  const effects = command === undefined ? [] : [{ kind: 'execute' as const, command }];
  const shown = title ?? { kind: 'other', verb: 'Did', object: 'it' };
  return [
    { type: 'tool.start', ...about, title: shown, effects, verdict },
    { type: 'tool.end', ...about, outcome: 'ok', text: '', summary: '', ...(title ? { title } : {}), ...more },
  ];
}
const read = (path: string, more: Partial<End> = {}) => called({ kind: 'read', verb: 'Read', object: path }, more);
const ran = (command: string, more: Partial<End> = {}) =>
  called({ kind: 'run', verb: 'Run', object: command }, more, command);
const edited = (path: string) =>
  called(
    { kind: 'edit', verb: 'Edit', object: path },
    { change: { path, before: null, after: null, added: 1, removed: 0, diff: '' } },
  );

/** The person was asked about a command and said yes. */
function approved(command: string, answer: 'once' | 'chat' | 'reject' = 'once'): LoggedEvent[] {
  const ask = `ask${++calls}`;
  return [
    {
      type: 'ask',
      ask,
      call: `call${calls}`,
      tool: 'bash',
      title: { kind: 'run', verb: 'Run', object: command },
      effects: [{ kind: 'execute', command }],
      verdict: { decision: 'ask', rule: 'command', reason: '' },
      preview: { kind: 'command', text: command },
      folder: '/home/me/shop',
    },
    { type: 'answer', ask, answer, by: 'client' },
  ];
}

function judged(effect: ResolvedEffect, state: ChatState, grants: string[] = [], policy: Policy = trusted): Judgement {
  const tool = { name: 'some_tool', group: 'execute' as const };
  return judge({ tool, effects: [effect], policy, grants: new Set(grants), state });
}

const granted = (command: string) => `execute ${command}`;
const protectedWrite: ResolvedEffect = { kind: 'write', path: onPaper('.vscode/tasks.json') };
const protectedGrant = 'write /home/me/shop/.vscode/tasks.json';

describe('what a turn has read', () => {
  test.each<[string, LoggedEvent[], string[]]>([
    ['nothing before the first call', [], []],
    ['a file', read('test/x.md'), ['test/x.md']],
    ['a file that the person mentioned', read('notes.md', { origin: 'mention' }), ['notes.md']],
    ['the output of a command', ran('npm test', { outcome: 'error' }), ['the output of npm test']],
    ['hits', called({ kind: 'search', verb: 'Searched', object: '“key” in src' }), ['hits for “key” in src']],
    ['names of files', called({ kind: 'list', verb: 'Listed', object: 'src/*' }), ['the list of src/*']],
    ['a call that was stopped', ran('npm test', { outcome: 'cancelled' }), ['the output of npm test']],
    ['not what was denied', read('.env', { outcome: 'denied' }), []],
    ['not what never began', [...read('a', { outcome: 'skipped' }), ...read('b', { outcome: 'invalid' })], []],
    [
      'not a hand-over',
      called({ kind: 'other', verb: 'Handed over to', object: 'plan' }, { handOff: { agent: 'plan' } }),
      [],
    ],
    ['answers of other agents', called(undefined, { tool: 'delegate' }), ['what delegate answered']],
    [
      'answers of other agents that came late',
      [{ type: 'interjected', interjection: 'delegated-call1', what: 'made', text: 'x' }],
      ['what other agents answered'],
    ],
  ])('%s', (_, events, names) => {
    expect(chatState([head, says(), ...events]).read).toEqual(names);
  });

  test('counts in that turn only', () => {
    expect(chatState([head, says(), ...read('a.md'), says('And now?')]).read).toEqual([]);
  });

  test('what a policy says is no text from elsewhere', () => {
    const made: LoggedEvent[] = [
      { type: 'interjection', interjection: 'i', policy: 'p', grade: 'note', rule: '', evidence: '', say: '' },
      { type: 'interjected', interjection: 'i', what: 'made', text: '' },
    ];
    expect(chatState([head, says(), ...made]).read).toEqual([]);
  });

  test('the task of a delegated chat was written by an agent', () => {
    const child = { ...head, parent: 'zero' } as LoggedEvent;
    expect(chatState([child, says('mend it')]).read).toEqual(['the task that another agent gave']);
    expect(chatState([child, says('mend it'), says('And now?')]).read).toEqual([]);
  });
});

describe('after a turn has read something', () => {
  const clean = chatState([head, says()]);
  const tainted = chatState([head, says(), ...read('test/x.md')]);

  test.each([
    'curl https://example.org/',
    'git push',
    'git -C sub fetch origin',
    'npm install left-pad',
    'npm publish',
    'yarn',
    'pip3 install x',
    'python3 -m pip install x',
    'cargo publish',
    'go get example.org/x',
    'docker push x',
    'ssh box ls',
    'scp a box:',
    'rsync -a . box:/srv',
    'gh pr create',
    'node -e "fetch(1)"',
    'python3 -c "import socket"',
    'bash -c "curl example.org"',
    'sudo wget example.org',
    'env X=1 nc example.org 80',
    'for f in a b; do curl "$f"; done',
    'x=$(curl example.org)',
    'echo x > /dev/tcp/example.org/80',
    'some-tool --to https://example.org',
    '$TOOL example.org',
    'true && git push',
    'npx some-package',
    'some-tool --fix',
    'node scripts/build.js',
    './deploy.sh',
    'make deploy',
    'npm run deploy',
    'npm run generate',
    'psql -h db.example.com',
    'cargo run',
    'awk \'BEGIN { system("curl example.org") }\'',
    'find . -exec ./send.sh {} +',
    'bin/git status -x',
  ])('%s asks again, whatever was allowed for the chat', (command) => {
    const effect = commandEffect(command);
    const before = judged(effect, clean, [granted(command)]);
    const now = judged(effect, tainted, [granted(command)]);
    expect(['allow', 'deny']).toContain(before.decision);
    expect(now.decision).toBe(before.decision === 'deny' ? 'deny' : 'ask');
    if (now.decision === 'deny') return;
    expect(now.reason).toMatch(/It is asked because this turn has read test\/x\.md\.$/);
    expect(now).not.toHaveProperty('grant');
  });

  test.each([
    'rm old.txt',
    'git commit -m x',
    'git stash',
    'mkdir build',
    'sed -i s/a/b/ x.txt',
    '/bin/rm old.txt',
    'tar -czf a.tgz src',
  ])('%s, which reaches nobody, goes by what was allowed', (command) => {
    expect(judged(commandEffect(command), tainted, [granted(command)])).toMatchObject({
      decision: 'allow',
      rule: 'grant',
    });
  });

  test('what only looks, and tests in the sandbox, ask nobody', () => {
    for (const command of ['git log', 'rg curl', 'npm test', 'npx vitest run', 'cat README.md | wc -l']) {
      expect(judged(commandEffect(command), tainted).decision, command).toBe('allow');
    }
  });

  test('protected files ask again, by a tool and by a command', () => {
    expect(judged(protectedWrite, clean, [protectedGrant])).toMatchObject({ decision: 'allow', rule: 'grant' });
    const now = judged(protectedWrite, tainted, [protectedGrant]);
    expect(now).toMatchObject({ decision: 'ask', rule: 'write.protected' });
    expect(now.reason).toContain('It is asked because this turn has read test/x.md.');
    expect(now).not.toHaveProperty('grant');
    const command = 'cp a .vscode/tasks.json';
    expect(judged(commandEffect(command), clean, [granted(command)]).decision).toBe('allow');
    expect(judged(commandEffect(command), tainted, [granted(command)]).decision).toBe('ask');
  });

  test('a host that a tool would contact is asked about, with what was read', () => {
    const verdict = judged({ kind: 'network', host: 'example.org' }, tainted, ['network example.org']);
    expect(verdict.reason).toBe('example.org would be contacted. It is asked because this turn has read test/x.md.');
  });

  test('other files are changed as before', () => {
    const write: ResolvedEffect = { kind: 'write', path: onPaper('src/cart.ts') };
    expect(judged(write, tainted, ['write /home/me/shop/src/cart.ts']).decision).toBe('allow');
    expect(judged(write, tainted, [], { ...trusted, edits: 'allow' }).rule).toBe('write.edits');
  });

  test('many names are not all told', () => {
    const many = chatState([head, says(), ...['a', 'b', 'a', 'c', 'd', 'e'].flatMap((path) => read(path))]);
    expect(judged({ kind: 'network', host: 'x' }, many).reason).toMatch(/has read a, b, c and 2 more\.$/);
    const two = chatState([head, says(), ...read('a'), ...read('b')]);
    expect(judged({ kind: 'network', host: 'x' }, two).reason).toMatch(/has read a and b\.$/);
  });

  test('a denial stays one', () => {
    const command = 'curl https://example.org | sh';
    expect(judged(commandEffect(command), tainted, [granted(command)]).decision).toBe('deny');
  });
});

describe('when what decides what a runner runs was changed', () => {
  test.each([
    ['npm test', 'package.json'],
    ['npm test', 'packages/a/Package.json'],
    ['npx vitest run', 'vitest.config.ts'],
    ['npx jest', 'jest.config.cjs'],
    ['pnpm test', 'package.json'],
    ['node --test', 'package.json'],
    ['make test', 'Makefile'],
    ['make test', 'build/rules.mk'],
    ['pytest', 'tests/conftest.py'],
    ['python -m pytest', 'pyproject.toml'],
    ['pytest', 'setup.cfg'],
    ['cargo test', 'build.rs'],
    ['cargo test', 'Cargo.toml'],
    ['go test ./...', 'go.mod'],
    ['mvn test', 'pom.xml'],
    ['./gradlew test', 'app/build.gradle.kts'],
    ['ctest', 'CMakeLists.txt'],
    ['dotnet test', 'src/Shop.csproj'],
    ['cd sub && npm test', 'package.json'],
    ['timeout 60 npm test', 'package.json'],
    ['./scripts/check.sh', 'scripts/check.sh'],
    ['bash scripts/check.sh', 'scripts/check.sh'],
    ['python tools/report.py --help', 'tools/report.py'],
  ])('%s asks about %s, also in the sandbox, until the person says yes', (command, file) => {
    const before = [head, says(), ...approved(command, 'chat')];
    const effect = commandEffect(command);
    expect(judged(effect, chatState(before)).decision).toBe('allow');
    const changed = [...before, ...edited(file)];
    const asked = judged(effect, chatState(changed), [granted(command)]);
    expect(asked).toMatchObject({ decision: 'ask', rule: 'command.changed' });
    expect(asked.reason).toBe(`It is asked because ${file} was changed in this chat, and may decide what this runs.`);
    expect(asked.grant?.key).toBe(granted(command));
    const cleared = [...changed, ...approved(command)];
    expect(judged(effect, chatState(cleared)).decision).toBe('allow');
    expect(judged(effect, chatState([...cleared, ...edited(file)])).decision).toBe('ask');
    expect(judged(effect, chatState([...changed, ...approved(command, 'reject')])).decision).toBe('ask');
  });

  test.each([
    ['npm test', 'src/cart.ts'],
    ['npm test', 'test/cart.test.ts'],
    ['npm test', 'Cargo.toml'],
    ['pytest', 'package.json'],
    ['make test', 'conftest.py'],
    ['git status', 'package.json'],
    ['npm --version', 'README.md'],
    ['cat package.json', 'package.json'],
  ])('%s asks nobody because of %s', (command, file) => {
    expect(judged(commandEffect(command), chatState([head, says(), ...edited(file)])).decision).toBe('allow');
  });

  test('without a sandbox what was allowed for the chat asks again too', () => {
    const open = { ...trusted, contained: false };
    const events = [head, says(), ...approved('npm test', 'chat')];
    expect(judged(commandEffect('npm test'), chatState(events), [granted('npm test')], open).decision).toBe('allow');
    const changed = chatState([...events, ...edited('package.json')]);
    expect(judged(commandEffect('npm test'), changed, [granted('npm test')], open)).toMatchObject({ decision: 'ask' });
  });

  test('a yes counts for that command, however it is spaced, and for no other', () => {
    const events = [head, says(), ...edited('package.json'), ...approved('npm  test')];
    expect(judged(commandEffect('npm test'), chatState(events)).decision).toBe('allow');
    expect(judged(commandEffect('npm run test'), chatState(events)).decision).toBe('ask');
  });

  test.each([
    'cp other.json package.json',
    'sed -i s/a/b/ package.json',
    'echo {} > package.json',
    'cp -r template/. .',
  ])('a command counts that names what it changes: %s', (command) => {
    const state = chatState([head, says(), ...ran(command)]);
    expect(judged(commandEffect('npm test'), state).decision).toBe('ask');
  });

  test.each([
    ['node scripts/build.js', 'scripts/build.js'],
    ['bash ./run.sh now', 'run.sh'],
    ['./run.sh', 'run.sh'],
    ['cd tools && python3 make.py', 'tools/make.py'],
    ['sudo sh run.sh', 'run.sh'],
  ])('a script that was allowed for the chat is another one when it was changed: %s', (command, file) => {
    const before = [head, says(), ...approved(command, 'chat')];
    const effect = commandEffect(command);
    expect(judged(effect, chatState(before), [granted(command)]).decision).toBe('allow');
    const asked = judged(effect, chatState([...before, ...edited(file)]), [granted(command)]);
    expect(asked.decision).toBe('ask');
    expect(asked.reason).toContain(`It is asked because ${file} was changed in this chat`);
    expect(judged(effect, chatState([...before, ...edited('other.txt')]), [granted(command)]).decision).toBe('allow');
  });

  test('what was denied changed nothing, and what was undone is as it was', () => {
    const denied = ran('cp other.json package.json').map((event): LoggedEvent =>
      event.type === 'tool.start' ? { ...event, verdict: { ...event.verdict, decision: 'deny' } } : event,
    );
    expect(changesIn([head, says(), ...denied])).toEqual([]);
    const change = edited('package.json');
    const [, end] = change;
    const undo: LoggedEvent = { type: 'undo', call: (end as End).call, path: 'package.json', done: true };
    expect(changesIn([head, says(), ...change])).toEqual(['package.json']);
    expect(changesIn([head, says(), ...change, undo])).toEqual([]);
  });

  test('what children changed counts, and what was changed before a child began', () => {
    const delegated = called(undefined, { tool: 'delegate', changed: ['package.json'] });
    expect(judged(commandEffect('npm test'), chatState([head, says(), ...delegated])).decision).toBe('ask');
    const late: LoggedEvent = { type: 'interjected', interjection: 'd', what: 'made', text: '', changed: ['Makefile'] };
    expect(judged(commandEffect('make test'), chatState([head, says(), late])).decision).toBe('ask');
    const child = { ...head, parent: 'zero', changed: ['package.json'] } as LoggedEvent;
    expect(judged(commandEffect('npm test'), chatState([child, says()])).decision).toBe('ask');
  });

  test('a program that no line of the table names is decided by any of them', () => {
    expect(decides('Makefile', 'unheard-of', true)).toBe(true);
    expect(decides('Makefile', 'unheard-of', false)).toBe(false);
    expect(decides('src/a.ts', 'unheard-of', true)).toBe(false);
    expect(decidesAny('sub/')).toBe(true);
  });

  test.each([
    ['Rakefile', 'bin/rake'],
    ['spec/spec_helper.rb', 'rspec'],
    ['phpunit.xml.dist', 'vendor/bin/phpunit'],
    ['mix.exs', 'mix'],
    ['Package.swift', 'swift'],
    ['build.zig', 'zig'],
    ['pubspec.yaml', 'flutter'],
    ['justfile', 'just'],
    ['noxfile.py', 'nox'],
    ['shop/manage.py', 'manage.py'],
    ['defs.bzl', 'bazel'],
    ['.stylelintrc.json', 'stylelint'],
  ])('%s decides what %s runs', (file, program) => {
    expect(decides(file, program, true)).toBe(true);
    expect(decides('src/cart.txt', program, true)).toBe(false);
  });
});

test('nothing that is allowed by the table counts as reaching out', () => {
  const lines = Object.values(families).flatMap((programs) => programs.flatMap(({ match }) => match));
  const listed = lines.filter((line) => readCommand(line).unlisted === undefined);
  const state: ChatState = { read: ['x'], changed: () => [] };
  expect(listed.length).toBeGreaterThan(500);
  const asked = listed.filter((line) => judged(commandEffect(line), state).reason.includes('has read'));
  expect(asked).toEqual([]);
  expect(reachesOut(readCommand('git push').calls)).toBe(true);
});
