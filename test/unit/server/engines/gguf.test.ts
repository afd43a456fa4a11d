import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyModel } from '../../../../scripts/tinyModel.ts';
import { readGguf } from '../../../../server/engines/gguf.ts';
import { Problem } from '../../../../src/common/errors.ts';
import { writeGguf } from '../../../support/gguf.ts';

describe('GGUF header', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drover-gguf-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('says what is needed before the model is loaded', async () => {
    const header = await readGguf(await writeGguf(join(folder, 'plain.gguf'), 'plain'));
    expect(header).toMatchObject({ architecture: 'llama', trained: 32_768, name: 'Drover tiny plain (noise)' });
    // 2 layers, 2 shared heads, 16 wide, keys and values, 2 bytes each.
    expect(header.cacheBytes).toBe(2 * 2 * (16 + 16) * 2);
    expect(header.templates).toHaveLength(1);
    expect(header.special).toContainEqual({ text: '<|im_start|>', control: true });
    expect(header.special).toContainEqual({ text: '<tool_call>', control: false });
  });

  test.each([
    ['truncated', 'model_truncated', /truncated\.gguf is incomplete: it ends after 0\.3 MB, of at least 0\.4 MB/],
    ['foreign', 'model_foreign', /foreign\.gguf is not a model .* it begins with "This"/],
  ] as const)('a %s file is named with what is wrong', async (variant, code, message) => {
    const path = await writeGguf(join(folder, `${variant}.gguf`), variant);
    await expect(readGguf(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a missing file, a folder, a web page and a place holder of Git LFS are told apart', async () => {
    await expect(readGguf(join(folder, 'none.gguf'))).rejects.toMatchObject({ code: 'model_missing', status: 404 });
    await expect(readGguf(folder)).rejects.toThrow('it is not a file');
    await writeFile(join(folder, 'page.gguf'), '<!DOCTYPE html><html>not found</html>');
    await expect(readGguf(join(folder, 'page.gguf'))).rejects.toThrow('it is a web page');
    await writeFile(join(folder, 'lfs.gguf'), 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n');
    await expect(readGguf(join(folder, 'lfs.gguf'))).rejects.toThrow('place holder of Git LFS');
  });

  test('whatever the bytes, the answer is a header or a Problem, and soon', async () => {
    const whole = tinyModel('plain');
    const path = join(folder, 'damaged.gguf');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.nat(8000),
        fc.uint8Array({ minLength: 1, maxLength: 16 }),
        async (length, at, damage) => {
          const bytes = Buffer.from(whole.subarray(0, length));
          bytes.set(damage.subarray(0, Math.max(0, length - at)), Math.min(at, length));
          await writeFile(path, bytes);
          await readGguf(path).catch((error: unknown) => expect(error).toBeInstanceOf(Problem));
        },
      ),
      { numRuns: 200 },
    );
  }, 20_000);
});
