import { posix } from 'node:path';
import type { Language, Manner } from '../code/language.ts';
import { indented } from '../code/operators.ts';
import type { Expression, Type } from '../code/tree.ts';
import type { Domain, RecordType } from '../domains/domains.ts';
import { camel, capital, pascal, snake } from '../english.ts';
import type { Sketch } from '../functions/sketch.ts';
import { told } from '../functions/sketch.ts';
import type { Random } from '../random.ts';
import type { ModulePlan } from './plan.ts';
import { importPath, type Writing } from './sources.ts';
import type { FileFact, TestFacts } from './workspace.ts';

/** One test before it is written: a sentence, and lines that check it. */
interface Case {
  name: string;
  function: string;
  value: string;
  expected: string;
}

export interface WrittenTests {
  path: string;
  text: string;
  names: string[];
  subject: string;
  fact: FileFact;
}

/** The tests of one module; undefined where nothing in it is easy to test. */
export function writeTests(
  plan: ModulePlan,
  domain: Domain,
  runner: TestFacts['runner'],
  writing: Writing,
): WrittenTests | undefined {
  const { random, language, manner } = writing;
  const cases = random
    .sample(plan.sketches, random.int(1, 3))
    .map((each) => caseOf(each, domain, language, manner, random))
    .filter((each) => each !== undefined);
  if (cases.length === 0) return undefined;
  const subject = writing.paths.get(plan.words) ?? '';
  const path = testPath(subject, runner, writing);
  const from = importPath(path, subject, writing);
  const { lines, names } = form(
    runner,
    plan.words,
    [...new Map(cases.map((each) => [each.name, each])).values()],
    from,
    writing,
    domain,
  );
  const fact: FileFact = { path, kind: 'test', purpose: undefined, symbols: [], constants: [], imports: [from] };
  return { path, text: `${lines.join('\n')}\n`, names, subject, fact };
}

function testPath(subject: string, runner: TestFacts['runner'], { layout, language }: Writing): string {
  const stem = posix.basename(subject).replace(/\.\w+$/, '');
  const folder = layout.tests ?? posix.dirname(subject);
  const name =
    language.name === 'python'
      ? `test_${stem}.py`
      : language.name === 'go'
        ? `${stem}_test.go`
        : language.name === 'rust'
          ? `${stem}.rs`
          : language.name === 'java'
            ? `${stem}Test.java`
            : runner === 'jest'
              ? `${stem}.spec.${language.extension}`
              : `${stem}.test.${language.extension}`;
  return posix.join(folder, name);
}

