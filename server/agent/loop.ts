import type { ChatCompletionTool } from 'openai/resources';
import type { Endpoint } from '../../src/common/engine.ts';
import { asProblem, Problem } from '../../src/common/errors.ts';
import type { Event, LoggedEvent, ToolCall, Usage } from '../../src/common/events.ts';
import type { Boundary, Telling } from '../../src/common/interjections.ts';
import { type Mention, mentions } from '../../src/common/mentions.ts';
import type { Message } from '../../src/common/transcript.ts';
import { type Completion, complete, emptyCompletion } from './model.ts';
import { Queue } from './queue.ts';

/** A call as `runTool` takes it. */
export interface Call extends ToolCall {
  origin: 'model' | 'mention';
}

/** What the loop is given. It knows nothing of processes, HTTP to the supervisor, or files. */
export interface LoopDeps {
  turn: number;
  /** Who speaks: it changes in the middle of a turn when the chat is handed over. */
  agent(): string;
  /** @throws Problem when there is no such agent any more */
  checkAgent(): void;
  signal: AbortSignal;
  /** The chat as messages, from the events so far. */
  messages(endpoint: Endpoint): Message[];
  tools(endpoint: Endpoint): ChatCompletionTool[];
  /** Waits for the permission to send one request; `waited`: milliseconds in the line for a slot. @throws Problem */
  lease(
    signal: AbortSignal,
  ): Promise<{ endpoint: Endpoint; waited: number; release: (usage?: Usage, problem?: Problem) => void }>;
  /** Runs one call through the gate; its events are given to `emit`. Never throws. */
  run(call: Call, emit: (event: Event) => void): Promise<void>;
  /** Files that are read at the head of the first turn. */
  preamble(): Promise<string[]>;
  /** Has a second model judge, where that is wanted and due. Never throws but for the signal. */
  judge(): Promise<void>;
  /** Waits while the chat is paused. */
  unpaused(): Promise<unknown>;
  /** What the agent is to be told now; waits while the chat is paused. */
  boundary(at: Boundary): Promise<{ steers: { item: string; text: string }[]; tellings: Telling[] }>;
  /** The last message of the model asked for no call: the turn would end with it. */
  answered(): boolean;
  /** A call id that this chat has not used. Nine letters and digits, which every template accepts. */
  newId(): string;
}

/** Model calls in one turn; more is a loop and not work. */
const MOST_CALLS = 150;

/** What another process had done of a turn before its model was asked: seconds it took, files that it read. */
export interface Before {
  seconds: number;
  started: boolean;
  read: number;
}

interface State {
  deps: LoopDeps;
  started: number;
  read: number;
  prompt: number;
  perSecond: number | undefined;
}

/**
 * One turn: from the person's message until the agent is silent again. The only loop there is; every consumer drains
 * these events. Ends with `turn.end`, whatever happened.
 */
export async function* runTurn(
  deps: LoopDeps,
  user: LoggedEvent & { type: 'user' },
  before: Before = { seconds: 0, started: false, read: 0 },
): AsyncGenerator<Event> {
  const state = begin(deps, before.seconds);
  if (!before.started) yield { type: 'turn.start', turn: deps.turn, agent: deps.agent() };
  yield* untilEnd(state, async function* () {
    deps.checkAgent();
    yield* readMentions(deps, user.text, before.read);
    yield* listen(deps, 'start');
    yield* converse(state);
  });
}

/** The rest of a turn that another process had begun: the calls that are left, then on as ever. */
export async function* resumeTurn(deps: LoopDeps, calls: ToolCall[], seconds: number): AsyncGenerator<Event> {
  const state = begin(deps, seconds);
  yield* untilEnd(state, async function* () {
    yield* act(state, calls);
    deps.checkAgent();
    const answered = deps.answered();
    const told = yield* answered ? listen(deps, 'end') : listen(deps, 'step', calls.at(-1)?.id);
    if (told || !answered) yield* converse(state);
  });
}

function begin(deps: LoopDeps, seconds: number): State {
  return { deps, started: performance.now() - seconds * 1000, read: 0, prompt: 0, perSecond: undefined };
}

async function* untilEnd(state: State, work: () => AsyncGenerator<Event>): AsyncGenerator<Event> {
  const { deps } = state;
  let reason: 'done' | 'cancelled' | 'failed' = 'done';
  try {
    yield* work();
  } catch (error) {
    reason = deps.signal.aborted ? 'cancelled' : 'failed';
    if (reason === 'failed') yield { type: 'error', problem: asProblem(error).info };
  }
  yield {
    type: 'turn.end',
    turn: deps.turn,
    reason,
    seconds: (performance.now() - state.started) / 1000,
    ...(state.prompt > 0 ? { read: state.read, prompt: state.prompt } : {}),
    ...(state.perSecond === undefined ? {} : { perSecond: state.perSecond }),
  };
}

/** Drover itself reads the files that a message names, so that a model that calls no tool can explain them. */
async function* readMentions(deps: LoopDeps, text: string, read: number): AsyncGenerator<Event> {
  const wanted = [...(await deps.preamble()).map((path) => ({ path })), ...mentions(text)];
  yield* readFiles(deps, wanted.slice(read));
}

