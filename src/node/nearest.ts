/**
 * The candidate that shares most pairs of characters with the text (Dice's coefficient), blanks and case aside;
 * undefined when none is at all alike.
 */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const wanted = pairs(text);
  let best: { candidate: string; score: number } | undefined;
  for (const candidate of candidates) {
    const have = pairs(candidate);
    const shared = [...wanted].filter((pair) => have.has(pair)).length;
    const score = (2 * shared) / (wanted.size + have.size || 1);
    if (score > Math.max(0.4, best?.score ?? 0)) best = { candidate, score };
  }
  return best?.candidate;
}

function pairs(text: string): Set<string> {
  const letters = text.toLowerCase().replace(/\s+/g, '').slice(0, 200);
  const found = new Set<string>();
  for (let at = 0; at + 1 < letters.length; at++) found.add(letters.slice(at, at + 2));
  return found;
}
