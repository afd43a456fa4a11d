import { describe, expect, it } from 'vitest';
import { isSafeLink, toBlocks } from '../../../media/markdown.ts';

describe('Markdown', () => {
  const html = (text: string): string =>
    toBlocks(text)
      .map((block) => block.html)
      .join('');

  it('is cut into blocks that are the whole text', () => {
    const text = 'One\n\n- a\n\n  b\n- c\n\n```ts\nx\n\ny\n```\ntail\n';
    const blocks = toBlocks(text);
    expect(blocks.map((block) => block.source).join('')).toBe(text);
    expect(blocks).toHaveLength(4);
  });

  it('gives the same when it comes in pieces', () => {
    const text =
      '# Head\n\nSome *words* and\na [link](https://a.b).\n\n1. one\n\n   more\n2. two\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> q\n\n```js\nlet a = 1;\n\nlet b;\n```\n\nSetext\n===\nend';
    let blocks: ReturnType<typeof toBlocks> = [];
    for (let at = 1; at <= text.length; at += 1) blocks = toBlocks(text.slice(0, at), blocks);
    expect(blocks).toEqual(toBlocks(text));
  });

  it('reads again only what can still change', () => {
    const first = toBlocks('One\n\nTwo');
    const second = toBlocks('One\n\nTwo and\n\nThree', first);
    expect(second[0]).toBe(first[0]);
    expect(second).toHaveLength(3);
  });

  it('shows what is too long to be laid out as it was written', () => {
    const text = `![<b>](x) ${'!['.repeat(100_000)}`;
    const blocks = toBlocks(text);
    expect(blocks.map((block) => block.source)).toEqual([text]);
    expect(html(text)).toContain('<p class="plain">![&lt;b&gt;](x) ![![');
    expect(html(text)).toContain('<em>200,010 characters are too many to be laid out');
    expect(html(text).length).toBeLessThan(101_000);
    expect(toBlocks(`${text}!`, blocks)).toHaveLength(1);
  });

  it('never writes what the text says as HTML', () => {
    expect(html('<img src=x onerror=alert(1)>')).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>\n');
    expect(html('```"><script>\nx\n```')).not.toContain('<script');
  });

  it('follows links to pages and mail only', () => {
    expect(html('[a](https://a.b/?x="y")')).toContain('data-link="https://a.b/?x=%22y%22"');
    for (const url of [
      'javascript:alert(1)',
      'command:workbench.action.quit',
      'vscode://x',
      'file:///etc/passwd',
      'data:text/html,x',
      '//evil.example',
      'src/a.ts',
      'https:',
    ]) {
      expect(isSafeLink(url), url).toBe(false);
      expect(html(`[a](<${url}>)`), url).not.toContain('data-link');
    }
    expect(html('see README.md and https://a.b')).toContain('<p>see README.md and <a');
  });

  it('shows a picture as its words', () => {
    expect(html('![alt <b>](https://a.b/x.png)')).toBe(
      '<p><span class="picture">alt &lt;b&gt; (https://a.b/x.png)</span></p>\n',
    );
  });

  it('colours known languages and leaves the others plain', () => {
    expect(html('```ts\nconst a = 1;\n```')).toContain('hljs-keyword');
    expect(html('```whatever\nconst a = 1;\n```')).toContain('<code>const a = 1;\n</code>');
  });
});
