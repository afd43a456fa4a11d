import { posix } from 'node:path';
import type { EngineStatus } from '../src/common/engine.ts';
import { Problem } from '../src/common/errors.ts';
import type { Event } from '../src/common/events.ts';
import { firstRun } from '../src/common/firstRun.ts';
import { stream } from '../src/node/client.ts';
import type { Discovery } from '../src/node/discovery.ts';

/** Milliseconds until the first sign of the model, and until the end of the turn. */
export interface Times {
  first: number;
  total: number;
}

/** What one turn came to. */
interface Turn {
  first: number | undefined;
  total: number;
  /** Files that the model read itself, as it wrote them. */
  read: string[];
  /** Why it did not come to its end. */
  problem: Problem | undefined;
}

export interface Asked {
  file: string;
  engine: EngineStatus;
  /** The model is noise: nothing can be expected of it. */
  noise: boolean;
}

/**
 * Asks about a file in plain words, so that the model has to read it by itself, and prints the conversation. The
 * first-run model must; of any other it is said when it did not, and the file is named with @ instead.
 * @throws Problem when a turn failed, gave no answer, or the first-run model read nothing
 */
export async function askAbout(
  discovery: Discovery,
  { file, engine, noise }: Asked,
  signal: AbortSignal,
): Promise<Times> {
  const named = `What does this file do? Answer in two sentences. @${file}`;
  if (noise) return answered(await turn(discovery, named, signal));
  const ours = engine.model?.id === firstRun.id;
  if (engine.tools !== false) {
    const plain = await turn(discovery, `What does ${file} do? Answer in two sentences.`, signal);
    const read = plain.read.some((path) => posix.normalize(path) === posix.normalize(file));
    if (ours && plain.problem === undefined && !read) throw unread(file);
    if (ours || (plain.problem === undefined && read)) return answered(plain);
    if (plain.problem) console.log(`  ${plain.problem.message}`);
    console.log(`  This model did not read ${file} by itself: it is asked again with the file named by @.`);
  } else {
    console.log('  This model calls no tools: the file is named by @.');
  }
  return answered(await turn(discovery, named, signal));
}

function unread(file: string): Problem {
  return new Problem(
    'no_read',
    `The ${firstRun.short} answered without reading ${file}.`,
    'Run it again. If that stays so, its adapter does not fit this build: `npm run model -- evaluate` measures it.',
  );
}

function answered({ first, total, problem }: Turn): Times {
  if (problem) throw problem;
  if (first === undefined) {
    throw new Problem('no_answer', 'The model gave no answer.', 'Run it again, or with another --model.');
  }
  return { first, total };
}

/** Sends a message in a chat of its own and prints what comes of it. */
async function turn(discovery: Discovery, message: string, signal: AbortSignal): Promise<Turn> {
  const began = performance.now();
  console.log(`  Question: ${message}`);
  const body = { message, agent_type: 'coding', asks: 'deny' as const };
  const reading = new Map<string, string>();
  const read: string[] = [];
  let first: number | undefined;
  let problem: Problem | undefined;
  let end: (Event & { type: 'turn.end' }) | undefined;
  for await (const { event } of stream(discovery, 'chatStream', { body, signal })) {
    if (event.type === 'text' || event.type === 'reasoning' || event.type === 'call')
      first ??= performance.now() - began;
    if (event.type === 'tool.start' && event.tool === 'file_read' && event.origin === 'model') {
      for (const effect of event.effects) if (effect.kind === 'read') reading.set(event.call, effect.path);
    }
    const path = event.type === 'tool.end' && event.outcome === 'ok' ? reading.get(event.call) : undefined;
    if (path !== undefined) read.push(path);
    if (event.type === 'error') problem = new Problem(event.problem.code, event.problem.message, event.problem.advice);
    if (event.type === 'turn.end') end = event;
    print(event);
  }
  const total = performance.now() - began;
  if (end?.reason === 'done') return { first, total, read, problem: undefined };
  problem ??= new Problem('turn', 'The turn did not come to its end.', 'Run it again.');
  return { first, total, read, problem };
}

function print(event: Event): void {
  if (event.type === 'tool.start') {
    console.log(`  ${event.title.verb} ${event.title.object}: ${event.verdict.decision} (${event.verdict.reason})`);
  }
  if (event.type === 'tool.end') {
    console.log(`    ${event.outcome === 'ok' ? event.summary : (event.text.split('\n')[0] ?? event.summary)}`);
  }
  if (event.type === 'assistant' && event.text.trim() !== '') console.log(`  Answer: ${inShort(event.text)}`);
}

/** At most 500 characters of it, indented. */
function inShort(text: string): string {
  const whole = text.trim();
  const shown = whole.length > 500 ? `${whole.slice(0, 500)} …` : whole;
  return shown.replaceAll('\n', '\n  ');
}