function caseOf(sketch: Sketch, domain: Domain, language: Language, manner: Manner, random: Random): Case | undefined {
  const { routine } = sketch;
  if (routine.returns === 'void' || routine.parameters.length === 0) return undefined;
  const lean = language.name === 'javascript' || language.name === 'typescript';
  const used = (words: string): boolean => !lean || JSON.stringify(routine.body).includes(`"words":"${words}"`);
  const values = routine.parameters.map(({ type }) => sample(type, domain, random, used));
  if (values.some((each) => each === undefined)) return undefined;
  const name = language.functionName(routine.words);
  const known = values.filter((each) => each !== undefined);
  const value = language.expression({ type: 'call', to: routine.words, from: undefined, arguments: known }, manner);
  const saying = told(random.pick(sketch.docs)).replaceAll(/["']/g, '');
  return {
    name: /^(?:the|what|how|a|an|whether)\b/.test(saying) ? `${routine.words} gives ${saying}` : saying,
    function: name,
    value,
    expected: expectation(routine.returns, language, manner, random),
  };
}

/** @param used whether a field is looked at, by its words */
function sample(type: Type, domain: Domain, random: Random, used: (words: string) => boolean): Expression | undefined {
  if (type === 'int') return { type: 'literal', value: random.int(1, 90) };
  if (type === 'num') return { type: 'literal', value: random.int(1, 90) + 0.5 };
  if (type === 'str')
    return {
      type: 'literal',
      value: random.pick(['Ada', 'north', 'B-17', 'some words', '08:30', 'blue sky', 'x', 'first']),
    };
  if (type === 'bool') return { type: 'literal', value: random.chance(0.5) };
  if (type === 'void') return undefined;
  if ('list' in type) {
    const items = [sample(type.list, domain, random, used), sample(type.list, domain, random, used)].filter(
      (each) => each !== undefined,
    );
    return { type: 'list', of: type.list, items };
  }
  if ('record' in type)
    return sampleRecord(
      domain.records.find(({ one }) => one === type.record),
      domain,
      random,
      used,
    );
  return undefined;
}

function sampleRecord(
  record: RecordType | undefined,
  domain: Domain,
  random: Random,
  used: (words: string) => boolean,
): Expression | undefined {
  if (record === undefined) return undefined;
  const fields = record.fields
    .filter(({ words }) => used(words))
    .map(({ words, type }): [string, Expression] => [
      words,
      sample(type, domain, random, used) ?? { type: 'literal', value: null },
    ]);
  return { type: 'record', name: record.one, fields };
}

function expectation(type: Type, language: Language, manner: Manner, random: Random): string {
  const literal = (value: string | number | boolean): string => language.expression({ type: 'literal', value }, manner);
  if (type === 'int') return literal(random.int(0, 120));
  if (type === 'num') return literal(random.int(0, 120) + 0.5);
  if (type === 'bool') return literal(random.chance(0.5));
  if (type === 'str') return literal(random.pick(['none', 'Ada (3)', 'two', '1 h 5 min', 'blue-sky', 'high']));
  return '';
}

function form(
  runner: TestFacts['runner'],
  subject: string,
  cases: readonly Case[],
  from: string,
  writing: Writing,
  domain: Domain,
): { lines: string[]; names: string[] } {
  const { manner, language } = writing;
  const functions = [...new Set(cases.map((each) => each.function))].toSorted();
  const end = manner.semicolons ? ';' : '';
  const quote = manner.quote;
  switch (runner) {
    case 'node':
    case 'vitest':
    case 'jest':
    case 'mocha': {
      const node = runner === 'node' || runner === 'mocha';
      const common = manner.modules === 'commonjs' && language.name === 'javascript';
      const bring = (names: string, path: string): string =>
        common
          ? `const ${names} = require(${quote}${path}${quote})${end}`
          : `import ${names} from ${quote}${path}${quote}${end}`;
      const tools = [
        ...(node ? [bring('assert', 'node:assert/strict')] : []),
        ...(runner === 'node'
          ? [bring('{ test }', 'node:test')]
          : runner === 'vitest'
            ? [bring('{ expect, test }', 'vitest')]
            : []),
      ];
      const word = runner === 'jest' || runner === 'mocha' ? 'it' : 'test';
      const check = ({ value, expected }: Case): string =>
        node
          ? expected === ''
            ? `assert.ok(${value})${end}`
            : `assert.equal(${value}, ${expected})${end}`
          : expected === ''
            ? `expect(${value}).toBeDefined()${end}`
            : `expect(${value}).toBe(${expected})${end}`;
      const tests = cases.flatMap((each) => [
        '',
        `${word}(${quote}${each.name}${quote}, () => {`,
        manner.indent + check(each),
        `})${end}`,
      ]);
      const block =
        word === 'it'
          ? ['', `describe(${quote}${subject}${quote}, () => {`, ...indented(tests.slice(1), manner.indent), `})${end}`]
          : tests;
      return {
        lines: [...tools, bring(`{ ${functions.join(', ')} }`, common ? from.replace(/\.js$/, '') : from), ...block],
        names: cases.map(({ name }) => name),
      };
    }
    case 'pytest':
    case 'unittest':
    case 'make': {
      const records = domain.records
        .map(({ one }) => pascal(one))
        .filter((name) => cases.some(({ value }) => new RegExp(`\\b${name}\\(`).test(value)));
      const bring = `from ${from} import ${[...records, ...functions].join(', ')}`;
      const titled = cases.map((each, index) => ({
        ...each,
        title: `test_${snake(each.function)}${cases.findIndex((one) => one.function === each.function) === index ? '' : `_${index + 1}`}`,
      }));
      const names = titled.map(({ title }) => title);
      if (runner !== 'unittest') {
        const tests = titled.flatMap(({ title, value, expected }) => [
          '',
          '',
          `def ${title}():`,
          `    assert ${value}${expected === '' ? '' : ` == ${expected}`}`,
        ]);
        return { lines: [bring, ...tests], names };
      }
      const tests = titled.flatMap(({ title, value, expected }) => [
        '',
        `    def ${title}(self):`,
        `        self.${expected === '' ? `assertTrue(${value})` : `assertEqual(${value}, ${expected})`}`,
      ]);
      return {
        lines: [
          'import unittest',
          '',
          bring,
          '',
          '',
          `class ${pascal(subject)}Test(unittest.TestCase):`,
          ...tests.slice(1),
          '',
          '',
          'if __name__ == "__main__":',
          '    unittest.main()',
        ],
        names,
      };
    }
    case 'go': {
      const names = cases.map(
        (each, index) =>
          `Test${pascal(camel(each.function))}${index === 0 || cases.findIndex((one) => one.function === each.function) === index ? '' : index + 1}`,
      );
      const tests = cases.flatMap(({ value, expected }, index) => [
        '',
        `func ${names[index]}(t *testing.T) {`,
        ...(expected === ''
          ? [`\tif ${value} == nil {`, '\t\tt.Fatal("nothing came back")']
          : [
              `\tgot := ${value}`,
              `\tif got != ${expected} {`,
              `\t\tt.Errorf("got %v, want ${expected.replaceAll('"', '')}", got)`,
            ]),
        '\t}',
        '}',
      ]);
      const folder = posix.basename(posix.dirname(writing.paths.values().next().value ?? '')) || 'main';
      return { lines: [`package ${folder === '.' ? 'main' : folder}`, '', 'import "testing"', ...tests], names };
    }
    case 'cargo': {
      const names = cases.map(
        (each, index) =>
          `${snake(each.function)}${cases.findIndex((one) => one.function === each.function) === index ? '_works' : `_case_${index + 1}`}`,
      );
      const tests = cases.flatMap(({ value, expected }, index) => [
        '',
        '#[test]',
        `fn ${names[index]}() {`,
        `    ${expected === '' ? `let _ = ${value};` : `assert_eq!(${value}, ${expected});`}`,
        '}',
      ]);
      return { lines: [`use ${snake(domain.name)}::${snake(subject)}::*;`, ...tests], names };
    }
    case 'maven': {
      const names = cases.map((each, index) => `${each.function}${index === 0 ? 'Works' : `Case${index + 1}`}`);
      const tests = cases.flatMap(({ value, expected }, index) => [
        '',
        '    @Test',
        `    void ${names[index]}() {`,
        `        ${expected === '' ? `assertNotNull(${pascal(subject)}.${value});` : `assertEquals(${expected}, ${pascal(subject)}.${value});`}`,
        '    }',
      ]);
      return {
        lines: [
          'import static org.junit.jupiter.api.Assertions.*;',
          '',
          'import java.util.List;',
          'import org.junit.jupiter.api.Test;',
          '',
          `class ${capital(pascal(subject))}Test {`,
          ...tests.slice(1),
          '}',
        ],
        names,
      };
    }
    default:
      return runner satisfies never;
  }
}
