import { posix } from 'node:path';
import type { Language, Manner } from '../code/language.ts';
import type { Expression, Type } from '../code/tree.ts';
import type { Domain, RecordType } from '../domains/domains.ts';
import { type Sketch, told } from '../functions/sketch.ts';
import type { Random } from '../random.ts';
import type { ModulePlan } from './plan.ts';
import { importPath, type Writing } from './sources.ts';
import { type Case, type Check, testForm } from './testForms.ts';
import type { FileFact, TestFacts } from './workspace.ts';

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
  const unlike = [...new Map(cases.map((each) => [each.name, each])).values()];
  const { lines, names } = testForm({ runner, subject: plan.words, from, cases: unlike, domain, writing });
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
  if (routine.returns === 'void' || routine.parameters.length === 0 || sketch.written) return undefined;
  const lean = language.name === 'javascript' || language.name === 'typescript';
  const used = (words: string): boolean => !lean || JSON.stringify(routine.body).includes(`"words":"${words}"`);
  const check = (): Check | undefined => {
    const values = routine.parameters.map(({ type }) => sample(type, domain, random, used));
    const known = values.filter((each) => each !== undefined);
    if (known.length < values.length) return undefined;
    const call: Expression = { type: 'call', to: routine.words, from: undefined, arguments: known };
    return {
      value: language.expression(call, manner),
      expected: expectation(routine.returns, language, manner, random),
    };
  };
  // Long lists are written once only.
  const checks = [check(), ...(random.chance(0.5) ? [check()] : []), ...(random.chance(0.3) ? [check()] : [])].filter(
    (each) => each !== undefined,
  );
  const short = checks.filter(({ value }, index) => index === 0 || value.length < 90);
  if (short.length === 0) return undefined;
  const saying = told(random.pick(sketch.docs)).replaceAll(/["']/g, '');
  return {
    name: /^(?:the|what|how|a|an|whether)\b/.test(saying) ? `${routine.words} gives ${saying}` : saying,
    function: language.functionName(routine.words),
    checks: short,
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
