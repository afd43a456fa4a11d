/**
 * The paths that fit what was typed, best first: all its letters occur in that order, whatever their case. A hit in the
 * file name, at the start of a word and in one piece counts most; among equals the shorter path.
 */
export function fuzzy(query: string, paths: readonly string[], limit: number): string[] {
  const letters = query.toLowerCase();
  return paths
    .map((path) => ({ path, score: scoreOf(letters, path) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map(({ path }) => path);
}

/** 0: does not fit. */
function scoreOf(letters: string, path: string): number {
  const lower = path.toLowerCase();
  const name = path.lastIndexOf('/') + 1;
  const whole = lower.lastIndexOf(letters);
  if (whole !== -1) {
    return 1000 + (whole >= name ? 500 : 0) + (startsWord(path, whole) ? 200 : 0) + (whole === name ? 100 : 0);
  }
  // Letters of a short query usually belong to the file name: try there first, then anywhere.
  return scattered(letters, path, lower, name) * 2 || scattered(letters, path, lower, 0);
}

function scattered(letters: string, path: string, lower: string, from: number): number {
  let score = 1;
  let at = from - 1;
  for (const letter of letters) {
    const next = lower.indexOf(letter, at + 1);
    if (next === -1) return 0;
    score += next === at + 1 ? 3 : startsWord(path, next) ? 5 : 1;
    at = next;
  }
  return score;
}

function startsWord(path: string, at: number): boolean {
  const before = path[at - 1];
  if (before === undefined || /[/\\._ -]/.test(before)) return true;
  return /[a-z0-9]/.test(before) && /[A-Z]/.test(path[at] ?? '');
}
