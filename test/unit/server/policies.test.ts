import { describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { budgetOf } from '../../../server/policies/budget.ts';
import { policies } from '../../../server/policies/list.ts';
import { failing, runsTests } from '../../../server/policies/tests.ts';
import { answer, calls, findings, ran, start, user, view } from './policies.ts';

const write = (path: string) => start('call', [{ kind: 'write', path }]);
const usage = (prompt: number, completion: number, cached = 0) => ({ prompt, completion, cached, context: 10_000 });

describe('every policy', () => {
  it('has a name of its own and a rule that is a sentence', () => {
    expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
    for (const { name, rule, on } of policies) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(rule).toMatch(/^[A-Z].*\.$/);
      expect(on.length).toBeGreaterThan(0);
    }
  });
});

describe('an answer with ERROR', () => {
  it('is asked about, unless the person spoke of it', () => {
    const [found] = findings('answer-with-error', [user('Run it.'), answer('Done.\nERROR: no such file')]);
    expect(found).toMatchObject({ grade: 'acknowledge', evidence: 'The answer says “ERROR: no such file.”' });
    expect(findings('answer-with-error', [user('What does ERROR mean?'), answer('ERROR is a level.')])).toEqual([]);
    expect(findings('answer-with-error', [user('Run it.'), answer('There was an error.')])).toEqual([]);
    expect(findings('answer-with-error', [user('Run it.'), calls('bash', { command: 'grep ERROR log' })])).toEqual([]);
  });
});

describe('the same call', () => {
  const look = () => calls('file_read', { path: 'a.ts' });

  it.each([
    [2, undefined],
    [3, 'note'],
    [4, 'note'],
    [5, 'stop'],
  ])('%i times: %s', (times, grade) => {
    const [found] = findings('repeated-call', [user('Go.'), ...Array.from({ length: times }, look)]);
    expect(found?.grade).toBe(grade);
  });

  it('may be made again after something else was changed, and in another turn', () => {
    const edit = calls('file_edit', { path: 'a.ts' });
    const changed = [edit, start(edit.calls[0]?.id ?? '', [{ kind: 'write', path: 'a.ts' }])];
    expect(findings('repeated-call', [user('Go.'), look(), look(), ...changed, look()])).toEqual([]);
    expect(findings('repeated-call', [user('Go.'), look(), look(), user('Again.'), look()])).toEqual([]);
  });

  it('that itself changes something is counted all the same', () => {
    const install = () => ran('npm install', 'ok');
    const last = calls('bash', { command: 'npm install' });
    expect(findings('repeated-call', [user('Go.'), ...install(), ...install(), last])).toHaveLength(1);
  });

  it('is counted also when two go by turns, as long as each brings what it brought before', () => {
    const build = (ms: number) => ran('npm run build', `Built in ${ms}ms, 2 faults.`, 'error');
    const lint = () => ran('npm run lint', '2 faults.', 'error');
    const last = calls('bash', { command: 'npm run build' });
    const round = [user('Go.'), ...build(1), ...lint(), ...build(2), ...lint(), ...build(3), ...lint()];
    expect(findings('repeated-call', [...round, last])).toMatchObject([{ grade: 'note' }]);
    expect(findings('repeated-call', [...round, ...build(4), ...lint(), ...build(5), ...lint(), last])).toMatchObject([
      { grade: 'stop' },
    ]);
    const edit = () => ran('sed -i s/a/b/ a.ts', `${Math.random()}`);
    expect(findings('repeated-call', [...round, ...edit(), last])).toEqual([]);
  });

  it('may be made again by turns while one of the two brings something new', () => {
    const wait = () => ran('sleep 5', 'Exit code 0, no output.');
    const status = (done: number) => ran('./status.sh', `${done} of 9 done`);
    const polled = [1, 2, 3, 4, 5, 6, 7].flatMap((done) => [...status(done), ...wait()]);
    for (const next of ['./status.sh', 'sleep 5'])
      expect(findings('repeated-call', [user('Go.'), ...polled, calls('bash', { command: next })])).toEqual([]);
  });

  it.each(['denied by the gate', 'not let run'])('is counted across others that were %s', (how) => {
    const refused = (path: string) => {
      const asked = calls('file_write', { path });
      const call = asked.calls[0]?.id ?? '';
      const gate = how === 'denied by the gate';
      const begun = start(call, [{ kind: 'write', path }], gate ? 'deny' : 'allow');
      const outcome = gate ? 'denied' : 'skipped';
      return [
        asked,
        begun,
        { type: 'tool.end', call, tool: 'file_write', outcome, text: path, summary: '', origin: 'model' } as const,
      ];
    };
    const both = [...refused('/etc/a'), ...refused('/etc/b')];
    const last = calls('file_write', { path: '/etc/a' });
    expect(findings('repeated-call', [user('Go.'), ...both, ...both, last])).toMatchObject([{ grade: 'note' }]);
  });
});

