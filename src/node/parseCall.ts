import { z } from 'zod';
import type { ToolCall } from '../common/events.ts';
import type { Tool } from '../common/tool.ts';
import { shorten } from './text.ts';

/** A call whose arguments are what the tool takes. */
export interface Parsed {
  tool: Tool;
  args: unknown;
}

/** Understands a call as a model wrote it, or says what is wrong with it, for the model. `unknown`: the tool it names. */
export function parseCall(call: ToolCall, tools: readonly Tool[]): Parsed | { fault: string } | { unknown: string } {
  const named = tools.find(({ name, otherNames }) => name === call.name || otherNames?.test(call.name) === true);
  if (named === undefined) return { unknown: call.name };
  const raw = parseJson(call);
  if ('fault' in raw) return raw;
  const accepted = named.accept?.(raw.value, call.name) ?? { tool: named.name, arguments: raw.value };
  const tool = tools.find(({ name }) => name === accepted.tool);
  if (tool === undefined) return { unknown: accepted.tool };
  const parsed = tool.parameters.safeParse(mend(accepted.arguments, tool.parameters));
  return parsed.success ? { tool, args: parsed.data } : { fault: wrongArguments(tool, parsed.error) };
}

function parseJson({ name, arguments: text }: ToolCall): { value: unknown } | { fault: string } {
  // Some models write nothing at all where there is nothing to say.
  if (text.trim() === '') return { value: {} };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      fault: `Not run: the arguments of ${name} are no valid JSON (${shorten(why, 200)}). Send the call again.`,
    };
  }
}

/** Slips with only one meaning: a number written as a text, and `null` for what may be left out. */
function mend(raw: unknown, parameters: z.ZodType): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  if (!(parameters instanceof z.ZodObject)) return raw;
  const mended = Object.entries(raw).flatMap(([name, value]: [string, unknown]) => {
    const field: unknown = parameters.shape[name];
    const optional = field instanceof z.ZodOptional;
    if (optional && value === null) return [];
    const inner: unknown = optional ? field.unwrap() : field;
    const number = inner instanceof z.ZodNumber && typeof value === 'string' && /^\s*-?\d{1,9}\s*$/.test(value);
    return [[name, number ? Number(value) : value]];
  });
  return Object.fromEntries(mended) as unknown;
}

function wrongArguments({ name, parameters }: Tool, error: z.ZodError): string {
  const faults = error.issues.slice(0, 5).map((issue) => {
    if (issue.code === 'unrecognized_keys') return `it takes no ${issue.keys.join(', ')}`;
    const field = issue.path.join('.') || 'the arguments';
    const message = issue.message.replace(/^Invalid input: /, '');
    return message.endsWith('received undefined') ? `${field} is missing` : `${field}: ${message}`;
  });
  const takes = parameters instanceof z.ZodObject ? Object.keys(parameters.shape).join(', ') : '';
  return `Not run: the arguments of ${name} are wrong (${faults.join('; ')}). It takes: ${takes}.`;
}
