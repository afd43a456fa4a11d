import type { Exit } from '../../src/node/spawn.ts';
import { Problem } from '../../src/common/errors.ts';

/** `memory` is the one that a smaller context may mend; trying again as before mends none of the named ones. */
export type FailureKind = 'flag' | 'port' | 'backend' | 'adapter' | 'memory' | 'old' | 'model' | 'other';

const patterns: [FailureKind, RegExp][] = [
  ['flag', /invalid argument: |error while handling argument |unknown argument: /],
  ['port', /couldn't bind .*socket|address already in use/i],
  ['backend', /no backends are loaded/],
  // Before `memory`: the lines that follow speak of a context that failed.
  ['adapter', /lora_init\w*: failed|failed to (?:apply|load) lora adapter/],
  [
    'memory',
    /insufficient memory|out of memory|failed to allocate|unable to allocate|bad_alloc|cudaMalloc failed|OutOfDeviceMemory|failed to create context/i,
  ],
  ['old', /unknown model architecture|unsupported model architecture|unknown pre-tokenizer type/],
  ['model', /not within the file bounds|corrupted or incomplete|error loading model|invalid magic/],
];

/** How a start failed, and the line that says so, from what the server wrote. */
export function classify(lines: string[], exit: Exit): { kind: FailureKind; line: string } {
  for (const [kind, pattern] of patterns) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return { kind, line: plain(line) };
  }
  const last = lines.findLast((line) => /\bE\b|error/.test(line)) ?? lines.at(-1);
  return { kind: 'other', line: last === undefined ? howItEnded(exit) : plain(last) };
}

/** "it ended with code 1", "it was ended by SIGKILL" */
export function howItEnded({ code, signal }: Exit): string {
  return signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
}

/** Without the time, level and source that the log puts in front. */
function plain(line: string): string {
  return line
    .replace(/^\d+(?:\.\d+)+\s+[A-Z]\s+/, '')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 300);
}

/** The files that a start was about. */
interface Files {
  model: string;
  /** The one of Drover's own; undefined: none, or the person's in drover.engine.args. */
  adapter: string | undefined;
  log: string;
}

export function startProblem(failure: ReturnType<typeof classify>, { model, adapter, log }: Files): Problem {
  const { kind, line } = failure;
  const fail = (code: string, message: string, advice: string): Problem => new Problem(code, message, advice, 503);
  switch (kind) {
    case 'flag':
      return fail(
        'server_flag',
        `llama-server refused its arguments: ${line}.`,
        'Correct the setting drover.engine.args.',
      );
    case 'port':
      return fail(
        'server_port',
        `llama-server could not listen on this machine: ${line}.`,
        'Remove --host and --port from drover.engine.args, then start the engine again.',
      );
    case 'backend':
      return fail(
        'server_backend',
        `This llama-server has no part that computes: ${line}.`,
        'Install llama.cpp again; its back-end libraries are missing.',
      );
    case 'adapter':
      return adapterProblem(line, model, adapter);
    case 'memory':
      return fail(
        'memory',
        `There is not enough memory for ${model}: ${line}.`,
        'Choose a smaller model, or set drover.engine.context or drover.engine.slots to less.',
      );
    case 'old':
      return fail(
        'server_old',
        `This llama-server does not know the kind of model in ${model}: ${line}.`,
        'Install a newer llama.cpp, or choose another model (Drover: Choose Model).',
      );
    case 'model':
      return fail(
        'model_damaged',
        `llama-server could not load ${model}: ${line}.`,
        'Fetch it again, or choose another model (Drover: Choose Model).',
      );
    case 'other':
      return fail('server_failed', `llama-server could not be started: ${line}.`, `Its log is ${log}.`);
  }
}

function adapterProblem(line: string, model: string, adapter: string | undefined): Problem {
  const why = line.replace(/^\w+: /, '');
  if (adapter === undefined) {
    const message = `llama-server refused an adapter: ${why}.`;
    return new Problem('server_flag', message, 'Correct the setting drover.engine.args.', 503);
  }
  const message = `llama-server refused the adapter ${adapter} for ${model}: ${why}.`;
  const advice = /wrong base model|incorrect shape|does not exist in base model|arch mismatch/.test(line)
    ? `${model} is not the file that the adapter was made for: remove it and fetch it again (Drover: Choose Model).`
    : 'The adapter is damaged: install Drover again, or choose another model (Drover: Choose Model).';
  return new Problem('adapter_refused', message, advice, 503);
}
