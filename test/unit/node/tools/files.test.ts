import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from './support.ts';

let bench: Bench;
const lines = (number: number) => Array.from({ length: number }, (_, at) => `line ${at + 1}`).join('\n');

beforeEach(() => {
  bench = new Bench({ 'src/cart.ts': 'const a = 1;\nconst b = 2;\n', 'src/item.ts': 'x', 'long.txt': lines(1000) });
});
afterEach(() => bench.remove());

describe('file_read', () => {
  const read = (args: object) => bench.call('file_read', args);

  test('gives a small file as it is', async () => {
    expect(await read({ path: 'src/cart.ts' })).toMatchObject({
      outcome: 'ok',
      text: 'const a = 1;\nconst b = 2;',
      summary: '2 lines',
      title: { kind: 'read', verb: 'Read', object: 'src/cart.ts' },
    });
  });

  test('says of a long one what was left out and how to read on', async () => {
    const first = await read({ path: 'long.txt' });
    expect(first.text).toMatch(/^line 1\n/);
    expect(first.text).toMatch(/line 400\n\[Lines 1-400 of 1000\. Go on with start_line 401\.\]$/);
    expect(first.summary).toBe('lines 1–400 of 1000');
    const last = await read({ path: 'long.txt', start_line: 999, max_lines: 5 });
    expect(last.text).toBe('line 999\nline 1000\n[Lines 999-1000 of 1000.]');
    expect(last.title?.object).toBe('long.txt:999-1003');
    expect((await read({ path: 'long.txt', start_line: 1001 })).text).toBe('long.txt has only 1,000 lines.');
  });

  test('never gives more than 16 KB, even of one line', async () => {
    bench.put('wide.txt', `${'x'.repeat(50_000)}\nnext\n`);
    const { text } = await read({ path: 'wide.txt' });
    expect(text.length).toBeLessThan(17_000);
    expect(text).toContain('[The line is longer and was cut. Lines 1-1 of 2. Go on with start_line 2.]');
    bench.put('many.txt', `${'y'.repeat(5000)}\n`.repeat(10));
    expect((await read({ path: 'many.txt' })).text).toContain('[Lines 1-3 of 10. Go on with start_line 4.]');
  });

  test('a folder gives its listing', async () => {
    expect(await read({ path: '.' })).toMatchObject({
      text: 'long.txt\nsrc/',
      summary: '2 entries',
      title: { verb: 'Read', object: 'the workspace' },
    });
    expect((await read({ path: 'src/' })).text).toBe('cart.ts\nitem.ts');
  });

  test('what is no text is a sentence', async () => {
    bench.put('a.png', new Uint8Array([137, 80, 78, 71, 0, 0]));
    expect((await read({ path: 'a.png' })).text).toBe('a.png is a binary file of 6 bytes; only text can be read.');
    bench.put('latin.txt', new Uint8Array([0x66, 0xfc, 0x72]));
    expect((await read({ path: 'latin.txt' })).text).toBe('f\ufffdr\n[It is not UTF-8: some characters are replaced.]');
    bench.put('empty.txt', '');
    expect((await read({ path: 'empty.txt' })).text).toBe('[empty.txt is empty.]');
    bench.put('mark.txt', '\ufeffx\r\ny\r\n');
    expect((await read({ path: 'mark.txt' })).text).toBe('x\ny');
  });

  test('a name that is nearly right gets the right one', async () => {
    expect(await read({ path: 'src/carts.ts' })).toMatchObject({
      outcome: 'error',
      text: 'src/carts.ts does not exist. Did you mean src/cart.ts?',
    });
    expect((await read({ path: 'zzz' })).text).toBe('zzz does not exist. Look with glob for its real place.');
  });

  test('a file named without its folder, or with another, gets its real place', async () => {
    const advice = 'cart.ts does not exist. Did you mean src/cart.ts?';
    expect((await read({ path: 'cart.ts' })).text).toBe(advice);
    expect((await read({ path: 'lib/cart.ts' })).text).toBe(`lib/${advice}`);
    const edit = { path: 'cart.ts', old_text: 'a', new_text: 'b' };
    expect(await bench.call('file_edit', edit)).toMatchObject({ outcome: 'error', text: advice });
    bench.put('lib/cart.ts', 'x');
    expect((await read({ path: 'cart.ts' })).text).toContain('Did you mean lib/cart.ts or src/cart.ts?');
    for (const folder of ['a', 'b']) bench.put(`${folder}/cart.ts`, 'x');
    expect((await read({ path: 'cart.ts' })).text).toBe('cart.ts does not exist. Look with glob for its real place.');
  });
});

