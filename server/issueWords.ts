import type { z } from 'zod';

/** What is wrong with a value, in words for who has written it: "must have at most 200 characters". */
export function issueWords(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'is wrong';
  // What a schema of ours says itself stands.
  if (!/^(Too|Invalid)\b/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', Number(issue.maximum))}`;
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
      return `must ${bound(issue.origin, 'at least', Number(issue.minimum))}`;
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'is missing';
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    default:
      return issue.message;
  }
}

const kinds: { [expected: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function bound(origin: string, how: string, limit: number): string {
  if (origin === 'string') return `have ${how} ${limit} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array') return `have ${how} ${limit} entr${limit === 1 ? 'y' : 'ies'}`;
  return `be ${how} ${limit}`;
}
