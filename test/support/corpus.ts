import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Command lines that the gate's table was not written for. In the file one a line, `# ` begins a heading, and `\u{...}`
 * stands for a character that could not be seen there.
 */
export function corpus(name: 'everyday' | 'hostile'): string[] {
  return readFileSync(join(import.meta.dirname, '../unit/common/gate/corpus', `${name}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('# '))
    .map((line) =>
      line.replaceAll(/\\u\{([0-9a-f]+)\}/gi, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16))),
    );
}
