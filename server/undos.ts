import { Problem } from '../src/common/errors.ts';
import type { FromAgent } from '../src/common/ipc.ts';

interface Waiting {
  resolve: (path: string) => void;
  reject: (error: Error) => void;
}

/** The undos that an agent process is asked for and has not answered. */
export class Undos {
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;

  get any(): boolean {
    return this.waiting.size > 0;
  }

  /** @param ask sends the request with its number. @returns the path that was put back */
  begin(ask: (id: number) => void): Promise<string> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      ask(id);
    });
  }

  end({ id, path, problem }: FromAgent & { type: 'undone' }): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (problem) waiting?.reject(new Problem(problem.code, problem.message, problem.advice, 409, problem.field));
    else waiting?.resolve(path);
  }

  /** The agent process is gone. */
  fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
