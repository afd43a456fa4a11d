import { describe, expect, test } from 'vitest';
import { readJavaScript } from '../../../../../src/common/gate/inline/javascript.ts';

const filesOf = (text: string): string[] | undefined => readJavaScript(text)?.map(({ path }) => path);

describe('a program in JavaScript on the command line', () => {
  test.each([
    ["require('./package.json').version", ['./package.json']],
    ["Object.keys(require('./package.json').scripts).join('\\n')", ['./package.json']],
    [
      "const p = require('./a.json'); for (const [k, v] of Object.entries(p.x || {})) console.log(k.padEnd(30), v);",
      ['./a.json'],
    ],
    ["console.log(JSON.parse(require('fs').readFileSync('a.json', 'utf8')).x)", ['a.json']],
    [
      "const fs = require('node:fs'); console.log(fs.readFileSync('a', 'utf8').split('\\n').filter((l) => /x/.test(l)).length)",
      ['a'],
    ],
    ["console.log(`${require('./a.json').length} entries`)", ['./a.json']],
    [
      "require('./a.json').map(({ id, ...rest }) => ({ id, n: Object.keys(rest).length })).sort((a, b) => a.n - b.n)",
      ['./a.json'],
    ],
    ['process.version', []],
    ["console.log([1, 2, 3].map((x) => x ** 2), 'foo-bar'.replace(/-(\\w)/g, (_, c) => c.toUpperCase()))", []],
    ['console.log(new Date(0).toISOString())', []],
    [
      "const counts = {}; for (const k of require('./a.json')) { counts[k.x] = (counts[k.x] || 0) + 1; } console.log(counts)",
      ['./a.json'],
    ],
    [
      "const { readFileSync, existsSync } = require('fs'); console.log(existsSync('a') && readFileSync('b', 'utf8'))",
      ['a', 'b'],
    ],
    ["import { readFileSync } from 'node:fs';\nconsole.log(readFileSync('a', 'utf8').length)", ['a']],
    [
      "import fs from 'fs'; import path from 'node:path'; console.log(path.basename('x'), fs.statSync('a').size)",
      ['a'],
    ],
    ["try { console.log(require.resolve('express')) } catch (e) { console.log(e.code) }", []],
    [
      "for (const d of ['a', 'b']) console.log(require(`./p/${d}/package.json`).name)",
      ['./p/a/package.json', './p/b/package.json'],
    ],
    [
      "const fs = require('fs'); for (const f of fs.readdirSync('src')) console.log(fs.statSync('src/' + f).size)",
      ['src', 'src'],
    ],
  ])('reads what it names: %s', (text, files) => {
    expect(filesOf(text)).toEqual(files);
  });

  test('the version of a package is none of its own files', () => {
    expect(filesOf("require('./a.json') && require('vitest/package.json').version")).toEqual(['./a.json']);
  });

  test.each([
    [
      "const fs = require('fs'); for (const f of fs.readdirSync('src')) fs.readFileSync('src/' + f, 'utf8')",
      ['x', '.env'],
      ['a/x'],
    ],
    [
      "const fs = require('fs'); for (const d of fs.readdirSync('p').sort()) fs.readFileSync(`p/${d}/package.json`, 'utf8')",
      ['a/package.json'],
      ['package.json', 'a/b/package.json', 'a/.env'],
    ],
    [
      "const fs = require('fs'), path = require('path'); fs.readdirSync('p').filter((f) => f.endsWith('.ts')).forEach((f) => fs.readFileSync(path.join('p', f)))",
      ['a.ts'],
      ['a/b.ts'],
    ],
    [
      "require('fs').readdirSync('p').map((d) => require('./p/' + d + '/a.json'))",
      ['x/a.json'],
      ['a.json', 'x/b.json'],
    ],
  ])('reads each entry of a folder that it lists: %s', (text, reached, others) => {
    const below = readJavaScript(text)?.find((path) => path.below !== undefined)?.below;
    for (const path of reached) expect(below?.reaches?.({ path, link: false })).toBe(true);
    for (const path of others) expect(below?.reaches?.({ path, link: false })).toBe(false);
  });

  test.each([
    // What is found in a folder is read there, and nowhere else.
    "const fs = require('fs'); for (const f of fs.readdirSync('src')) fs.readFileSync('etc/' + f)",
    "const fs = require('fs'); for (const f of fs.readdirSync('src')) fs.readFileSync(f)",
    "const fs = require('fs'); for (const f of fs.readdirSync('src')) fs.readFileSync(`src/${f}/../../x`)",
    "const fs = require('fs'); for (let f of fs.readdirSync('src')) { f = '../x'; fs.readFileSync('src/' + f) }",
    "const fs = require('fs'); fs.readdirSync('src').forEach((f) => { f = '../x'; fs.readFileSync('src/' + f) })",
    "const fs = require('fs'); fs.readdirSync('src').forEach((f) => { { var { f } = { f: '../x' } } fs.readFileSync('src/' + f) })",
    "const fs = require('fs'); fs.readdirSync('src').map((f) => '../x').forEach((f) => fs.readFileSync('src/' + f))",
    "const fs = require('fs'); fs.readdirSync('src').forEach((i, f) => fs.readFileSync('src/' + f))",
    "const fs = require('fs'); for (const f of fs.readdirSync('src')) { const f = '../x'; fs.readFileSync('src/' + f) }",
    "const fs = require('fs'); for (const f of fs.readdirSync('src')) for (const g of fs.readdirSync('b')) fs.readFileSync('src/' + f + g)",
    "const fs = require('fs'); for (const f of fs.readdirSync('src', { withFileTypes: true })) fs.readFileSync('src/' + f)",
    "const fs = require('fs'); fs.readdirSync('src').forEach((f$) => { f$ = '../x'; fs.readFileSync('src/' + f$) })",
    "const fs = require('fs'); fs.readdirSync('src').forEach((f) => { [...f = '../x']; fs.readFileSync('src/' + f) })",
    "const fs = require('fs'); ['a'].forEach((f, i, all) => { all.push('../x'); fs.readFileSync('src/' + f) })",
    "const fs = require('fs'); for (const f of ['a'].filter((x, i, all) => all.push('../x'))) fs.readFileSync('src/' + f)",
    "const fs = require('fs'); for (const f of fs.readdirSync('src')) fs.readFileSync('src/' + f + '/./.env')",
    "const fs = require('fs'), path = require('path'); for (const f of ['a']) fs.readFileSync(path.join('b/link/..', f))",
    "const fs = require('fs'); for (const f of ['link/../x']) fs.readFileSync(f + '')",
    "require('./link/../../x.json')",
    "process.version; const a = 1, b = 2; b<()=>a>/fs.writeFileSync('w','x')/g",
    'process.version; const o = {}; o.at(1); using [Reflect]',
    "process.version; const a = 1, b = 2; b<a>/require('child_process').execSync('id')",
    "process.version; const a = 1, b = 2; b<a>/require('child_process').execSync('id').x",
    "for (const d of require('./a.json')) require('./' + d)",
    "for (const d of ['a']) require('./' + d)",
    "for (const d of ['a']) require(d + '.json')",
    "import { rmSync } from 'fs'; rmSync('a')",
    "import fs from 'path'; fs.join('a', process.version)",
    "import x from './a.json'; x",
    "import 'x'; process.version",
    "import { readFileSync } from 'fs'; [readFileSync].map((x) => x('a'))",
    "const { readFileSync } = require('fs'); { const readFileSync = 1 } readFileSync('a')",
    "require.resolve('./x'); require.main",
    // What writes, starts or evaluates.
    "require('fs').rmSync('a')",
    "require('fs').writeFileSync('a', 'b')",
    "require('child_process').execSync('id')",
    "require('./x.js')",
    "require('./x')",
    "import('fs')",
    "eval('1')",
    "new Function('1')()",
    "fetch('https://x.example')",
    "process.mainModule.require('fs')",
    'process.env',
    // What has the name of something harmless.
    "const fs = require('fs'); fs.unlinkSync('a')",
    "const { unlinkSync: map } = require('fs'); ({ map }).map('a')",
    "const fs = require('fs'); ({ map: fs.rmSync }).map('a')",
    "const fs = require('fs'); [fs].map((x) => x.rmSync('a'))",
    "const path = require('fs'); path.join('a')",
    "const console = { log: 1 }; console.log('x')",
    "var require = 1; require('./x.json')",
    // The way round.
    "[].map.constructor('1')()",
    "[]['map']['constructor']('1')()",
    "const k = 'constructor'; ({ map: [][k] }).map('1')",
    'const { constructor: f } = []',
    'String({ toString() { return 1 } })',
    "['1'].map(eval)",
    '[1].sort(require)',
    'tag`x`',
    'this.x',
    "const F = (() => 1)['const' + 'ructor']; require('./a.json')",
    "JSON.parse(require('fs').readFileSync('a', 'utf8'), (k, v) => v)",
    "const o = require('./a.json'); for (o.at of [1]) o.at(1)",
    "for (process.cwd of [1]) require('./a.json')",
    "const o = require('./a.json'); --o.x",
    "const a = require('./a.json'); a!;",
    // A name in one place, and what everybody has in another.
    "console.log(process.version); [].map((Reflect) => 1); Reflect.set(globalThis, 'a', 1)",
    '{ let module } module.paths.push("/tmp/x"); console.log(process.version)',
    '{ let process } console.log(process.version); let p = { process }',
    '{ let Function } console.log(process.version); Function = 1',
    "const fs = require('fs'); const g = { fs }; console.log(process.version)",
    // What is a comparison to one reader and a call to another.
    "let b = 1; const f = ['x']; console.log(process.version); f.push<(a) => b>(1)",
    "const F = 1, T = 1; console.log(process.version); F<T>('x')",
    // Files that are not told.
    "require(...'./x.json')",
    "require('fs').existsSync(...'/tmp')",
    "require('fs').readFileSync(process.argv[1], 'utf8')",
    "require('fs').readFileSync('a', { flag: 'w' })",
    // What some programs take for a comment and others do not.
    "require('./a.json') <!--a, `\nevil()\n// `",
    // What is no more plain.
    'function f() {}',
    'while (1) {}',
    'await 1',
    'delete process.x',
    "require('./a.json'",
    "require('./a.json') // process.version",
    // It looks at nothing here.
    '1 // process.version',
    '1',
    '[1, 2].map((x) => x * 2)',
    // What is put there, and in what, has to be known.
    'const c = {}; c["a"] = 1; console.log(c)',
    'let c = {}; c["a"] = (c["a"] || 0) + 1; console.log(c)',
    'const c = {}; c["a"] = (c["a"] || 0) + "x"; console.log(c)',
    'const c = {}; c["a"] = (c["b"] || 0) + 1; console.log(c)',
    'const c = []; c["a"] = (c["a"] || 0) + 1; console.log(c)',
    'const c = {}; c[evil()] = (c[evil()] || 0) + 1; console.log(c)',
    'Object["a"] = (Object["a"] || 0) + 1; console.log(1)',
  ])('is asked about: %s', (text) => {
    expect(readJavaScript(text)).toBeUndefined();
  });
});
