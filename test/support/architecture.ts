// Reads the import lines of the sources and compares them with the picture of who may import whom.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

/** A source file; `path` is relative to the repository, with forward slashes. */
export interface Source {
  path: string;
  text: string;
}

/** What one line of a source brings in. `type`: erased before it runs. */
export interface Import {
  line: number;
  target: string;
  type: boolean;
}

/** A part of the tree, and all that its files may import besides their own neighbours. */
interface Zone {
  name: string;
  /** Other zones, by name. */
  zones: string[];
  /** Only types may come from these, or values that reach none of the packages the zone may not have. */
  typesFrom?: string[];
  /** `any`: all that package.json lists, less what only runs in the other runtimes. */
  packages: string[] | 'any';
  node: boolean;
}

/** Parse and check texts, and know nothing of where they run. */
const PURE = ['zod', 'minimatch', 'unbash', '@lezer/common', '@lezer/lr', '@lezer/javascript', '@lezer/python'];
const BROWSER = ['preact', 'dompurify', 'markdown-it', 'highlight.js', '@vscode/codicons'];

/** The first zone whose name a path starts with is its zone. */
const ZONES: Zone[] = [
  {
    name: 'src/extension.ts',
    zones: ['src/vscode', 'src/node', 'src/common'],
    packages: ['vscode'],
    node: true,
  },
  { name: 'src/common', zones: [], packages: PURE, node: false },
  { name: 'src/node', zones: ['src/common'], packages: 'any', node: true },
  { name: 'src/vscode', zones: ['src/common', 'src/node'], packages: ['vscode', 'zod'], node: true },
  { name: 'server', zones: ['src/common', 'src/node'], packages: 'any', node: true },
  { name: 'media', zones: [], typesFrom: ['src/common'], packages: BROWSER, node: false },
  { name: 'scripts', zones: ['src/common', 'src/node', 'model'], packages: 'any', node: true },
  // Before `model`, whose folder it is in: it starts a supervisor, as scripts do.
  { name: 'model/evaluate', zones: ['src/common', 'src/node', 'model', 'scripts'], packages: 'any', node: true },
  { name: 'model', zones: ['src/common', 'src/node'], packages: 'any', node: true },
  {
    name: 'test/host',
    zones: ['src/common', 'src/node', 'src/vscode', 'src/extension.ts', 'test', 'scripts'],
    packages: ['vscode', 'mocha', 'zod', 'esbuild', 'fast-check'],
    node: true,
  },
  {
    name: 'test',
    zones: [
      'src/common',
      'src/node',
      'src/vscode',
      'server',
      'media',
      'scripts',
      'model',
      'model/evaluate',
      'vitest.config.ts',
    ],
    packages: 'any',
    node: true,
  },
  { name: 'vitest.config.ts', zones: [], packages: ['vitest'], node: true },
];

/** Packages that an `any` zone may not have: they need a browser or the editor. */
const FOREIGN: Record<string, string[]> = {
  'src/node': [...BROWSER, 'vscode'],
  server: [...BROWSER, 'vscode'],
  scripts: ['vscode'],
  model: [...BROWSER, 'vscode'],
  'model/evaluate': [...BROWSER, 'vscode'],
  test: ['vscode'],
};

/** The one file of the product that starts processes. */
const SPAWN = 'src/node/spawn.ts';

/** Not ours to judge: what is generated or installed, and made-up projects that the model is examined on. */
const FOREIGN_FOLDERS = ['model/build', 'model/.venv', 'model/evaluate/workspaces'];

/** All sources under these folders of the repository, style sheets included (they import too). */
export function readSources(root: string, folders: string[]): Source[] {
  return folders.flatMap((folder): Source[] =>
    readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry): Source[] => {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return FOREIGN_FOLDERS.includes(file) ? [] : readSources(root, [file]);
      if (!/\.(?:m?tsx?|mjs|css)$/.test(entry.name)) return [];
      return [{ path: file, text: readFileSync(path.join(root, file), 'utf8') }];
    }),
  );
}

