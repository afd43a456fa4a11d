import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  arrowFaults,
  cycles,
  dependencyFaults,
  type Manifest,
  readImports,
  readSources,
  runtimeFaults,
  type Source,
} from '../support/architecture.ts';

const root = path.join(import.meta.dirname, '..', '..');
const config: Source = { path: 'vitest.config.ts', text: readFileSync(path.join(root, 'vitest.config.ts'), 'utf8') };
const sources = [...readSources(root, ['src', 'server', 'media', 'scripts', 'model', 'test']), config];

function bins(name: string): string[] {
  const manifest = path.join(root, 'node_modules', name, 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: string | Record<string, string> };
  return typeof bin === 'string' ? [name] : Object.keys(bin ?? {});
}

describe('this repository', () => {
  it('imports only along the arrows of the picture', () => {
    expect(arrowFaults(sources)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(cycles(sources)).toEqual([]);
  });

  it('keeps every runtime out of src/common', () => {
    expect(runtimeFaults(sources)).toEqual([]);
  });

  it('lists the packages that it uses, and no others', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
    expect(dependencyFaults(manifest, sources, bins, ['node', 'vscode', 'mocha'])).toEqual([]);
  });
});

/** A small tree: paths and the lines of each. */
function tree(files: Record<string, string[]>): Source[] {
  return Object.entries(files).map(([file, lines]) => ({ path: file, text: lines.join('\n') }));
}

describe('what the reader sees', () => {
  it('finds imports over several lines, re-exports, bare, dynamic and type imports, and no comments', () => {
    const [source] = tree({
      'server/a.ts': [
        "import type { A } from './a1.ts';",
        'import {',
        '  b,',
        "} from './b.ts';",
        "export { c } from './c.ts';",
        "import './d.ts';",
        "const e = await import('./e.ts');",
        "// import f from './f.ts';",
        'export const g = 1;',
        "const text = 'taken from';",
      ],
    });
    expect(source && readImports(source)).toEqual([
      { line: 1, target: './a1.ts', type: true },
      { line: 2, target: './b.ts', type: false },
      { line: 5, target: './c.ts', type: false },
      { line: 6, target: './d.ts', type: false },
      { line: 7, target: './e.ts', type: false },
    ]);
  });
});

describe('planted faults', () => {
  it.each([
    ['src/common/x.ts', "import { readFile } from 'node:fs';", 'src/common knows nothing of Node'],
    [
      'src/common/x.ts',
      "import { Hono } from 'hono';",
      'src/common may use zod, minimatch, unbash, @lezer/common, @lezer/lr, @lezer/javascript, @lezer/python only',
    ],
    ['src/common/x.ts', "import { y } from '../node/y.ts';", 'no arrow from src/common to src/node'],
    ['src/node/x.ts', "import * as vscode from 'vscode';", 'vscode does not run in src/node'],
    ['server/x.ts', "import { y } from '../src/vscode/y.ts';", 'no arrow from server to src/vscode'],
    ['server/agent/x.ts', "import type { Y } from '../../src/vscode/y.ts';", 'no arrow from server to src/vscode'],
    ['server/x.ts', "import { spawn } from 'node:child_process';", 'only src/node/spawn.ts starts processes'],
    ['src/vscode/x.ts', "const { fork } = require('child_process');", 'only src/node/spawn.ts starts processes'],
    ['src/vscode/x.ts', "import { y } from '../../server/y.ts';", 'no arrow from src/vscode to server'],
    ['media/x.tsx', "import { join } from 'node:path';", 'media knows nothing of Node'],
    ['media/x.tsx', "import { y } from '../src/node/y.ts';", 'no arrow from media to src/node'],
    ['scripts/x.ts', "import { y } from '../server/y.ts';", 'no arrow from scripts to server'],
    ['src/node/x.ts', "import { y } from '../../scripts/y.ts';", 'no arrow from src/node to scripts'],
    ['server/x.ts', "import { y } from '../model/data/y.ts';", 'no arrow from server to model'],
    ['media/x.tsx', "import type { Y } from '../model/data/y.ts';", 'no arrow from media to model'],
    ['model/data/x.ts', "import { y } from '../../server/y.ts';", 'no arrow from model to server'],
    ['model/data/x.ts', "import { y } from '../../scripts/y.ts';", 'no arrow from model to scripts'],
    ['model/evaluate/x.ts', "import { y } from '../../server/y.ts';", 'no arrow from model/evaluate to server'],
  ])('%s may not say %s', (file, line, fault) => {
    expect(arrowFaults(tree({ [file]: ['', line] }))).toEqual([expect.stringContaining(`${file}:2 imports`)]);
    expect(arrowFaults(tree({ [file]: [line] }))[0]).toContain(fault);
  });

  it('lets media take types of src/common, and values only where no schema comes along', () => {
    const files = {
      'src/common/events.ts': ["import { z } from 'zod';"],
      'src/common/deep.ts': ["import { x } from './events.ts';"],
      'src/common/plain.ts': ["import type { Event } from './events.ts';"],
    };
    const media = (line: string): string[] => arrowFaults(tree({ ...files, 'media/x.tsx': [line] }));
    expect(media("import type { Event } from '../src/common/events.ts';")).toEqual([]);
    expect(media("import { plain } from '../src/common/plain.ts';")).toEqual([]);
    expect(media("import { deep } from '../src/common/deep.ts';")).toEqual([
      'media/x.tsx:1 imports ../src/common/deep.ts: media would carry zod at run time; import types',
    ]);
  });

  it('finds a circle, also one of types', () => {
    const circle = tree({
      'server/a.ts': ["import { b } from './b.ts';"],
      'server/b.ts': ["import type { C } from './deep/c.ts';"],
      'server/deep/c.ts': ["import { a } from '../a.ts';"],
      'server/d.ts': ["import { a } from './a.ts';"],
    });
    expect(cycles(circle)).toEqual(['server/a.ts → server/b.ts → server/deep/c.ts → server/a.ts']);
  });

  it('finds a global of a runtime in src/common', () => {
    const files = tree({ 'src/common/x.ts': ['// process.env is for others', 'const home = process.env.HOME;'] });
    expect(runtimeFaults(files)).toEqual(['src/common/x.ts:2 uses process.env: src/common has no runtime']);
  });

  it('finds a package that is not listed, and one that nothing uses', () => {
    const files = tree({
      'server/x.ts': ["import { z } from 'zod';", "import { Hono } from 'hono/tiny';", "import yaml from '@a/yaml/x';"],
      'scripts/y.ts': ["await tool('tsc', []);"],
    });
    const manifest = {
      scripts: { format: 'oxfmt' },
      devDependencies: { zod: '4', typescript: '7', oxfmt: '0', idle: '1', '@types/idle': '1', '@types/node': '24' },
    };
    const programs = (name: string): string[] => (name === 'typescript' ? ['tsc'] : name === 'oxfmt' ? ['oxfmt'] : []);
    expect(dependencyFaults(manifest, files, programs, ['node'])).toEqual([
      'server/x.ts:2 imports hono/tiny, which package.json does not list',
      'server/x.ts:3 imports @a/yaml/x, which package.json does not list',
      'package.json lists idle, which nothing uses',
      'package.json lists @types/idle, which nothing uses',
    ]);
  });
});
