import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { Problem } from '../../src/common/errors.ts';
import { LoggedEvent } from '../../src/common/events.ts';
import { type Policy, unjudged } from '../policies/policy.ts';

const types = LoggedEvent.options.map((option) => option.shape.type.value).filter((type) => !unjudged.includes(type));

const Shape = z.object({
  name: z.string().regex(/^[\w-]{1,60}$/, 'must be letters, digits, _ and -'),
  rule: z.string().min(1).max(500),
  on: z.array(z.enum(types)).min(1),
  judge: z.custom<Policy['judge']>((value) => typeof value === 'function', 'must be a function'),
});

/**
 * The policy that a file exports as its default.
 * @param stamp what makes a changed file another module than the one before
 * @throws Problem naming the file and what is wrong with it
 */
export async function loadPolicy(file: string, stamp = ''): Promise<Policy> {
  // A pipe would be waited for.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw unusable(file, 'it is no regular file');
  const url = `${pathToFileURL(file).href}${stamp === '' ? '' : `?${stamp}`}`;
  const module: { default?: unknown } = await import(url).catch((error: unknown) => {
    throw unusable(file, error instanceof Error ? error.message : String(error));
  });
  const parsed = Shape.safeParse(module.default);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw unusable(file, `its default export is no policy: ${where === '' ? '' : `${where}: `}${issue?.message ?? ''}`);
}

function unusable(file: string, why: string): Problem {
  const advice = 'Correct it; docs/policies.md says what a policy looks like.';
  return new Problem('policy_unusable', `The policy ${basename(file)} cannot be used: ${why}.`, advice, 400);
}