describe('tests', () => {
  it.each([
    'npm test',
    'npm t',
    'npm run test',
    'pnpm test -- --watch=false',
    'cd app && yarn test',
    'npx vitest run',
    'node --test',
    'node --no-warnings --test test/',
    'python -m pytest -q',
    'python3 -m unittest',
    'pytest tests/test_a.py',
    'go test ./...',
    'cargo test',
    'make check',
    './gradlew test',
    'mvn -q verify',
  ])('are run by %s', (command) => expect(runsTests(command)).toBe(true));

  it.each([
    'npm install',
    'cat test/a.test.ts',
    'git commit -m "add test"',
    'npm run build',
    'ls tests',
    'node test.js',
  ])('are not known to be run by %s', (command) => expect(runsTests(command)).toBe(false));

  it.each([
    ['node', '✖ adds two (1.2ms)\nℹ fail 1\n✖ failing tests:', ['adds two']],
    ['tap', 'not ok 3 - adds two', ['adds two']],
    ['go', '--- FAIL: TestAdd (0.00s)\n    add_test.go:8: want 4', ['TestAdd']],
    ['pytest', 'FAILED tests/test_add.py::test_add - assert 3 == 4', ['tests/test_add.py::test_add']],
    ['unittest', 'FAIL: test_add (tests.Add.test_add)', ['test_add (tests.Add.test_add)']],
    ['cargo', 'test tests::adds ... FAILED', ['tests::adds']],
    ['vitest', ' × adds two 12ms', ['adds two']],
    ['jest', '  ● sums › adds two', ['sums › adds two']],
    ['mocha', '    1) adds two:', ['adds two:']],
    ['all green', '✔ adds two (1ms)\nℹ pass 1', []],
  ])('that fail are named as %s does', (_, text, names) => expect(failing(text)).toEqual(names));

  it('failing three times are asked about, and not twice, and not when it was another one', () => {
    const red = (name: string) => ran('npm test', `✖ ${name} (1ms)`, 'error');
    const three = [user('Go.'), ...red('adds'), ...red('adds'), ...red('adds')];
    expect(findings('same-test-failing', three)).toMatchObject([
      { grade: 'acknowledge', evidence: 'The same test failed 3 times: “adds”.' },
    ]);
    expect(findings('same-test-failing', three.slice(0, -3))).toEqual([]);
    expect(findings('same-test-failing', [...three.slice(0, -3), ...red('takes away')])).toEqual([]);
  });

  it('failing three times are asked about whatever was run in between, unless they passed meanwhile', () => {
    const red = () => ran('npx vitest run a.test.ts', ' × adds 3ms', 'error');
    const other = () => ran('npx vitest run b.test.ts', ' ✓ takes away 2ms');
    const crash = () => ran('npx vitest run a.test.ts', 'SyntaxError: Unexpected token', 'error');
    const found = (...runs: LoggedEvent[][]) => findings('same-test-failing', [user('Go.'), ...runs.flat()]);
    expect(found(red(), other(), red(), crash(), other(), red())).toMatchObject([{ key: 'adds' }]);
    const green = ran('npx vitest run a.test.ts', 'Tests  9 passed (9)');
    expect(found(red(), red(), green, red())).toEqual([]);
    expect(found(red(), red(), ran('npx vitest run', ' ✓ adds 3ms'), red())).toEqual([]);
    expect(found(red(), red(), ran('npx vitest run a.test.ts', ' × divides 3ms', 'error'), red())).toEqual([]);
    // It is asked about where it failed.
    expect(found(red(), red(), red(), other())).toEqual([]);
  });

  it.each([
    ['All tests pass now.', 1],
    ['The change is made and the tests are green.', 1],
    ['The tests should pass now.', 0],
    ['I did not run the tests, so I cannot say that the tests pass.', 0],
    ['Run the tests to see whether they pass.', 0],
    ['Pass the test object to the function.', 0],
  ])('%s (in a turn that ran none)', (text, count) => {
    expect(findings('tests-claimed', [user('Go.'), answer(text)])).toHaveLength(count);
  });

  it('may be said to pass when they were run', () => {
    expect(findings('tests-claimed', [user('Go.'), ...ran('npm test', 'pass 3'), answer('All tests pass.')])).toEqual(
      [],
    );
  });
});

