import ranks from 'js-tiktoken/ranks/o200k_base';

/** Where a usual vocabulary ends for a model of a few megabytes. */
const MOST = 40_000;

/**
 * The merges of the commonest ASCII tokens of o200k, as a GGUF has them. A model with them counts about as a real one
 * does, and never fewer than o200k: it lacks the rarer tokens.
 */
export function usualMerges(): string[] {
  const known = new Map<string, number>();
  const merges: string[] = [];
  for (const [rank, token] of tokens().entries()) {
    if (rank >= MOST) break;
    if (!/^[\x20-\x7e]+$/.test(token)) continue;
    const pair = token.length > 1 ? lastPair(token, known) : undefined;
    if (pair) merges.push(pair.map((part) => part.replaceAll(' ', 'Ġ')).join(' '));
    known.set(token, rank);
  }
  return merges;
}

/** Texts of all tokens by rank; a byte of one that is no ASCII stands for a character of Latin-1. */
function tokens(): string[] {
  const list: string[] = [];
  for (const line of ranks.bpe_ranks.split('\n').filter(Boolean)) {
    const [, offset = '', ...encoded] = line.split(' ');
    for (const [at, token] of encoded.entries())
      list[Number(offset) + at] = Buffer.from(token, 'base64').toString('latin1');
  }
  return list;
}

/** The two parts that a token was made of: what merging leaves with all that is known before it. */
function lastPair(token: string, known: ReadonlyMap<string, number>): [string, string] | undefined {
  let parts = token.split('');
  while (parts.length > 2) {
    const joined = parts.slice(1).map((part, at) => known.get(`${parts[at]}${part}`) ?? Infinity);
    const least = Math.min(...joined);
    if (least === Infinity) return undefined;
    const at = joined.indexOf(least);
    parts = [...parts.slice(0, at), `${parts[at]}${parts[at + 1]}`, ...parts.slice(at + 2)];
  }
  const [left, right] = parts;
  return left !== undefined && right !== undefined ? [left, right] : undefined;
}
