import type * as PromClient from 'prom-client';
import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { readingOf } from '../src/common/reading.ts';
import { unreachable } from '../src/common/unreachable.ts';
import { agentOf, workspaceOf } from '../src/common/chatFacts.ts';
import type { LoggedEvent, Times, Usage } from '../src/common/events.ts';
import type { FromAgent } from '../src/common/ipc.ts';
import { tools } from '../src/node/tools/list.ts';
import type { Agents } from './agents.ts';

/** What is read at the moment of a scrape. */
export interface Now {
  /** Requests that wait for a slot, by agent; those that have one, and all slots. */
  waiting: ReadonlyMap<string, number>;
  busy: number;
  slots: number;
  ready: boolean;
  /** Chats by state. */
  chats: { [state: string]: number };
  /** Live agent processes. */
  agents: number;
}

type Prom = typeof PromClient;
type Events = readonly LoggedEvent[];
type Known = Pick<Agents, 'names' | 'knows'>;

/** The label of names that nobody but a model has thought of, or that have no file any more. */
const OTHER = 'other';
/** The second model, where an agent is named. */
const JUDGE = 'judge';

/** Upper bounds in seconds: from a tool that only looks to a long turn on a small machine. */
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 1800];

/**
 * Counters of this supervisor since it started, for Prometheus. They come from the events that pass through, so a scrape
 * asks no engine and wakes none. Names are listed in docs/metrics.md.
 */
export class Metrics {
  private readonly known: Known;
  private counts: Counts | undefined;
  /** What happened before the library was there: it is loaded when the supervisor already listens. */
  private early: ((counts: Counts) => void)[] = [];
  private loading: Promise<void> | undefined;

  constructor(known: Known) {
    this.known = known;
  }

  load(): Promise<void> {
    this.loading ??= this.begin();
    return this.loading;
  }

  private async begin(): Promise<void> {
    const counts = new Counts(await import('prom-client'), this.known);
    this.counts = counts;
    for (const work of this.early) work(counts);
    this.early = [];
  }

  /** Counts an event that was just logged; `events` are all of its chat, with it. */
  event(event: LoggedEvent, events: Events): void {
    // What is counted later is counted as it was now.
    const now = this.counts ? events : [...events];
    this.count((counts) => counts.event(event, now));
  }

  /** A request to the model that judges. */
  judged(request: Omit<FromAgent & { type: 'judged' }, 'type'>): void {
    this.count((counts) => counts.judged(request));
  }

  /** A process that had been running was started again; of an agent with the events of its chat. */
  restart(part: 'agent', events: Events): void;
  restart(part: 'engine'): void;
  restart(part: 'agent' | 'engine', events?: Events): void {
    this.count((counts) => counts.restart(part, events));
  }

  /** The text that Prometheus reads. */
  async text(now: Now): Promise<{ text: string; type: string }> {
    await this.load();
    const counts = this.counts as Counts;
    counts.now(now);
    return { text: await counts.registry.metrics(), type: counts.registry.contentType };
  }

  private count(work: (counts: Counts) => void): void {
    if (this.counts) work(this.counts);
    else this.early.push(work);
  }
}

class Counts {
  readonly registry: Registry;
  private readonly prom: Prom;
  private readonly known: Known;
  private readonly restarts: Counter;
  private readonly turns: Counter;
  private readonly turnSeconds: Histogram;
  private readonly queueSeconds: Histogram;
  private readonly firstSeconds: Histogram;
  private readonly toolSeconds: Histogram;
  private readonly toolCalls: Counter;
  private readonly tokens: Counter;
  private readonly interjections: Counter;
  private readonly answers: Counter;
  private readonly errors: Counter;
  private readonly gauges: { [K in Exclude<keyof Now, 'chats' | 'waiting'>]: Gauge };
  private readonly waiting: Gauge;
  private readonly chats: Gauge;

  constructor(prom: Prom, known: Known) {
    this.prom = prom;
    this.known = known;
    this.registry = new prom.Registry();
    this.turns = this.counter('turns_total', 'Turns that ended.', ['agent', 'reason']);
    this.turnSeconds = this.histogram('turn_seconds', 'How long turns took.', ['agent']);
    this.queueSeconds = this.histogram('queue_wait_seconds', 'How long model calls waited for a slot.', ['agent']);
    this.firstSeconds = this.histogram('first_token_seconds', 'From sending a model call to its first token.', [
      'agent',
    ]);
    this.toolSeconds = this.histogram('tool_seconds', 'How long tools ran.', ['agent', 'tool']);
    this.toolCalls = this.counter('tool_calls_total', 'Calls of tools by how they ended.', [
      'agent',
      'tool',
      'outcome',
    ]);
    this.tokens = this.counter(
      'tokens_total',
      'Tokens of model calls: in (new to the chat), reread (read again), cached (not read again), out (written).',
      ['agent', 'kind'],
    );
    this.interjections = this.counter('interjections_total', 'How often policies stepped in.', [
      'agent',
      'policy',
      'grade',
    ]);
    this.answers = this.counter('approvals_total', 'Answers to questions.', ['agent', 'answer', 'by']);
    this.errors = this.counter('errors_total', 'Problems told in chats.', ['agent', 'code']);
    this.restarts = this.counter('restarts_total', 'Processes that were started again.', ['part', 'agent']);
    this.waiting = this.gauge('queue_depth', 'Model calls that wait for a slot.', ['agent']);
    this.gauges = {
      busy: this.gauge('slots_busy', 'Slots that are taken.'),
      slots: this.gauge('slots', 'Slots of the engine; 0 where it is not known yet.'),
      ready: this.gauge('engine_ready', '1 when the engine can answer.'),
      agents: this.gauge('agents', 'Live agent processes.'),
    };
    this.chats = this.gauge('chats', 'Chats by state.', ['state']);
  }

