// Builds all bundles into dist/. `--watch` is left to the editor's task runner: a whole build takes well under a second.
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

const common: BuildOptions = {
  bundle: true,
  sourcemap: 'linked',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
  absWorkingDir: root,
};

// ES modules in Node have no `require`, which a few bundled CommonJS packages call; and an old Node should be told so
// in a sentence rather than by a stack trace. Imports are hoisted above any code, hence the test comes in a file of its own.
const node: BuildOptions = {
  ...common,
  platform: 'node',
  format: 'esm',
  target: 'node22.16',
  splitting: false,
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([
  build({
    ...common,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    format: 'cjs',
    target: 'node22.16',
    external: ['vscode'],
  }),
  build({ ...node, entryPoints: { cli: 'server/cli.ts' }, outdir: 'dist' }),
  build({ ...node, entryPoints: { agent: 'server/agent/main.ts' }, outdir: 'dist' }),
  build({
    ...common,
    entryPoints: { panel: 'media/panel.tsx' },
    outdir: 'dist',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  }),
]);
await cp(join(root, 'media', 'icon.svg'), join(dist, 'icon.svg')).catch(() => undefined);
