import { describe, expect, it } from 'vitest';
import { exact, plainOutput } from '../../../media/exact.ts';

describe('exact text', () => {
  const shown = (text: string): string =>
    exact(text)
      .map((piece) => (piece.escaped ? `<${piece.text}>` : piece.text))
      .join('');

  it('spells out what cannot be seen or deceives', () => {
    expect(shown('a\u202eb')).toBe(String.raw`a<\u202e>b`);
    expect(shown('rm\u00a0-rf\u200b /')).toBe(String.raw`rm<\u00a0>-rf<\u200b> /`);
    expect(shown('x\u{e0041}\ufeff\u3164\u2800')).toBe(String.raw`x<\u{e0041}><\ufeff><\u3164><\u2800>`);
    expect(shown('a\rb\u0007\u001b[2K')).toBe(String.raw`a<\r>b<\u0007><\e>[2K`);
    expect(shown('\ud800')).toBe(String.raw`<\ud800>`);
  });

  it('leaves what people write alone', () => {
    expect(exact('echo "Grüße, 世界 👍"\n\tls')).toEqual([{ text: 'echo "Grüße, 世界 👍"\n\tls', escaped: false }]);
    expect(exact('')).toEqual([]);
  });

  it('reads output as a terminal would show it at the end', () => {
    expect(plainOutput('\u001b[1;32mok\u001b[0m\r\n10 %\r50 %\r100 %\n\u001b]0;title\u0007x')).toBe('ok\n100 %\nx');
  });
});
