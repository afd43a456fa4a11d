import { describe, expect, it } from 'vitest';
import { diffLines, firstChange } from '../../../media/diff.ts';

describe('diffs', () => {
  it('are told apart from the heads of their files', () => {
    const diff =
      '--- a/x.sql\n+++ b/x.sql\n@@ -1,3 +1,2 @@\n select 1;\n--- a comment\n-select 2;\n+select 3;\n\\ No newline at end of file\n';
    expect(diffLines(diff)).toEqual([
      { kind: 'hunk', text: 'line 1' },
      { kind: 'same', text: 'select 1;' },
      { kind: 'removed', text: '-- a comment' },
      { kind: 'removed', text: 'select 2;' },
      { kind: 'added', text: 'select 3;' },
    ]);
  });

  it('keep what is said of their being cut short', () => {
    expect(diffLines('@@ -1 +1 @@\n-a\n+b\n… 300 more lines\n').at(-1)).toEqual({
      kind: 'note',
      text: '… 300 more lines',
    });
  });

  it('know where the first change is', () => {
    expect(firstChange('@@ -10,3 +12,3 @@\n a\n b\n-c\n+d\n')).toBe(14);
    expect(firstChange('')).toBeUndefined();
  });
});
