/** One server-sent event. `id` is the last one the stream has named, as the standard has it. */
export interface SseMessage {
  id: string;
  data: string;
}

/**
 * Splits a stream of server-sent events, fed in pieces of any size. Comments, event names and retry times are left
 * out: Drover's streams do not use them. An event that is not closed by an empty line is never given out.
 */
export function sseParser(lastId = ''): (chunk: string) => SseMessage[] {
  let buffer = '';
  let first = true;
  let id = lastId;
  let data: string[] = [];
  const line = (text: string): SseMessage | undefined => {
    if (text === '') {
      const message = data.length > 0 ? { id, data: data.join('\n') } : undefined;
      data = [];
      return message;
    }
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    if (field === 'id' && !value.includes('\0')) id = value;
    return undefined;
  };
  return (chunk) => {
    buffer += chunk;
    if (first && buffer !== '') {
      buffer = buffer.replace(/^\uFEFF/, '');
      first = false;
    }
    const messages: SseMessage[] = [];
    let start = 0;
    for (;;) {
      const end = lineEnd(buffer, start);
      if (!end) break;
      const message = line(buffer.slice(start, end.at));
      if (message) messages.push(message);
      start = end.next;
    }
    buffer = buffer.slice(start);
    return messages;
  };
}

/** A line ends in LF, CR or CRLF. A CR at the very end of what there is may be half of a CRLF: wait for more. */
function lineEnd(text: string, from: number): { at: number; next: number } | undefined {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n') return { at, next: at + 1 };
    if (character !== '\r') continue;
    if (at + 1 === text.length) return undefined;
    return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
  }
  return undefined;
}
