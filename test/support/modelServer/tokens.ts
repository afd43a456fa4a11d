/**
 * How the scripted server counts tokens. Both tokenizers cut the text at control tokens and role headers first, as a
 * real vocabulary does; so the tokens of a chat are always the head of the tokens of that chat with more appended.
 */

export interface Tokenizer {
  /** Token ids. `special`: control tokens are recognised in the text, as llama-server does in messages. */
  encode: (text: string, special?: boolean) => number[];
  /** The text as a model would stream it: one piece for each token, whole characters only. */
  pieces: (text: string) => string[];
  /** The text of one token. */
  piece: (id: number) => string;
}

const control = ['<|im_start|>', '<|im_end|>', '<tool_call>', '</tool_call>', '<think>', '</think>'];

/** Ids of control tokens start here, above every other. */
const CONTROL = 1_000_000;

const cuts = /(<\|im_start\|>|<\|im_end\|>|<tool_call>|<\/tool_call>|<think>|<\/think>)/;
const header = /^(?:system|user|assistant|tool)\n/;

/** `chars`: four characters are a token; costs nothing. `o200k`: the real vocabulary; 0.5 s and 250 MB to load. */
export async function tokenizerOf(kind: 'chars' | 'o200k'): Promise<Tokenizer> {
  const plain = kind === 'chars' ? chars() : await o200k();
  return {
    ...plain,
    encode: (text, special = true) => (special ? withControl(text, plain.encode) : plain.encode(text)),
  };
}

function withControl(text: string, encode: (text: string) => number[]): number[] {
  const ids: number[] = [];
  let previous = '';
  for (const part of text.split(cuts)) {
    const id = control.indexOf(part);
    if (id >= 0) {
      ids.push(CONTROL + id);
    } else {
      const head = previous === '<|im_start|>' ? (header.exec(part)?.[0] ?? '') : '';
      append(ids, encode(head));
      append(ids, encode(part.slice(head.length)));
    }
    previous = part;
  }
  return ids;
}

/** A spread of a very long list would overflow the stack. */
function append(list: number[], more: number[]): void {
  for (const id of more) list.push(id);
}

function chars(): Tokenizer {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  const pieces = (text: string) => text.match(/[\s\S]{1,4}/gu) ?? [];
  const idOf = (piece: string) => {
    const known = ids.get(piece);
    if (known !== undefined) return known;
    ids.set(piece, texts.length);
    return texts.push(piece) - 1;
  };
  return {
    encode: (text) => pieces(text).map(idOf),
    pieces,
    piece: (id) => control[id - CONTROL] ?? texts[id] ?? '',
  };
}

async function o200k(): Promise<Tokenizer> {
  const { Tiktoken } = await import('js-tiktoken/lite');
  const { default: ranks } = await import('js-tiktoken/ranks/o200k_base');
  const tiktoken = new Tiktoken(ranks);
  const seen = new Map<string, number[]>();
  const encode = (text: string) => {
    const known = seen.get(text);
    if (known) return known;
    const ids = tiktoken.encode(text, [], []);
    if (seen.size >= 10_000) seen.clear();
    seen.set(text, ids);
    return ids;
  };
  const pieces = (text: string) => {
    const list: string[] = [];
    let held: number[] = [];
    for (const id of encode(text)) {
      held.push(id);
      const piece = tiktoken.decode(held);
      // A character may be cut across tokens; a server holds such bytes back until the character is whole.
      if (piece.endsWith('\uFFFD')) continue;
      list.push(piece);
      held = [];
    }
    if (held.length > 0) list.push(tiktoken.decode(held));
    return list;
  };
  return { encode, pieces, piece: (id) => control[id - CONTROL] ?? tiktoken.decode([id]) };
}
