import { createInterface } from 'node:readline/promises';

/** What the person decided; `elsewhere`: it was decided by somebody else, or is not open any more. */
export type Decision = 'yes' | 'no' | 'cancel' | 'elsewhere';

/**
 * The person at this terminal: asked one question at a time, however many chats have one, and each only as long as nobody
 * else has answered it.
 */
export class AtTerminal {
  private readonly open = new Map<string, AbortController>();
  private last: Promise<unknown> = Promise.resolve();

  /** Asks when the questions before it are answered. `lines` stand above it. */
  ask(key: string, lines: readonly string[], question: string): Promise<Decision> {
    const elsewhere = new AbortController();
    this.open.set(key, elsewhere);
    const asked = this.last.then(() => decide(lines, question, elsewhere.signal)).finally(() => this.open.delete(key));
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

async function decide(lines: readonly string[], question: string, elsewhere: AbortSignal): Promise<Decision> {
  if (elsewhere.aborted) return 'elsewhere';
  for (const line of lines) console.error(line);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  terminal.once('SIGINT', () => left.abort());
  const signal = AbortSignal.any([left.signal, elsewhere]);
  const said = await terminal.question(question, { signal }).catch(() => '');
  terminal.close();
  // Also when it came right behind an answer: the terminal then hands over both at once.
  if (left.signal.aborted) return 'cancel';
  if (elsewhere.aborted) {
    console.error('(answered elsewhere)');
    return 'elsewhere';
  }
  return /^y(es)?$/i.test(said.trim()) ? 'yes' : 'no';
}
