import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { z } from 'zod';

/** What the chain needs of a record; what else stands in it may be of another version of Drover. */
const Link = z.looseObject({
  v: z.int(),
  seq: z.int(),
  at: z.int(),
  prev: z.string(),
  event: z.looseObject({
    type: z.string(),
    id: z.string().optional(),
    from: z.string().optional(),
    copied: z.int().optional(),
    approver: z.unknown().optional(),
    problem: z.looseObject({ code: z.string(), message: z.string() }).optional(),
  }),
});
export type Link = z.infer<typeof Link>;

/** One whole line of a log. */
export interface Line {
  /** From 1. */
  number: number;
  hash: string;
  /** Undefined: it is no record. */
  link: Link | undefined;
}

/** A place where a record does not follow from the one before. */
export interface Break {
  /** The line, from 1, at which it shows. */
  line: number;
  text: string;
}

/**
 * The lines of a log, as it is at this moment; nothing of it is changed. Bytes behind the last line end are a record that is
 * cut off: `torn` is called with their number.
 */
export async function* linesOf(path: string, torn: (bytes: number) => void): AsyncGenerator<Line> {
  let number = 0;
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(path)) {
    let begin = 0;
    const bytes = chunk as Buffer;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, begin)) {
      number += 1;
      yield lineOf(number, Buffer.concat([...rest, bytes.subarray(begin, end)]));
      rest = [];
      begin = end + 1;
    }
    if (begin < bytes.length) rest.push(bytes.subarray(begin));
  }
  const left = rest.reduce((sum, { length }) => sum + length, 0);
  if (left > 0) torn(left);
}

/** The hash is over the bytes as they are: a text decoded from them could hide a change. */
function lineOf(number: number, bytes: Buffer): Line {
  return { number, hash: createHash('sha256').update(bytes).digest('hex'), link: parse(bytes.toString('utf8')) };
}

function parse(text: string): Link | undefined {
  try {
    return Link.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Follows the chain from line to line. */
export class Chain {
  readonly breaks: Break[] = [];
  /** The number that the last record bears. */
  private seq = 0;
  private hash = '';
  /** The line before was none, so the next one cannot follow from it. */
  private lost = false;

  take({ number, hash, link }: Line): void {
    if (link === undefined) {
      this.breaks.push({ line: number, text: `Line ${number} is no record: it was changed.` });
      this.seq += 1;
      this.lost = true;
    } else {
      const text = this.wrong(link);
      if (text !== undefined) this.breaks.push({ line: number, text });
      this.seq = link.seq;
      this.lost = false;
    }
    this.hash = hash;
  }

  private wrong({ seq, prev }: Link): string | undefined {
    const due = this.seq + 1;
    if (seq > due) return `${records(due, seq - 1)} missing before record ${seq}.`;
    if (seq < due)
      return `Record ${seq} stands where record ${due} should be: records were inserted, repeated or moved.`;
    if (prev === this.hash || this.lost) return undefined;
    return seq === 1
      ? 'Record 1 names a record before it: it was changed, or is none of this log.'
      : `Record ${seq} does not follow from record ${seq - 1}: one of them was changed.`;
  }
}

function records(first: number, last: number): string {
  return first === last ? `Record ${first} is` : `Records ${first} to ${last} are`;
}