describe('an edit outside the request', () => {
  it.each([
    ['Fix src/cart.ts', 'src/cart.ts', 0],
    ['Fix src/cart.ts', 'src/price.ts', 1],
    ['Fix @src/cart.ts:10-20, please.', 'src/cart.ts', 0],
    ['Fix cart.ts.', 'src/shop/cart.ts', 0],
    ['Tidy up the folder src/shop/', 'src/shop/deep/cart.ts', 0],
    ['Tidy up src/shop', 'src/other.ts', 1],
    ['Make it faster.', 'src/cart.ts', 0],
    ['See https://example.org/a/b.html and fix it', 'src/cart.ts', 0],
    ['Is it 2.5 or 3/4? Make it so.', 'src/cart.ts', 0],
    ['Write it for Node.js, e.g. with fetch', 'src/cart.ts', 0],
    ['Use and/or tabs/spaces as you like', 'src/cart.ts', 0],
    ['Add a handler with app.use and log it with console.log', 'src/cart.ts', 0],
    ['user.name is undefined in the header', 'src/cart.ts', 0],
    ['It reads process.env, module.exports and req.body.id', 'src/cart.ts', 0],
    ['Return res.json({ ok: true }) or response.json', 'src/cart.ts', 0],
    ['Call JSON.parse(text) and items.map(f)', 'src/cart.ts', 0],
    ['Port it from Express.js to Node.js and Chart.js', 'src/cart.ts', 0],
    ['Use socket.io, ASP.NET or D3.js, i.e. what is there', 'src/cart.ts', 0],
    ['Upgrade it to v1.2.x, e.g./i.e. the newest', 'src/cart.ts', 0],
    ['It should answer with application/json as example.com/a.html says', 'src/cart.ts', 0],
    ['The field a.b.c is missing', 'src/cart.ts', 0],
    ['app.use in src/app.ts is wrong', 'src/app.ts', 0],
    ['app.use in src/app.ts is wrong', 'src/cart.ts', 1],
    ['console.log in server.js is too loud', 'src/cart.ts', 1],
    ['console.log in server.js is too loud', 'src/server.js', 0],
    ['The build reads package.json and style.css', 'src/cart.ts', 1],
    ['main.c:12 crashes', 'src/cart.c', 1],
    ['cart.ts(12,3): error TS2322', 'src/price.ts', 1],
    ['Change the files in lib/util', 'src/a.ts', 1],
    ['Change the files in lib/util.', 'lib/util/deep/a.ts', 0],
    ['Tidy up everything under lib/util, please', 'src/a.ts', 1],
    ['The folder test/data is too large', 'src/a.ts', 1],
    ['Move the `lib/util` directory', 'src/a.ts', 1],
    ['Change all files under "lib/util"', 'src/a.ts', 1],
    ['Make the tests in test/unit pass', 'src/a.ts', 0],
    ['Fix Makefile', 'src/a.ts', 1],
    ['Fix the Dockerfile', 'deploy/Dockerfile', 0],
    ['Open the files in read/write mode', 'src/a.ts', 0],
    ['Keep all files in text/plain or Java/Kotlin', 'src/a.ts', 0],
    ['Load the files in and/or out of order', 'src/a.ts', 0],
    ['The build makes a Makefile.am and dev/prod differ', 'src/a.ts', 0],
    ['Put the key of src/cart.ts into .env', '.env', 0],
    ['Put the target of src/cart.ts into the Makefile', 'Makefile', 0],
  ])('%s changes %s', (message, path, count) => {
    expect(findings('outside-request', [user(message), write(path)])).toHaveLength(count);
  });

  it('may lie where the person says in the middle of the turn', () => {
    const steer = { type: 'steered', item: 'a', text: 'And src/price.ts' } as const;
    expect(findings('outside-request', [user('Fix src/cart.ts'), steer, write('src/price.ts')])).toEqual([]);
  });
});

