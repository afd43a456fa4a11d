import { constants } from 'node:fs';
import { access, chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../src/common/errors.ts';
import { runCommand, type CommandResult } from './command.ts';
import { exclusively } from './exclusive.ts';
import { megabytes } from './gguf.ts';
import { folderSize, type Report, watchSize } from './progress.ts';

/** A Debian-like system whose archive has llama.cpp, and what proves that a package comes from there. */
export interface Distribution {
  name: string;
  /** From the machine's own sources: a mirror near to it, or the only one it may reach. */
  mirror: string;
  suite: string;
  components: string;
  keyring: string;
}

interface Family {
  id: string;
  name: string;
  suite: string;
  components: string;
  keyring: string;
}

// llama.cpp is too young for any stable release; the packages of the newest suite bring their own C library along.
const families: Family[] = [
  {
    id: 'debian',
    name: 'Debian',
    suite: 'sid',
    components: 'main',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  },
  {
    id: 'ubuntu',
    name: 'Ubuntu',
    suite: 'devel',
    components: 'main universe',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  },
];

/** A program of the distribution that Drover can have a copy of. */
export interface Bundle {
  /** As it is called: the folder below Drover's own and the program that starts it. */
  name: string;
  packages: string[];
  /** What the packages ask for, the program does not need, and stays out with all that it would bring. */
  without: string[];
  /** Where it lies in the packages. */
  program: string;
  /** The package of the libraries that it looks for by itself, in a folder of this name beside the others. */
  plugins?: string;
  /** What else the person can do where it cannot be had. */
  advice: string;
}

const llamaServer: Bundle = {
  name: 'llama-server',
  packages: ['llama.cpp-tools', 'libggml0'],
  without: ['wget', 'debconf'],
  program: 'usr/bin/llama-server',
  plugins: 'ggml',
  advice: 'Try again, install llama.cpp in another way, or set drover.engine.url to a server that already runs.',
};

/** @returns the distribution whose packages can be unpacked here, or in words why there is none. */
export async function findDistribution(root = '/'): Promise<Distribution | string> {
  if (process.platform !== 'linux') return 'no packages of a Linux distribution on this system';
  const release = await readFile(path.join(root, 'etc/os-release'), 'utf8').catch(() => '');
  const tools = ['usr/bin/apt-get', 'usr/bin/dpkg-deb'].map((tool) => path.join(root, tool));
  if (!(await Promise.all(tools.map(exists))).every(Boolean)) return 'no packages of Debian (apt-get is not here)';
  const id = /^ID="?([^"\n]+)/m.exec(release)?.[1] ?? '';
  const codename = /^VERSION_CODENAME="?([^"\n]+)/m.exec(release)?.[1] ?? '';
  const sources = await readSources(path.join(root, 'etc/apt'));
  for (const family of families) {
    const source = sources.find(
      ({ uri, suites }) =>
        (id === family.id && suites.includes(codename)) || path.posix.basename(new URL(uri).pathname) === family.id,
    );
    if (source === undefined) continue;
    const keyring = path.join(root, family.keyring);
    if (!(await exists(keyring))) return `no packages of ${family.name} (its archive keyring ${keyring} is missing)`;
    const { name, suite, components } = family;
    return { name, mirror: source.uri, suite, components, keyring };
  }
  return 'no packages of Debian (no mirror in the sources of apt)';
}

interface Source {
  uri: string;
  suites: string[];
}

/** The binary sources of apt over HTTP, in both of their notations. */
async function readSources(folder: string): Promise<Source[]> {
  const parts = path.join(folder, 'sources.list.d');
  const files = [
    path.join(folder, 'sources.list'),
    ...(await readdir(parts).catch((): string[] => [])).toSorted().map((name) => path.join(parts, name)),
  ];
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(file, 'utf8').catch(() => '') })),
  );
  return texts
    .flatMap(({ file, text }) => (file.endsWith('.sources') ? stanzas(text) : lines(text)))
    .filter(({ uri }) => /^https?:\/\//.test(uri) && URL.canParse(uri));
}

