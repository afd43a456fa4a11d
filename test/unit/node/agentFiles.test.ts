import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Agents } from '../../../server/agents.ts';
import { tools } from '../../../src/node/tools/list.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'drover-agents-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const prompts = join(import.meta.dirname, '..', '..', '..', 'prompts');
const own = (name: string): string => join('own', `${name}.md`);
const shared = (name: string): string => join('shop', '.drover', 'agents', `${name}.md`);

function put(path: string, head: string[], text = 'You are an agent.'): void {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), ['---', ...head, '---', text, ''].join('\n'));
}

function team(trusted = true) {
  const { agents, problems } = new Agents(prompts, join(base, 'own'), tools).of({
    roots: [join(base, 'shop')],
    trusted,
  });
  return {
    names: agents.map(({ name }) => name),
    of: (name: string) => agents.find((agent) => agent.name === name),
    faults: problems.map(({ message }) => message.replace(base, '').replace(': this agent cannot be used', '')),
  };
}

test('these agents come with Drover, and hand over to one another', () => {
  const { names, of, faults } = team();
  expect(names).toEqual(['coding', 'plan', 'review', 'supervisor']);
  expect(of('supervisor')?.handoffs).toEqual(['coding', 'plan', 'review']);
  expect(of('plan')).toMatchObject({ readonly: true, handoffs: [], start: 'coding' });
  expect(of('review')).toMatchObject({ readonly: true, from: 'drover' });
  expect(faults).toEqual([]);
});

test("a file in the person's own folder is an agent, and the others may hand over to it", () => {
  put(own('docs'), ['description: Writes docs.', 'tools: [read, file_write]', 'model: small', 'handoffs: [coding]']);
  const { names, of } = team();
  expect(names).toContain('docs');
  expect(of('docs')).toMatchObject({ from: 'user', model: 'small', text: 'You are an agent.', readonly: false });
  expect(of('supervisor')?.handoffs).toContain('docs');
  expect(of('coding')?.handoffs).toContain('docs');
});

test('what is no regular file is named and not waited for', () => {
  put(own('docs'), ['description: Mine.', 'tools: [read]']);
  mkdirSync(dirname(join(base, shared('pipe'))), { recursive: true });
  execFileSync('mkfifo', [join(base, shared('pipe')), join(base, own('pipe'))]);
  const { names, faults } = team();
  expect(names).toContain('docs');
  expect(faults).toEqual([
    '/own/pipe.md:1: it cannot be read (it is no regular file).',
    '/shop/.drover/agents/pipe.md:1: it cannot be read (it is no regular file).',
  ]);
});

test('an agent of the person stands for the one of the same name', () => {
  put(own('coding'), ['description: Mine.', 'tools: [read]']);
  expect(team().of('coding')).toMatchObject({ description: 'Mine.', tools: ['read'], from: 'user', handoffs: [] });
});

test('an agent of the person that cannot be used leaves the one that it stands for, and nobody else is at fault', () => {
  put(own('coding'), ['description: Mine.', 'tools: [read]', 'handoffs: [reveiw]']);
  const { names, of, faults } = team();
  expect(names).toEqual(['coding', 'plan', 'review', 'supervisor']);
  expect(of('coding')).toMatchObject({ from: 'drover', handoffs: ['plan', 'review', 'supervisor'] });
  expect(faults).toEqual(['/own/coding.md:4: there is no agent named reveiw to hand over to.']);
});

describe('an agent of a workspace', () => {
  test('that cannot be used leaves the one of the person', () => {
    put(own('coding'), ['description: Mine.', 'tools: [read]', 'handoffs: all']);
    put(shared('coding'), ['description: Ours.', 'tools: [read]', 'handoffs: [reveiw]']);
    const { of, faults } = team();
    expect(of('coding')).toMatchObject({ description: 'Mine.', from: 'user' });
    expect(of('plan')).toMatchObject({ start: 'coding' });
    expect(faults).toEqual(['/shop/.drover/agents/coding.md:4: there is no agent named reveiw to hand over to.']);
  });

  test('narrows what is left when the one of the person cannot be used', () => {
    put(own('plan'), ['description: Mine.', 'tools: [read, write]', 'handoffs: [reveiw]']);
    put(shared('plan'), ['description: Ours.', 'tools: [read, file_write]']);
    put(shared('review'), ['description: Ours.', 'tools: [read]']);
    const { of, faults } = team();
    expect(of('plan')).toMatchObject({ from: 'drover', readonly: true });
    expect(of('review')).toMatchObject({ from: 'workspace', readonly: true });
    expect(faults).toEqual([
      '/own/plan.md:4: there is no agent named reveiw to hand over to.',
      expect.stringMatching(/plan\.md:3: file_write is more than the plan agent that it stands for may use/),
    ]);
  });

  test('is there where the folder is trusted, and only there', () => {
    put(shared('docs'), ['description: Writes docs.', 'tools: [read, file_edit]']);
    expect(team().of('docs')).toMatchObject({ from: 'workspace', tools: ['read', 'file_edit'] });
    expect(team(false).names).not.toContain('docs');
  });

  test('narrows what there is, and keeps what was closed closed', () => {
    put(shared('plan'), ['description: Ours.', 'tools: [read]', 'readonly: false']);
    expect(team().of('plan')).toMatchObject({ tools: ['read'], readonly: true, from: 'workspace' });
  });

  test('never widens it', () => {
    put(own('coding'), ['description: Mine.', 'tools: [read, file_edit]', 'handoffs: [plan]']);
    put(shared('coding'), ['description: Ours.', 'tools:', '  - read', '  - bash']);
    put(shared('docs'), ['description: D.', 'tools: [write]']);
    put(shared('big'), ['description: B.', 'tools: []', 'model: huge']);
    put(shared('far'), ['description: F.', 'tools: []', 'handoffs: [plan, review]']);
    put(shared('wide'), ['description: W.', 'tools: []', 'handoffs: all']);
    const { names, of, faults } = team();
    expect(names).toEqual(['coding', 'plan', 'review', 'supervisor']);
    expect(of('coding')?.description).toBe('Mine.');
    const folder = '/shop/.drover/agents';
    expect(faults.toSorted()).toEqual([
      `${folder}/big.md:4: a workspace does not choose models.`,
      `${folder}/coding.md:5: bash is more than the coding agent that it stands for may use, and a workspace only narrows.`,
      `${folder}/docs.md:3: write is more than the coding agent may use, and a workspace only narrows.`,
      `${folder}/far.md:4: it would hand over to more agents than the coding agent, and a workspace only narrows.`,
      `${folder}/wide.md:4: it would hand over to more agents than the coding agent, and a workspace only narrows.`,
    ]);
  });
});