  now({ chats, waiting, ...numbers }: Now): void {
    // An agent for which nobody waits any more is at 0, not gone.
    for (const agent of new Set([...this.known.names, ...waiting.keys()])) {
      this.waiting.set({ agent }, waiting.get(agent) ?? 0);
    }
    this.gauges.busy.set(numbers.busy);
    this.gauges.slots.set(numbers.slots);
    this.gauges.ready.set(numbers.ready ? 1 : 0);
    this.gauges.agents.set(numbers.agents);
    this.chats.reset();
    for (const [state, count] of Object.entries(chats)) this.chats.set({ state }, count);
  }

  event(event: LoggedEvent, events: Events): void {
    switch (event.type) {
      case 'assistant':
        return this.answer(event, events);
      case 'tool.end': {
        // The agent that called, also where the call hands over to another one.
        const agent = this.speaker(events.slice(0, -1));
        const tool = toolLabel(event.tool);
        this.toolCalls.inc({ agent, tool, outcome: event.outcome });
        if (event.ms !== undefined) this.toolSeconds.observe({ agent, tool }, event.ms / 1000);
        return;
      }
      case 'answer':
        this.answers.inc({ agent: this.speaker(events), answer: event.answer, by: event.by });
        return;
      case 'interjection':
        this.interjections.inc({ agent: this.speaker(events), policy: event.policy, grade: event.grade });
        return;
      case 'error':
        this.errors.inc({ agent: this.speaker(events), code: event.problem.code });
        return;
      case 'turn.end': {
        const agent = this.speaker(events);
        this.turns.inc({ agent, reason: event.reason });
        this.turnSeconds.observe({ agent }, event.seconds);
        return;
      }
      case 'chat':
      case 'chat.edit':
      case 'user':
      case 'trust':
      case 'role':
      case 'turn.start':
      case 'turn.parked':
      case 'turn.resumed':
      case 'tool.start':
      case 'child':
      case 'ask':
      case 'undo':
      case 'inbox.put':
      case 'inbox.change':
      case 'inbox.withdraw':
      case 'steered':
      case 'interjected':
      case 'interjection.answer':
        return;
      default:
        return unreachable(event);
    }
  }

  judged({ times, usage, problem }: Parameters<Metrics['judged']>[0]): void {
    this.request(JUDGE, times, usage, undefined);
    if (problem) this.errors.inc({ agent: JUDGE, code: problem.code });
  }

  restart(part: 'agent' | 'engine', events: Events | undefined): void {
    this.restarts.inc({ part, ...(events ? { agent: this.speaker(events) } : {}) });
  }

  private speaker(events: Events): string {
    return this.agentLabel(agentOf(events), events);
  }

  private agentLabel(name: string, events: Events): string {
    return this.known.knows(name, workspaceOf(events)) ? name : OTHER;
  }

  private answer(event: LoggedEvent & { type: 'assistant' }, events: Events): void {
    const { agent, times, usage } = event;
    const before = events.findLast((past) => past !== event && past.type === 'assistant' && past.usage !== undefined);
    this.request(this.agentLabel(agent, events), times, usage, before?.type === 'assistant' ? before.usage : undefined);
  }

  private request(agent: string, times: Times | undefined, usage: Usage | undefined, before: Usage | undefined): void {
    if (times) this.queueSeconds.observe({ agent }, times.queue / 1000);
    if (times?.first !== undefined) this.firstSeconds.observe({ agent }, times.first / 1000);
    if (!usage) return;
    const { fresh, reread } = readingOf(usage, before);
    this.tokens.inc({ agent, kind: 'in' }, fresh);
    this.tokens.inc({ agent, kind: 'reread' }, reread);
    this.tokens.inc({ agent, kind: 'cached' }, usage.cached ?? 0);
    this.tokens.inc({ agent, kind: 'out' }, usage.completion);
  }

  private counter(name: string, help: string, labelNames: string[]): Counter {
    return new this.prom.Counter({ name: `drover_${name}`, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new this.prom.Gauge({ name: `drover_${name}`, help, labelNames, registers: [this.registry] });
  }

  private histogram(name: string, help: string, labelNames: string[]): Histogram {
    const registers = [this.registry];
    return new this.prom.Histogram({ name: `drover_${name}`, help, labelNames, buckets: SECONDS, registers });
  }
}

/** A tool's own name, whatever else a model calls it. */
function toolLabel(named: string): string {
  return tools.find(({ name, otherNames }) => name === named || otherNames?.test(named) === true)?.name ?? OTHER;
}
