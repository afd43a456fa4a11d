import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findDistribution } from '../../../../server/engines/debian.ts';
import {
  findGpu,
  findServer,
  hasDevices,
  managedServer,
  noServerProblem,
  parseFlags,
  parseVersion,
} from '../../../../server/engines/find.ts';

const always = new AbortController().signal;

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'drover-find-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

async function write(file: string, text: string, mode = 0o644): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

/** A program that answers as a llama-server of that version does. */
function server(file: string, version: string): Promise<string> {
  const script = `#!/bin/sh\ncase $1 in --version) echo "version: ${version}" >&2;; --help) echo "--jinja, --no-jinja  use it";; esac\n`;
  return write(file, script, 0o755);
}

describe('looking for llama-server', () => {
  test('a setting comes before the environment, that before PATH, that before the folder of Drover', async () => {
    const base = await folder();
    const environment: NodeJS.ProcessEnv = { PATH: '/nowhere' };
    const search = { setting: undefined, environment, managed: join(base, 'managed'), places: [] };

    expect(await findServer(search, always)).toMatchObject({ tried: expect.arrayContaining(['none in PATH']) });
    await server(managedServer(search.managed), '4 (d)');
    expect(await findServer(search, always)).toMatchObject({ version: '4 (d)', where: "Drover's folder" });
    await server(join(base, 'bin', 'llama-server'), '3 (c)');
    environment['PATH'] = join(base, 'bin');
    expect(await findServer(search, always)).toMatchObject({ version: '3 (c)', where: 'PATH' });
    environment['DROVER_LLAMA_SERVER'] = await server(join(base, 'b'), '2 (b)');
    expect(await findServer(search, always)).toMatchObject({ version: '2 (b)', where: 'DROVER_LLAMA_SERVER' });
    const setting = await server(join(base, 'a'), '1 (a)');
    const found = await findServer({ ...search, setting }, always);
    expect(found).toMatchObject({ version: '1 (a)', where: 'the setting drover.engine.path' });
    expect('flags' in found && found.flags.has('--no-jinja')).toBe(true);
  });

  test('one in PATH that does not run is told of, and the next is taken', async () => {
    const base = await folder();
    const broken = await write(join(base, 'one', 'llama-server'), '#!/bin/sh\necho boom\nexit 1\n', 0o755);
    const search = {
      setting: undefined,
      environment: { PATH: `relative:${join(base, 'one')}` },
      managed: join(base, 'managed'),
      places: [],
    };
    expect(await findServer(search, always)).toMatchObject({
      tried: expect.arrayContaining([`${broken} does not run (boom)`]),
    });
    await server(join(base, 'two', 'llama-server'), '7 (x)');
    search.environment.PATH = `${join(base, 'one')}:${join(base, 'two')}`;
    expect(await findServer(search, always)).toMatchObject({ version: '7 (x)' });
  });

  test.each([
    ['darwin', 'Run `brew install llama.cpp` and start'],
    ['win32', 'Run `winget install llama.cpp` and start'],
    ['linux', 'Install llama.cpp (a package of your distribution'],
  ] as const)('on %s the shortest thing to do is named', (platform, start) => {
    const problem = noServerProblem(['none in PATH', 'none in /m'], platform);
    expect(problem.message).toBe('No llama-server was found: none in PATH; none in /m.');
    expect(problem.advice.startsWith(start)).toBe(true);
    expect(problem.advice).toContain('drover.engine.url');
  });

  test('versions, flags and devices, as builds print them', () => {
    expect(parseVersion(['version: 0.7.0 (build 11669, commit Debian)', 'built with GNU 16.2.0'])).toBe(
      '0.7.0 (build 11669, commit Debian)',
    );
    expect(parseVersion(['register_backend: x', 'version: 4567 (abc1234)'])).toBe('4567 (abc1234)');
    expect(parseVersion(['command not found'])).toBeUndefined();

    const flags = parseFlags([
      '-np,   --parallel N                     number of server slots (default: -1, see --slots)',
      '                                        (env: LLAMA_ARG_N_PARALLEL) --not-a-flag',
      '--ui,  --webui, --no-ui, --no-webui     whether to enable the Web UI (default: enabled)',
      '-sps,  --slot-prompt-similarity SIMILARITY',
    ]);
    expect([...flags]).toEqual([
      '-np',
      '--parallel',
      '--ui',
      '--webui',
      '--no-ui',
      '--no-webui',
      '-sps',
      '--slot-prompt-similarity',
    ]);

    expect(hasDevices(['Available devices:', '  (none)'])).toBe(false);
    expect(hasDevices(['Available devices:', '  CPU: AMD (1 MiB)'])).toBe(false);
    expect(hasDevices(['ggml_cuda_init: found 1', 'Available devices:', '  CUDA0: NVIDIA A10 (22 MiB)'])).toBe(true);
  });

  test.runIf(process.platform === 'linux')('signs of a GPU', async () => {
    const devices = await folder();
    expect(await findGpu({ PATH: devices }, devices)).toBeUndefined();
    await write(join(devices, 'dri', 'renderD128'), '');
    expect(await findGpu({}, devices)).toBe(join(devices, 'dri', 'renderD128'));
    await write(join(devices, 'nvidiactl'), '');
    await write(join(devices, 'nvidia0'), '');
    expect(await findGpu({}, devices)).toBe(join(devices, 'nvidia0'));
  });
});

