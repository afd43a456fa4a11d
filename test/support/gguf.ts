import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tinyModel, type TinyVariant, writeTinyModel } from '../../scripts/tinyModel.ts';

/** Besides the models that load: `truncated` lacks its last quarter, `foreign` is a text file by that name. */
export type GgufVariant = TinyVariant | 'truncated' | 'foreign';

/** Writes a tiny GGUF with random weights, or one of the two that must be refused; always the same bytes. */
export async function writeGguf(path: string, variant: GgufVariant): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  if (variant === 'foreign') {
    await writeFile(path, 'This is no model.\n');
  } else if (variant === 'truncated') {
    const whole = tinyModel('plain');
    await writeFile(path, whole.subarray(0, Math.floor(whole.length * 0.75)));
  } else {
    await writeTinyModel(path, variant);
  }
  return path;
}
