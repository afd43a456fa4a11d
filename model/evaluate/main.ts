// `node model/evaluate/main.ts`: how well the first-run model does on workspaces and wordings it was not trained on.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { onInterrupt } from '../../scripts/interrupt.ts';
import { orUsage } from '../../scripts/options.ts';
import { managedFolder } from '../../src/node/folders.ts';
import { faultsOf } from './checks.ts';
import { evaluate, type Result } from './evaluate.ts';
import { freePython } from './free/python.ts';
import { freeTypescript } from './free/typescript.ts';
import { knownRequests } from './known/requests.ts';
import { judgeAgain, kept } from './report.ts';
import type { EvaluationRequest } from './request.ts';
import type { Subject } from './supervisor.ts';
import { failures, scoresOf, shortcomings, table } from './table.ts';

const usage = `node model/evaluate/main.ts [OPTIONS]: asks the first-run model and judges what it does

  --model FILE        another GGUF (default: the base of the first-run model)
  --adapter FILE      another adapter (default: the one that is shipped)
  --base              the base model without an adapter as well, beside it in the table
  --only NAME         only this kind, set (known, free), language (typescript, python) or request; may be repeated
  --wording WHICH     known requests in wordings that were held back (held, the default) or taught
  --parallel N        requests at once (default 2)
  --limit SECONDS     for one message (default 180)
  --report FILE       where all of it is written (default model/build/evaluation.json)
  --judge FILE        judges the transcripts of a report again; nothing is asked
  --endpoint URL      asks a model server that already runs
  --no-threshold      exit code 0 whatever the scores

Exit code 1 when the scores are below what the shipped model has to reach.`;

const options = {
  model: { type: 'string' },
  adapter: { type: 'string' },
  base: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] as string[] },
  wording: { type: 'string', default: 'held' },
  parallel: { type: 'string', default: '2' },
  limit: { type: 'string', default: '180' },
  report: { type: 'string' },
  judge: { type: 'string' },
  endpoint: { type: 'string' },
  'no-threshold': { type: 'boolean', default: false },
} as const;

interface Asked {
  requests: EvaluationRequest[];
  subject: Subject;
  base: Subject | undefined;
  parallel: number;
  /** Milliseconds. */
  limit: number;
  report: string;
  judge: string | undefined;
  threshold: boolean;
}

const root = join(import.meta.dirname, '..', '..');
const cli = join(root, 'dist', 'cli.js');
/** How Drover ran it before it had an adapter: with less it says the same for ever. An answer has at most 512 tokens. */
const plainSampling =
  '--temp 0.3 --seed 1 --repeat-penalty 1.1 --repeat-last-n 256 --dry-multiplier 0.8 --predict 512'.split(' ');

const asked = orUsage(read, usage);
const interrupt = onInterrupt();
process.exitCode = await main(asked, interrupt.signal);

function read(): Asked {
  const { values } = parseArgs({ options, strict: true, allowPositionals: false });
  const { wording, model, adapter, endpoint, only } = values;
  if (wording !== 'held' && wording !== 'taught') throw new Error(`--wording is ${wording}; it can be held or taught`);
  const all = [...knownRequests(wording), ...freeTypescript, ...freePython];
  const requests = only.length === 0 ? all : all.filter((request) => only.some((name) => isNamed(request, name)));
  if (requests.length === 0) throw new Error(`--only names no request: ${only.join(', ')}`);
  const gguf = resolve(model ?? join(managedFolder(process.env), 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf'));
  const base: Subject = { type: 'file', model: gguf, link: true, sampling: plainSampling };
  return {
    requests,
    subject: subjectOf(gguf, { model, adapter, endpoint }),
    base: values.base ? base : undefined,
    parallel: whole('parallel', values.parallel),
    limit: whole('limit', values.limit) * 1000,
    report: resolve(values.report ?? join(root, 'model', 'build', 'evaluation.json')),
    judge: values.judge === undefined ? undefined : resolve(values.judge),
    threshold: !values['no-threshold'],
  };
}

function subjectOf(
  gguf: string,
  {
    model,
    adapter,
    endpoint,
  }: { model?: string | undefined; adapter?: string | undefined; endpoint?: string | undefined },
): Subject {
  if (endpoint !== undefined) return { type: 'endpoint', url: endpoint };
  if (model === undefined && adapter === undefined) return { type: 'first-run' };
  const lora = adapter === undefined ? undefined : resolve(adapter);
  for (const file of [gguf, lora]) if (file !== undefined && !existsSync(file)) throw new Error(`${file} is not there`);
  return {
    type: 'file',
    model: gguf,
    link: true,
    sampling: ['--temp', '0'],
    ...(lora === undefined ? {} : { adapter: lora }),
  };
}

function isNamed({ id, kind, set, workspace }: EvaluationRequest, name: string): boolean {
  return [id, kind, set, workspace].includes(name);
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} is ${text}; it must be a whole number from 1`);
}

async function main(asked: Asked, signal: AbortSignal): Promise<number> {
  const { requests, report, judge } = asked;
  const { model, base } = judge === undefined ? await ask(asked, signal) : judgeAgain(judge, requests);
  const scores = scoresOf(model);
  console.log(`\n${table(scores, base === undefined ? undefined : scoresOf(base))}`);
  const failed = failures(model);
  console.log(failed.length === 0 ? '\nAll requests are right.' : `\nWhat was wrong:\n${failed.join('\n')}`);
  if (judge === undefined) {
    write(report, model, base);
    console.log(`\nWritten to ${report}`);
  }
  if (signal.aborted) {
    console.error('Interrupted: only what was asked until then is counted.');
    return 130;
  }
  const short = asked.threshold ? shortcomings(scores) : [];
  for (const sentence of short) console.error(sentence);
  return short.length === 0 ? 0 : 1;
}

async function ask(
  { requests, subject, base, parallel, limit }: Asked,
  signal: AbortSignal,
): Promise<{ model: Result[]; base?: Result[] }> {
  if (!existsSync(cli)) throw new Error(`${cli} is not there: run \`npm run build\` first`);
  console.log(`${requests.length} requests, ${parallel} at once, on ${cpus().length} processors`);
  const run = (which: Subject, name: string): Promise<Result[]> =>
    evaluate(requests, which, {
      cli,
      parallel,
      limit,
      signal,
      told: (result, count) => console.log(told(result, `${name}${count}/${requests.length}`)),
    });
  const model = await run(subject, '');
  return base === undefined || signal.aborted ? { model } : { model, base: await run(base, 'base ') };
}

function told({ request, turns, judgement }: Result, count: string): string {
  const [first, ...more] = faultsOf(judgement);
  const seconds = turns.reduce((sum, turn) => sum + turn.seconds, 0);
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const verdict = first === undefined ? 'right' : `WRONG ${first.replace(/\s+/g, ' ').slice(0, 160)}${rest}`;
  return `${count.padStart(12)}  ${request.id.padEnd(36)} ${seconds.toFixed(1).padStart(6)} s  ${verdict}`;
}

function write(file: string, model: readonly Result[], base: readonly Result[] | undefined): void {
  const faults = ({ judgement }: Result): string[] => faultsOf(judgement);
  const content = { model: kept(model, faults), ...(base === undefined ? {} : { base: kept(base, faults) }) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`);
}
