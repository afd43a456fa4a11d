import type { Program, Reading } from '../program.ts';

/**
 * A program that is asked one of these things and nothing else. `looks`: it answers before it reads anything of the
 * folder; `runs`: something in the folder may say which program of that name answers.
 */
export function asked(does: 'looks' | 'runs', ...questions: string[]): NonNullable<Program['read']> {
  return ([only, ...others]): Reading | undefined =>
    only !== undefined && others.length === 0 && questions.includes(only.text) ? { paths: [], does } : undefined;
}
