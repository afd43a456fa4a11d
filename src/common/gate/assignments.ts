import type { Assignment, ParsedScript, PipelineNode, Word } from 'unbash';
import { type Place, understood, type Walk } from './reading.ts';
import { readSettings } from './simple.ts';
import { assignedValue } from './values.ts';
import type { Value } from './words.ts';

/**
 * How often each name is set in the line, wherever: by `NAME=value` or as the variable of a loop; and which are set to numbers and sums
 * alone.
 */
export function assignmentsOf(script: ParsedScript): Pick<Walk, 'assigned' | 'sums'> {
  const counts = new Map<string, number>();
  const sums = new Map<string, number>();
  const text = JSON.stringify(script);
  if (!/"Assignment"|"ArithmeticFor"|mapfile|readarray/.test(text)) return { assigned: counts, sums: new Set() };
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) return node.forEach(visit);
    const { type, name } = node as { type?: string; name?: string | Word };
    if (type === 'Command' && typeof name === 'object' && /^(?:read|mapfile|readarray)$/.test(name.text)) {
      for (const { text } of (node as { suffix: { text?: string }[] }).suffix) count(text ?? '');
    }
    if (type === 'Assignment' && typeof name === 'string') {
      count(name);
      if (summed.test((node as Assignment).text)) sums.set(name, (sums.get(name) ?? 0) + 1);
    }
    if (type === 'For' && typeof name === 'object') count(name.text);
    // As a loop that counts sets its variable, and as sums could.
    const { operator, left } = node as { operator?: string; left?: { value?: string } };
    if (type === 'ArithmeticBinary' && /^(?:[^<>=!]|<<|>>)?=$/.test(operator ?? '')) count(left?.value ?? '');
    for (const value of Object.values(node)) visit(value);
  };
  visit(JSON.parse(text));
  return {
    assigned: counts,
    sums: new Set([...sums].filter(([name, often]) => counts.get(name) === often).map(([name]) => name)),
  };
}

const summed = /^[a-z]\w*=(?:\d{1,9}|\$\(\([\w\s+*/%()$-]+\)\))$/;

/**
 * `NAME=value` as a command of its own, where nothing else in the line sets the name: behind it the name stands for that, as long as
 * it is known to have come to it.
 */
export function readAssignment(command: PipelineNode, place: Place, walk: Walk): boolean {
  if (command.type !== 'Command') return false;
  const { name, prefix, suffix } = command;
  if (name !== undefined || suffix.length > 0 || prefix.length === 0) return false;
  if (readSettings(prefix, place, walk)) return true;
  const found: [string, Value][] = [];
  for (const part of prefix) {
    if (part.type !== 'Assignment') return false;
    const sum = walk.sums.has(part.name);
    if (walk.assigned.get(part.name) !== 1 && !sum) return false;
    // What a line around this one has set, another pass of a loop would find changed.
    const before = walk.scope.get(part.name);
    if (before !== undefined && !(sum && isNumber(before))) return false;
    const value = assignedValue(part, place, { ...walk, scope: new Map([...walk.scope, ...found]) });
    if (value === undefined) return false;
    // Whichever of its numbers it has here.
    const often = sum && walk.assigned.get(part.name) !== 1;
    found.push([part.name, often ? { kind: 'number', empty: false } : value]);
  }
  for (const part of prefix) understood(walk, part);
  walk.reading.beyond = true;
  walk.scope = new Map([...walk.scope, ...found]);
  return true;
}

function isNumber(value: Value): boolean {
  return value.kind === 'number' || (value.kind === 'known' && /^\d{1,9}$/.test(value.text));
}
