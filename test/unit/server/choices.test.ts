import { describe, expect, it } from 'vitest';
import { Choices } from '../../../server/choices.ts';

const stored = {
  keepDays: 90,
  models: { coding: 'qwen3' },
  policiesOff: ['budget'],
  budget: { steps: 20 },
  judge: 'judge-7b',
  edits: 'allow',
  sandbox: 'auto',
} as const;

describe('what the person chose in an editor', () => {
  it('goes before what is stored, and holds again when it was taken back there', () => {
    const choices = new Choices(stored);
    choices.take('window', { keepDays: 7, models: { coding: 'other' }, policiesOff: [], judge: '', sandbox: 'off' });
    expect(choices.keepDays).toBe(7);
    expect(choices.model('coding')).toBe('other');
    expect(choices.isOff('budget')).toBe(false);
    expect(choices.sandboxOff).toBe(true);
    expect(choices.judge).toBeUndefined();
    choices.take('window', { budget: { minutes: 5 }, edits: 'ask' });
    expect(choices.edits).toBe('ask');
    expect(choices.budget).toEqual({ steps: 20, minutes: 5 });
    choices.take('window', {});
    expect(choices.budget).toEqual({ steps: 20 });
    expect(choices.edits).toBe('allow');
    expect(choices.keepDays).toBe(90);
    expect(choices.model('coding')).toBe('qwen3');
    expect(choices.isOff('budget')).toBe(true);
    expect(choices.judge).toEqual({ model: 'judge-7b' });
  });

  it('ends no chats any more when no days are stored', () => {
    const choices = new Choices({ ...stored, keepDays: undefined });
    choices.take('window', { keepDays: 7 });
    choices.take('window', {});
    expect(choices.keepDays).toBeUndefined();
  });

  it('is not taken back by another editor that chose nothing', () => {
    const choices = new Choices(stored);
    choices.take('one', { keepDays: 7 });
    choices.take('two', {});
    expect(choices.keepDays).toBe(7);
  });

  it('counts in the editor that changed it last', () => {
    const choices = new Choices(stored);
    choices.take('one', { keepDays: 7 });
    choices.take('two', { keepDays: 30 });
    // The same again, because a document was typed in.
    choices.take('one', { keepDays: 7 });
    expect(choices.keepDays).toBe(30);
    choices.take('one', { keepDays: 8 });
    expect(choices.keepDays).toBe(8);
    choices.take('one', {});
    expect(choices.keepDays).toBe(30);
  });

  it('goes on counting when the last editor is closed, until another one says otherwise', () => {
    const choices = new Choices(stored);
    choices.take('one', { keepDays: 7 });
    choices.take('two', { keepDays: 30 });
    choices.leave('two');
    expect(choices.keepDays).toBe(7);
    choices.leave('one');
    expect(choices.keepDays).toBe(7);
    choices.take('three', {});
    expect(choices.keepDays).toBe(90);
  });
});
