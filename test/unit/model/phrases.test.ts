import { describe, expect, it } from 'vitest';
import { kinds, type Kind } from '../../../model/data/kinds.ts';
import { answers, followUps, general, phrases, steers } from '../../../model/data/phrases/index.ts';
import { mentions } from '../../../src/common/mentions.ts';

/** What a wording of a kind must hold, each exactly once. */
const PLACEHOLDERS: Record<Kind, readonly string[]> = {
  explain_file: ['file'],
  explain_mention: ['mention'],
  explain_topic: ['topic'],
  explain_function: ['symbol'],
  find_uses: ['symbol'],
  find_definition: ['symbol'],
  find_text: ['text'],
  find_todos: [],
  list_folder: ['folder'],
  list_workspace: [],
  find_files: ['what'],
  read_lines: ['file', 'from', 'to'],
  file_value: ['key', 'file'],
  constant_value: ['symbol'],
  project: [],
  run_tests: [],
  run_command: ['command'],
  run_script: ['script'],
  change_text: ['old', 'new'],
  change_text_in: ['old', 'new', 'file'],
  change_constant: ['symbol', 'new'],
  set_value: ['key', 'new', 'file'],
  add_parameter: ['symbol', 'param'],
  rename: ['symbol', 'new'],
  create_file: ['file', 'text'],
  append_line: ['file', 'text'],
  remove_line: ['file', 'text'],
  git_status: [],
  git_diff: [],
  git_log: [],
  git_branch: [],
  greeting: [],
  thanks: [],
  bye: [],
  who: [],
  abilities: [],
  general: [],
  judge: ['file'],
  too_big: [],
};

/** Those with few ways to say them. */
const SMALL: readonly Kind[] = ['greeting', 'thanks', 'bye', 'who', 'abilities'];

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w*)\}/g)].map(([, name]) => name ?? '');

/** Lower case, no punctuation; `unify` also makes all placeholders one. */
function normal(text: string, unify: boolean): string {
  const words = text.toLowerCase().replaceAll(/\{(\w+)\}/g, unify ? ' \u0001 ' : ' \u0001$1 ');
  return words.replaceAll(/[^\p{L}\p{N}\u0001]+/gu, ' ').trim();
}

const repeated = (texts: readonly string[]): string[] => texts.filter((text, i) => texts.indexOf(text) !== i);

describe('phrases', () => {
  it.each(kinds)('%s: no wording stands twice, so that none that is held is taught', (kind) => {
    const { taught, held } = phrases[kind];
    expect(repeated([...taught, ...held].map((text) => normal(text, true)))).toEqual([]);
    expect([...taught, ...held].filter((text) => text !== text.trim() || text === '')).toEqual([]);
  });

  it.each(kinds)('%s: the placeholders are there, each once, and no others', (kind) => {
    const optional = kind === 'judge';
    const wrong = [...phrases[kind].taught, ...phrases[kind].held].filter((text) => {
      const found = placeholders(text);
      if (optional && found.length === 0) return false;
      return found.toSorted().join() !== PLACEHOLDERS[kind].toSorted().join();
    });
    expect(wrong).toEqual([]);
  });

  it.each(kinds)('%s: there are enough', (kind) => {
    const { taught, held } = phrases[kind];
    expect(taught.length).toBeGreaterThanOrEqual(SMALL.includes(kind) ? 50 : 85);
    expect(held.length).toBeGreaterThanOrEqual(7);
  });

  it('asks for one kind only with each wording', () => {
    const kindOf = new Map<string, Kind>();
    const shared: string[] = [];
    for (const kind of kinds) {
      for (const text of [...phrases[kind].taught, ...phrases[kind].held]) {
        const key = normal(text, false);
        const other = kindOf.get(key);
        if (other !== undefined && other !== kind) shared.push(`${other} and ${kind}: ${text}`);
        kindOf.set(key, kind);
      }
    }
    expect(shared).toEqual([]);
  });

  it('leaves a mention readable as one', () => {
    const { taught, held } = phrases.explain_mention;
    const lost = [...taught, ...held].filter((text) => {
      const [mention, ...more] = mentions(text.replace('{mention}', '@src/cart.js'));
      return mention?.path !== 'src/cart.js' || more.length > 0;
    });
    expect(lost).toEqual([]);
  });

  it('judges with and without a file', () => {
    const without = phrases.judge.taught.filter((text) => placeholders(text).length === 0);
    expect(without.length).toBeGreaterThan(20);
    expect(without.length).toBeLessThan(phrases.judge.taught.length / 2);
  });
});

describe('what is said without a tool', () => {
  it('has a short answer to each general question', () => {
    expect(general.length).toBeGreaterThanOrEqual(150);
    for (const { question, answer } of general) {
      expect(question).not.toMatch(/[{}]/);
      expect(answer.length, answer).toBeLessThan(200);
      expect(answer).not.toBe('');
    }
  });

  it('says who it is, and that there are larger models', () => {
    expect(answers.who).toMatch(/Drover.*small/);
    for (const plain of [answers.abilities, answers.judge, answers.too_big]) expect(plain).toMatch(/larger model/);
  });
});

describe('later in a chat', () => {
  it.each(Object.entries(followUps))('%s can be said with and without names', (_kind, texts) => {
    expect(texts.length).toBeGreaterThanOrEqual(20);
    expect(repeated(texts.map((text) => normal(text, false)))).toEqual([]);
    const unknown = texts.flatMap(placeholders).filter((name) => !['symbol', 'file', 'new'].includes(name));
    expect(unknown).toEqual([]);
  });

  it('has questions and instructions for a model at work', () => {
    const said = [...steers.question.map(({ ask }) => ask), ...steers.instruction];
    expect(repeated(said.map((text) => normal(text, true)))).toEqual([]);
    expect(said.flatMap(placeholders)).toEqual([]);
    expect(steers.question.length).toBeGreaterThanOrEqual(40);
    expect(steers.instruction.length).toBeGreaterThanOrEqual(50);
  });
});
