import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { explain, type Standing } from '../../../src/node/explain.ts';

let base = '';
let root = '';
let standing: Standing;

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'drover-below-')));
  root = join(base, 'shop');
  for (const [name, text] of Object.entries({
    '.gitignore': 'local/\n',
    '.env': 'TOKEN=abc\nsecond line\n',
    'src/cart.ts': 'total\n',
    'src/deep/cart.ts': 'total\n',
    'config/server.key': 'abc\n',
    'local/secrets.json': '{}\n',
    'node_modules/x/test.pem': 'abc\n',
    'plain/a.ts': 'x\n',
    'odd/a /etc/passwd.ts': 'x\n',
  })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  execFileSync('git', ['-C', root, 'init', '-q']);
  execFileSync('git', ['-C', root, 'add', '-f', '.env', 'src', 'config/server.key']);
  mkdirSync(join(base, 'else'));
  writeFileSync(join(base, 'else', 'notes.ts'), 'x\n');
  mkdirSync(join(root, 'links'));
  symlinkSync(join(base, 'else', 'notes.ts'), join(root, 'links', 'notes.ts'));
  standing = { roots: [root], policy: { trusted: true, execute: 'ask', edits: 'ask', contained: true, home: base } };
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

const decide = (command: string) => explain('bash', JSON.stringify({ command }), standing);

describe('a search that comes to a file with secrets asks and names it', () => {
  it.each([
    ['grep -r . .', '.env'],
    ['grep -rn TOKEN .', '.env'],
    ['grep -rn TOKEN', '.env'],
    ['grep -ri token *', undefined],
    ['cd src && grep -rn TOKEN /ROOT', '.env'],
    ['grep -rnv total .', '.env'],
    ['grep -rn "x\\|TOKEN" .', '.env'],
    ["grep -rnE '(TO|to)KEN' .", '.env'],
    ['grep -rn AB[C] . -i', '.env'],
    ['grep -rn abc config', 'config/server.key'],
    ['rg --hidden TOKEN', '.env'],
    ['rg -uu TOKEN', '.env'],
    ['rg abc', 'config/server.key'],
    ["rg -g '.env' TOKEN", '.env'],
    ["rg -g '*' TOKEN", '.env'],
    ["rg -u '{' local", 'local/secrets.json'],
    ['ag abc', 'config/server.key'],
    ['git grep TOKEN', '.env'],
    ['git grep --untracked TOKEN', '.env'],
    ['git ls-files | xargs cat', '.env'],
    ['git ls-files -z config | xargs -0 head', 'config/server.key'],
    ['cat $(git ls-files)', '.env'],
    ['cat .[e]nv', '.env'],
    ['cat .[!x]nv', '.env'],
    ['cat .[a-z]??', '.env'],
    ['cat [c]onfig/server.[jk]ey', 'config/server.key'],
    ['for f in .[e]nv; do cat "$f"; done', '.env'],
    ['find src -name nothing | xargs grep -r TOKEN', '.env'],
    ['find src -name nothing -print0 | xargs -0 rg --hidden TOKEN', '.env'],
    ['grep -r TOKEN $(find src -name nothing)', '.env'],
    ['for f in src/*; do grep -r "$f" .; done', '.env'],
    ['X=$(git merge-base a b); git grep $X TOKEN', undefined],
    ['git grep -l TOKEN | xargs cat', '.env'],
    ['find config | while read -r f; do cat "$f"; done', 'config/server.key'],
    ['for f in $(find config -type f); do cat "$f"; done', 'config/server.key'],
    ['diff -r --no-dereference . src', '.env'],
    ['find . -type f -exec cat {} +', '.env'],
    ['find config -type f | while read -r f; do cat < "$f"; done', 'config/server.key'],
    ['for f in $(find config -type f); do cat < $f; done', 'config/server.key'],
    ['find . -name .env -exec sh -c \'cat < "$1"\' _ {} \\;', '.env'],
    ['for f in $(find config -type f); do echo "$(<$f)"; done', 'config/server.key'],
    ['for f in .e*; do cat < "$f"; done', '.env'],
    ['git cat-file blob 0123abc', '.env'],
    ['git show --stat 0123abc', '.env'],
    ['git show --stat 0123abc^{blob}', '.env'],
    ['git show -s 0123abc^{}', '.env'],
    ['git show --stat x-g0123abc', '.env'],
    ['git show HEAD:x-g0123abc', '.env'],
    ['git cat-file -p HEAD:x-g0123abc', '.env'],
    ['git show --stat a~b-g0123abc', '.env'],
    ['git diff HEAD:x-g0123abc HEAD:src/cart.ts', '.env'],
    ['find src -name none | xargs git log -p --', '.env'],
    ['git diff HEAD~1 -- $(find src -name none)', '.env'],
    ['git grep -n . -- $(find src -name none)', '.env'],
    ['git diff --check HEAD~1', '.env'],
    ['git stash show', '.env'],
    ['git log -p --all HEAD:src/cart.ts', '.env'],
    ['git log -p HEAD:src/cart.ts..HEAD', '.env'],
    ['git show HEAD:src/cart.ts..HEAD', '.env'],
    ['find . -mindepth 2 -name config -prune -o -name "*.key" -exec cat {} +', 'config/server.key'],
    ["git show 'HEAD@{23:59}'", '.env'],
    ["git log -p 'HEAD@{23:59}'", '.env'],
    ["git show 'HEAD^{/(x:y)*init}'", '.env'],
    ['git log --diff-merges=on -2', '.env'],
    ['cd src && git log -p -- ../config', '.env'],
    ['git log -p -- $(echo src/*.zz | grep q)', '.env'],
    ['find "$PWD" -not -path "./.env" -type f -exec cat {} +', '.env'],
    ['git show -s 0123abc', '.env'],
    ['git show :/k', '.env'],
    ['git log -p :/k', '.env'],
    ["git log -p -1 -- ':/'", '.env'],
    ["git log -p -- ':!x'", '.env'],
    ['git status -v', '.env'],
    ['git diff HEAD~1: HEAD:', '.env'],
    ['git diff HEAD~1:config HEAD:config', 'config/server.key'],
    ['for f in src/*; do grep -rE -e "$f" .; done', '.env'],
    ['find src -type f | while read -r f; do grep -rE -e "$f" .; done', '.env'],
    ['for f in src/*; do rg -uu --regexp "$f"; done', '.env'],
    ['for f in src/*; do grep -r --exclude "$f" TOKEN .; done', '.env'],
    ['rg --files src | xargs -I{} rg TOKEN -g {}', '.env'],
    ['rg --files src | while read -r f; do rg TOKEN . -g "$f"; done', '.env'],
    ['grep -r -f src/cart.ts', '.env'],
    ['egrep -r --file=src/cart.ts', '.env'],
    ['rg -uu -f src/cart.ts', '.env'],
    ['difft src .', '.env'],
    ['find config -type d | xargs grep -r abc', 'config/server.key'],
    ['find config -type d | xargs -I{} diff -rN {} src', 'config/server.key'],
    ['find config -type d -exec diff -N {} src \\;', 'config/server.key'],
    ['find config -type d | xargs rg abc', 'config/server.key'],
    ['find config -type d | xargs ag abc', 'config/server.key'],
    ['diff -N $(find config -type d) src', 'config/server.key'],
    ['find . -name .env -exec cat {} \\;', '.env'],
    ["find . -iname '.ENV*' | xargs cat", undefined],
    ['find . -type f -print0 | xargs -0 grep -h TOKEN', '.env'],
    ['find config -type f | xargs grep -n abc', 'config/server.key'],
    ['rg -l --hidden TOKEN . -0 | xargs -0 cat', undefined],
    ['timeout 5 grep -r TOKEN .', '.env'],
    ['(cd config && grep -r abc .)', 'config/./server.key'],
    ['for f in *; do grep -r TOKEN .; done', '.env'],
    ['echo "$(grep -r TOKEN .)"', '.env'],
    // The last word may be the value of an option.
    ['grep -rn TOKEN --exclude-dir node_modules', '.env'],
    ["grep -r TOKEN --include '*'", '.env'],
    ["rg -uu TOKEN -g '!node_modules'", '.env'],
    ['rg -uu TOKEN --sort path', '.env'],
    ['ag -u TOKEN --ignore x', '.env'],
    ["rg --hidden --iglob '.ENV' TOKEN", '.env'],
    ["rg -g '*.key' -t ts abc", 'config/server.key'],
    ['rg -tsh TOKEN', '.env'],
    ['rg -tall .', '.env'],
    ["grep -r '\\`TOKEN' .", '.env'],
    ["git grep -h abc -- 'c*'", '.env'],
    ['git grep TOKEN main', '.env'],
    ['git grep TOKEN main -- .env', '.env'],
    ['git diff', '.env'],
    ['git diff --stat -p', '.env'],
    ['cd src && git diff', '.env'],
    ['git diff HEAD -- config', 'config/server.key'],
    ['git diff main', '.env'],
    ['git show', '.env'],
    ['git show HEAD~2', '.env'],
    ['git log -p -3', '.env'],
    ['git stash show -p', '.env'],
    ['git cat-file -p 0123abc', '.env'],
    ['git diff-tree -p HEAD', '.env'],
  ])('%s', async (line, named) => {
    const verdict = await decide(line.replace('/ROOT', root));
    if (named === undefined) expect(verdict.decision, verdict.reason).not.toBe('deny');
    else expect(verdict).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
    if (named !== undefined) expect(verdict.reason).toContain(named.replace('/./', '/'));
  });
});

describe('a search that shows nothing of one does not', () => {
  it.each([
    'grep -rn total .',
    'git grep TOKEN -- src',
    'git diff --stat',
    'git diff -- src',
    'git diff HEAD~1:src HEAD:src',
    'git status',
    'grep -f src/cart.ts src/cart.ts',
    "git diff HEAD -- '*.ts'",
    'git show --name-only',
    'git show HEAD:src/cart.ts',
    'git log --oneline -5',
    'git log -p -- src/cart.ts',
    'git cat-file -p HEAD:src/cart.ts',
    'git stash list',
    'grep -rnE "total|summe" .',
    "grep -rn --include='*.ts' TOKEN .",
    "grep -rn --exclude='.env*' TOKEN .",
    'grep -rn TOKEN src',
    'grep -rln total . | head',
    'rg TOKEN',
    'rg -t ts abc',
    "rg -g '*.ts' abc",
    "rg -g '!*.key' abc",
    'rg --files',
    'rg secrets',
    'git grep -n total',
    "git ls-files '*.ts' | xargs wc -l",
    "wc -l $(git ls-files '*.ts')",
    'git grep -l total | xargs grep -n total',
    'for f in $(git ls-files src); do echo "$f"; head -1 "$f"; done',
    'find src -type f | while read -r f; do wc -l "$f"; done',
    'git ls-files | grep \'\\.ts$\' | while read -r f; do echo "$f"; done',
    'find src -name "*.ts" -exec grep -n TOKEN {} +',
    "find src -type f -name '*.ts' -print0 | xargs -0 wc -l",
    "find . -path ./node_modules -prune -o -name 'cart.ts' -print -exec head -1 {} +",
    'find src -type f | xargs wc -l',
    'find . -type f | head',
    'ls -R',
    'cd src && grep -rn TOKEN .',
    'for f in src/*.ts; do wc -l "$f"; done',
  ])('%s', async (line) => {
    const verdict = await decide(line);
    expect(verdict, verdict.reason).toMatchObject({ decision: 'allow' });
  });
});

test('a name that would be several words is told of, and so is a link that leads out', async () => {
  expect(await decide('find odd -type f | xargs cat')).toMatchObject({
    decision: 'ask',
    reason: 'The name a  below it would be taken for several words; use -print0 and xargs -0.',
  });
  expect(await decide('find odd -type f -print0 | xargs -0 cat')).toMatchObject({ decision: 'allow' });
  expect((await decide('find links -exec cat {} +')).decision).not.toBe('allow');
  expect((await decide('find links -type f -exec cat {} +')).decision).toBe('allow');
  expect(await decide('for f in odd/*; do cat $f; done')).toMatchObject({
    decision: 'ask',
    reason: expect.stringMatching(/^A file that fits odd\/\* has a space .* quote the variable, or/),
  });
});

describe('what a search or a comparison follows through links', () => {
  beforeAll(() => {
    mkdirSync(join(root, 'follow', 'inner'), { recursive: true });
    writeFileSync(join(root, 'follow', 'a.ts'), 'total\n');
    symlinkSync('a.ts', join(root, 'follow', 'same.ts'));
    mkdirSync(join(root, 'out'));
    symlinkSync(base, join(root, 'out', 'away'));
    mkdirSync(join(root, 'secret'));
    symlinkSync(join(root, '.env'), join(root, 'secret', 'a.ts'));
    mkdirSync(join(root, 'dangling'));
    symlinkSync('nowhere', join(root, 'dangling', 'a.ts'));
    mkdirSync(join(root, 'packages', 'node_modules'), { recursive: true });
    symlinkSync(base, join(root, 'packages', 'node_modules', 'x'));
  });

  it.each([
    'grep -Rn total follow',
    'rg -L total follow',
    'diff -r follow plain',
    'diff follow plain',
    'grep -R total dangling',
    'grep -rn total out',
    'rg total out',
    'diff -r --no-dereference out plain',
    'grep -R --exclude-dir=node_modules total packages',
    'grep -R total follow | cat',
  ])('is allowed where none leads anywhere: %s', async (line) => {
    expect(await decide(line)).toMatchObject({ decision: 'allow' });
  });

  it.each([
    ['grep -Rn total out', 'away'],
    ['rg -L total out', 'away'],
    ['rg --follow -l total out | xargs cat', 'away'],
    ['diff -r out plain', 'away'],
    ['grep -Rn TOKEN secret', '.env'],
    ["grep -R TOKEN --include='*.ts' secret", '.env'],
    ['rg -L . secret', '.env'],
    ['diff secret plain', '.env'],
    ['diff -r secret plain', '.env'],
    ['grep -Rn total links', 'links/notes.ts'],
    ['grep -R total packages', 'x'],
    ['find follow -type f | xargs grep -R total out', 'away'],
  ])('is asked about where one leads out or to secrets: %s', async (line, named) => {
    const { decision, reason } = await decide(line);
    expect(decision).toBe('ask');
    expect(reason).toContain(named);
  });
});

describe('names, sizes and counts', () => {
  it.each([
    'ls -la .env',
    'test -f .env',
    '[[ -e config/server.key ]]',
    'stat -c %s config/server.key',
    'find . -type f -exec ls -l {} +',
    'find . -type f -print0 | xargs -0 wc -l',
    'du -a .',
    'ls -d .*',
    "printf '%s\\n' .e*",
    'find links | xargs ls -l',
  ])('are no secrets: %s', async (line) => {
    expect(await decide(line)).toMatchObject({ decision: 'allow' });
  });

  it.each([
    'wc -l .env',
    'cat .env',
    'ls -la .*',
    'ls ..',
    'stat links/notes.ts',
    'head -c 0 .env',
    'wc -l links/notes.ts',
  ])('but what stands in a file may be, and what lies elsewhere: %s', async (line) => {
    expect((await decide(line)).decision).toBe('ask');
  });
});

describe('what fd hands on', () => {
  it.each(['fd -e ts . src -x cat', 'fd -e ts . src | xargs cat', 'fd cart src -x grep -n total'])(
    'is allowed without secrets: %s',
    async (line) => {
      expect(await decide(line)).toMatchObject({
        decision: 'allow',
      });
    },
  );

  it.each([
    ['fd . config -x cat', 'config/server.key'],
    ['fd -u . local -x cat', 'local/secrets.json'],
    ['fd . links -x cat', 'links/notes.ts'],
    ['fd -H | xargs cat', 'taken for several words'],
    ['fd . config | xargs head', 'config/server.key'],
  ])('is asked about with them: %s', async (line, named) => {
    const { decision, reason } = await decide(line);
    expect(decision).toBe('ask');
    expect(reason).toContain(named);
  });
});

test('the files that tell about the machine are read by their own names, and nothing else beside them', async () => {
  for (const line of ['cat /proc/cpuinfo', 'head -3 /proc/meminfo', 'grep -c processor /proc/cpuinfo']) {
    expect((await decide(line)).decision, line).toBe('allow');
  }
  symlinkSync('/proc/cpuinfo', join(root, 'plain', 'processors'));
  for (const line of ['cat /proc/interrupts', 'cat plain/processors', 'cat /proc', 'ls /proc', 'cat /etc/passwd']) {
    expect((await decide(line)).decision, line).toBe('ask');
  }
});

test('what is put there later is seen', async () => {
  expect(await decide('grep -rn TOKEN plain')).toMatchObject({ decision: 'allow' });
  writeFileSync(join(root, 'plain', 'id_rsa'), 'TOKEN\n');
  expect(await decide('grep -rn TOKEN plain')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
  rmSync(join(root, 'plain', 'id_rsa'));
  expect(await decide('grep -rn TOKEN plain')).toMatchObject({ decision: 'allow' });
});

test('rules of a folder are followed as far as the program follows them', async () => {
  writeFileSync(join(root, 'local', 'secrets.json'), 'TOKEN\n');
  expect(await decide('rg TOKEN')).toMatchObject({ decision: 'allow' });
  expect(await decide('rg TOKEN local')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
  expect(await decide('rg --no-ignore TOKEN')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
  expect(await decide('grep -r TOKEN local')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
  writeFileSync(join(root, '.ignore'), '!local/\n');
  expect(await decide('rg TOKEN')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
  rmSync(join(root, '.ignore'));
});

test.each(['!.env\n', '*.log\n!/.env\n'])(
  'a rule that takes something back may bring what is hidden: %j',
  async (rules) => {
    writeFileSync(join(root, '.rgignore'), rules);
    expect(await decide('rg TOKEN')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
    rmSync(join(root, '.rgignore'));
    writeFileSync(join(root, '.gitignore'), `local/\n${rules}`);
    expect(await decide('rg TOKEN')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
    writeFileSync(join(root, '.gitignore'), 'local/\n');
  },
);

test.each(['secrets.json\n!{secrets,x}.json\n', '[[:alpha:]]*.json\n', 'secrets.json\n!/plain/secrets.json\t\n'])(
  'a rule that others read in another way leaves nothing out: %j',
  async (rules) => {
    writeFileSync(join(root, 'plain', 'secrets.json'), 'TOKEN\n');
    writeFileSync(join(root, 'plain', '.gitignore'), rules);
    expect(await decide('rg TOKEN')).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
    rmSync(join(root, 'plain', '.gitignore'));
    rmSync(join(root, 'plain', 'secrets.json'));
  },
);
