import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ScriptFile } from './script.ts';

const whole = z.coerce.number().int();

/** The command line, checked. @throws for what is not understood. */
export function optionsOf(args: string[]): z.infer<typeof Options> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      script: text,
      port: text,
      dialect: text,
      template: text,
      slots: text,
      context: text,
      tokens: text,
      key: text,
      model: text,
    },
  });
  return Options.parse(values);
}

const Options = z.strictObject({
  /** A JSON file with the steps. */
  script: z
    .string()
    .transform((file) => ScriptFile.parse(JSON.parse(readFileSync(file, 'utf8'))))
    .optional(),
  port: whole.optional(),
  dialect: z.enum(['llama', 'vllm', 'ollama']).optional(),
  template: z.enum(['chatml', 'no-tools', 'strict']).optional(),
  slots: whole.optional(),
  context: whole.optional(),
  tokens: z.enum(['chars', 'o200k']).optional(),
  key: z.string().optional(),
  model: z.string().optional(),
});
