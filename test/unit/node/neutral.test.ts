import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { toJson, toMarkdown } from '../../../src/common/export.ts';
import { dropHidden, hasHidden, revealHidden, showName, unrevealed } from '../../../src/common/gate/hidden.ts';
import { judge } from '../../../src/common/gate/judge.ts';
import { titleOf } from '../../../src/common/summary.ts';
import { toMessages } from '../../../src/common/transcript.ts';
import { createCapture } from '../../../src/node/output.ts';
import { danger, dangerIn, hostileTexts } from '../../support/hostileText.ts';
import { commandEffect } from '../common/gate/support.ts';
import { Bench } from './tools/support.ts';

const samples = Object.entries(hostileTexts);
/** What names a file or a command exactly, for programs: nobody reads it. */
const exact = new Set(['effects', 'path', 'grantKey', 'before', 'after']);

test('there are enough samples, and each is one', () => {
  expect(samples.length).toBeGreaterThanOrEqual(36);
  for (const [name, sample] of samples) expect(danger(sample), name).toBeDefined();
});

describe.each(samples)('%s', (_, sample) => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench({ 'src/plain.ts': 'one\n', 'src/odd.ts': `first\nneedle ${sample}\nlast\n` });
  });
  afterEach(() => bench.remove());

  /** Everything that was logged, asked and shown while it ran. */
  const seen = () => dangerIn([bench.events, bench.asked, bench.output], exact);

  test('in a file does not get through any tool', async () => {
    await bench.call('file_read', { path: 'src/odd.ts' });
    await bench.call('file_read', { path: 'src/odd.ts' }, { origin: 'mention' });
    await bench.call('grep', { pattern: 'needle', context_lines: 1 });
    await bench.call('bash', { command: 'cat src/odd.ts' });
    await bench.call('bash', { command: 'cat src/odd.ts >&2; exit 3' });
    await bench.call('file_edit', { path: 'src/odd.ts', old_text: 'last', new_text: 'end' });
    await bench.call('file_edit', { path: 'src/odd.ts', old_text: 'needle x', new_text: 'y' });
    await bench.call('file_write', { path: 'src/plain.ts', content: `two ${sample}\n` });
    expect(seen()).toBeUndefined();
    const read = bench.events.find((event) => event.type === 'tool.end');
    expect(read?.type === 'tool.end' && read.text).toContain('needle');
  });

  test('in the name of a file, a tool, a pattern or an argument does not get through', async () => {
    const name = `${sample.replaceAll('/', '')}.ts`.slice(0, 80);
    mkdirSync(join(bench.root, 'odd'));
    writeFileSync(join(bench.root, 'odd', name), 'needle\n');
    await bench.call('file_read', { path: 'odd' });
    await bench.call('glob', { pattern: 'odd/*' });
    await bench.call('grep', { pattern: 'needle', path: 'odd' });
    await bench.call('file_read', { path: `odd/${name}` });
    await bench.call('file_read', { path: `nowhere/${name}` });
    await bench.call('file_write', { path: `odd/new${name}`, content: 'x\n' });
    await bench.call('file_edit', { path: `odd/${name}`, old_text: 'needle', new_text: 'pin' });
    await bench.call('glob', { pattern: `**/${sample}` });
    await bench.call('grep', { pattern: sample });
    await bench.call('bash', { command: `echo "${sample}"` });
    await bench.call('bash', { command: `no-such ${sample}` });
    await bench.call(sample, {});
    await bench.call('file_read', { [sample]: 1 });
    await bench.call('file_read', `{"path": ${sample}`);
    await bench.call('hand_off', { agent: sample, why: sample });
    await bench.call('use', { tool: sample });
    bench.delegate = async (tasks) => tasks.map((task) => ({ ...task, chat: 'c', state: 'done', text: sample }));
    await bench.call('delegate', { tasks: [`coding: ${sample}`] });
    expect(seen()).toBeUndefined();
  });

  test('does not get through the output of a program, in however many pieces it comes', () => {
    for (const size of [1, 2, 3, 1000]) {
      let live = '';
      const capture = createCapture(32 * 1024, (text) => (live += text));
      const bytes = Buffer.from(`before ${sample} after\n`);
      for (let at = 0; at < bytes.length; at += size) capture.push(bytes.subarray(at, at + size), 'stdout');
      expect(danger(capture.end().text), `pieces of ${size}`).toBeUndefined();
      expect(danger(live), `live, pieces of ${size}`).toBeUndefined();
    }
  });

  test('is not sent to the model, whoever wrote it', () => {
    const events: LoggedEvent[] = [
      {
        type: 'chat',
        id: 'one',
        agent: 'coding',
        workspace: { roots: [], trusted: true },
        mark: 'm4rk',
        title: titleOf(sample),
        facts: sample,
      },
      { type: 'user', text: sample, agent: 'coding', asks: 'client', context: { note: sample } },
      { type: 'role', agent: 'coding', text: sample, handoffs: [{ name: 'plan', description: sample }] },
      {
        type: 'assistant',
        agent: 'coding',
        text: sample,
        calls: [{ id: 'c', name: 'bash', arguments: '{}' }],
        finish: 'tool_calls',
        model: '',
      },
      { type: 'tool.end', call: 'c', tool: 'bash', outcome: 'ok', text: sample, summary: '', origin: 'model' },
      { type: 'undo', call: 'c', path: sample, done: true },
      { type: 'steered', item: 'i', text: sample, call: 'c' },
      { type: 'interjected', interjection: 'i', what: 'made', text: sample },
    ];
    expect(dangerIn(toMessages(events, { system: 's', roles: new Map(), controlTokens: [] }))).toBeUndefined();
    expect(danger(titleOf(sample))).toBeUndefined();
    expect(danger(toMarkdown(events, 0))).toBeUndefined();
    const json = toJson(events);
    expect(danger(json)).toBeUndefined();
    // For a program it is the same.
    expect((JSON.parse(json) as { events: LoggedEvent[] }).events[1]).toMatchObject({ text: sample });
  });

  test('does not stand in what the gate says', () => {
    const policy = { trusted: true, execute: 'ask', edits: 'ask', contained: false } as const;
    const tool = { name: 'bash', group: 'execute' as const };
    for (const command of [`cat ${sample}`, `${sample} x`, `echo x > ${sample}`]) {
      const verdict = judge({ tool, effects: [commandEffect(command)], policy, grants: new Set() });
      expect(dangerIn({ ...verdict, grant: verdict.grant?.words })).toBeUndefined();
    }
  });

  test('hides no secret from an export', () => {
    const hidden = `password=${Array.from('hunter22x').join(sample.slice(1, -1).replace(/[\w\s"'\\,;()[\]]/g, ''))}`;
    const user: LoggedEvent = { type: 'user', text: hidden, agent: 'coding', asks: 'client' };
    for (const whole of [toMarkdown([user], 0), toJson([user])]) {
      expect(whole.includes('[masked]') || !hasHidden(hidden)).toBe(true);
      expect(dropHidden(whole)).not.toContain('hunter22x');
    }
  });
});

