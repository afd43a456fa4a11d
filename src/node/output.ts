import { dropHidden } from '../common/gate/hidden.ts';

/** Escape sequences of terminals: CSI, strings (OSC, DCS, …) that are closed, and the short ones. */
const sequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-Z\\`-~]/g;
/** One that may go on in the next piece. */
const unfinished = /(?:\u001b|\u009b|\u009d|\u0090)[^\n]{0,200}$/;
/** Characters passed on as they come; nobody reads more in a window, and it all has to get there. */
const maxLive = 256 * 1024;
/** A line without an end is passed on after this many characters. */
const longLine = 64 * 1024;

/** Longer lines are broken in what is kept, because it is read again by lines. */
const keptLine = 4000;

export interface Captured {
  text: string;
  /** Where characters are left out: what is kept of it all, up to the limit for that, in the same form. */
  kept?: Kept;
  /** Bytes written altogether. */
  bytes: number;
  /** Characters that are not in `text`. */
  leftOut: number;
}

export interface Kept {
  text: string;
  /** Characters that are not in there either. */
  leftOut: number;
  /** How many lines it has, and in which of them `Captured.text` is cut. */
  lines: number;
  cut: number;
}

export interface Capture {
  push(bytes: Uint8Array, stream: 'stdout' | 'stderr'): void;
  end(): Captured;
}

/**
 * Keeps the head and the tail of what a program writes, `limit` characters in all, as plain text: invalid UTF-8
 * replaced, escape sequences, control and invisible characters removed, and of a line that was written over and over
 * (a progress bar) what stood there last.
 *
 * @param live gets the text as it comes
 * @param most characters of what is kept besides; none if it is not given
 */
export function createCapture(limit: number, live?: (text: string) => void, most = 0): Capture {
  const given = keepEnds(limit);
  const all = most > 0 ? keepEnds(most) : undefined;
  const kept = {
    add: (text: string): void => {
      given.add(text);
      all?.add(text);
    },
  };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  let bytes = 0;
  let shown = 0;
  let sequence = '';
  let line = '';

  function take(text: string, last: boolean): void {
    let plain = (sequence + text).replace(sequences, '');
    sequence = last ? '' : (unfinished.exec(plain)?.[0] ?? '');
    plain = plain.slice(0, plain.length - sequence.length);
    show(dropHidden(plain.replace(/\r\n?/g, '\n')));
    const lines = (line + plain).split('\n');
    line = lines.pop() ?? '';
    for (const whole of lines) kept.add(`${dropHidden(lastWritten(whole))}\n`);
    if (line.includes('\r')) line = line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1);
    if (line.length > longLine || last) {
      kept.add(dropHidden(lastWritten(line)));
      line = '';
    }
  }

  function show(text: string): void {
    if (text === '' || shown > maxLive) return;
    shown += text.length;
    live?.(shown > maxLive ? `${text}\n[What else it writes is not shown while it runs.]\n` : text);
  }

  return {
    push(chunk, stream) {
      bytes += chunk.length;
      take(decoders[stream].decode(chunk, { stream: true }), false);
    },
    end() {
      take(decoders.stdout.decode() + decoders.stderr.decode(), true);
      const { text, leftOut, head } = given.end();
      return { text, leftOut, bytes, ...(all && leftOut > 0 ? { kept: keptOf(all.end(), head) } : {}) };
    },
  };
}

function keptOf({ text, leftOut }: Ends, head: string): Kept {
  const lines = brokenLines(text);
  return { text: lines.join('\n'), leftOut, lines: lines.length, cut: brokenLines(head).length };
}

function brokenLines(text: string): string[] {
  const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
  return lines.split('\n').flatMap((line) => {
    const pieces = Math.max(1, Math.ceil(line.length / keptLine));
    return Array.from({ length: pieces }, (_, at) => line.slice(at * keptLine, (at + 1) * keptLine));
  });
}

function lastWritten(line: string): string {
  const end = line.replace(/\r+$/, '');
  return end.slice(end.lastIndexOf('\r') + 1);
}

interface Ends {
  text: string;
  leftOut: number;
  /** What stands before the place where something is left out. */
  head: string;
}

function keepEnds(limit: number): { add(text: string): void; end(): Ends } {
  const half = Math.floor(limit / 2);
  let head = '';
  let tail = '';
  let leftOut = 0;
  return {
    add(text: string): void {
      const room = half - head.length;
      head += text.slice(0, Math.max(0, room));
      tail += text.slice(Math.max(0, room));
      // Cut seldom: twice the size is bounded as well.
      if (tail.length > 2 * half) cut();
    },
    end() {
      if (tail.length > half) cut();
      if (leftOut === 0) return { text: head + tail, leftOut, head };
      const note = `[${leftOut.toLocaleString('en')} characters left out]`;
      return { text: `${head.trimEnd()}\n${note}\n${tail.trimStart()}`, leftOut, head };
    },
  };

  function cut(): void {
    leftOut += tail.length - half;
    tail = tail.slice(tail.length - half);
  }
}