describe.runIf(process.platform === 'linux')('packages of a distribution', () => {
  async function machine(files: Record<string, string>): Promise<string> {
    const root = await folder();
    for (const [file, text] of Object.entries(files)) await write(join(root, file), text);
    return root;
  }
  const apt = { 'usr/bin/apt-get': '', 'usr/bin/dpkg-deb': '' };
  const keyring = 'usr/share/keyrings/debian-archive-keyring.gpg';

  test("Debian's own mirror, as the machine has it, in both notations", async () => {
    const debian = { ...apt, [keyring]: '', 'etc/os-release': 'ID=debian\nVERSION_CODENAME=bookworm\n' };
    const root = await machine({
      ...debian,
      'etc/apt/sources.list.d/a.sources': 'Types: deb\nURIs: https://other.example/apt\nSuites: stable\n',
      'etc/apt/sources.list.d/debian.sources':
        '# a comment\nTypes: deb deb-src\nURIs: http://mirror.example/some/debian-remote\nSuites: bookworm\n bookworm-updates\nComponents: main\n',
    });
    expect(await findDistribution(root)).toEqual({
      name: 'Debian',
      mirror: 'http://mirror.example/some/debian-remote',
      suite: 'sid',
      components: 'main',
      keyring: join(root, keyring),
    });
    const old = await machine({
      ...debian,
      'etc/apt/sources.list':
        '# deb http://no.example bookworm main\ndeb [arch=amd64 signed-by=/x] http://old.example/debian bookworm main\n',
    });
    expect(await findDistribution(old)).toMatchObject({ mirror: 'http://old.example/debian' });
  });

  test('a derivative is known by its mirror; without a key or a mirror it says so', async () => {
    const mint = {
      ...apt,
      'etc/os-release': 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=zara\n',
      'etc/apt/sources.list.d/mint.list':
        'deb http://packages.mint.example zara main\ndeb http://archive.example/ubuntu noble main\n',
    };
    expect(await findDistribution(await machine(mint))).toMatch(
      /^no packages of Ubuntu \(its archive keyring .* is missing\)$/,
    );
    const keys = { 'usr/share/keyrings/ubuntu-archive-keyring.gpg': '' };
    expect(await findDistribution(await machine({ ...mint, ...keys }))).toMatchObject({
      name: 'Ubuntu',
      suite: 'devel',
    });
    expect(await findDistribution(await machine({ ...apt, [keyring]: '' }))).toBe(
      'no packages of Debian (no mirror in the sources of apt)',
    );
    expect(await findDistribution(await machine({ 'etc/os-release': 'ID=fedora\n' }))).toBe(
      'no packages of Debian (apt-get is not here)',
    );
  });
});