describe('files with secrets', () => {
  const looked = (path: string, outcome: 'ok' | 'error'): LoggedEvent[] => [
    start('call', [{ kind: 'read', path }]),
    { type: 'tool.end', call: 'call', tool: 'file_read', outcome, text: '', summary: '', origin: 'model' },
  ];

  it.each([
    ['.env', 1],
    ['app/.env.production', 1],
    ['.env.example', 0],
    ['keys/server.pem', 1],
    ['~/.ssh/id_ed25519', 1],
    ['config/credentials.json', 1],
    ['src/environment.ts', 0],
    ['docs/keys.md', 0],
  ])('%s', (path, count) => {
    expect(findings('secrets-read', [user('Go.'), ...looked(path, 'ok')])).toHaveLength(count);
    // It is not there, or could not be read.
    expect(findings('secrets-read', [user('Go.'), ...looked(path, 'error')])).toEqual([]);
  });

  it.each([
    ['cat .env', '.env'],
    ['cat ./.env', '.env'],
    ['cd app && head -3 .env.local', 'app/.env.local'],
    ['grep KEY .env', '.env'],
    ['cat < .env', '.env'],
    ['cat package.json .npmrc | head', '.npmrc'],
    ['git show HEAD:.env', '.env'],
    ["sed -n '1,5p' .env", '.env'],
    ['set -a; source .env; env', '.env'],
    ['base64 keys/server.pem', 'keys/server.pem'],
    ['cat ~/.ssh/id_rsa', '~/.ssh/id_rsa'],
    ['cat "$HOME/.ssh/id_rsa"', '~/.ssh/id_rsa'],
    ['cat ~/.aws/credentials', '~/.aws/credentials'],
    ['head -3 ~/.npmrc', '~/.npmrc'],
    ['grep -i token ~/.npmrc', '~/.npmrc'],
    ['sudo cat .env', '.env'],
    ['sudo -u root tail -n 3 .env', '.env'],
    ['bash -c "cat .env"', '.env'],
    ["sudo sh -xc 'cd app; cat .env'", '.env'],
    ['export $(cat .env | xargs)', '.env'],
    ['for each in 1; do cat .env; done', '.env'],
    ['cat .env.example', undefined],
    ['cat ~/.env.example', undefined],
    ['cat a.txt > ~/.npmrc', undefined],
    ['sudo cat .env.example > .env', undefined],
    ['cat > run.sh <<EOF\ncat .env\nEOF', undefined],
    ['grep -rn ".env" ~/notes.md', undefined],
    ['sudo cp ~/.ssh/id_rsa.pub .', undefined],
    ['ls ~/.ssh/id_rsa', undefined],
    ['ls -la .env', undefined],
    ['find . -name .env', undefined],
    ['wc -l .env', undefined],
    ['cp .env.example .env', undefined],
    ['echo .env >> .gitignore', undefined],
    ['npm run keys', undefined],
  ])('by the command %s', (command, path) => {
    const found = findings('secrets-read', [user('Go.'), ...ran(command, '').slice(0, -1)]);
    expect(found.map(({ key }) => key)).toEqual(path === undefined ? [] : [path]);
  });

  const searched = (text: string, tool = 'grep') => {
    const end = { type: 'tool.end', call: 'c', tool, outcome: 'ok', text, summary: '', origin: 'model' } as const;
    return findings('secrets-read', [user('Go.'), end]);
  };

  it.each([
    ['.env:1:KEY=hunter2', '.env'],
    ['src/a.ts:3: readKey()\napp/.env.local-1- # of ours\napp/.env.local:2: KEY=hunter2', 'app/.env.local'],
    ['./config/secrets.yaml:9:  key: hunter2', 'config/secrets.yaml'],
    ['my app/.env:1:KEY=hunter2', 'my app/.env'],
    ['.env:KEY=hunter2', '.env'],
    ['src/a.ts:3: read(".env:1:KEY")', undefined],
    ['.env.example:1:KEY=', undefined],
    ['No match.', undefined],
  ])('among what a search found: %s', (text, path) => {
    expect(searched(text).map(({ key }) => key)).toEqual(path === undefined ? [] : [path]);
    expect(searched(text, 'file_read')).toEqual([]);
    const ends = ran('grep -rn KEY .', text);
    expect(findings('secrets-read', [user('Go.'), ...ends]).map(({ key }) => key)).toEqual(
      path === undefined ? [] : [path],
    );
  });

  it('that were not read are not spoken of', () => {
    const denied = start('call', [{ kind: 'execute', command: 'cat .env' }], 'deny');
    expect(findings('secrets-read', [user('Go.'), denied])).toEqual([]);
    expect(findings('secrets-read', [user('Go.'), start('call', [{ kind: 'read', path: '.env' }], 'deny')])).toEqual(
      [],
    );
  });
});

