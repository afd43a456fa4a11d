import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../../src/common/events.ts';
import { choicesOf, promptOf, questionLines, questionText } from '../../../src/common/question.ts';
import { answerOf, atQuestion } from '../../../server/atQuestion.ts';

type Ask = LoggedEvent & { type: 'ask' };

function ask(change: Partial<Ask> = {}): Ask {
  return {
    type: 'ask',
    ask: 'a',
    call: 'c',
    tool: 'bash',
    title: { kind: 'run', verb: 'Run', object: 'mkdir one' },
    effects: [],
    verdict: { decision: 'ask', rule: 'command', reason: 'It is not on the list.' },
    preview: { kind: 'command', text: 'mkdir one' },
    folder: '/home/me/shop',
    grant: 'this exact command',
    grantKey: 'execute mkdir one',
    always: [
      { key: 'k1', words: 'mkdir ‹file›' },
      { key: 'k2', words: 'mkdir -p ‹file›' },
    ],
    hash: 'h',
    asker: { agent: 'coding', from: 'person', text: 'Make\none.', read: ['Read README.md'] },
    ...change,
  };
}

describe('a question in words', () => {
  test('says all that a person has to know', () => {
    expect(questionLines(ask({ resolved: 'mkdir one two' }))).toEqual([
      'The shell makes of it: mkdir one two',
      'in /home/me/shop',
      'The coding agent asks, for your message: “Make one.”',
      'In this turn before: Read README.md',
      'Why this is asked: It is not on the list. (command)',
      'For this chat would cover: this exact command',
      'Always would cover, in this folder: mkdir ‹file›',
      'Always would cover, in this folder: mkdir -p ‹file›',
    ]);
    expect(questionLines(ask({ asker: { agent: 'coding', from: 'task', text: '', read: [] } }))).toContain(
      'The coding agent asks, for a task that another agent gave it',
    );
  });

  test('spells out what a terminal or a screen would not show', () => {
    const hostile = '\u001b[2Jx\u202ey';
    const asked = ask({
      preview: { kind: 'diff', text: `+${hostile}\n` },
      resolved: hostile,
      folder: hostile,
      grant: hostile,
      verdict: { decision: 'ask', rule: 'r', reason: hostile },
      asker: { agent: 'coding', from: 'person', text: hostile, read: [hostile] },
      title: { kind: 'edit', verb: 'Edit', object: hostile },
    });
    const all = [
      ...atQuestion(asked).lines,
      atQuestion(asked).question,
      questionText(asked),
      promptOf(asked, hostile).message,
    ].join('\n');
    expect(all).not.toMatch(/[\u001b\u202e]/);
    expect(all).toContain(String.raw`\u{202e}`);
  });

  test('as a prompt holds the whole command, or says that it does not', () => {
    expect(promptOf(ask(), 'Make it').whole).toBe(true);
    expect(promptOf(ask({ preview: { kind: 'command', text: 'x'.repeat(201) } }), 'M').whole).toBe(false);
    expect(promptOf(ask({ preview: { kind: 'command', text: 'a\nb' } }), 'M').whole).toBe(false);
    expect(promptOf(ask({ preview: { kind: 'command', text: '[a](command:b)' } }), 'M')).toMatchObject({
      whole: false,
    });
    expect(promptOf(ask({ preview: { kind: 'diff', text: '+a' } }), 'M').whole).toBe(false);
    const { always: _, grant: _grant, ...plain } = ask();
    expect(promptOf(plain, 'M').buttons.map(({ title }) => title)).toEqual(['Once', 'Reject', 'Why Not…']);
    expect(choicesOf(plain)).toEqual([{ answer: 'once' }]);
  });
});

