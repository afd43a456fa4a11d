import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Endpoint, EngineAction, EngineSettings, EngineStatus } from '../../src/common/engine.ts';
import { asProblem, Problem } from '../../src/common/errors.ts';
import type { EngineControl, EngineOptions } from './engine.ts';
import { entryOf } from './catalogue.ts';
import { fetchModel } from './fetchModel.ts';
import { readGguf } from './gguf.ts';
import type { Engine, EngineContext, StatusPatch } from './kind.ts';
import { ManagedEngine } from './managed.ts';
import { chooseModel, listModels } from './models.ts';
import { refuseOffline } from './offline.ts';
import { endpointUrl, RemoteEngine } from './remote.ts';

/** So many failures within so many milliseconds, and only the person starts it again. */
const BUDGET = 5;
const WINDOW = 10 * 60_000;
/** Milliseconds to wait before the restart that follows so many failures. */
const PAUSES = [0, 0, 500, 1000, 2000];

/** @returns the control, and how new settings reach it; the same settings again change nothing */
export function createEngineControl(
  options: EngineOptions,
): EngineControl & { configure(settings: EngineSettings): void } {
  return new Control(options);
}

/** What was under way was given up for something newer: whoever waited for it waits for that. */
class Superseded extends Error {}

class Control implements EngineControl {
  private readonly options: EngineOptions;
  private readonly listeners = new Set<(status: EngineStatus) => void>();
  private settings: EngineSettings;
  private engine: Engine;
  private current: EngineStatus;
  private endpoint: Endpoint | undefined;
  private starting: Promise<Endpoint> | undefined;
  /** A chosen address that has not answered yet: it is kept when it does, or Drover would start with it for ever. */
  private unproven: { url: string; model: string | undefined } | undefined;
  /** A model is being fetched, or will be. */
  private fetching = false;
  private checking: Promise<void> | undefined;
  /** Set when it was lost, until the next start. */
  private gone: Problem | undefined;
  /** Times of failures, and the last of them. */
  private failures: number[] = [];
  private lastFailure: Problem | undefined;
  /** One operation at a time, in the order they were asked for; aborting the controller ends all that are not over. */
  private tail: Promise<unknown> = Promise.resolve();
  private operations = new AbortController();
  private closed = false;

  constructor(options: EngineOptions) {
    this.options = options;
    this.settings = options.settings;
    this.current = { state: 'stopped', kind: this.kind, busy: 0, waiting: 0, models: [] };
    this.engine = this.build();
    this.background(this.enqueue(() => this.look()));
  }

  status(): EngineStatus {
    return this.current;
  }