async function* readFiles(deps: LoopDeps, wanted: readonly Mention[]): AsyncGenerator<Event> {
  for (const { path, start, end } of wanted) {
    deps.signal.throwIfAborted();
    const lines = start === undefined ? {} : { start_line: start, max_lines: (end ?? start) - start + 1 };
    const call = { id: deps.newId(), name: 'file_read', arguments: JSON.stringify({ path, ...lines }) };
    yield* runOne(deps, { ...call, origin: 'mention' });
  }
}

async function* converse(state: State): AsyncGenerator<Event> {
  for (let step = 0; step < MOST_CALLS; step++) {
    const calls = yield* speak(state);
    if (calls.length > 0) yield* act(state, calls);
    const told = yield* calls.length > 0 ? listen(state.deps, 'step', calls.at(-1)?.id) : listen(state.deps, 'end');
    if (calls.length === 0 && !told) return;
  }
  throw new Problem(
    'too_many_steps',
    `The agent made ${MOST_CALLS} model calls in one turn without coming to an end.`,
    'Say more narrowly what is wanted, then send it again.',
  );
}

/** Takes in what the person and the supervisor have said meanwhile. @returns whether there was anything. */
async function* listen(deps: LoopDeps, at: Boundary, call?: string): AsyncGenerator<Event, boolean> {
  if (at === 'step') await deps.judge();
  const { steers, tellings } = await deps.boundary(at);
  deps.signal.throwIfAborted();
  const place = call === undefined ? {} : { call };
  for (const { item, text } of steers) {
    yield* readFiles(deps, mentions(text));
    yield { type: 'steered', item, text, ...place };
  }
  for (const telling of tellings) yield { type: 'interjected', ...telling, ...place };
  deps.signal.throwIfAborted();
  return steers.length + tellings.length > 0;
}

/** One model call: a lease, the stream, the message that is logged. @returns the calls it asks for. */
async function* speak(state: State): AsyncGenerator<Event, ToolCall[]> {
  const { deps } = state;
  const asked = performance.now();
  const { endpoint, waited: queue, release } = await deps.lease(deps.signal);
  const partial = emptyCompletion();
  const request = { endpoint, messages: deps.messages(endpoint), tools: deps.tools(endpoint), signal: deps.signal };
  let failure: Problem | undefined;
  try {
    yield* complete(request, partial);
  } catch (error) {
    failure = deps.signal.aborted ? undefined : asProblem(error);
    const finish = deps.signal.aborted ? 'cancelled' : 'failed';
    yield { ...answer(deps, endpoint, partial, []), finish };
    throw error;
  } finally {
    // Also when the consumer of this generator goes away.
    release(partial.usage, failure);
  }
  count(state, partial);
  const calls = wholeCalls(partial).map((call) => ({ id: deps.newId(), ...call }));
  const total = performance.now() - asked;
  const times = {
    queue,
    total,
    ...(partial.first === undefined ? {} : { first: partial.first }),
    ...(partial.perSecond === undefined ? {} : { perSecond: partial.perSecond }),
  };
  yield { ...answer(deps, endpoint, partial, calls), times };
  if (partial.finish === 'length') yield { type: 'error', problem: cutOff(partial).info };
  return calls;
}

function answer(
  deps: LoopDeps,
  endpoint: Endpoint,
  partial: Completion,
  calls: ToolCall[],
): LoggedEvent & { type: 'assistant' } {
  return {
    type: 'assistant',
    agent: deps.agent(),
    text: partial.text,
    ...(partial.reasoning === '' ? {} : { reasoning: partial.reasoning }),
    calls,
    finish: partial.finish,
    model: endpoint.model,
    ...(partial.usage ? { usage: partial.usage } : {}),
  };
}

/** A call that length cut off is broken, or may be: it is neither run nor replayed. */
function wholeCalls(partial: Completion): { name: string; arguments: string }[] {
  const calls = partial.calls.filter(({ name, arguments: text }) => name !== '' || text !== '');
  return partial.finish === 'length' ? calls.slice(0, -1) : calls;
}

function cutOff(partial: Completion): Problem {
  const what = partial.calls.length > 0 ? 'a tool call, which was not run' : 'the answer';
  return new Problem(
    'cut_off',
    `The model reached its limit in the middle of ${what}.`,
    'Say "go on", or begin a new chat if this one has grown long.',
  );
}

function count(state: State, { usage, perSecond }: Completion): void {
  if (usage) {
    state.read += usage.prompt - (usage.cached ?? 0);
    state.prompt = usage.prompt;
  }
  if (perSecond !== undefined) state.perSecond = perSecond;
}

async function* act({ deps }: State, calls: ToolCall[]): AsyncGenerator<Event> {
  for (const call of calls) {
    if (!deps.signal.aborted) await deps.unpaused();
    if (deps.signal.aborted) yield notRun(call);
    else yield* runOne(deps, { ...call, origin: 'model' });
  }
}

function notRun({ id, name }: ToolCall): LoggedEvent {
  const text = 'Not run: the person stopped the turn.';
  return { type: 'tool.end', call: id, tool: name, outcome: 'skipped', text, summary: 'stopped', origin: 'model' };
}

async function* runOne(deps: LoopDeps, call: Call): AsyncGenerator<Event> {
  const events = new Queue<Event>();
  yield* events.during(deps.run(call, (event) => events.push(event)));
}
