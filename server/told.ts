import { asProblem } from '../src/common/errors.ts';
import { fileProblem } from '../src/node/fileProblem.ts';

/** Says on standard error why a command could not be carried out. @returns the exit code: 2 when it was written wrongly */
export function told(error: unknown): number {
  const problem = fileProblem(error) ?? asProblem(error);
  console.error(`${problem.message} ${problem.advice}`);
  if (problem.code === 'internal' && error instanceof Error) console.error(wayThroughCode(error));
  return problem.code === 'usage' ? 2 : 1;
}

/** Without the message, which has been said. */
function wayThroughCode({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