describe('what is wrong is said with file and line, and the rest goes on', () => {
  const cases: [name: string, head: string[], fault: string][] = [
    ['a', ['description: A.', 'tools: [read, paint]'], '3: there is no tool or group named paint.'],
    ['a', ['description: A.', 'tools:', '- read', '- paint'], '5: there is no tool or group named paint.'],
    ['a', ['description: A.', 'tools: []', 'handoffs: [nobody]'], '4: there is no agent named nobody to hand over to.'],
    ['a', ['description: A.', 'tools: []', 'handoffs: [a]'], '4: it cannot hand over to itself.'],
    ['a', ['description: A.', 'tools: []', 'start: nobody'], '4: there is no other agent named nobody to start.'],
    ['a', ['description: A.', 'tools: []', 'colour: red'], '4: there is no setting named colour.'],
    ['a', ['description: A.', 'tools: all'], '3: tools must be a list, like `tools: [read, write]`.'],
    ['a', ['tools: []'], '1: description must be a sentence that says what it is for.'],
    [
      'a',
      ['description: A.', 'tools: [paint, read, draw]'],
      '3: there is no tool or group named paint; line 3: there is no tool or group named draw.',
    ],
    [
      'a',
      ['description: A.', 'tools: all', 'colour: red', 'readonly: often'],
      '3: tools must be a list, like `tools: [read, write]`; line 4: there is no setting named colour; line 5: readonly must be true or false.',
    ],
    [
      'A b',
      ['description: A.', 'tools: []'],
      '1: its name must be of small letters, digits and hyphens, a letter first, at most 40 in all.',
    ],
    [
      'a'.repeat(41),
      ['description: A.', 'tools: []'],
      '1: its name must be of small letters, digits and hyphens, a letter first, at most 40 in all.',
    ],
  ];
  test.each(cases)('%s %j', (name, head, fault) => {
    put(own(name), head);
    const { names, faults } = team();
    expect(faults).toEqual([`/own/${name}.md:${fault}`]);
    expect(names).toEqual(['coding', 'plan', 'review', 'supervisor']);
  });

  test('a front matter that is no YAML, one that is missing, and no text', () => {
    put(own('a'), ['description: "A', 'tools: []']);
    writeFileSync(join(base, own('b')), 'You are b.\n');
    put(own('c'), ['description: C.', 'tools: []'], '');
    const { faults } = team();
    expect(faults).toHaveLength(3);
    expect(faults[0]).toMatch(/^\/own\/a\.md:\d: Missing closing "quote\.$/);
    expect(faults[1]).toBe('/own/b.md:1: it must begin with a block between two lines of ---.');
    expect(faults[2]).toMatch(/^\/own\/c\.md:\d: the text that tells it its role is missing\.$/);
  });

  test('what cannot be read', () => {
    mkdirSync(join(base, own('a')), { recursive: true });
    const { names, faults } = team();
    expect(faults).toEqual(['/own/a.md:1: it cannot be read (it is no regular file).']);
    expect(names).toContain('coding');
  });

  test('who hands over to one that is left out is left out too', () => {
    put(own('a'), ['description: A.', 'tools: []', 'handoffs: [b]']);
    put(own('b'), ['description: B.', 'tools: [paint]']);
    expect(team().faults).toEqual([
      '/own/b.md:3: there is no tool or group named paint.',
      '/own/a.md:4: there is no agent named b to hand over to.',
    ]);
  });
});
