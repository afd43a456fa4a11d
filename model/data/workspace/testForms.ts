import { posix } from 'node:path';
import { indented } from '../code/operators.ts';
import type { Domain } from '../domains/domains.ts';
import { capital, pascal, snake } from '../english.ts';
import type { Writing } from './sources.ts';
import type { TestFacts } from './workspace.ts';

/** One test before it is written: a sentence, and what it checks. */
export interface Case {
  name: string;
  function: string;
  checks: Check[];
}

/** `expected` '': only that something comes back. */
export interface Check {
  value: string;
  expected: string;
}

interface Form {
  lines: string[];
  names: string[];
}

interface Needs {
  runner: TestFacts['runner'];
  /** The words of the module that is tested, and the path to import it by. */
  subject: string;
  from: string;
  cases: readonly Case[];
  domain: Domain;
  writing: Writing;
}

/** A file of tests as its runner wants it, and the names under which the runner reports them. */
export function testForm(needs: Needs): Form {
  switch (needs.runner) {
    case 'node':
    case 'vitest':
    case 'jest':
    case 'mocha':
      return javascriptTests(needs);
    case 'pytest':
    case 'make':
    case 'unittest':
      return pythonTests(needs);
    case 'go':
      return goTests(needs);
    case 'cargo':
      return rustTests(needs);
    case 'maven':
      return javaTests(needs);
    default:
      return needs.runner satisfies never;
  }
}

function javascriptTests({ runner, subject, from, cases, writing: { manner, language } }: Needs): Form {
  const end = manner.semicolons ? ';' : '';
  const { quote } = manner;
  const asserts = runner === 'node' || runner === 'mocha';
  const common = manner.modules === 'commonjs' && language.name === 'javascript';
  const bring = (names: string, path: string): string =>
    common
      ? `const ${names} = require(${quote}${path}${quote})${end}`
      : `import ${names} from ${quote}${path}${quote}${end}`;
  const tools = [
    ...(asserts ? [bring('assert', 'node:assert/strict')] : []),
    ...(runner === 'node' ? [bring('{ test }', 'node:test')] : []),
    ...(runner === 'vitest' ? [bring('{ expect, test }', 'vitest')] : []),
  ];
  const check = ({ value, expected }: Check): string => {
    if (asserts) return expected === '' ? `assert.ok(${value})${end}` : `assert.equal(${value}, ${expected})${end}`;
    return expected === '' ? `expect(${value}).toBeDefined()${end}` : `expect(${value}).toBe(${expected})${end}`;
  };
  const word = runner === 'jest' || runner === 'mocha' ? 'it' : 'test';
  const tests = cases.flatMap(({ name, checks }) => [
    '',
    `${word}(${quote}${name}${quote}, () => {`,
    ...checks.map((each) => manner.indent + check(each)),
    `})${end}`,
  ]);
  const functions = [...new Set(cases.map((each) => each.function))].toSorted();
  const block =
    word === 'it'
      ? ['', `describe(${quote}${subject}${quote}, () => {`, ...indented(tests.slice(1), manner.indent), `})${end}`]
      : tests;
  const path = common ? from.replace(/\.js$/, '') : from;
  return {
    lines: [...tools, bring(`{ ${functions.join(', ')} }`, path), ...block],
    names: cases.map(({ name }) => name),
  };
}

function pythonTests({ runner, subject, from, cases, domain }: Needs): Form {
  const names = cases.map((each) => `test_${snake(each.function)}`);
  const used = (name: string): boolean =>
    cases.some(({ checks }) => checks.some(({ value }) => new RegExp(`\\b${name}\\(`).test(value)));
  const records = domain.records.map(({ one }) => pascal(one)).filter(used);
  const bring = `from ${from} import ${[...records, ...cases.map((each) => each.function)].join(', ')}`;
  if (runner !== 'unittest') {
    const tests = cases.flatMap(({ checks }, index) => [
      '',
      '',
      `def ${names[index]}():`,
      ...checks.map(({ value, expected }) => `    assert ${value}${expected === '' ? '' : ` == ${expected}`}`),
    ]);
    return { lines: [bring, ...tests], names };
  }
  const tests = cases.flatMap(({ checks }, index) => [
    '',
    `    def ${names[index]}(self):`,
    ...checks.map(({ value, expected }) =>
      expected === '' ? `        self.assertTrue(${value})` : `        self.assertEqual(${value}, ${expected})`,
    ),
  ]);
  const head = ['import unittest', '', bring, '', '', `class ${pascal(subject)}Test(unittest.TestCase):`];
  return { lines: [...head, ...tests.slice(1), '', '', 'if __name__ == "__main__":', '    unittest.main()'], names };
}

function goTests({ cases, writing: { paths } }: Needs): Form {
  const names = cases.map((each) => `Test${each.function}`);
  const tests = cases.flatMap(({ checks }, index) => [
    '',
    `func ${names[index]}(t *testing.T) {`,
    ...checks.flatMap(({ value, expected }) =>
      expected === ''
        ? [`\tif ${value} == nil {`, '\t\tt.Fatal("nothing came back")', '\t}']
        : [
            `\tif got := ${value}; got != ${expected} {`,
            `\t\tt.Errorf("got %v, want ${expected.replaceAll('"', '')}", got)`,
            '\t}',
          ],
    ),
    '}',
  ]);
  const folder = posix.basename(posix.dirname(paths.values().next().value ?? '.'));
  return { lines: [`package ${folder === '.' ? 'main' : folder}`, '', 'import "testing"', ...tests], names };
}

function rustTests({ cases, subject, domain }: Needs): Form {
  const names = cases.map((each) => `${each.function}_works`);
  const tests = cases.flatMap(({ checks }, index) => [
    '',
    '#[test]',
    `fn ${names[index]}() {`,
    ...checks.map(({ value, expected }) =>
      expected === '' ? `    let _ = ${value};` : `    assert_eq!(${value}, ${expected});`,
    ),
    '}',
  ]);
  return { lines: [`use ${snake(domain.name)}::${snake(subject)}::*;`, ...tests], names };
}

function javaTests({ cases, subject }: Needs): Form {
  const names = cases.map((each) => `${each.function}Works`);
  const name = capital(pascal(subject));
  const tests = cases.flatMap(({ checks }, index) => [
    '',
    '    @Test',
    `    void ${names[index]}() {`,
    ...checks.map(({ value, expected }) =>
      expected === ''
        ? `        assertNotNull(${name}.${value});`
        : `        assertEquals(${expected}, ${name}.${value});`,
    ),
    '    }',
  ]);
  const head = [
    'import static org.junit.jupiter.api.Assertions.*;',
    '',
    'import java.util.List;',
    'import org.junit.jupiter.api.Test;',
  ];
  return { lines: [...head, '', `class ${name}Test {`, ...tests.slice(1), '}'], names };
}