describe('file_write', () => {
  const write = (args: object) => bench.call('file_write', args);

  test('creates a file with its folders, after showing it', async () => {
    const end = await write({ path: 'new/a.ts', content: 'one\ntwo\n' });
    expect(end).toMatchObject({ outcome: 'ok', text: 'Created new/a.ts, 2 lines.', summary: 'new, 2 lines' });
    expect(end.change).toMatchObject({ path: 'new/a.ts', before: null, added: 2, removed: 0 });
    expect(bench.asked[0]).toMatchObject({
      verdict: { decision: 'ask', reason: 'new/a.ts would be created.' },
      preview: { kind: 'diff', text: '--- /dev/null\n+++ b/new/a.ts\n@@ -0,0 +1,2 @@\n+one\n+two\n' },
      grant: 'changes of new/a.ts',
      folder: bench.root,
    });
    expect(bench.get('new/a.ts')).toBe('one\ntwo\n');
  });

  test('replaces a file and says by how much', async () => {
    const end = await write({ path: 'src/cart.ts', content: 'const a = 1;\nconst b = 3;\n' });
    expect(end).toMatchObject({ summary: '+1 −1', change: { added: 1, removed: 1 } });
    expect(end.change?.diff).toContain('-const b = 2;\n+const b = 3;\n');
  });

  test('the same content again changes nothing', async () => {
    const end = await write({ path: 'src/item.ts', content: 'x' });
    expect(end).toMatchObject({ outcome: 'ok', summary: 'unchanged' });
    expect(end).not.toHaveProperty('change');
  });

  test('writes a tag of a chat template that was read broken up as it is', async () => {
    bench.put('page.html', '<s>old</s> < s>\n');
    await write({ path: 'page.html', content: '<·s>old<·/s> < s> <·/x> new\n' });
    expect(bench.get('page.html')).toBe('<s>old</s> < s> <·/x> new\n');
    expect(bench.asked[0]?.preview.text).toContain('+<s>old</s> < s> <·/x> new');
    await write({ path: 'copy.html', content: '<·s>old<·/s> < think> a <· b>\n' });
    expect(bench.get('copy.html')).toBe('<s>old</s> < think> a <· b>\n');
    const same = await write({ path: 'copy.html', content: '<·s>old<·/s> < think> a <· b>\n' });
    expect(same.summary).toBe('unchanged');
  });

  test('does not overwrite what it could not give back as text', async () => {
    bench.put('a.bin', new Uint8Array([0, 1, 2]));
    expect(await write({ path: 'a.bin', content: 'x' })).toMatchObject({ outcome: 'error' });
    expect(bench.asked).toEqual([]);
    expect(await write({ path: 'src', content: 'x' })).toMatchObject({ outcome: 'error', text: /src is a folder\./ });
  });

  test('a huge diff is cut for showing, and says so', async () => {
    const { change } = await write({ path: 'big.txt', content: `${lines(20_000)}\n` });
    expect(change?.added).toBe(20_000);
    expect(change?.diff.length).toBeLessThan(33_000);
    expect(change?.diff).toMatch(/\\ \d+ more lines are not shown\n$/);
  });

  test.each([
    { operation: 'edit', old_text: 'const b = 2;', new_text: 'const b = 4;' },
    { old_text: 'const b = 2;', new_text: 'const b = 4;', content: '' },
  ])('is understood when an edit is meant: %j', async (args) => {
    const end = await write({ path: 'src/cart.ts', ...args });
    expect(end).toMatchObject({ outcome: 'ok', tool: 'file_edit', title: { verb: 'Edit' } });
    expect(bench.get('src/cart.ts')).toBe('const a = 1;\nconst b = 4;\n');
  });

  test('is understood when the operation says what the name says', async () => {
    expect(await write({ path: 'a.txt', operation: 'create', content: 'x' })).toMatchObject({ outcome: 'ok' });
    expect(await write({ path: 'a.txt', operation: 'delete' })).toMatchObject({ outcome: 'invalid' });
  });
});

