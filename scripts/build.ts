// Builds all bundles into dist/. There is no watch mode: a whole build takes well under a second.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type BuildOptions, type OutputFile, type Plugin } from 'esbuild';
import { deniedKinds } from '../src/common/gate/denials.ts';
import { wrongDenials, wrongExamples } from '../src/common/gate/examples.ts';
import { families } from '../src/common/gate/programs/index.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Stands for the hash of the content until that is known; as long as the hash, so that source maps stay right. */
const PLACEHOLDER = '@content';
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };

const wrong = [...wrongExamples(Object.values(families).flat()), ...wrongDenials(deniedKinds)];
if (wrong.length > 0) {
  console.error(
    `Rules of the gate are at odds with their examples (src/common/gate/programs, denials.ts):\n${wrong.join('\n')}`,
  );
  process.exit(1);
}

/** Zod brings its messages in fifty languages, a quarter of a megabyte in each bundle; Drover speaks one. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (bundle) => {
    bundle.onResolve({ filter: /\/locales\/index\.js$/ }, ({ resolveDir, path }) =>
      /[\\/]zod[\\/]/.test(resolveDir) ? { path: join(resolveDir, path.replace('index.js', 'en.js')) } : undefined,
    );
  },
};

const common = {
  bundle: true,
  plugins: [oneLanguage],
  sourcemap: 'linked',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
  absWorkingDir: root,
  outdir: dist,
  write: false,
} as const satisfies BuildOptions;

const node = {
  ...common,
  platform: 'node',
  target: 'node22.16',
  define: { DROVER_BUILD: JSON.stringify(`${version}+${PLACEHOLDER}`) },
} as const satisfies BuildOptions;

const seccomp = 'node_modules/@anthropic-ai/sandbox-runtime/vendor/seccomp';
/** Files that are read at run time, by llama-server and by the history process; programs of the sandbox. By their names in dist. */
const assets: Record<string, string> = {
  'chatml.jinja': 'model/chatml.jinja',
  'first-run.gguf': 'model/first-run.gguf',
  'sql-wasm.wasm': 'node_modules/sql.js/dist/sql-wasm.wasm',
  'apply-seccomp-x64': `${seccomp}/x64/apply-seccomp`,
  'apply-seccomp-arm64': `${seccomp}/arm64/apply-seccomp`,
};
const missing = Object.values(assets).filter((asset) => !existsSync(join(root, asset)));
if (missing.length > 0) {
  console.error(`${missing.join(' and ')} is missing. It belongs to the repository: get it back with git.`);
  console.error('An adapter of your own making is put there by `npm run model -- export`.');
  process.exit(1);
}

/** ES modules have no `require` and no `__dirname`, which a few bundled CommonJS packages use. */
const banner = {
  js: [
    "import { createRequire as __createRequire } from 'node:module';",
    'const require = __createRequire(import.meta.url), __dirname = import.meta.dirname;',
  ].join(' '),
};

const results = await Promise.all([
  build({
    ...node,
    entryPoints: { extension: 'src/extension.ts' },
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['vscode'],
  }),
  build({ ...node, entryPoints: { cli: 'server/cli.ts' }, format: 'esm', banner }),
  build({ ...node, entryPoints: { replay: 'server/replay.ts' }, format: 'esm', banner }),
  build({ ...node, entryPoints: { agent: 'server/agent/main.ts' }, format: 'esm', banner }),
  build({ ...node, entryPoints: { policy: 'server/userPolicies/main.ts' }, format: 'esm', banner }),
  build({ ...node, entryPoints: { history: 'server/history/main.ts' }, format: 'esm', banner }),
  build({
    ...common,
    entryPoints: { panel: 'media/panel.tsx' },
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    // Nothing in the page asks for the name of a function, and with them it is 13 KB larger.
    keepNames: false,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  }),
]);

const files = results.flatMap((result) => result.outputFiles);
const content = hash(files);
const built = new Map(files.map((file) => [basename(file.path), withContent(file, content)]));
if (!(await isThere())) await replace();

/** Whether dist is what was built: then it is left alone, for something may be about to start from it. */
async function isThere(): Promise<boolean> {
  const names = await readdir(dist).catch(() => []);
  if (names.length !== built.size + Object.keys(assets).length) return false;
  const same = names.map(async (name) => {
    const asset = assets[name];
    const wanted = asset === undefined ? built.get(name) : await readFile(join(root, asset));
    return wanted?.equals(await readFile(join(dist, name))) ?? false;
  });
  return (await Promise.all(same)).every(Boolean);
}

/** What runs may be in use: the old folder is replaced in one step, and only by a build that succeeded. */
async function replace(): Promise<void> {
  const fresh = join(root, 'node_modules', `.dist.${process.pid}`);
  await mkdir(fresh, { recursive: true });
  await Promise.all([
    ...[...built].map(([name, bytes]) => writeFile(join(fresh, name), bytes)),
    ...Object.entries(assets).map(([name, asset]) => copyFile(join(root, asset), join(fresh, name))),
  ]);
  await rename(dist, `${fresh}.old`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(fresh, dist);
  await rm(`${fresh}.old`, { recursive: true, force: true });
}

/** Eight hexadecimal digits over everything that was built. */
function hash(outputs: OutputFile[]): string {
  const sum = createHash('sha256');
  const ordered = outputs.filter((file) => !file.path.endsWith('.map')).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const file of ordered) sum.update(basename(file.path)).update(file.contents);
  return sum.digest('hex').slice(0, PLACEHOLDER.length);
}

function withContent(file: OutputFile, build: string): Buffer {
  return Buffer.from(file.path.endsWith('js') ? file.text.replaceAll(`+${PLACEHOLDER}`, `+${build}`) : file.contents);
}
