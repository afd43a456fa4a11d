// Writes GGUF models of half a megabyte with random weights: they answer noise, but they drive a real llama-server
// through everything that a real model does, tool calls included. Tests use them; so does `npm start -- --check` where
// no real model can be had.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { container, type Tensor, type Value } from './gguf.ts';

/**
 * `plain` answers some sixty characters. `tool-caller` calls a tool more often than not. `byte-exact` has no merges:
 * each character it reads or writes is one token, so that counts are exact. `no-tools` is a tool-caller whose own
 * template leaves tools out. `no-chatml` has neither such a template nor the control tokens of ChatML.
 */
export type TinyVariant = 'plain' | 'tool-caller' | 'byte-exact' | 'no-tools' | 'no-chatml';

const WIDTH = 64;
const LAYERS = 2;
const HEADS = 4;
const SHARED_HEADS = 2;
const FEED = 128;
const CONTEXT = 32_768;

const NORMAL = 1;
const CONTROL = 3;
const USER_DEFINED = 4;

/** Dimensions of the residual stream that carry meaning; all others are noise. No layer writes to them. */
const BIAS = 0;
const AFTER_CALL = 1;
const AFTER_CALL_END = 2;
const AFTER_LINE = 3;
const AFTER_BRACE = 4;
const STEERED = 5;

/** Some, so that a token may be more than a character. */
const someMerges = ['e r', 'i n', 't h', 'o n', 'Ġ a', 'Ġ t', 'a t', 'e n'];

/** Writes the model; the same variant always gives the same bytes. */
export async function writeTinyModel(path: string, variant: TinyVariant, merges = someMerges): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, tinyModel(variant, merges));
  await rename(part, path);
}

/** The bytes of the file. */
export function tinyModel(variant: TinyVariant, merges = someMerges): Buffer {
  const vocabulary = vocabularyOf(variant, merges);
  return container(metadata(variant, vocabulary), tensors(variant, vocabulary));
}

interface Vocabulary {
  tokens: string[];
  types: number[];
  merges: string[];
  end: number;
}

function vocabularyOf(variant: TinyVariant, pairs: readonly string[]): Vocabulary {
  const symbols = byteSymbols();
  const tokens = [...symbols];
  const types = tokens.map(() => NORMAL);
  const merges: string[] = [];
  if (variant !== 'byte-exact') {
    for (const pair of pairs) {
      merges.push(pair);
      tokens.push(pair.replace(' ', ''));
      types.push(NORMAL);
    }
  }
  const marks = variant === 'no-chatml' ? ['<|begin|>', '<|end|>'] : ['<|im_start|>', '<|im_end|>'];
  for (const mark of ['<|endoftext|>', ...marks]) {
    tokens.push(mark);
    types.push(CONTROL);
  }
  const end = tokens.length - 1;
  for (const mark of ['<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>']) {
    tokens.push(mark);
    types.push(USER_DEFINED);
  }
  return { tokens, types, merges, end };
}

/** GPT-2's printable stand-ins for the 256 bytes, in the order of the bytes. */
function byteSymbols(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(printable ? byte : next++);
  });
}

function templateOf(variant: TinyVariant): string {
  if (variant === 'no-tools' || variant === 'no-chatml') {
    const [start, end] = variant === 'no-tools' ? ['<|im_start|>', '<|im_end|>'] : ['<|begin|>', '<|end|>'];
    return (
      `{% for message in messages %}{{ '${start}' + message['role'] + '\\n' + message['content'] + '${end}\\n' }}` +
      `{% endfor %}{% if add_generation_prompt %}{{ '${start}assistant\\n' }}{% endif %}`
    );
  }
  return readFileSync(join(import.meta.dirname, '..', 'model', 'chatml.jinja'), 'utf8');
}

function metadata(variant: TinyVariant, vocabulary: Vocabulary): [string, Value][] {
  const u32 = (value: number): Value => ({ type: 'u32', value });
  const words = (value: string): Value => ({ type: 'text', value });
  return [
    ['general.architecture', words('llama')],
    ['general.name', words(`Drover tiny ${variant} (noise)`)],
    ['general.alignment', u32(32)],
    ['general.file_type', u32(0)],
    ['llama.context_length', u32(CONTEXT)],
    ['llama.embedding_length', u32(WIDTH)],
    ['llama.block_count', u32(LAYERS)],
    ['llama.feed_forward_length', u32(FEED)],
    ['llama.attention.head_count', u32(HEADS)],
    ['llama.attention.head_count_kv', u32(SHARED_HEADS)],
    ['llama.attention.layer_norm_rms_epsilon', { type: 'f32', value: 1e-5 }],
    ['llama.rope.dimension_count', u32(WIDTH / HEADS)],
    ['llama.vocab_size', u32(vocabulary.tokens.length)],
    ['tokenizer.ggml.model', words('gpt2')],
    ['tokenizer.ggml.pre', words('qwen2')],
    ['tokenizer.ggml.tokens', { type: 'texts', value: vocabulary.tokens }],
    ['tokenizer.ggml.token_type', { type: 'i32s', value: vocabulary.types }],
    ['tokenizer.ggml.merges', { type: 'texts', value: vocabulary.merges }],
    ['tokenizer.ggml.bos_token_id', u32(vocabulary.end - 2)],
    ['tokenizer.ggml.eos_token_id', u32(vocabulary.end)],
    ['tokenizer.ggml.padding_token_id', u32(vocabulary.end - 2)],
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: false }],
    ['tokenizer.chat_template', words(templateOf(variant))],
  ];
}

