import { createInterface } from 'node:readline/promises';
import { dropHidden } from '../src/common/gate/hidden.ts';

/** What the person wrote; `elsewhere`: it was decided by somebody else, or is not open any more. */
export type Said = { said: string; more?: string } | 'cancel' | 'elsewhere';

interface Question {
  /** They stand above it. */
  lines: readonly string[];
  question: string;
  /** What is asked besides, after this answer. */
  more?: (said: string) => string | undefined;
}

/**
 * The person at this terminal: asked one question at a time, however many chats have one, and each only as long as nobody
 * else has answered it.
 */
export class AtTerminal {
  private readonly open = new Map<string, AbortController>();
  private last: Promise<unknown> = Promise.resolve();

  /** Asks when the questions before it are answered. */
  ask(key: string, question: Question): Promise<Said> {
    const elsewhere = new AbortController();
    this.open.set(key, elsewhere);
    const asked = this.last.then(() => decide(question, elsewhere.signal)).finally(() => this.open.delete(key));
    this.last = asked.catch(() => undefined);
    return asked;
  }

  /** A question was answered elsewhere. */
  close(key: string): void {
    this.open.get(key)?.abort();
  }

  /** No question is open any more. */
  closeAll(): void {
    for (const elsewhere of this.open.values()) elsewhere.abort();
  }
}

async function decide({ lines, question, more }: Question, elsewhere: AbortSignal): Promise<Said> {
  if (elsewhere.aborted) return 'elsewhere';
  for (const line of lines) console.error(line);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  terminal.once('SIGINT', () => left.abort());
  const signal = AbortSignal.any([left.signal, elsewhere]);
  const put = (text: string): Promise<string> => terminal.question(dropHidden(text), { signal }).catch(() => '');
  const said = (await put(question)).trim();
  const further = signal.aborted ? undefined : more?.(said);
  const rest = further === undefined ? undefined : (await put(further)).trim();
  terminal.close();
  // Also when it came right behind an answer: the terminal then hands over both at once.
  if (left.signal.aborted) return 'cancel';
  if (elsewhere.aborted) {
    console.error('(answered elsewhere)');
    return 'elsewhere';
  }
  return rest === undefined ? { said } : { said, more: rest };
}

/** Only a plain yes is one. */
export function isYes(said: string): boolean {
  return /^y(?:es)?$/i.test(said);
}
