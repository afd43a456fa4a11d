import { asProblem } from '../src/common/errors.ts';

/** Says on standard error why a command could not be carried out. @returns the exit code: 2 when it was written wrongly */
export function told(error: unknown): number {
  const problem = asProblem(error);
  console.error(`${problem.message} ${problem.advice}`);
  if (problem.code === 'internal' && error instanceof Error) console.error(error.stack);
  return problem.code === 'usage' ? 2 : 1;
}