  onChange(listener: (status: EngineStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async ready(signal: AbortSignal): Promise<Endpoint> {
    for (;;) {
      signal.throwIfAborted();
      if (this.checking) await unlessAborted(this.checking, signal);
      if (this.endpoint) return this.endpoint;
      try {
        return await unlessAborted(this.begin(), signal);
      } catch (error) {
        if (!(error instanceof Superseded)) throw error;
      }
    }
  }

  async act(action: EngineAction, signal: AbortSignal = new AbortController().signal): Promise<void> {
    signal.throwIfAborted();
    switch (action.action) {
      case 'start':
        this.forgive();
        this.background(this.begin());
        return;
      case 'stop':
        this.interrupt(
          new Problem('engine_stopped', 'The engine was stopped.', 'Start it again when you need it.', 503),
        );
        this.background(this.enqueue(() => this.halt().then(() => this.look())));
        return;
      case 'restart':
        this.forgive();
        this.interrupt(new Superseded());
        // What is about to be stopped must not pass for started already.
        this.endpoint = undefined;
        this.background(this.enqueue(() => this.halt()));
        this.background(this.begin());
        return;
      case 'model':
        await this.chooseModel(action.model, action.fetch);
        return;
      case 'url':
        await this.chooseUrl(action.url, action.key);
        return;
    }
  }

  configure(settings: EngineSettings): void {
    // A key that was given with the address is kept nowhere else.
    const { key, url } = this.settings;
    const kept =
      settings.key === undefined && settings.url === url && key !== undefined ? { ...settings, key } : settings;
    if (this.closed || isDeepStrictEqual(compact(kept), compact(this.settings))) return;
    this.use(kept, this.endpoint !== undefined || this.starting !== undefined);
  }

  suspect(): void {
    if (this.endpoint === undefined || this.checking || this.closed) return;
    const { signal } = this.operations;
    const check = async (): Promise<void> => {
      const problem = await this.engine.check(signal);
      if (problem) this.lose(problem);
    };
    this.checking = check()
      .catch((error: unknown) => {
        if (!signal.aborted) this.options.log(`checking the engine: ${String(error)}`);
      })
      .finally(() => {
        this.checking = undefined;
      });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.interrupt(closing());
    await this.enqueue(() => this.engine.stop());
    this.endpoint = undefined;
    this.tell({ ...this.notRunning(), state: 'stopped' });
    this.listeners.clear();
  }

  /** The start under way, or a new one. */
  private begin(): Promise<Endpoint> {
    if (this.endpoint) return Promise.resolve(this.endpoint);
    if (this.starting) return this.starting;
    if (this.closed) return Promise.reject(closing());
    if (this.current.state !== 'fetching') this.tell(beginning);
    const starting = this.enqueue((signal) => this.start(signal)).finally(() => {
      if (this.starting === starting) this.starting = undefined;
    });
    this.starting = starting;
    return starting;
  }

  private async start(signal: AbortSignal): Promise<Endpoint> {
    if (this.endpoint) return this.endpoint;
    const { engine } = this;
    try {
      this.tell(beginning);
      await this.pause(signal);
      this.gone = undefined;
      const endpoint = await engine.start(signal);
      signal.throwIfAborted();
      if (this.gone) throw this.gone;
      this.endpoint = endpoint;
      await this.keepAddress();
      this.tell({ state: 'ready', progress: undefined });
      return endpoint;
    } catch (error) {
      if (signal.aborted) {
        await engine.stop();
        throw signal.reason;
      }
      const problem = asProblem(error);
      if (/^(?:server_|adapter_|memory$|model_damaged$|engine_lost$)/.test(problem.code)) this.count(problem);
      this.options.log(`the engine could not be started: ${problem.message}`);
      this.tell({ ...this.notRunning(), state: stateOf(problem), problem: problem.info });
      throw problem;
    }
  }

  /** @throws Problem when it failed too often to be tried again unasked */
  private async pause(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.failures = this.failures.filter((time) => now - time < WINDOW);
    const count = this.failures.length;
    if (count >= BUDGET && this.lastFailure) {
      const said = `llama-server failed ${count} times within 10 minutes; the last time: ${this.lastFailure.message}`;
      const advice = `Look at ${this.options.run}/llama-server.log, then restart the engine (Drover: Restart Engine).`;
      throw new Problem('engine_unstable', said, advice, 503);
    }
    await delay(PAUSES[count] ?? 0, undefined, { signal });
  }

  private async halt(): Promise<void> {
    const { state } = this.current;
    if (state === 'ready' || state === 'starting') this.tell({ state: 'stopping', progress: undefined });
    this.endpoint = undefined;
    await this.engine.stop();
  }

  private async chooseModel(model: string, fetch: boolean): Promise<void> {
    const entry = entryOf(model);
    // Drover's own models are meant while a server is in use, too, unless that has one of this name.
    const own = entry !== undefined && !this.current.models.some(({ id }) => id === model);
    if (this.kind === 'url' && !own) {
      if (this.unproven) this.unproven = { ...this.unproven, model };
      else await this.options.save({ model });
      this.use({ ...this.settings, model }, true);
      return;
    }
    const { managed } = this.options;
    const there = (await listModels(managed)).some(({ id, path }) => id === entry?.id && path !== undefined);
    if (fetch && !there && entry !== undefined) {
      this.fetch(entry.id);
      return;
    }
    const chosen = await chooseModel(model, managed);
    if (chosen?.path !== undefined) await readGguf(chosen.path);
    await this.takeOwn(chosen?.id ?? model);
  }

  /** Changes over to a model that Drover runs itself. */
  private async takeOwn(model: string): Promise<void> {
    this.unproven = undefined;
    await this.options.save({ url: undefined, model });
    const { url: _url, key: _key, ...rest } = this.settings;
    this.use({ ...rest, model }, true);
  }

  private fetch(model: string): void {
    const { managed, environment } = this.options;
    refuseOffline(environment);
    const beginning = { state: 'fetching', problem: undefined, progress: { text: 'Fetching the model' } } as const;
    this.tell(beginning);
    const work = async (signal: AbortSignal): Promise<void> => {
      this.tell(beginning);
      try {
        await fetchModel(model, { managed, environment, report: (progress) => this.tell({ progress }) }, signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const problem = asProblem(error);
        const state = this.endpoint ? 'ready' : 'failed';
        this.tell({ state, problem: problem.info, progress: undefined });
        throw problem;
      }
      await this.takeOwn(model);
    };
    this.fetching = true;
    const over = (): void => {
      this.fetching = false;
    };
    this.background(this.enqueue(work).finally(over));
  }

  private async chooseUrl(text: string, key: string | undefined): Promise<void> {
    const url = text.trim() === '' ? undefined : endpointUrl(text);
    if (url !== undefined && this.usable) await this.refuseUnanswered({ ...this.settings, url, key });
    // A model of the one is none of the other.
    this.unproven = url === undefined ? undefined : { url, model: undefined };
    if (url === undefined) await this.options.save({ url, model: undefined });
    const { url: _url, key: _key, model: _model, ...rest } = this.settings;
    const remote = url === undefined ? {} : { url, ...(key === undefined ? {} : { key }) };
    this.use({ ...rest, ...remote }, url !== undefined);
  }

  /** There is something that works, or would with the next message: it is not given up for what does not answer. */
  private get usable(): boolean {
    const { state, kind, model } = this.current;
    if (state === 'failed' || state === 'absent' || state === 'no-model') return false;
    return this.endpoint !== undefined || kind === 'url' || model !== undefined;
  }

  private async refuseUnanswered(settings: EngineSettings): Promise<void> {
    const asked = new RemoteEngine({ ...this.contextOf(settings), tell: () => undefined, lost: () => undefined });
    const problem = await asked.check(this.operations.signal);
    // One that only wants a key does answer.
    if (problem === undefined || problem.code === 'engine_key') return;
    const advice = 'Check the address, and that the server runs. Until it answers, all stays as it was.';
    throw new Problem('url_unanswered', problem.message, advice, 502, 'url');
  }

  private async keepAddress(): Promise<void> {
    const { unproven } = this;
    this.unproven = undefined;
    if (unproven) await this.options.save(unproven);
  }

  /** Changes over to other settings: what runs is stopped, and started anew when it should. */
  private use(settings: EngineSettings, start: boolean): void {
    this.forgive();
    this.interrupt(new Superseded());
    this.settings = settings;
    if (this.kind !== this.current.kind) {
      this.tell({
        ...this.notRunning(),
        kind: this.kind,
        url: undefined,
        server: undefined,
        model: undefined,
        models: [],
      });
    }
    const before = this.engine;
    const after = this.build();
    this.engine = after;
    this.endpoint = undefined;
    this.background(
      this.enqueue(async () => {
        await before.stop();
        if (!start) await this.look();
      }),
    );
    if (start) this.background(this.begin());
  }

  private get kind(): EngineStatus['kind'] {
    return this.settings.url === undefined || this.settings.url === '' ? 'managed' : 'url';
  }

  private build(): Engine {
    // An engine that was replaced has nothing more to say.
    const mine = (): boolean => this.engine === engine;
    const context: EngineContext = {
      ...this.contextOf(this.settings),
      tell: (patch) => {
        if (mine()) this.tell(patch);
      },
      lost: (problem) => {
        if (mine()) this.lose(problem);
      },
    };
    const engine: Engine = this.kind === 'url' ? new RemoteEngine(context) : new ManagedEngine(context);
    return engine;
  }

  private contextOf(settings: EngineSettings): Omit<EngineContext, 'tell' | 'lost'> {
    const { mayFetch = false, managed, run, environment, log } = this.options;
    return { settings, mayFetch, managed, run, environment, log };
  }

  private lose(problem: Problem): void {
    this.gone = problem;
    this.endpoint = undefined;
    this.count(problem);
    this.options.log(problem.message);
    this.tell({ ...this.notRunning(), state: 'failed', problem: problem.info });
  }

  /** Takes back what is only known of an engine that runs. The address of a person's own server is always known. */
  private notRunning(): StatusPatch {
    const gone: StatusPatch = { tools: undefined, slots: undefined, context: undefined, progress: undefined };
    return this.current.kind === 'managed' ? { ...gone, url: undefined } : gone;
  }

  private count(problem: Problem): void {
    if (this.current.kind !== 'managed') return;
    this.failures.push(performance.now());
    this.lastFailure = problem;
  }

  /** The person asked: what failed before does not count any more. */
  private forgive(): void {
    this.failures = [];
    this.lastFailure = undefined;
  }

  /** A start or a fetch is under way, or waits for its turn; either says more than what there is meanwhile. */
  private get busy(): boolean {
    return this.starting !== undefined || this.fetching;
  }

  /** What there is while nothing runs. */
  private async look(): Promise<void> {
    const { signal } = this.operations;
    try {
      const found = await this.engine.survey(signal);
      if (!this.busy) this.tell({ ...this.notRunning(), ...found });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (this.busy) return;
      const problem = asProblem(error);
      this.tell({ ...this.notRunning(), state: stateOf(problem), problem: problem.info });
    }
  }

  private interrupt(reason: Error): void {
    this.operations.abort(reason);
    this.operations = new AbortController();
    this.starting = undefined;
  }

  private enqueue<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.operations;
    const next = this.tail.then(() => {
      signal.throwIfAborted();
      return work(signal);
    });
    this.tail = next.catch(() => undefined);
    return next;
  }

  /** For what nobody waits for: a Problem is in the status already, and what was given up was meant to be. */
  private background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof Problem || error instanceof Superseded)) this.options.log(`engine: ${String(error)}`);
    });
  }

  private tell(patch: StatusPatch): void {
    const merged = Object.entries({ ...this.current, ...patch }).filter(([, value]) => value !== undefined);
    this.current = Object.fromEntries(merged) as EngineStatus;
    for (const listener of this.listeners) listener(this.current);
  }
}

const beginning: StatusPatch = {
  state: 'starting',
  problem: undefined,
  note: undefined,
  progress: { text: 'Starting the engine' },
};

function closing(): Problem {
  return new Problem('closing', 'Drover is stopping.', 'Start it again.', 503);
}

function stateOf({ code }: Problem): EngineStatus['state'] {
  if (code === 'no_server') return 'absent';
  return code === 'no_model' || code === 'model_not_fetched' ? 'no-model' : 'failed';
}

function compact(settings: EngineSettings): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