describe('what would be written', () => {
  const edits = { trusted: true, execute: 'ask', edits: 'allow', contained: false } as const;

  test.each([
    ['file_write', { path: 'a.ts', content: 'if (x) {\u202e }' }],
    ['file_edit', { path: 'a.ts', old_text: 'one', new_text: 'on\u200be' }],
    ['file_write', { path: 'a.ts', content: 'a\ufe01\ufe02' }],
    ['file_edit', { path: 'a.ts', old_text: String.raw`\u{202e}`, new_text: String.raw`\u{202d}` }],
  ])('is asked about where it hides something, also where changes are made at once: %s %j', async (tool, args) => {
    const bench = new Bench({ 'a.ts': 'one\ntwo\u202e\n' });
    bench.policy = edits;
    bench.granted.add(`write ${bench.root}/a.ts`);
    bench.answer = async () => ({ answer: 'reject', by: 'client' });
    expect(await bench.call(tool, args)).toMatchObject({ outcome: 'denied' });
    expect(bench.asked[0]?.verdict).toMatchObject({
      rule: 'write.hidden',
      reason: 'What would be written to a.ts has characters in it that cannot be seen.',
    });
    expect(bench.asked[0]?.preview.text).toMatch(/\\u\{20(?:2e|0b|2d)\}/);
    bench.remove();
  });

  test.each([
    ['file_write', { path: 'a.ts', content: '\ufeffpicture 👨‍👩‍👧\r\n' }],
    ['file_write', { path: 'a.ts', content: String.raw`const mark = '\u{202e}';` }],
    ['file_edit', { path: 'a.ts', old_text: 'one', new_text: String.raw`'\u{202e}'` }],
    ['file_edit', { path: 'a.ts', old_text: String.raw`two\u{202e}`, new_text: String.raw`three\u{202e}` }],
  ])('asks nobody where all can be seen, or stood there before: %s %j', async (tool, args) => {
    const bench = new Bench({ 'a.ts': 'one\ntwo\u202e\n' });
    bench.policy = edits;
    expect(await bench.call(tool, args)).toMatchObject({ outcome: 'ok' });
    expect(bench.asked).toEqual([]);
    bench.remove();
  });
});

