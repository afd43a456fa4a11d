import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constantFrom, assert, dictionary, property, string } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childEnvironment } from '../../../src/node/environment.ts';
import { Bench } from './tools/support.ts';

/** What may reach a command, with what it finds there where that does not depend on who started Drover. */
const fixed: Record<string, string> = {
  TERM: 'dumb',
  CI: '1',
  NO_COLOR: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_EDITOR: ':',
};
const passed = new Set(
  'HOME USER LOGNAME SHELL LANG LC_ALL LC_CTYPE TZ TMPDIR JAVA_HOME GOPATH CARGO_HOME RUSTUP_HOME VIRTUAL_ENV PATH'.split(
    ' ',
  ),
);

/** Each class with what it would do to a command that finds it. */
const hostile: readonly (readonly [string, string])[] = [
  ['GITHUB_TOKEN', 'gives a secret away'],
  ['AWS_SECRET_ACCESS_KEY', 'gives a secret away'],
  ['OPENAI_API_KEY', 'gives a secret away'],
  ['SSH_AUTH_SOCK', 'signs with the keys of the person'],
  ['DROVER_TOKEN', 'is the way into Drover itself'],
  ['DROVER_STATE', 'leads another Drover to the same state'],
  ['NODE_OPTIONS', 'loads code into Node'],
  ['NODE_PATH', 'loads code into Node'],
  ['NODE_EXTRA_CA_CERTS', 'trusts somebody else'],
  ['ELECTRON_RUN_AS_NODE', 'makes another program of the editor'],
  ['VSCODE_IPC_HOOK_CLI', 'commands the editor'],
  ['NPM_CONFIG_REGISTRY', 'fetches from somebody else'],
  ['npm_config_script_shell', 'runs another shell'],
  ['LD_PRELOAD', 'loads code into every program'],
  ['LD_LIBRARY_PATH', 'loads code into every program'],
  ['LD_AUDIT', 'loads code into every program'],
  ['DYLD_INSERT_LIBRARIES', 'loads code into every program'],
  ['BASH_ENV', 'is run by bash before the command'],
  ['ENV', 'is run by sh before the command'],
  ['SHELLOPTS', 'changes how bash reads the command'],
  ['BASHOPTS', 'changes how bash reads the command'],
  ['PS4', 'is expanded by bash for set -x'],
  ['PROMPT_COMMAND', 'is run by bash'],
  ['IFS', 'splits words elsewhere'],
  ['CDPATH', 'leads cd elsewhere'],
  ['GLOBIGNORE', 'changes what patterns fit'],
  ['BASH_FUNC_ls%%', 'takes the name of a program'],
  ['BASH_FUNC_git()', 'takes the name of a program'],
  ['PYTHONPATH', 'loads code into Python'],
  ['PYTHONSTARTUP', 'loads code into Python'],
  ['PYTHONHOME', 'loads code into Python'],
  ['PERL5LIB', 'loads code into Perl'],
  ['PERL5OPT', 'loads code into Perl'],
  ['RUBYOPT', 'loads code into Ruby'],
  ['JAVA_TOOL_OPTIONS', 'loads code into Java'],
  ['_JAVA_OPTIONS', 'loads code into Java'],
  ['MAVEN_OPTS', 'loads code into Maven'],
  ['RUSTC_WRAPPER', 'runs a program in the place of the compiler'],
  ['GOFLAGS', 'runs a program in the place of the compiler'],
  ['CC', 'runs a program in the place of the compiler'],
  ['MAKEFLAGS', 'runs what make is not asked for'],
  ['HTTP_PROXY', 'sends requests to somebody else'],
  ['https_proxy', 'sends requests to somebody else'],
  ['ALL_PROXY', 'sends requests to somebody else'],
  ['GIT_DIR', 'is another repository'],
  ['GIT_SSH_COMMAND', 'is run by git'],
  ['GIT_EXTERNAL_DIFF', 'is run by git'],
  ['GIT_CONFIG_GLOBAL', 'is another configuration'],
  ['GIT_CONFIG_PARAMETERS', 'is another configuration'],
  ['GIT_ASKPASS', 'is run by git'],
  ['EDITOR', 'is run by git'],
  ['LESSOPEN', 'is run by less'],
  ['RIPGREP_CONFIG_PATH', 'is run by ripgrep'],
  ['DOCKER_HOST', 'is another machine'],
  ['KUBECONFIG', 'is another machine'],
  ['home', 'is another name for a folder of the person'],
  ['path', 'is another way to programs'],
];
const value = 'HOSTILE-VALUE';

