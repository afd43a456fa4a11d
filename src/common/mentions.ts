/** A file that a message names as `@path` or `@path:10-20`. Lines count from 1 and are inclusive. */
export interface Mention {
  path: string;
  start?: number;
  end?: number;
}

/** `@"a name with blanks"` or `@name`; only at a word's beginning, so that mail addresses are left alone. */
const pattern = /(?<=^|[\s([{,;])@(?:"([^"\n]{1,1000})"|([^\s"'`<>|*?,;()[\]{}]{1,1000}))/g;

/** The files a message mentions, each place once, in order. A trailing full stop or colon belongs to the sentence. */
export function mentions(text: string): Mention[] {
  const found = new Map<string, Mention>();
  for (const match of text.matchAll(pattern)) {
    const mention = parse(match[1] ?? (match[2] ?? '').replace(/[.:!]+$/, ''));
    if (mention.path !== '') found.set(JSON.stringify(mention), mention);
  }
  return [...found.values()];
}

/** The text in pieces, mentions apart from what stands between them. */
export function mentionParts(text: string): (string | Mention)[] {
  const parts: (string | Mention)[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const named = match[1] ?? (match[2] ?? '').replace(/[.:!]+$/, '');
    const mention = parse(named);
    if (mention.path === '') continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(mention);
    end = match.index + (match[1] === undefined ? 1 + named.length : match[0].length);
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

function parse(text: string): Mention {
  const lines = /^(.*):(\d{1,7})(?:-(\d{1,7}))?$/.exec(text);
  if (!lines) return { path: text };
  const start = Number(lines[2]);
  return { path: lines[1] ?? '', start, end: lines[3] === undefined ? start : Math.max(start, Number(lines[3])) };
}

/** How a file is named in a message. The inverse of `mentions`. */
export function mentionText(mention: Mention): string {
  const lines = mention.start === undefined ? '' : `:${mention.start}-${mention.end ?? mention.start}`;
  const name = `${mention.path}${lines}`;
  return /[\s"'`<>|*?,;()[\]{}]|[.:!]$/.test(name) ? `@"${name}"` : `@${name}`;
}
