/** A line of a unified diff as it is shown. */
export interface DiffLine {
  kind: 'added' | 'removed' | 'same' | 'hunk' | 'note';
  text: string;
}

const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/**
 * The lines of a unified diff. Hunk headers are counted out, so that a removed line that itself begins with `--` is
 * not taken for the head of a file. A hunk's text is the place in the new file: "line 40".
 */
export function diffLines(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    const hunk = HUNK.exec(line);
    if (before <= 0 && after <= 0 && hunk) {
      before = Number(hunk[1] ?? 1);
      after = Number(hunk[3] ?? 1);
      lines.push({ kind: 'hunk', text: `line ${hunk[2]}` });
      continue;
    }
    if (before <= 0 && after <= 0) {
      if (isHead(line)) continue;
      if (line !== '') lines.push({ kind: 'note', text: line });
      continue;
    }
    const kind = kindOf(line);
    if (kind !== 'added' && kind !== 'note') before -= 1;
    if (kind !== 'removed' && kind !== 'note') after -= 1;
    lines.push({ kind, text: kind === 'note' ? line.replace(/^\\ /, '') : line.slice(1) });
  }
  return lines;
}

function isHead(line: string): boolean {
  return /^(?:--- |\+\+\+ |diff |index |Index: |=+$|\\ )/.test(line);
}

function kindOf(line: string): DiffLine['kind'] {
  switch (line.charAt(0)) {
    case '+':
      return 'added';
    case '-':
      return 'removed';
    case '\\':
      return 'note';
    default:
      return 'same';
  }
}

/** Line of the new file at which the first change stands; undefined when the diff says nothing of places. */
export function firstChange(diff: string): number | undefined {
  let line: number | undefined;
  for (const each of diffLines(diff)) {
    if (each.kind === 'hunk') {
      if (line === undefined) line = Number(each.text.slice('line '.length));
    } else if (each.kind === 'same') {
      if (line !== undefined) line += 1;
    } else return line;
  }
  return line;
}