function stanzas(text: string): Source[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const field = (name: string): string[] =>
        (new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza)?.[1] ?? '').split(/\s+/).filter(Boolean);
      if (!field('Types').includes('deb') || field('Enabled')[0] === 'no') return [];
      return field('URIs').map((uri) => ({ uri, suites: field('Suites') }));
    });
}

function lines(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const [, uri, suite] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
    return uri === undefined || suite === undefined ? [] : [{ uri, suites: [suite] }];
  });
}

export interface Unpack {
  distribution: Distribution;
  /** Drover's folder; a program comes to lie in `NAME/NAME`. */
  managed: string;
  environment: NodeJS.ProcessEnv;
  report: Report;
}

/**
 * Fetches llama-server and every library it needs as packages of the distribution, proved by its archive's keys, and
 * unpacks them into Drover's folder: a private apt tree, nothing of the system is changed. About 14 MB over the
 * network beside the package lists (11 MB), and 60 MB on disk.
 * @throws Problem naming the step that failed; the signal's reason when aborted
 */
export async function unpackServer(unpack: Unpack, signal: AbortSignal): Promise<void> {
  await unpackBundle(llamaServer, unpack, signal);
}

/** The same for any program. @throws Problem naming the step that failed; the signal's reason when aborted */
export async function unpackBundle(bundle: Bundle, unpack: Unpack, signal: AbortSignal): Promise<void> {
  const { name } = bundle;
  const target = path.join(unpack.managed, name);
  await exclusively(path.join(unpack.managed, `${name}.lock`), signal, async () => {
    const there = await version(path.join(target, name), unpack.environment, signal);
    if (there.code === 0) return;
    await removeParts(unpack.managed, name);
    const part = path.join(unpack.managed, `${name}.${process.pid}.part`);
    try {
      await fetchAndUnpack(bundle, unpack, part, signal);
      await rm(target, { recursive: true, force: true });
      await rename(part, target);
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  });
}

async function removeParts(managed: string, name: string): Promise<void> {
  for (const entry of await readdir(managed)) {
    const parts = entry.startsWith(`${name}.`) && /^\.\d+\.part$/.test(entry.slice(name.length));
    if (parts) await rm(path.join(managed, entry), { recursive: true, force: true });
  }
}

async function fetchAndUnpack(bundle: Bundle, unpack: Unpack, part: string, signal: AbortSignal): Promise<void> {
  const { distribution, report } = unpack;
  const { name } = bundle;
  const apt = await privateApt(bundle, unpack, path.join(part, 'apt'), signal);
  report({ text: `Reading the package lists of ${distribution.name} (${distribution.mirror})` });
  await apt('apt-get', ['update']);

  const plan = await apt('apt-get', ['-s', 'install', ...bundle.packages]);
  const names = plan.lines.flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? []);
  const uris = await apt('apt-get', ['--print-uris', 'download', ...names]);
  const total = uris.lines.reduce((sum, line) => sum + Number(/^'\S+' \S+ (\d+) /.exec(line)?.[1] ?? 0), 0);
  const text = `Fetching ${name} from ${distribution.name}: ${names.length} packages, ${megabytes(total)}`;
  const fetched = path.join(part, 'packages');
  await mkdir(fetched);
  report({ text, done: 0, total });
  const stopWatching = watchSize(
    () => folderSize(fetched),
    (done) => report({ text, done, total }),
  );
  try {
    await apt('apt-get', ['download', ...names], fetched);
  } finally {
    stopWatching();
  }

  report({ text: `Unpacking ${name}` });
  const root = path.join(part, 'root');
  for (const file of await readdir(fetched)) await apt('dpkg-deb', ['-x', path.join(fetched, file), root]);
  await writeStarter(bundle, part);
  await rm(path.join(part, 'apt'), { recursive: true });
  await rm(fetched, { recursive: true });
  const check = await version(path.join(part, name), unpack.environment, signal);
  if (check.code !== 0) throw failed(bundle, 'start', check);
}