describe('of what stands in the environment of Drover', () => {
  test.each(hostile)('%s does not reach a command: it %s', (name) => {
    const source = { PATH: '/usr/bin:/bin', HOME: '/home/me', [name]: value };
    for (const platform of ['linux', 'darwin'] as const) {
      const found = childEnvironment(source, [], platform);
      expect(found).not.toHaveProperty(name);
      expect(JSON.stringify(found)).not.toContain(value);
      expect(found['PATH']).toBe('/usr/bin:/bin');
      expect(found['HOME']).toBe('/home/me');
    }
  });

  test('nothing but the list comes through, whatever there is', () => {
    const name = constantFrom(
      ...hostile.map(([each]) => each),
      'PATH',
      'HOME',
      'TERM',
      'CI',
      'GIT_PAGER',
      'x',
      'toString',
    );
    assert(
      property(dictionary(name, string()), (source) => {
        const found = childEnvironment(source, [], 'linux');
        for (const [each, content] of Object.entries(found)) {
          if (each in fixed) expect(content).toBe(fixed[each]);
          else expect(passed.has(each), each).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('on Windows names are the same in capitals and small letters', () => {
    const found = childEnvironment({ Path: 'C:\\Windows', SystemRoot: 'C:\\Windows', Token: value }, [], 'win32');
    expect(found).toMatchObject({ SYSTEMROOT: 'C:\\Windows' });
    expect(JSON.stringify(found)).not.toContain(value);
  });
});

describe.skipIf(process.platform === 'win32')('the shell', () => {
  let bench: Bench;
  const before = { ...process.env };
  beforeEach(() => {
    bench = new Bench({ 'rc.sh': 'echo RC; touch fooled\n' });
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    bench.remove();
  });

  const bash = async (command: string) => (await bench.call('bash', { command })).text;

  test('finds nothing of a hostile environment, and runs nothing that it names', async () => {
    const rc = join(bench.root, 'rc.sh');
    for (const [name] of hostile) if (name !== 'path' && name !== 'home') process.env[name] = value;
    for (const name of ['BASH_ENV', 'ENV', 'PROMPT_COMMAND']) process.env[name] = rc;
    process.env['BASH_FUNC_ls%%'] = '() { echo HOSTILE-VALUE; }';
    const said = await bash('ls; env -0 | tr "\\0" "\\n"; declare -F; sh -c true; bash -c true');
    expect(said).not.toContain(value);
    expect(said).not.toContain('RC\n');
    expect(said.split('\n')[0]).toBe('rc.sh');
    const names = [...said.matchAll(/^([A-Za-z_]\w*)=/gm)].map(([, name = '']) => name);
    const known = new Set([...passed, ...Object.keys(fixed), 'DROVER_RUN', 'PWD', 'OLDPWD', 'SHLVL', '_']);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  test('is bash without files of the person, neither at a terminal nor at its login, and has nothing to read', async () => {
    expect(
      await bash(
        'echo "$0 $- ${#BASH_ARGV[@]}"; shopt -q login_shell || echo no login; shopt -q restricted_shell || echo free; read -r x || echo "nothing to read"; tty; [ -t 1 ] || echo no terminal',
      ),
    ).toBe('bash hBc 0\nno login\nfree\nnothing to read\nnot a tty\nno terminal');
  });

  test.skipIf(process.platform !== 'linux')(
    'leads a group and a session of its own, and has no other file open',
    async () => {
      // Not by way of a pipe, of which the shell itself may hold an end meanwhile, and not as the last, which takes its place.
      const said = await bash('cut -d" " -f5,6 /proc/$$/stat; echo $$; ls -m /proc/$$/fd; true');
      const [ids = '', pid = '', open = ''] = said.split('\n');
      expect(ids).toBe(`${pid} ${pid}`);
      // Node itself closes those that it was given up to here (uv_disable_stdio_inheritance).
      expect(
        open
          .trim()
          .split(', ')
          .filter((file) => Number(file) < 16),
      ).toEqual(['0', '1', '2']);
    },
  );

  test.skipIf(process.platform !== 'linux')(
    'writes no core, no endless file, computes for no longer than it has, and goes first when memory is short',
    async () => {
      const said = await bash('ulimit -c; ulimit -f; ulimit -t; cat /proc/$$/oom_score_adj');
      const [core, size, seconds, first] = said.split('\n').map(Number);
      const processors = Number(execFileSync('nproc', { encoding: 'utf8' }));
      expect({ core, size, seconds }).toEqual({ core: 0, size: 10 * 1024 ** 2, seconds: 70 * processors });
      expect(first).toBeGreaterThanOrEqual(500);
      // Whoever runs it keeps what it had.
      expect(Number(readFileSync('/proc/self/oom_score_adj', 'utf8'))).toBeLessThan(500);
    },
  );

  test('nobody is given more than ten minutes, nor less than a second', async () => {
    for (const timeout of [0, 601, 1.5, -1, '1e9']) {
      expect(await bench.call('bash', { command: 'echo', timeout })).toMatchObject({ outcome: 'invalid' });
    }
    expect(bench.asked).toEqual([]);
  });
});