/** The formatter puts every import at the start of its line, which is why patterns are enough here. */
const STATIC = /^(?:import|export)\s+(type\s+)?[\w$\s{},*]*?\bfrom\s+['"]([^'"]+)['"]/gm;
const BARE = /^(?:import|@import)\s+['"]([^'"]+)['"]/gm;
const DYNAMIC = /(typeof\s+)?\b(?:import|require)\(\s*['"]([^'"]+)['"]/g;

export function readImports(source: Source): Import[] {
  const text = withoutComments(source.text);
  const found = (pattern: RegExp, target: number, type: number | undefined): Import[] =>
    [...text.matchAll(pattern)].map((match) => ({
      line: text.slice(0, match.index).split('\n').length,
      target: match[target] ?? '',
      type: type !== undefined && match[type] !== undefined,
    }));
  return [...found(STATIC, 2, 1), ...found(BARE, 1, undefined), ...found(DYNAMIC, 2, 1)];
}

/** Blanks lines that are comments and nothing else, so that line numbers stay. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .map((line) => (/^\s*(?:\/\/|\/?\*)/.test(line) ? '' : line))
    .join('\n');
}

function zoneOf(file: string): Zone | undefined {
  return ZONES.find((zone) => file === zone.name || file.startsWith(`${zone.name}/`));
}

/** The path an import of this file means; undefined when it names a package. */
function resolved(source: Source, target: string): string | undefined {
  return target.startsWith('.') ? path.posix.join(path.posix.dirname(source.path), target) : undefined;
}

/** `@scope/name/deep` is of the package `@scope/name`. */
function packageOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Every import that the picture does not have, as sentences; empty when all is well. */
export function arrowFaults(sources: Source[]): string[] {
  return sources.flatMap((source) => {
    const zone = zoneOf(source.path);
    if (zone === undefined) return [`${source.path} is in no folder that the picture knows`];
    return readImports(source).flatMap((each) => {
      const fault = arrowFault(source, zone, each, sources);
      return fault === undefined ? [] : [`${source.path}:${each.line} imports ${each.target}: ${fault}`];
    });
  });
}

function arrowFault(source: Source, zone: Zone, each: Import, sources: Source[]): string | undefined {
  const file = resolved(source, each.target);
  if (file !== undefined) return fileFault(zone, file, each, sources);
  if (/^(?:node:)?child_process$/.test(each.target)) {
    const may = source.path === SPAWN || zone.name === 'scripts' || zone.name.startsWith('test');
    if (!may && !each.type) return `only ${SPAWN} starts processes`;
  }
  if (isBuiltin(each.target)) return zone.node ? undefined : `${zone.name} knows nothing of Node`;
  const name = packageOf(each.target);
  if (zone.packages === 'any') {
    return FOREIGN[zone.name]?.includes(name) ? `${name} does not run in ${zone.name}` : undefined;
  }
  // vitest is there for every test, also for those beside the editor's.
  if (zone.name.startsWith('test') && name === 'vitest') return undefined;
  return zone.packages.includes(name) ? undefined : `${zone.name} may use ${zone.packages.join(', ')} only`;
}

function fileFault(zone: Zone, file: string, each: Import, sources: Source[]): string | undefined {
  const target = zoneOf(file);
  // package.json, prompts and the like: data, no code.
  if (target === undefined || target === zone || zone.zones.includes(target.name)) return undefined;
  if (!zone.typesFrom?.includes(target.name)) return `no arrow from ${zone.name} to ${target.name}`;
  if (each.type) return undefined;
  const heavy = packagesReached(file, sources).filter((name) => !zone.packages.includes(name));
  return heavy.length === 0 ? undefined : `${zone.name} would carry ${heavy.join(', ')} at run time; import types`;
}

/** Every package that a file brings in at run time, itself or through others. */
function packagesReached(start: string, sources: Source[]): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const queue = [start];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const source = sources.find((each) => each.path === next);
    if (source === undefined || seen.has(source.path)) continue;
    seen.add(source.path);
    for (const each of readImports(source).filter(({ type }) => !type)) {
      const file = resolved(source, each.target);
      if (file === undefined) packages.add(packageOf(each.target));
      else queue.push(file);
    }
  }
  return [...packages];
}

/** Every circle of imports, each once, as a path that ends where it began. Types count: they tie files as well. */
export function cycles(sources: Source[]): string[] {
  const known = new Set(sources.map((source) => source.path));
  const targets = new Map(
    sources.map((source) => [
      source.path,
      readImports(source)
        .map((each) => resolved(source, each.target))
        .filter((file) => file !== undefined && known.has(file)),
    ]),
  );
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) found.add([...trail.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const next of targets.get(file) ?? []) if (next !== undefined) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const source of sources) visit(source.path, []);
  return [...found];
}

/** Globals of Node and of browsers. `fetch`, timers, URL, TextEncoder and AbortSignal are in every runtime. */
const RUNTIME =
  /(?<![\w.'"$-])(?:process\.(?:env|cwd|platform|argv|pid|exit|on)|Buffer\.|__dirname|window\.|document\.)/;

/** src/common has no runtime, not even through a global. */
export function runtimeFaults(sources: Source[]): string[] {
  return sources
    .filter((source) => source.path.startsWith('src/common/'))
    .flatMap((source) =>
      withoutComments(source.text)
        .split('\n')
        .map((line, index) => ({ match: RUNTIME.exec(line)?.[0], line: index + 1 }))
        .filter(({ match }) => match !== undefined)
        .map(({ match, line }) => `${source.path}:${line} uses ${match}: src/common has no runtime`),
    );
}

export interface Manifest {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Needed by another package and named by nobody: oxlint loads tsgolint for its type-aware rules. */
const LOADED_BY: Record<string, string> = { 'oxlint-tsgolint': 'oxlint' };

/**
 * Packages used and not listed, and listed and not used. A package is used when a source names it in quotes, when a
 * script calls one of its programs, or when it holds the types of one that is used. `bins`: the programs of a package.
 */
export function dependencyFaults(
  manifest: Manifest,
  sources: Source[],
  bins: (name: string) => string[],
  types: string[],
): string[] {
  const listed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const unlisted = sources.flatMap((source) =>
    readImports(source)
      .filter(({ target }) => !target.startsWith('.') && !isBuiltin(target))
      .filter(({ target }) => !listed.includes(target === 'vscode' ? '@types/vscode' : packageOf(target)))
      .map(({ target, line }) => `${source.path}:${line} imports ${target}, which package.json does not list`),
  );
  const texts = sources.map((source) => withoutComments(source.text));
  const commands = Object.values(manifest.scripts ?? {}).flatMap((command) => command.split(/\s+/));
  const quoted = (name: string): boolean =>
    texts.some((text) => [`'${name}'`, `'${name}/`, `"${name}"`, `"${name}/`].some((form) => text.includes(form)));
  const used = (name: string): boolean => {
    if (name.startsWith('@types/')) {
      const typed = name.slice('@types/'.length).replace('__', '/');
      return types.includes(typed) || quoted(typed);
    }
    if (quoted(name) || bins(name).some((bin) => commands.includes(bin) || quoted(bin))) return true;
    const loader = LOADED_BY[name];
    return loader !== undefined && used(loader);
  };
  return [
    ...unlisted,
    ...listed.filter((name) => !used(name)).map((name) => `package.json lists ${name}, which nothing uses`),
  ];
}
