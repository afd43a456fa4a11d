import { dropHidden } from '../src/common/gate/hidden.ts';

/**
 * From here on nothing that this process prints can move the cursor, write to the clipboard or turn text around: what models,
 * files and servers have written stands in it. Drover itself prints no such characters.
 */
export function plainConsole(): void {
  for (const name of ['log', 'error', 'warn', 'info'] as const) {
    const print = console[name].bind(console);
    console[name] = (...parts: unknown[]) => print(...parts.map(plain));
  }
}

/** A piece of a text for the terminal. Of a sequence only its harmless letters are left. */
export function plain(part: unknown): unknown {
  return typeof part === 'string' ? dropHidden(part) : part;
}
