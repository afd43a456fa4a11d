import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Problem } from '../../src/common/errors.ts';

/** What Drover needs to know of a GGUF before it is loaded. Absent: the file does not say. */
export interface GgufHeader {
  path: string;
  /** Bytes on disk. */
  size: number;
  architecture: string;
  name: string | undefined;
  /** Tokens the model was trained for. */
  trained: number | undefined;
  /** Bytes of key-value cache for one token at f16; too high for models with sliding windows or recurrent layers. */
  cacheBytes: number | undefined;
  /** The chat template, and its variants where the file has several. */
  templates: string[];
  /** Control (type 3) and user-defined (type 4) tokens of the vocabulary. */
  special: { text: string; control: boolean }[];
}

const CONTROL = 3;
const USER_DEFINED = 4;
/** Bytes of the scalar value types by their number; 8 is a string, 9 an array. */
const scalarBytes: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Large vocabularies make headers of some 10 MB; beyond this it is no header. */
const HEADER_LIMIT = 256 * 1024 * 1024;

/**
 * Reads the header and checks that the file is whole, without loading it. (Written here rather than taken from
 * `@huggingface/gguf` because that fills what lies behind the end of a truncated file with zeros and reads on.)
 * @throws Problem that names the file and what is wrong with it
 */
export async function readGguf(path: string): Promise<GgufHeader> {
  let file: FileHandle;
  try {
    // Not blocking: opening a pipe would wait for somebody to write into it.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw foreign(path, 'it is not a file');
    return await readFrom(file, path, stat.size);
  } finally {
    await file.close();
  }
}

async function readFrom(file: FileHandle, path: string, size: number): Promise<GgufHeader> {
  let length = Math.min(size, 4 * 1024 * 1024);
  for (;;) {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, 0);
    try {
      return parse(bytes.subarray(0, bytesRead), path, size);
    } catch (error) {
      if (!(error instanceof Short)) throw error;
      if (length === size || bytesRead < length) throw incomplete(path, size, undefined);
      if (length >= HEADER_LIMIT) throw foreign(path, 'its header makes no sense');
      length = Math.min(size, length * 2);
    }
  }
}

/** More bytes are needed than were read. */
class Short extends Error {}

interface Cursor {
  bytes: Buffer;
  at: number;
}

/** An array left in place: 50,000 strings are only decoded when somebody wants them. */
interface ArrayValue {
  type: number;
  count: number;
  at: number;
}
type Value = string | number | boolean | ArrayValue;

function parse(bytes: Buffer, path: string, size: number): GgufHeader {
  const start = bytes.toString('latin1', 0, 4);
  if (start !== 'GGUF') throw notGguf(path, bytes);
  const cursor: Cursor = { bytes, at: 4 };
  const version = u32(cursor);
  if (version > 0xffff) throw foreign(path, 'it is written for a big-endian machine');
  if (version !== 2 && version !== 3) throw foreign(path, `it is GGUF version ${version}, and 2 and 3 can be read`);
  const tensors = u64(cursor);
  const pairs = u64(cursor);

  const values = new Map<string, Value>();
  for (let i = 0; i < pairs; i++) values.set(text(cursor), value(cursor, path));
  const last = lastOffset(cursor, tensors);
  const alignment = number(values, 'general.alignment') ?? 32;
  const data = Math.ceil(cursor.at / alignment) * alignment;
  // The last tensor has at least one byte; how many more only its type tells, and llama-server checks that.
  if (tensors > 0 && data + last >= size) throw incomplete(path, size, data + last);

  const architecture = string(values, 'general.architecture') ?? '';
  const type = string(values, 'general.type');
  if (type === 'adapter') throw foreign(path, 'it holds an adapter for a model, not a model');
  if (type === 'mmproj' || architecture === 'clip') throw foreign(path, 'it holds an image projector, not a model');
  return {
    path,
    size,
    architecture,
    name: string(values, 'general.name'),
    trained: number(values, `${architecture}.context_length`),
    cacheBytes: cacheBytes(values, architecture, bytes),
    templates: [...values]
      .filter(([key]) => key.startsWith('tokenizer.chat_template'))
      .flatMap(([, value]) => (typeof value === 'string' ? [value] : [])),
    special: special(values, bytes),
  };
}

function lastOffset(cursor: Cursor, tensors: number): number {
  let last = 0;
  for (let i = 0; i < tensors; i++) {
    text(cursor);
    const dimensions = u32(cursor);
    // Dimensions are 64 bits each, then the type in 32.
    skip(cursor, dimensions * 8 + 4);
    last = Math.max(last, u64(cursor));
  }
  return last;
}

