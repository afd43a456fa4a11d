import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readAgents, readSystem } from '../../src/node/prompts.ts';
import { firstTools, tools } from '../../src/node/tools/list.ts';
import { type ToolSchema, toolSchemas } from '../../src/node/tools/schema.ts';

/** What the model is trained on: everything that the product sends before the first message, and the roles. */
export interface Contract {
  system: string;
  /** The text of each agent's role, by name. */
  roles: Record<string, string>;
  tools: ToolSchema[];
  /** SHA-256 in hexadecimal over system text and tool list, as `contractHash` makes it. */
  hash: string;
}

/** The contract of the prompts and tools that are here now. */
export function readContract(): Contract {
  const prompts = join(import.meta.dirname, '..', '..', 'prompts');
  const system = readSystem(prompts);
  const roles = Object.fromEntries(readAgents(prompts, tools).map(({ name, text }) => [name, text]));
  const schemas = toolSchemas(firstTools);
  return { system, roles, tools: schemas, hash: contractHash(system, schemas) };
}

/** Differs when a byte of the system text or of the tool list does, and with the order of the tools. */
export function contractHash(system: string, list: readonly ToolSchema[]): string {
  return createHash('sha256').update(system).update('\0').update(JSON.stringify(list)).digest('hex');
}
