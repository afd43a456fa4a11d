import type { ProblemInfo } from './events.ts';

/**
 * A failure that a person can mend. Everything else that is thrown is a bug.
 *
 * `message` says what happened, `advice` what to do; both are whole sentences. `status` is the HTTP status it has in
 * the API.
 */
export class Problem extends Error {
  readonly code: string;
  readonly advice: string;
  readonly status: number;
  readonly field: string | undefined;

  constructor(code: string, message: string, advice: string, status = 500, field?: string) {
    super(message);
    this.name = 'Problem';
    this.code = code;
    this.advice = advice;
    this.status = status;
    this.field = field;
  }

  /** The wire form. */
  get info(): ProblemInfo {
    return {
      code: this.code,
      message: this.message,
      advice: this.advice,
      ...(this.field === undefined ? {} : { field: this.field }),
    };
  }
}

/** Any thrown value as a Problem; what is not one already is a bug and says so. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Problem(
    'internal',
    `Drover made a mistake: ${message}`,
    'Look at the log (Drover: Show Log) and report it.',
  );
}