function special(values: Map<string, Value>, bytes: Buffer): GgufHeader['special'] {
  const tokens = values.get('tokenizer.ggml.tokens');
  const types = values.get('tokenizer.ggml.token_type');
  if (typeof tokens !== 'object' || typeof types !== 'object' || scalarBytes[types.type] !== 4) return [];
  const found: GgufHeader['special'] = [];
  const cursor: Cursor = { bytes, at: tokens.at };
  for (let i = 0; i < Math.min(tokens.count, types.count); i++) {
    const type = bytes.readUInt32LE(types.at + 4 * i);
    const length = u64(cursor);
    if (type === CONTROL || type === USER_DEFINED) {
      found.push({ text: bytes.toString('utf8', cursor.at, cursor.at + length), control: type === CONTROL });
    }
    skip(cursor, length);
  }
  return found;
}

function cacheBytes(values: Map<string, Value>, architecture: string, bytes: Buffer): number | undefined {
  const of = (key: string): number | undefined => number(values, `${architecture}.${key}`);
  const layers = of('block_count');
  const heads = of('attention.head_count');
  const width = of('embedding_length');
  if (layers === undefined || heads === undefined || width === undefined || heads === 0) return undefined;
  const perHead = (of('attention.key_length') ?? width / heads) + (of('attention.value_length') ?? width / heads);
  const shared = values.get(`${architecture}.attention.head_count_kv`);
  if (typeof shared === 'object' && scalarBytes[shared.type] === 4) {
    let sum = 0;
    for (let i = 0; i < shared.count; i++) sum += bytes.readUInt32LE(shared.at + 4 * i);
    return sum * perHead * 2;
  }
  return layers * (typeof shared === 'number' ? shared : heads) * perHead * 2;
}

function value(cursor: Cursor, path: string, type = u32(cursor)): Value {
  if (type === 8) return text(cursor);
  if (type === 9) return array(cursor, path);
  const { at } = cursor;
  const width = scalarBytes[type];
  if (width === undefined) throw foreign(path, `it has values of an unknown type (${type})`);
  skip(cursor, width);
  const { bytes } = cursor;
  if (type === 7) return bytes.readUInt8(at) !== 0;
  if (type === 6) return bytes.readFloatLE(at);
  if (type === 12) return bytes.readDoubleLE(at);
  if (type === 10 || type === 11) return Number(bytes.readBigInt64LE(at));
  return type % 2 === 1 ? bytes.readIntLE(at, width) : bytes.readUIntLE(at, width);
}

function array(cursor: Cursor, path: string): ArrayValue {
  const type = u32(cursor);
  const count = u64(cursor);
  const found = { type, count, at: cursor.at };
  const width = scalarBytes[type];
  if (width !== undefined) skip(cursor, width * count);
  else if (type === 8) for (let i = 0; i < count; i++) skip(cursor, u64(cursor));
  else throw foreign(path, `it has lists of an unknown type (${type})`);
  return found;
}

function skip(cursor: Cursor, count: number): void {
  if (cursor.at + count > cursor.bytes.length) throw new Short();
  cursor.at += count;
}

function u32(cursor: Cursor): number {
  const { at } = cursor;
  skip(cursor, 4);
  return cursor.bytes.readUInt32LE(at);
}

/** Counts and lengths: what is beyond 2^53 is beyond any file as well. */
function u64(cursor: Cursor): number {
  const { at } = cursor;
  skip(cursor, 8);
  return Number(cursor.bytes.readBigUInt64LE(at));
}

function text(cursor: Cursor): string {
  const length = u64(cursor);
  const { at } = cursor;
  skip(cursor, length);
  return cursor.bytes.toString('utf8', at, at + length);
}

function string(values: Map<string, Value>, key: string): string | undefined {
  const value = values.get(key);
  return typeof value === 'string' ? value : undefined;
}

function number(values: Map<string, Value>, key: string): number | undefined {
  const value = values.get(key);
  return typeof value === 'number' ? value : undefined;
}

const another = 'Choose another model (Drover: Choose Model).';

function unreadable(path: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new Problem('model_missing', `The model file ${path} is not there.`, another, 404);
  }
  return new Problem('model_unreadable', `The model file ${path} cannot be read (${code}).`, another, 400);
}

function notGguf(path: string, bytes: Buffer): Problem {
  if (bytes.length < 4) return incomplete(path, bytes.length, undefined);
  const start = bytes.toString('latin1', 0, 200);
  if (start.startsWith('version https://git-lfs')) {
    return foreign(path, 'it is the place holder of Git LFS for a file that was not fetched');
  }
  if (/^\s*<(!doctype|html)/i.test(start)) return foreign(path, 'it is a web page');
  return foreign(path, `it is no GGUF file: it begins with ${JSON.stringify(start.slice(0, 4))}`);
}

function foreign(path: string, why: string): Problem {
  return new Problem('model_foreign', `${path} is not a model that llama-server can load: ${why}.`, another, 400);
}

function incomplete(path: string, size: number, needed: number | undefined): Problem {
  const until = needed === undefined ? 'inside its header' : `of at least ${megabytes(needed)}`;
  return new Problem(
    'model_truncated',
    `The model file ${path} is incomplete: it ends after ${megabytes(size)}, ${until}.`,
    'Fetch it again, or choose another model (Drover: Choose Model).',
    400,
  );
}

/** "98.4 MB" */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
