import { describe, expect, it } from 'vitest';
import { mentionAt, withInsert, withMention } from '../../../media/mentionBox.ts';

describe('the @ in the box', () => {
  it('is found at the caret, and not in a mail address', () => {
    expect(mentionAt('see @src/ca', 11)).toEqual({ from: 4, query: 'src/ca' });
    expect(mentionAt('@', 1)).toEqual({ from: 0, query: '' });
    expect(mentionAt('see @src/ca now', 15)).toBeUndefined();
    expect(mentionAt('ada@example', 11)).toBeUndefined();
  });

  it('becomes the file, with one blank after it', () => {
    const at = { from: 4, query: 'ca' };
    expect(withMention('see @ca', 7, at, 'src/cart.ts')).toEqual({ text: 'see @src/cart.ts ', caret: 17 });
    expect(withMention('see @ca now', 7, at, 'src/cart.ts')).toEqual({ text: 'see @src/cart.ts now', caret: 17 });
    expect(withMention('see @ca', 7, at, 'a b.ts').text).toBe('see @"a b.ts" ');
  });

  it('lets texts in with blanks around them', () => {
    expect(withInsert('see', 3, '@a.ts')).toEqual({ text: 'see @a.ts ', caret: 10 });
    expect(withInsert('', 0, '@a.ts ')).toEqual({ text: '@a.ts ', caret: 6 });
  });
});