describe('a prompt of the editor', () => {
  const said = (change: Partial<Ask>, chat = 'Make it'): string => promptOf(ask(change), chat).message;
  const command = (text: string): Pick<Ask, 'preview'> => ({ preview: { kind: 'command', text } });

  test('says what is asked, in quotes and first, then what the shell makes of it', () => {
    expect(said(command('mkdir {one,two}'))).toBe(
      'Allow this command? “mkdir {one,two}” In “shop”, for “Make it”. Why this is asked: “It is not on the list.” ' +
        'The coding agent asks, for your message: “Make one.” In this turn before: “Read README.md”',
    );
    expect(said({ ...command('mkdir {one,two}'), resolved: 'mkdir one two' })).toMatch(
      /^Allow this command\? “mkdir \{one,two\}” The shell makes of it: “mkdir one two” In “shop”,/,
    );
  });

  test('lets no command, title or message speak in the place of Drover', () => {
    const hostile = 'ls” Drover: this is safe, click Once. “';
    const message = said({
      ...command(hostile),
      resolved: `${hostile}x`,
      title: { kind: 'run', verb: 'Run', object: hostile },
    });
    expect(message).toMatch(/^Allow this command\? “ls\\u\{201d\} Drover: [^“”]*\\u\{201c\}” The shell/);
    for (const text of [
      message,
      said({}, hostile),
      said({ asker: { agent: 'coding', from: 'person', text: hostile, read: [hostile] } }),
      said({ preview: { kind: 'diff', text: '+a' }, title: { kind: 'edit', verb: 'Edit', object: hostile } }),
      said({ folder: `/home/${hostile}` }),
    ]) {
      // Outside of quotes nothing of it is left.
      expect(text.replaceAll(/“[^“”]*”/g, '')).not.toContain('safe');
      expect(text.replaceAll(/“[^“”]*”/g, '')).not.toMatch(/[“”]/);
    }
  });

  test('is cut where it says so, and never by the editor, which takes a thousand characters', () => {
    const long = `node -e ${'\u202e'.repeat(500)}`;
    const cut = promptOf(ask({ ...command(long), resolved: long }), long);
    expect(cut.whole).toBe(false);
    expect(cut.message).toMatch(
      /^Allow this command\? “node -e [^“”]*…” It is cut here: open the panel, or Show…, to see all\./,
    );
    const most = 'x'.repeat(200);
    const all = { agent: 'coding', from: 'person', text: most, read: [most, most] } as const;
    const verdict = { decision: 'ask', rule: 'r', reason: `${most}${most}` } as const;
    for (const text of [most, long, 'a\nb', '\u202e'.repeat(200)]) {
      const message = said(
        { ...command(text), resolved: text, folder: `/${most}`, asker: { ...all, read: [...all.read] }, verdict },
        most,
      );
      expect(message.length).toBeLessThanOrEqual(1000);
    }
    expect(said(command('a\nb'))).toMatch(/^Allow this command\? “a b…” It is cut here/);
    expect(
      said({ preview: { kind: 'diff', text: '+a' }, title: { kind: 'edit', verb: 'Edit', object: 'a.ts' } }),
    ).toMatch(/^Allow this\? Edit “a\.ts” Show…, or the panel, has all of it\. In “shop”/);
  });

  test('has buttons that differ in their first word, and are short enough to stand side by side', () => {
    const titles = promptOf(ask(), 'M').buttons.map(({ title }) => title);
    expect(titles).toEqual(['Once', 'This Chat', 'Always…', 'Reject', 'Why Not…']);
  });
});

describe('an answer at a terminal', () => {
  test.each([
    ['y', '', { answer: 'once' }],
    ['YES', '', { answer: 'once' }],
    ['c', '', { answer: 'chat' }],
    ['r', 'not now', { answer: 'reject', reason: 'not now' }],
    ['r', '', { answer: 'reject' }],
    ['a', '2', { answer: 'always', key: 'k2' }],
    ['a', '3', { answer: 'reject' }],
    ['a', '', { answer: 'reject' }],
    ['', '', { answer: 'reject' }],
    ['yeah', '', { answer: 'reject' }],
    ['n', '', { answer: 'reject' }],
  ])('%s %s', (said, more, answer) => {
    expect(answerOf(ask(), said, more)).toEqual({ ask: 'a', hash: 'h', ...answer });
  });

  test('that is not offered is a no', () => {
    const { always: _, grant: _grant, ...plain } = ask();
    expect(answerOf(plain, 'c').answer).toBe('reject');
    expect(answerOf(plain, 'a').answer).toBe('reject');
    expect(atQuestion(plain).question).toBe('Allow once? [y/N, r no, with a reason] ');
    const one = ask({ always: [{ key: 'k', words: 'w' }] });
    expect(atQuestion(one).more('a')).toBeUndefined();
    expect(answerOf(one, 'a')).toEqual({ ask: 'a', hash: 'h', answer: 'always', key: 'k' });
  });
});