describe('file_edit', () => {
  const edit = (old_text: string, new_text: string, path = 'src/cart.ts') =>
    bench.call('file_edit', { path, old_text, new_text });

  test('replaces the one place', async () => {
    const end = await edit('b = 2', 'b = $&');
    expect(end).toMatchObject({ outcome: 'ok', text: 'Edited src/cart.ts: +1 −1 lines.', summary: '+1 −1' });
    expect(bench.get('src/cart.ts')).toBe('const a = 1;\nconst b = $&;\n');
    expect(bench.asked[0]?.preview.text).toContain('-const b = 2;\n+const b = $&;\n');
  });

  test('text that is not there is answered with the nearest line, and nobody is asked', async () => {
    const end = await edit('const b = 22;', 'x');
    expect(end.outcome).toBe('error');
    expect(end.text).toBe(
      'old_text is not in src/cart.ts. Read the file and copy the text exactly as it stands there.' +
        ' The nearest line is 2: const b = 2;',
    );
    expect(bench.asked).toEqual([]);
  });

  test('text that is there several times is answered with where', async () => {
    expect((await edit('const', 'let')).text).toBe(
      'old_text occurs 2 times in src/cart.ts (lines 1, 2). Take in more of the lines around it, so that it occurs once.',
    );
  });

  test('a tag of a chat template, which the agent reads broken up, is edited as it was read or as it stands', async () => {
    const before = 'const end = "</tool_response>";\nconst b = "<|im_end|>[/INST]";\nif (a < b) c > d;\n';
    const wanted =
      'const end = "</tool_response>" + "<|im_end|>";\nconst b = "<|im_end|>[/INST]";\nif (a < b) c > d;\n';
    const texts: [string, string][] = [
      ['end = "</tool_response>";', 'end = "</tool_response>" + "<|im_end|>";'],
      ['end = "<·/tool_response>";', 'end = "<·/tool_response>" + "<·|im_end|>";'],
      ['end = "< /tool_response>";', 'end = "< /tool_response>" + "< |im_end|>";'],
      ['const end', 'const end = "<·/tool_response>" + "<·|im_end|>";\n//'],
    ];
    for (const [old, text] of texts.slice(0, 3)) {
      bench.put('tags.ts', before);
      expect(await edit(old, text, 'tags.ts')).toMatchObject({ outcome: 'ok' });
      expect(bench.get('tags.ts')).toBe(wanted);
    }
    expect(bench.asked.at(-1)?.preview.text).toContain('+const end = "</tool_response>" + "<|im_end|>";');
    bench.put('tags.ts', before);
    const [old, text] = texts[3] ?? ['', ''];
    await edit(old, text, 'tags.ts');
    expect(bench.get('tags.ts')).toMatch(
      /^const end = "<\/tool_response>" \+ "<\|im_end\|>";\n\/\/ = "<\/tool_response>";\n/,
    );
    // Where the file has both, each is what it is.
    bench.put('both.ts', 'one <·/think> two </think>');
    await edit('<·/think>', '<·/think>!', 'both.ts');
    expect(bench.get('both.ts')).toBe('one <·/think>! two </think>');
    // And nothing else is touched.
    await edit('if (a < b) c > d;', 'if (a < b || a < d) c > d; // <· x>', 'tags.ts');
    expect(bench.get('tags.ts')).toContain('if (a < b || a < d) c > d; // <· x>\n');
  });

  test('line ends stay what they were', async () => {
    bench.put('dos.txt', 'one\r\ntwo\r\nthree\r\n');
    await edit('one\ntwo', 'one\n1.5\ntwo', 'dos.txt');
    expect(bench.get('dos.txt')).toBe('one\r\n1.5\r\ntwo\r\nthree\r\n');
    bench.put('mark.txt', '\ufeffone\ntwo\n');
    await edit('one', '1', 'mark.txt');
    expect(bench.get('mark.txt')).toBe('\ufeff1\ntwo\n');
  });

  test('blanks at line ends do not matter when they are all that differs', async () => {
    bench.put('blanks.py', 'def f():  \n    return 1\t\n\nprint(f())\n');
    expect(await edit('def f():\n    return 1\n', 'def f():\n    return 2\n', 'blanks.py')).toMatchObject({
      outcome: 'ok',
    });
    expect(bench.get('blanks.py')).toBe('def f():\n    return 2\n\nprint(f())\n');
    bench.put('dos.py', 'a  \r\nb\r\nc');
    await edit('a\nb', 'A\nB', 'dos.py');
    expect(bench.get('dos.py')).toBe('A\r\nB\r\nc');
    bench.put('twice.py', 'x \ny\nx  \n');
    expect((await edit('x\n', 'z\n', 'twice.py')).text).toContain('occurs 2 times in twice.py (lines 1, 3)');
  });

  test('what makes no sense is answered with advice', async () => {
    expect((await edit('', 'x')).text).toContain('old_text is empty.');
    expect((await edit('a', 'a')).text).toContain('are the same');
    expect((await edit('a', 'b', 'nothing.ts')).text).toContain('nothing.ts does not exist.');
    bench.put('latin.txt', new Uint8Array([0x66, 0xfc, 0x72]));
    expect((await edit('f', 'g', 'latin.txt')).text).toContain('is not a UTF-8 text file');
  });

  test('removing lines leaves no empty one', async () => {
    bench.put('gone.txt', 'a\nb \nc\n');
    await edit('b\n', '', 'gone.txt');
    expect(bench.get('gone.txt')).toBe('a\nc\n');
  });
});
