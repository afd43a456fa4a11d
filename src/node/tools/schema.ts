import { z } from 'zod';
import type { Tool } from '../../common/tool.ts';

/** A tool as the OpenAI API takes it. */
export interface ToolSchema {
  type: 'function';
  function: { name: string; description: string; parameters: Record<string, unknown> };
}

/** The tools for a request: the same bytes for the same tools, without what a model does not need to be told. */
export function toolSchemas(tools: readonly Tool[]): ToolSchema[] {
  return tools.map(({ name, description, parameters }) => ({
    function: { description, name, parameters: lean(z.toJSONSchema(parameters, { io: 'input' })) },
    type: 'function',
  }));
}

/** Bounds go too: they are checked in any case, cost tokens, and make the grammars that servers build of them large. */
const superfluous = new Set([
  '$schema',
  'additionalProperties',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'propertyNames',
  'minItems',
  'maxItems',
  'pattern',
]);

function lean(schema: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !superfluous.has(key))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]: [string, unknown]) => [key, leanValue(key, value)]),
  );
}

/** The names of properties stay in the order in which a model should write them. */
function leanValue(key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (key !== 'properties') return lean(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]: [string, object]) => [name, lean(each)]));
}
