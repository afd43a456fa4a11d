import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const Trained = z.looseObject({ contract: z.string() });

/**
 * One sentence when the first-run model was trained on another system text or tool list than today's: it then works
 * worse, but works, which is why this fails nothing.
 * @param file model/trained.json
 * @param contract the hash of what is sent today
 */
export async function trainingWarning(file: string, contract: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined)
    return `model/trained.json is missing: it is not known what the first-run model was trained on.`;
  const trained = Trained.safeParse(parsed(text));
  if (!trained.success) return `model/trained.json does not say what the first-run model was trained on.`;
  if (trained.data.contract === contract) return undefined;
  return 'The first-run model was trained on another system text or tool list than today’s: train it again with `npm run model -- train`.';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told as a file that does not say it.
    return undefined;
  }
}
