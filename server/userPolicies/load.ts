import { once } from 'node:events';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { Problem } from '../../src/common/errors.ts';
import { LoggedEvent } from '../../src/common/events.ts';
import { fork } from '../../src/node/spawn.ts';
import { shippedNames } from '../policies/names.ts';
import { type Policy, unjudged } from '../policies/policy.ts';

const types = LoggedEvent.options.map((option) => option.shape.type.value).filter((type) => !unjudged.includes(type));

const name = 'must be at most 60 letters, digits, _ and -';
const rule = 'must be a sentence of at most 500 characters';
const on = "must be a list of types of events, like ['tool.start']";

const Shape = z.object(
  {
    name: z
      .string(name)
      .regex(/^[\w-]{1,60}$/, name)
      .refine((own) => !shippedNames.includes(own), "is that of one of Drover's own policies"),
    rule: z.string(rule).min(1, rule).max(500, rule),
    on: z
      .array(
        z.enum(types, { error: ({ input }) => `${JSON.stringify(input)} is no type of event that a policy is shown` }),
        on,
      )
      .min(1, on),
    judge: z.custom<Policy['judge']>((value) => typeof value === 'function', 'must be a function'),
  },
  'the file must say `export default { name, rule, on, judge }`',
);

/**
 * The policy that a file exports as its default.
 * @param stamp what makes a changed file another module than the one before
 * @throws Problem naming the file and what is wrong with it
 */
export async function loadPolicy(file: string, stamp = ''): Promise<Policy> {
  // A pipe would be waited for.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw unusable(file, 'it is no regular file');
  const url = `${pathToFileURL(file).href}${stamp === '' ? '' : `?${stamp}`}`;
  const module: { default?: unknown } = await import(url).catch(async (error: unknown) => {
    const line = error instanceof SyntaxError ? await lineOfFault(file) : '';
    throw unusable(file, `${line}${error instanceof Error ? error.message : String(error)}`);
  });
  const parsed = Shape.safeParse(module.default);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => [...path.slice(0, 1).map(String), message].join(': '));
  throw unusable(file, `its default export is no policy: ${faults.join('; ')}`);
}

/** Where it cannot be parsed: an error of `import` does not say. "line 3: ", or nothing where the fault is elsewhere. */
async function lineOfFault(file: string): Promise<string> {
  const parser = fork(file, process.env, ['--check']);
  let said = '';
  parser.stderr?.on('data', (text) => (said += String(text)));
  await once(parser, 'close');
  const line = /:(\d+)$/m.exec(said)?.[1];
  return line === undefined ? '' : `line ${line}: `;
}

function unusable(file: string, why: string): Problem {
  const advice = 'Correct it; docs/policies.md says what a policy looks like.';
  return new Problem('policy_unusable', `The policy ${basename(file)} cannot be used: ${why}.`, advice, 400);
}
