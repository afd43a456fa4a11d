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

/** What a shell tells of a program that was ended because nobody reads its output any more (128 + SIGPIPE). */
const NOBODY_READS = 141;

/**
 * From here on this process ends without a word when its output is closed, as that of `drover chats | head -1` is.
 *
 * @param goesOn it is there for more than its output, and nothing happens
 */
export function endWithOutput(goesOn: boolean): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (!goesOn) process.exit(code === 'EPIPE' ? NOBODY_READS : 1);
    });
  }
}
