// `npm run model -- data | train | export | evaluate`: makes and measures the first-run model (model/README.md).
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { managedFolder } from '../src/node/folders.ts';
import { bundles } from './bundles.ts';
import { run, runTool } from './child.ts';
import { onInterrupt } from './interrupt.ts';
import { root } from './layers.ts';
import { Missing, node, onPath, part } from './parts.ts';

const usage = `Usage: npm run model -- COMMAND [OPTIONS]

  data        writes the dialogues to train on, the same each time (model/build/dialogues.jsonl)
  train       data, then trains the adapter and exports it; interrupted, it goes on where it was
  export      the adapter of the last training as a GGUF (model/first-run.gguf)
  verify      compares tokens, template and network of the training with llama-server
  evaluate    asks the model and judges what it does

Options are those of the programs in model/; each tells them with --help.`;

const model = join(root, 'model');
const venv = join(model, '.venv');
const python = process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
/** The base model, as the product fetches it. */
const base = join(managedFolder(process.env), 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf');
const { signal } = onInterrupt();
const say = (line: string): void => console.log(line);
const hear = (text: string): void => void process.stdout.write(text);

const commands: Record<string, (args: string[]) => Promise<void>> = {
  data,
  train: async (args) => {
    await prepare();
    if (args.includes('--help')) return trainer('train.py', args);
    await data([]);
    await trainer('train.py', ['--base', base, ...args]);
    await trainer('export.py', ['--base', base]);
  },
  export: async (args) => {
    await prepare();
    await trainer('export.py', ['--base', base, ...args]);
  },
  verify: async (args) => {
    await prepare();
    const server = onPath(['llama-server']) ?? join(managedFolder(process.env), 'llama-server', 'llama-server');
    await trainer('verify.py', ['--base', base, '--server', server, ...args]);
  },
  evaluate: async (args) => {
    await part(say, () => bundles(signal));
    await script(join('evaluate', 'main.ts'), args);
  },
};

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  const help = name === '' || name === '--help';
  (help ? console.log : console.error)(help ? usage : `There is no command ${name}.\n${usage}`);
  process.exitCode = help ? 0 : 2;
} else {
  try {
    await command(rest);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`${error.message}\n${error.advice}`);
    process.exitCode = 1;
  }
}

async function data(args: string[]): Promise<void> {
  await script(join('data', 'main.ts'), args);
}

/** What training needs: the base model, and Python with its packages in a virtual environment of its own. */
async function prepare(): Promise<void> {
  await part(say, node);
  if (!existsSync(base)) {
    await part(say, () => bundles(signal));
    await script(join('..', 'dist', 'cli.js'), ['check', '--workspace', join(root, 'sample'), '--model', 'first-run']);
  }
  await part(say, packages);
}

async function packages(): Promise<{ name: string; path: string; how: string }> {
  const found = { name: 'Python packages', path: venv };
  const requirements = await readFile(join(model, 'requirements.txt'), 'utf8');
  // The mark is written last: an interrupted installation begins anew.
  const mark = join(venv, 'installed.txt');
  if ((await readFile(mark, 'utf8').catch(() => '')) === requirements) return { ...found, how: 'found' };
  const starter = await pythonProgram();
  await succeed(starter, ['-m', 'venv', '--clear', venv], 'The virtual environment could not be made.');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'];
  await succeed(python, install, 'The Python packages could not be installed.');
  await writeFile(mark, requirements);
  return { ...found, how: 'installed' };
}

/** A Python that is new enough and runs: what a version manager puts on the PATH may only say that it is not chosen. */
async function pythonProgram(): Promise<string> {
  for (const name of ['python3', 'python', 'python3.13', 'python3.12', 'python3.11']) {
    const path = onPath([name]);
    if (path === undefined) continue;
    const ran = await run(path, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))'], { limit: 20_000 });
    if (ran.code === 0) return path;
  }
  throw new Missing('There is no Python 3.11 or newer on the PATH.', 'Training needs it; using Drover does not.');
}

async function trainer(file: string, args: string[]): Promise<void> {
  // With glibc, huge pages, and memory that is kept from step to step: the kernel clears pages for a third of the time
  // otherwise. Unbuffered: progress is read while it goes on.
  const memory = ['hugetlb=1', 'mmap_threshold=17179869184', 'trim_threshold=34359738368'];
  const tunables = { GLIBC_TUNABLES: memory.map((each) => `glibc.malloc.${each}`).join(':'), PYTHONUNBUFFERED: '1' };
  const environment = { ...tunables, ...process.env };
  await succeed(python, [join('train', file), ...args], `${file} did not come to its end.`, environment);
}

async function succeed(
  program: string,
  args: string[],
  failure: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const ran = await run(program, args, { folder: model, environment, signal, hear });
  if (ran.code !== 0) throw new Missing(failure, 'What it said stands above.');
}

async function script(file: string, args: string[]): Promise<void> {
  const ran = await runTool(join(model, file), args, { folder: root, signal, hear });
  if (ran.code !== 0) process.exitCode = ran.code ?? 1;
}
