import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { container, type Tensor, type Value } from '../../scripts/gguf.ts';
import { testFolder } from './engine.ts';
import { cli } from './supervisor.ts';

/** The shape of the model that an adapter is for; llama-server refuses one of another width. */
interface Shape {
  layers: number;
  width: number;
}

const smollm2: Shape = { layers: 30, width: 576 };
/** Of the models of tinyModel.ts. */
export const tiny: Shape = { layers: 2, width: 64 };

/** Writes a LoRA adapter of rank 1 for the query projections that changes nothing: its second factor is zero. */
export async function writeAdapter(path: string, { layers, width }: Shape = smollm2): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const words = (value: string): Value => ({ type: 'text', value });
  const pairs: [string, Value][] = [
    ['general.architecture', words('llama')],
    ['general.type', words('adapter')],
    ['general.name', words('No effect')],
    ['adapter.type', words('lora')],
    ['adapter.lora.alpha', { type: 'f32', value: 1 }],
  ];
  const tensors = Array.from({ length: layers }, (_, layer): Tensor[] => {
    const name = `blk.${layer}.attn_q.weight`;
    return [
      { name: `${name}.lora_a`, columns: width, rows: 1, data: new Float32Array(width).fill(0.01) },
      { name: `${name}.lora_b`, columns: 1, rows: width, data: new Float32Array(width) },
    ];
  });
  await writeFile(path, container(pairs, tensors.flat()));
  return path;
}

/** A copy of the built product with another adapter in it. @returns its command-line program */
export async function productWith(adapter: (file: string) => Promise<unknown>): Promise<string> {
  // A comma is what separates adapters on the command line of llama-server.
  const folder = join(await testFolder(), 'drover, copied');
  const dist = dirname(cli);
  await cp(dist, join(folder, 'dist'), { recursive: true });
  await cp(join(dirname(dist), 'prompts'), join(folder, 'prompts'), { recursive: true });
  await adapter(join(folder, 'dist', 'first-run.gguf'));
  return join(folder, 'dist', 'cli.js');
}
