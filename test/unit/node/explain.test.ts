import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partsInWords } from '../../../src/common/gate/command.ts';
import { GATE_VERSION } from '../../../src/common/gate/version.ts';
import { explain, type Standing } from '../../../src/node/explain.ts';
import { keptKeysIn } from '../../../src/node/standingGrants.ts';

let base = '';
let standing: Standing;

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-explain-')));
  const root = join(base, 'shop');
  const home = join(base, 'home');
  for (const folder of [join(root, 'src'), join(home, '.ssh'), join(base, 'else')])
    mkdirSync(folder, { recursive: true });
  for (const name of ['src/a.ts', 'src/b.ts', '.env', '--pre=x']) writeFileSync(join(root, name), 'x\n');
  symlinkSync(join(home, '.ssh'), join(root, 'src', 'keys'));
  standing = { roots: [root], policy: { trusted: true, execute: 'ask', edits: 'ask', contained: true, home } };
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

const command = (text: string) => explain('bash', JSON.stringify({ command: text }), standing);
const call = (tool: string, args: unknown) => explain(tool, JSON.stringify(args), standing);

test('a command is judged by the files that are there', async () => {
  expect(await command('cat src/*.ts | head -3')).toMatchObject({ decision: 'allow', rule: 'command.looks' });
  // A link leads to the keys.
  expect(await command('cat src/*/id_rsa')).toMatchObject({ decision: 'deny', rule: 'read.private' });
  expect(await command('cat src/keys/*')).toMatchObject({ decision: 'deny', rule: 'read.private' });
  expect(await command('cat .e*')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
  expect(await command('rg x *')).toMatchObject({
    decision: 'ask',
    reason: 'A file that * stands for would be taken for an option.',
  });
  expect(await command('cd src && sed -n 1p *.ts')).toMatchObject({ decision: 'allow' });
  writeFileSync(join(standing.roots[0] ?? '', 'src', '-e1e touch x.ts'), '');
  expect(await command('cd src && sed -n 1p *.ts')).toMatchObject({
    decision: 'ask',
    reason: 'A file that src/*.ts stands for would be taken for an option.',
  });
  expect(await command('find . -name *.md')).toMatchObject({ decision: 'allow' });
  expect(await command('find src -name src/*.ts')).toMatchObject({ decision: 'ask' });
  expect(await command('cat ~/.ssh/id_rsa')).toMatchObject({ decision: 'deny' });
});

test.each([
  'rg --files | xargs find',
  'rg --files | xargs -n1 find',
  'rg --files | xargs -I{} find {}',
  'rg --files | xargs -I{} rg {} src',
  'rg --files | xargs -I{} grep {} src/a.ts',
  'rg --files | xargs fd',
  'rg --files | xargs tar tf x.tar',
  'rg --files | xargs npx vitest run',
  'find . -type f | head -3 | xargs -I{} rg -n {} src',
  'for f in $(rg --files); do rg "$f" src; done',
  'for f in $(rg --files); do tar tf x.tar "$f"; done',
  'rg --files | while read -r f; do rg "$f" src; done',
  'mapfile -t a < <(rg --files); find "${a[@]}"',
  'a=($(rg --files)); find "${a[@]}"',
  'bash -c \'for f in $(rg --files); do find "$f"; done\'',
  'rg $(rg --files) src',
])('no name of a file that is listed becomes an option: %s', async (line) => {
  const before = await command(line);
  const name = join(standing.roots[0] ?? '', '--pre=sh');
  writeFileSync(name, '');
  try {
    const verdict = await command(line);
    expect(verdict.decision).toBe('ask');
    if (before.decision === 'allow') expect(verdict.reason).toMatch(/would be taken for/);
  } finally {
    rmSync(name);
  }
});

test('git is git however it is written', async () => {
  const git = join(standing.roots[0] ?? '', '.git');
  mkdirSync(git);
  writeFileSync(join(git, 'config'), '[core]\n\tbare = false\n');
  expect(await command('git status')).toMatchObject({ decision: 'allow' });
  writeFileSync(join(git, 'config'), '[filter "x"]\n\tclean = touch evil\n');
  for (const line of ['git status', String.raw`gi\t status`, `g"i"t diff`, 'timeout 9 git log | head']) {
    expect(await command(line), line).toMatchObject({ decision: 'ask', rule: 'command.repository' });
  }
});

test.each([
  // A file called `@options` would be read for options, of which one loads a library.
  'nm *',
  'for f in *; do nm "$f"; done',
  'rg --files | xargs nm',
  'rg --files | xargs objdump -d',
  'rg --files | xargs strings',
  // What these print besides names is of the line's own choice, or none.
  "rg --files src --type-add 'x:--pre=./evil.sh' --type-list | xargs rg foo",
  "rg --files src --type-add 'x:.env' --type-list | xargs cat",
  'rg -l foo src --stats | xargs cat',
  'rg --files src --path-separator " " | xargs cat',
  'rg -l foo src --count-matches | xargs cat',
  'rg -l foo src --color=always | xargs cat',
  'find src -type f | head -v -n 3 | xargs cat',
  'fd -e ts --color always | xargs cat',
])('%s asks', async (line) => {
  expect([line, (await command(line)).decision]).toEqual([line, 'ask']);
});

test('a configuration of git with a token in it is asked about, and so are addresses with one', async () => {
  const git = join(standing.roots[0] ?? '', '.git');
  mkdirSync(join(git, 'objects'), { recursive: true });
  const config = '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://example.org/x.git\n';
  writeFileSync(join(git, 'config'), config);
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n');
  const lines = [
    'cat .git/config',
    'git remote -v',
    'git config --get remote.origin.url',
    'git config submodule.lib.url',
    'grep -rn url .',
    'grep -r url .git',
  ];
  for (const line of lines) expect([line, await command(line)]).toMatchObject([line, { decision: 'allow' }]);
  expect(await call('file_read', { path: '.git/config' })).toMatchObject({ decision: 'allow' });
  writeFileSync(join(git, 'config'), config.replace('//', '//me:ghp_abcdef@'));
  for (const line of lines) expect([line, await command(line)]).toMatchObject([line, { rule: 'read.secrets' }]);
  expect(await call('file_read', { path: '.git/config' })).toMatchObject({ rule: 'read.secrets' });
  writeFileSync(join(git, 'config'), config);
  mkdirSync(join(git, 'modules', 'lib', 'deep'), { recursive: true });
  const modules = ['grep -rn url .git/modules', 'find .git/modules -type f | xargs cat', 'grep -rn url .'];
  for (const line of modules) expect([line, await command(line)]).toMatchObject([line, { decision: 'allow' }]);
  writeFileSync(join(git, 'modules', 'lib', 'deep', 'config'), config.replace('//', '//me:ghp_abcdef@'));
  for (const line of modules) expect([line, await command(line)]).toMatchObject([line, { rule: 'read.secrets' }]);
  rmSync(join(git, 'modules'), { recursive: true });
  for (const line of ['git log', 'git status', 'grep -rn abc src', 'stat .git/config'])
    expect([line, await command(line)]).toMatchObject([line, { decision: 'allow' }]);
});

test('a workspace that is the home, or lies around it, opens nothing of Drover and no credentials', async () => {
  const home = join(base, 'around');
  const own = join(home, '.local', 'state', 'drover');
  mkdirSync(join(own, 'run'), { recursive: true });
  mkdirSync(join(home, 'shop'));
  for (const name of ['.local/state/drover/run/supervisor.json', '.bash_history', 'shop/a.ts'])
    writeFileSync(join(home, name), 'x\n');
  const policy = { ...standing.policy, edits: 'allow' as const, home, hidden: [own] };
  const judged = (tool: string, args: unknown) => explain(tool, JSON.stringify(args), { roots: [home], policy });
  const file = '.local/state/drover/run/supervisor.json';
  expect(await judged('bash', { command: `cat ${file}` })).toMatchObject({ decision: 'deny', rule: 'read.private' });
  expect(await judged('file_read', { path: file })).toMatchObject({ decision: 'deny' });
  expect(await judged('file_read', { path: '.local/state/drover' })).toMatchObject({ decision: 'deny' });
  expect(await judged('file_write', { path: file, content: '' })).toMatchObject({ decision: 'deny' });
  expect(await judged('bash', { command: 'grep -r x .local' })).toMatchObject({ rule: 'read.private' });
  expect(await judged('bash', { command: 'cat .bash_history' })).toMatchObject({ rule: 'read.secrets' });
  expect(await judged('file_write', { path: '.someprogramrc', content: '' })).toMatchObject({
    rule: 'write.protected',
  });
  expect(await judged('file_write', { path: 'shop/a.ts', content: '' })).toMatchObject({ decision: 'allow' });
  expect(await judged('bash', { command: 'cat shop/a.ts' })).toMatchObject({ decision: 'allow' });
});

test('what the configuration of a repository names for its hooks is not written without a question', async () => {
  const git = join(standing.roots[0] ?? '', '.git');
  mkdirSync(git, { recursive: true });
  writeFileSync(join(git, 'config'), '[core]\n\thooksPath = tools/checks\n[include]\n\tpath = ../more\n');
  const write = (path: string) => call('file_write', { path, content: '' });
  for (const path of ['tools/checks/pre-commit', 'more']) {
    expect([path, await write(path)]).toMatchObject([path, { decision: 'ask', rule: 'write.protected' }]);
  }
  expect(await write('tools/other')).toMatchObject({ rule: 'write.inside' });
  writeFileSync(join(git, 'config'), '[core]\n\tbare = false\n');
  expect(await write('tools/checks/pre-commit')).toMatchObject({ rule: 'write.inside' });
});

test('a name of a branch or a tag is given to git where none of them is an option', async () => {
  const git = join(standing.roots[0] ?? '', '.git');
  mkdirSync(join(git, 'refs', 'tags'), { recursive: true });
  writeFileSync(join(git, 'config'), '[core]\n\tbare = false\n');
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n');
  const lines = [
    'git log --oneline $(git describe --tags --abbrev=0)..HEAD',
    'git log -1 $(git branch --show-current)',
    'git diff --stat "$(git rev-parse --abbrev-ref HEAD)"',
    'for t in $(git tag); do git log -1 "$t"; done',
    'b=$(git symbolic-ref --short HEAD); git log -3 "$b"',
  ];
  for (const line of lines) expect([line, (await command(line)).decision]).toEqual([line, 'allow']);
  writeFileSync(join(git, 'refs', 'tags', '--output=x'), '');
  for (const line of lines) {
    expect([line, await command(line)]).toMatchObject([line, { decision: 'ask', rule: 'command.repository' }]);
  }
  expect(await command('git log -1 $(git rev-parse HEAD)')).toMatchObject({ decision: 'allow' });
});

test('all settings of git are listed where nothing in them may be a token, the own ones of the person included', async () => {
  const git = join(standing.roots[0] ?? '', '.git');
  const home = standing.policy.home ?? '';
  mkdirSync(join(home, '.config', 'git'), { recursive: true });
  mkdirSync(git, { recursive: true });
  const lists = [
    'git config --list',
    'git -C src config --local -l | head',
    'git config --show-origin --list',
    'git config --get-regexp alias',
  ];
  const settings: [file: string, plain: string, telling: string][] = [
    [join(git, 'config'), '[core]\n\tbare = false\n', '[http]\n\textraheader = AUTHORIZATION: basic eDp5\n'],
    [join(home, '.gitconfig'), '[user]\n\tname = A\n', '[url "https://abc@example.org/"]\n\tinsteadOf = x:\n'],
    [join(home, '.config/git/config'), '[alias]\n\tst = status\n', '[include]\n\tpath = more\n'],
  ];
  for (const [file, plain] of settings) writeFileSync(file, plain);
  for (const line of lists) expect(await command(line), line).toMatchObject({ decision: 'allow' });
  for (const [file, plain, telling] of settings) {
    writeFileSync(file, telling);
    for (const line of lists) {
      expect(await command(line), line).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
    }
    expect(await command('git config --get user.name')).toMatchObject({ decision: 'allow' });
    writeFileSync(file, plain);
  }
});

test('where it is not known which home it is, all settings of git are not listed', async () => {
  const { home: _, ...policy } = standing.policy;
  const verdict = await explain('bash', JSON.stringify({ command: 'git config -l' }), { ...standing, policy });
  expect(verdict).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
});

test('any tool is judged, and its other names and shapes are understood', async () => {
  expect(await call('file_read', { path: 'src/a.ts' })).toMatchObject({ decision: 'allow' });
  expect(await call('file_read', { path: '.env' })).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
  expect(await call('file_write', { path: '.vscode/tasks.json', content: '' })).toMatchObject({
    decision: 'ask',
    rule: 'write.protected',
  });
  expect(await call('file_write', { path: '.git/hooks/x', content: '' })).toMatchObject({ decision: 'deny' });
  expect(await call('file_edit', { path: '../else/x', old_text: 'a', new_text: 'b' })).toMatchObject({
    decision: 'deny',
  });
});

test('what is no call is told as such', async () => {
  expect(await call('teleport', {})).toMatchObject({ decision: 'deny', rule: 'invalid' });
  expect(await call('file_write', { path: 'a\nb', content: '' })).toMatchObject({
    decision: 'deny',
    reason: expect.stringContaining('a control character in it (U+000A, a line feed)'),
  });
  expect(await explain('bash', '{"command": ', standing)).toMatchObject({ decision: 'deny', rule: 'invalid' });
  expect(await call('file_read', { path: 'a\0b' })).toMatchObject({ decision: 'deny', rule: 'invalid' });
});

test('what is always allowed in the folder is allowed, and of a configuration that cannot be understood nothing is', async () => {
  const [root = ''] = standing.roots;
  const config = join(base, 'config');
  mkdirSync(config);
  const form = partsInWords('mkdir -p made', (word) => (word === 'made' ? { any: root } : undefined));
  const keep = (version: number): void => {
    const key = `${version} command ${JSON.stringify(form)}`;
    const grants = [{ folder: root, key, words: 'making folders', made: 1 }];
    writeFileSync(join(config, 'config.json'), JSON.stringify({ grants }));
  };
  const verdict = (text: string, folder = root) =>
    explain('bash', JSON.stringify({ command: text }), { ...standing, always: keptKeysIn(config, folder) });
  expect(await verdict('mkdir -p other')).toMatchObject({ decision: 'ask' });
  keep(GATE_VERSION);
  expect(await verdict('mkdir -p other')).toMatchObject({
    rule: 'grant.always',
    reason: expect.stringMatching(/^You always allow this in this folder: mkdir -p ‹file›/),
  });
  expect(await verdict('mkdir -p other', base)).toMatchObject({ decision: 'ask' });
  expect(await verdict('mkdir -p /other')).toMatchObject({ decision: 'deny' });
  // Allowed by other rules.
  keep(GATE_VERSION - 1);
  expect(await verdict('mkdir -p other')).toMatchObject({ decision: 'ask' });
  writeFileSync(join(config, 'config.json'), '{ "grants": ');
  expect(await verdict('mkdir -p other')).toMatchObject({ decision: 'ask' });
});