describe('what people write stays as it is', () => {
  test.each([
    'echo "Grüße, 世界 👍"\n\tls',
    'line\r\nline\r\n',
    '👨‍👩‍👧 and 🏳️‍🌈',
    '❤️ ☎︎ 1️⃣ #️⃣ ©️ ☝🏽 👁️‍🗨️ ㊗️',
    '神\ufe00 ≨\ufe00 、\ufe01',
    'می‌خواهم',
    'क्‍ष',
    'non-breaking\u00a0space',
  ])('%j', (text) => {
    expect(revealHidden(text)).toBe(text);
    expect(dropHidden(text.replaceAll('\r', ''))).toBe(text.replaceAll('\r', ''));
  });

  test.each(['echo "❤️ 1️⃣ ☎︎"', 'docs/❤️.md'])('also where it is run or named: %s', async (text) => {
    expect(hasHidden(text)).toBe(false);
    expect(showName(text)).toBe(text);
    const bench = new Bench();
    bench.policy = { trusted: true, execute: 'ask', edits: 'allow', contained: false };
    expect(await bench.call('bash', { command: 'echo "❤️"' })).toMatchObject({ outcome: 'ok', text: '❤️' });
    expect(await bench.call('file_write', { path: 'a/❤️.md', content: 'I ❤️ it 1️⃣\n' })).toMatchObject({
      outcome: 'ok',
    });
    expect(bench.asked).toEqual([]);
    bench.remove();
  });

  test.each([
    'a\ufe0f',
    '❤\ufe0f\ufe0f',
    '❤\ufe0e\ufe0f',
    '❤\ufe01',
    '神\ufe0f',
    '=\ufe00',
    '\ufe0f',
    '神\ufe00\u{e0100}',
    '1\ufe0f\ufe01\ufe02',
  ])('and a selector without a variant is seen: %j', async (text) => {
    expect(hasHidden(text)).toBe(true);
    expect(showName(text)).toMatch(/\\u\{fe0/);
    expect(unrevealed(revealHidden(text))).toBe(text);
    const bench = new Bench({ [`${text}.ts`]: 'x' });
    bench.answer = async () => ({ answer: 'reject', by: 'client' });
    await bench.call('bash', { command: `echo "${text}"` });
    await bench.call('file_write', { path: 'a.ts', content: text });
    await bench.call('file_read', { path: `${text}.ts` });
    expect(bench.asked.map(({ verdict }) => verdict.rule)).toEqual(['command.hidden', 'write.hidden', 'path.hidden']);
    bench.remove();
  });

  test('a name is one line', () => {
    expect(showName('a\nb\tc')).toBe(String.raw`a\u{a}b\u{9}c`);
  });

  test('what was written out can be read back, and nothing else', () => {
    for (const [name, sample] of samples) expect(unrevealed(revealHidden(sample)), name).toBe(sample);
    for (const text of [String.raw`\u{41}`, String.raw`\u{1F600}`, String.raw`\u{ffffff}`, String.raw`\u{0001b}`]) {
      expect(unrevealed(text)).toBe(text);
    }
  });

  test('a line with something that cannot be seen can be edited as it was read', async () => {
    const bench = new Bench({ 'a.ts': 'const a\u202eb = 1;\nlet c = 2;\n' });
    const { text } = await bench.call('file_read', { path: 'a.ts' });
    expect(text).toContain(String.raw`const a\u{202e}b = 1;`);
    const edit = { path: 'a.ts', old_text: String.raw`a\u{202e}b = 1`, new_text: String.raw`a\u{202e}b = 3` };
    expect(await bench.call('file_edit', edit)).toMatchObject({ outcome: 'ok' });
    expect(bench.get('a.ts')).toBe('const a\u202eb = 3;\nlet c = 2;\n');
    const clean = { path: 'a.ts', old_text: String.raw`const a\u{202e}b`, new_text: 'const ab' };
    expect(await bench.call('file_edit', clean)).toMatchObject({ outcome: 'ok' });
    expect(bench.get('a.ts')).toBe('const ab = 3;\nlet c = 2;\n');
    bench.remove();
  });
});
