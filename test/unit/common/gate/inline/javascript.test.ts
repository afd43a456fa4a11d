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
  ])('reads what it names: %s', (text, files) => {
    expect(filesOf(text)).toEqual(files);
  });

  test('the version of a package is none of its own files', () => {
    expect(filesOf("require('./a.json') && require('vitest/package.json').version")).toEqual(['./a.json']);
  });

  test.each([
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
  ])('is asked about: %s', (text) => {
    expect(readJavaScript(text)).toBeUndefined();
  });
});