function version(file: string, environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<CommandResult> {
  return runCommand(file, ['--version'], { environment, signal, limit: 20_000 });
}

type Apt = (program: string, args: string[], folder?: string) => Promise<CommandResult>;

/** An apt that knows this one source, and an empty system. */
async function privateApt(bundle: Bundle, unpack: Unpack, folder: string, signal: AbortSignal): Promise<Apt> {
  const { distribution, environment } = unpack;
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'log']) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
  const { mirror, suite, components, keyring } = distribution;
  await writeFile(path.join(folder, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${suite} ${components}\n`);
  // Said to be there, they and theirs stay out.
  const present = bundle.without.map(
    (name) =>
      `Package: ${name}\nStatus: install ok installed\nVersion: 9999\nArchitecture: all\nMaintainer: none\nDescription: left out\n\n`,
  );
  await writeFile(path.join(folder, 'status'), present.join(''));
  const how = { environment, signal, limit: 15 * 60_000 };
  const proxies = await runCommand('apt-config', ['dump'], how);
  const configuration = path.join(folder, 'apt.conf');
  await writeFile(configuration, aptConfiguration(folder, proxies.lines));
  return async (program, args, cwd) => {
    const changed = { ...environment, APT_CONFIG: configuration, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    const result = await runCommand(program, args, {
      ...how,
      environment: changed,
      ...(cwd === undefined ? {} : { cwd }),
    });
    if (result.code !== 0) throw failed(bundle, args.find((arg) => !arg.startsWith('-')) ?? program, result);
    return result;
  };
}

function aptConfiguration(folder: string, machine: string[]): string {
  // Hooks of the machine's own configuration would change the system. Taken is only how it reaches a mirror, and
  // whether that may be a snapshot of some day; never that a signature need not hold.
  const network = machine.filter(
    (line) => /^Acquire::(?:http|https|Check-Valid-Until)\b/i.test(line) && !line.endsWith('"";'),
  );
  return [
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    `Dir::Etc::sourcelist "${folder}/sources.list";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Log "${folder}/log";`,
    'APT::Install-Recommends "false";',
    'APT::Sandbox::User "root";',
    'APT::Update::Error-Mode "any";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "30";',
    'Acquire::https::Timeout "30";',
    ...network,
    '',
  ].join('\n');
}

/**
 * The libraries are newer than the system's, so the program is started through the loader that came with them. What it
 * looks for beside the program that runs, which then is the loader, is put there by links: back-ends of llama-server.
 */
async function writeStarter({ name, program, plugins, advice }: Bundle, part: string): Promise<void> {
  const libraries = path.join(part, 'root/usr/lib');
  const triplet = (await readdir(libraries)).find((name) => name.includes('-linux-'));
  const folder = path.join(libraries, triplet ?? '');
  const loader = (await readdir(folder)).find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
  if (triplet === undefined || loader === undefined) {
    throw new Problem('unpack_failed', `The packages of ${name} hold no loader.`, advice, 502);
  }
  const found =
    plugins === undefined ? [] : await readdir(path.join(folder, plugins), { recursive: true }).catch(() => []);
  for (const entry of found) {
    if (entry.endsWith('.so')) await symlink(path.join(plugins ?? '', entry), path.join(folder, path.basename(entry)));
  }
  const script = [
    '#!/bin/sh',
    '# exec: the process that is started is the program itself.',
    'here=${0%/*}',
    `lib=$here/root/usr/lib/${triplet}`,
    `exec "$lib/${loader}" --library-path "$lib:$lib/llama" --argv0 ${name} "$here/root/${program}" "$@"`,
    '',
  ];
  const starter = path.join(part, name);
  await writeFile(starter, script.join('\n'));
  await chmod(starter, 0o755);
}

function failed({ name, advice }: Bundle, step: string, { missing, lines: said, code }: CommandResult): Problem {
  const reason = missing ?? said.find((line) => /^(E:|dpkg)/.test(line)) ?? said.at(-1) ?? `code ${code}`;
  return new Problem(
    'unpack_failed',
    `${name} could not be unpacked (${step}): ${reason.trim().replace(/\.+$/, '')}.`,
    advice,
    502,
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}
