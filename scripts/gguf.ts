// Writes GGUF files: the container of tiny models, and of adapters that tests need.

/** A value of the header. */
export type Value =
  | { type: 'u32' | 'f32'; value: number }
  | { type: 'text'; value: string }
  | { type: 'bool'; value: boolean }
  | { type: 'texts'; value: string[] }
  | { type: 'i32s'; value: number[] };

/** A matrix as llama.cpp has it: `rows` outputs of `columns` inputs each; a vector has one row. */
export interface Tensor {
  name: string;
  columns: number;
  rows: number;
  data: Float32Array;
}

const ALIGNMENT = 32;

/** GGUF version 3: header, pairs, where each tensor is, padding, tensors. */
export function container(pairs: [string, Value][], tensors: Tensor[]): Buffer {
  const head: Buffer[] = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(pairs.length)];
  for (const [key, value] of pairs) head.push(text(key), encoded(value));
  let offset = 0;
  for (const { name, columns, rows, data } of tensors) {
    const dimensions = rows === 1 ? [columns] : [columns, rows];
    head.push(text(name), u32(dimensions.length), ...dimensions.map(u64), u32(0), u64(offset));
    offset = aligned(offset + data.byteLength);
  }
  const body = tensors.map(({ data }) => padded(Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
  return Buffer.concat([padded(Buffer.concat(head)), ...body]);
}

function encoded(value: Value): Buffer {
  switch (value.type) {
    case 'u32':
      return Buffer.concat([u32(4), u32(value.value)]);
    case 'f32': {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(value.value);
      return Buffer.concat([u32(6), bytes]);
    }
    case 'bool':
      return Buffer.concat([u32(7), Buffer.from([value.value ? 1 : 0])]);
    case 'text':
      return Buffer.concat([u32(8), text(value.value)]);
    case 'texts':
      return Buffer.concat([u32(9), u32(8), u64(value.value.length), ...value.value.map(text)]);
    case 'i32s':
      return Buffer.concat([u32(9), u32(5), u64(value.value.length), ...value.value.map(u32)]);
  }
}

function aligned(count: number): number {
  return Math.ceil(count / ALIGNMENT) * ALIGNMENT;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
