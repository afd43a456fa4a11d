import { existsSync } from 'node:fs';
import path from 'node:path';

/** A file of model/ that llama-server is given: the build puts it beside the bundle, else it is among the sources. */
export function asset(name: string): string {
  const beside = path.join(import.meta.dirname, name);
  return existsSync(beside) ? beside : path.join(import.meta.dirname, '..', '..', 'model', name);
}