function tensors(variant: TinyVariant, vocabulary: Vocabulary): Tensor[] {
  const normal = gaussian(20_261_121);
  const noise = (name: string, columns: number, rows: number, spread: number): Tensor => ({
    name,
    columns,
    rows,
    data: Float32Array.from({ length: columns * rows }, () => normal() * spread),
  });
  const ones = (name: string): Tensor => ({ name, columns: WIDTH, rows: 1, data: new Float32Array(WIDTH).fill(1) });
  const shared = (WIDTH / HEADS) * SHARED_HEADS;
  const layers = Array.from({ length: LAYERS }, (_, layer) => [
    ones(`blk.${layer}.attn_norm.weight`),
    noise(`blk.${layer}.attn_q.weight`, WIDTH, WIDTH, 0.1),
    noise(`blk.${layer}.attn_k.weight`, WIDTH, shared, 0.1),
    noise(`blk.${layer}.attn_v.weight`, WIDTH, shared, 0.1),
    withoutSteered(noise(`blk.${layer}.attn_output.weight`, WIDTH, WIDTH, 0.1)),
    ones(`blk.${layer}.ffn_norm.weight`),
    noise(`blk.${layer}.ffn_gate.weight`, WIDTH, FEED, 0.1),
    noise(`blk.${layer}.ffn_up.weight`, WIDTH, FEED, 0.1),
    withoutSteered(noise(`blk.${layer}.ffn_down.weight`, FEED, WIDTH, 0.1)),
  ]).flat();
  return [
    embedding(noise('token_embd.weight', WIDTH, vocabulary.tokens.length, 1), vocabulary),
    ...layers,
    ones('output_norm.weight'),
    output(noise('output.weight', WIDTH, vocabulary.tokens.length, 0.1), variant, vocabulary),
  ];
}

/** The last projection of a block must not write to the steered dimensions. */
function withoutSteered(tensor: Tensor): Tensor {
  tensor.data.fill(0, 0, STEERED * tensor.columns);
  return tensor;
}

/** Dimension BIAS is the same for every token; four tokens have one of their own that says "I was the last". */
function embedding(tensor: Tensor, { tokens }: Vocabulary): Tensor {
  for (const [id, token] of tokens.entries()) {
    const row = tensor.data.subarray(id * WIDTH, (id + 1) * WIDTH);
    row[BIAS] = 8;
    row[AFTER_CALL] = token === '<tool_call>' ? 8 : 0;
    row[AFTER_CALL_END] = token === '</tool_call>' ? 8 : 0;
    row[AFTER_LINE] = token === 'Ċ' ? 8 : 0;
    row[AFTER_BRACE] = token === '}' ? 8 : 0;
  }
  return tensor;
}

/**
 * How likely a token is: each of these numbers counts about five-fold. Bytes that are no printable ASCII are made
 * impossible, so that what it writes is valid UTF-8. A caller opens a call where a line begins, as an answer does,
 * closes it behind a brace, and says nothing more.
 */
function output(tensor: Tensor, variant: TinyVariant, { tokens, types, end }: Vocabulary): Tensor {
  const calls = variant === 'tool-caller' || variant === 'no-tools';
  for (const [id, token] of tokens.entries()) {
    const row = tensor.data.subarray(id * WIDTH, (id + 1) * WIDTH);
    // No backslash: in JSON it would be the start of half a surrogate pair sooner or later.
    const printable = types[id] === NORMAL && (id >= 256 || (id >= 33 && id <= 126 && token !== '\\'));
    row.fill(0, 0, STEERED);
    row[BIAS] = printable ? 0 : -8;
    // Quotes above chance, so that strings in JSON end soon; a brace only where a grammar leaves no choice.
    if (token === '"') row[BIAS] = 0.4;
    if (token === '}') row[BIAS] = -1;
    if (token === 'Ġ') row[BIAS] = 0.3;
    if (id === end) row[BIAS] = 0;
    if (token === 'Ċ') row[AFTER_CALL] = 10;
    if (id === end) row[AFTER_CALL_END] = 5;
    if (token === '<tool_call>' && calls) row.set([-3, 0, 0, 4.2]);
    if (token === '</tool_call>' && calls) row.set([-3, 0, 0, 0, 4.5]);
  }
  return tensor;
}

/** Normally distributed numbers, the same for the same seed (mulberry32, Box-Muller). */
function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