describe('a turn', () => {
  it('is paused after many steps, much time or many tokens', () => {
    const steps = Array.from({ length: 50 }, (_, at) => calls('file_read', { path: `${at}` }));
    expect(findings('budget', [user('Go.'), ...steps])).toMatchObject([{ grade: 'pause', key: 'steps' }]);
    expect(findings('budget', [user('Go.'), ...steps.slice(1)])).toEqual([]);
    const [step] = steps;
    if (!step) throw new Error('there are steps');
    expect(findings('budget', [user('Go.'), step], { seconds: 1800 })).toMatchObject([{ key: 'minutes' }]);
    const dear = { ...step, usage: usage(390_000, 10_000) };
    expect(findings('budget', [user('Go.'), dear])).toMatchObject([{ key: 'tokens' }]);
    const cheap = { ...step, usage: usage(390_000, 10_000, 380_000) };
    expect(findings('budget', [user('Go.'), cheap])).toEqual([]);
  });

  it('is paused behind a command that took long, and not behind one that was stopped', () => {
    const slept = ran('sleep 1900', 'Exit code 0, no output.');
    expect(findings('budget', [user('Go.'), ...slept], { seconds: 1900 })).toMatchObject([
      { grade: 'pause', key: 'minutes', evidence: 'This turn has taken 31 minutes.' },
    ]);
    expect(findings('budget', [user('Go.'), ...slept], { seconds: 1799 })).toEqual([]);
    const stopped = ran('sleep 1900', 'Cancelled.', 'cancelled');
    expect(findings('budget', [user('Go.'), ...stopped], { seconds: 1900 })).toEqual([]);
  });

  it.each([
    [{}, 'One turn took 50 steps, 30 minutes of work, or read and wrote 400,000 tokens.', ['minutes', 'tokens']],
    [
      { steps: 1 },
      'One turn took 1 step, 30 minutes of work, or read and wrote 400,000 tokens.',
      ['steps', 'minutes', 'tokens'],
    ],
    [{ minutes: 60, tokens: 0 }, 'One turn took 50 steps or 60 minutes of work.', []],
    [{ steps: 0, minutes: 0 }, 'One turn read and wrote 400,000 tokens.', ['tokens']],
    [{ steps: 0, minutes: 0, tokens: 0 }, 'A turn may take what it takes.', []],
  ])('may take what the person says: %o', (budget, rule, keys) => {
    const policy = budgetOf(() => budget);
    expect(policy.rule).toBe(rule);
    const dear = { ...calls('file_read', { path: 'a' }), usage: usage(390_000, 10_000) };
    const found = policy.judge(dear, view([user('Go.'), dear], { seconds: 1800 }));
    expect([found ?? []].flat().map(({ key }) => key)).toEqual(keys);
  });

  it('that ends anyway is not paused', () => {
    expect(findings('budget', [user('Go.'), answer('Done.')], { seconds: 9999 })).toEqual([]);
  });

  it('is told when the context is nearly full', () => {
    expect(findings('context-near-full', [user('Go.'), answer('A', { usage: usage(8400, 99) })])).toEqual([]);
    expect(findings('context-near-full', [user('Go.'), answer('A', { usage: usage(8400, 100) })])).toMatchObject([
      { grade: 'note', evidence: 'The context is nearly full: 8,500 of 10,000 tokens. A new chat is due soon.' },
    ]);
  });
});

describe('two chats in one file', () => {
  it('are told, and chats in other files are not', () => {
    const others = [{ title: 'The cart', changed: ['/home/ada/shop/src/cart.ts'] }];
    expect(findings('two-chats', [user('Go.'), write('src/cart.ts')], { others })).toMatchObject([
      { grade: 'note', evidence: 'src/cart.ts is being changed by the chat “The cart” too.' },
    ]);
    expect(findings('two-chats', [user('Go.'), write('src/price.ts')], { others })).toEqual([]);
  });
});
