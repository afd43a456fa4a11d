import type * as PromClient from 'prom-client';
import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { readingOf } from '../src/common/reading.ts';
import { unreachable } from '../src/common/unreachable.ts';
import { agentOf } from '../src/common/chatFacts.ts';
import type { LoggedEvent } from '../src/common/events.ts';

/** What is read at the moment of a scrape. */
export interface Now {
  /** Requests that wait for a slot, those that have one, and all slots. */
  waiting: number;
  busy: number;
  slots: number;
  ready: boolean;
  /** Chats by state. */
  chats: { [state: string]: number };
  /** Live agent processes. */
  agents: number;
}

type Prom = typeof PromClient;

/** Upper bounds in seconds: from a tool that only looks to a long turn on a small machine. */
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 1800];

/**
 * Counters of this supervisor since it started, for Prometheus. They come from the events that pass through, so a scrape
 * asks no engine and wakes none. Names are listed in docs/metrics.md.
 */
export class Metrics {
  private counts: Counts | undefined;
  /** What happened before the library was there: it is loaded when the supervisor already listens. */
  private early: ((counts: Counts) => void)[] = [];
  private loading: Promise<void> | undefined;

  load(): Promise<void> {
    this.loading ??= this.begin();
    return this.loading;
  }

  private async begin(): Promise<void> {
    const counts = new Counts(await import('prom-client'));
    this.counts = counts;
    for (const work of this.early) work(counts);
    this.early = [];
  }

  /** Counts an event that was just logged; `events` are all of its chat, with it. */
  event(event: LoggedEvent, events: readonly LoggedEvent[]): void {
    this.count((counts) => counts.event(event, events));
  }

  /** A process that had been running was started again. */
  restart(part: 'agent' | 'engine'): void {
    this.count((counts) => counts.restarts.inc({ part }));
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
  readonly restarts: Counter;
  private readonly prom: Prom;
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
  private readonly gauges: { [K in Exclude<keyof Now, 'chats'>]: Gauge };
  private readonly chats: Gauge;

  constructor(prom: Prom) {
    this.prom = prom;
    this.registry = new prom.Registry();
    this.turns = this.counter('turns_total', 'Turns that ended.', ['agent', 'reason']);
    this.turnSeconds = this.histogram('turn_seconds', 'How long turns took.', ['agent']);
    this.queueSeconds = this.histogram('queue_wait_seconds', 'How long model calls waited for a slot.', ['agent']);
    this.firstSeconds = this.histogram('first_token_seconds', 'From sending a model call to its first token.', [
      'agent',
    ]);
    this.toolSeconds = this.histogram('tool_seconds', 'How long tools ran.', ['tool']);
    this.toolCalls = this.counter('tool_calls_total', 'Calls of tools by how they ended.', ['tool', 'outcome']);
    this.tokens = this.counter(
      'tokens_total',
      'Tokens of model calls: in (new to the chat), reread (read again), cached (not read again), out (written).',
      ['agent', 'kind'],
    );
    this.interjections = this.counter('interjections_total', 'How often policies stepped in.', ['policy', 'grade']);
    this.answers = this.counter('approvals_total', 'Answers to questions.', ['answer', 'by']);
    this.errors = this.counter('errors_total', 'Problems told in chats.', ['code']);
    this.restarts = this.counter('restarts_total', 'Processes that were started again.', ['part']);
    this.gauges = {
      waiting: this.gauge('queue_depth', 'Model calls that wait for a slot.'),
      busy: this.gauge('slots_busy', 'Slots that are taken.'),
      slots: this.gauge('slots', 'Slots of the engine; 0 where it is not known yet.'),
      ready: this.gauge('engine_ready', '1 when the engine can answer.'),
      agents: this.gauge('agents', 'Live agent processes.'),
    };
    this.chats = this.gauge('chats', 'Chats by state.', ['state']);
  }

  now({ chats, ...numbers }: Now): void {
    this.gauges.waiting.set(numbers.waiting);
    this.gauges.busy.set(numbers.busy);
    this.gauges.slots.set(numbers.slots);
    this.gauges.ready.set(numbers.ready ? 1 : 0);
    this.gauges.agents.set(numbers.agents);
    this.chats.reset();
    for (const [state, count] of Object.entries(chats)) this.chats.set({ state }, count);
  }

  event(event: LoggedEvent, events: readonly LoggedEvent[]): void {
    switch (event.type) {
      case 'assistant':
        return this.answer(event, events);
      case 'tool.end':
        this.toolCalls.inc({ tool: event.tool, outcome: event.outcome });
        if (event.ms !== undefined) this.toolSeconds.observe({ tool: event.tool }, event.ms / 1000);
        return;
      case 'answer':
        this.answers.inc({ answer: event.answer, by: event.by });
        return;
      case 'interjection':
        this.interjections.inc({ policy: event.policy, grade: event.grade });
        return;
      case 'error':
        this.errors.inc({ code: event.problem.code });
        return;
      case 'turn.end': {
        const agent = agentOf(events);
        this.turns.inc({ agent, reason: event.reason });
        this.turnSeconds.observe({ agent }, event.seconds);
        return;
      }
      case 'chat':
      case 'chat.edit':
      case 'user':
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

  private answer(event: LoggedEvent & { type: 'assistant' }, events: readonly LoggedEvent[]): void {
    const { agent, times, usage } = event;
    if (times) this.queueSeconds.observe({ agent }, times.queue / 1000);
    if (times?.first !== undefined) this.firstSeconds.observe({ agent }, times.first / 1000);
    if (!usage) return;
    const before = events.findLast((past) => past !== event && past.type === 'assistant' && past.usage !== undefined);
    const { fresh, reread } = readingOf(usage, before?.type === 'assistant' ? before.usage : undefined);
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
