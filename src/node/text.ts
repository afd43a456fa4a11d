/** How many bytes are looked at for a NUL, as git does it. */
const sniffed = 8000;

export interface FileText {
  text: string;
  /** It began with a byte order mark, which is not in `text`. */
  mark: boolean;
  /** Some of it was not UTF-8 and has been replaced: to be shown, not to be written back. */
  damaged: boolean;
}

/** The content of a file as text; undefined when it is binary. */
export function decodeText(content: Uint8Array): FileText | undefined {
  if (content.subarray(0, sniffed).includes(0)) return undefined;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
  const mark = text.startsWith('\ufeff');
  const damaged = text.includes('\ufffd') && !isUtf8(content);
  return { text: mark ? text.slice(1) : text, mark, damaged };
}

function isUtf8(content: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}

/** Its lines, without their ends; a last line without an end counts, an end without a line behind it does not. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** "1 line", "1,200 lines". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** The line at most `limit` characters long; cut ones end in "…". */
export function shorten(line: string, limit: number): string {
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}
