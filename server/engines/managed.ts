import { totalmem } from 'node:os';
import type { Capabilities, Endpoint, ModelInfo } from '../../src/common/engine.ts';
import { asProblem, Problem } from '../../src/common/errors.ts';
import { firstRun } from '../../src/common/firstRun.ts';
import type { Exit } from '../../src/node/spawn.ts';
import { obtainBubblewrap } from '../bubblewrap.ts';
import { type CatalogueEntry, entryOf } from './catalogue.ts';
import { asset } from './assets.ts';
import { unpackServer } from './debian.ts';
import { howItEnded } from './failures.ts';
import { fetchModel } from './fetchModel.ts';
import { findServer, noServerProblem, type Server } from './find.ts';
import { type GgufHeader, readGguf } from './gguf.ts';
import { reap } from './guard.ts';
import { ask, whyUnanswered } from './http.ts';
import type { Engine, EngineContext, StatusPatch } from './kind.ts';
import { launch, LaunchFailure, type RunningServer } from './llamaServer.ts';
import { chooseModel, chooseOrOffer, listModels, modelsFolder } from './models.ts';
import { isOffline, refuseOffline } from './offline.ts';
import { probeTemplate, readProps } from './probe.ts';
import { controlTokens, knowsChatml, mentionsTools } from './template.ts';

const SLOTS = 2;
/** Tokens for each slot: what a coding agent needs, where model and memory allow it. */
const CONTEXT = 16_384;
const LEAST_CONTEXT = 4096;
/** Milliseconds after which a server that was suspected and does not answer counts as hung. */
const SILENT = 5000;

function toUnpack(distribution = 'the system'): string {
  return `At the first start llama-server, and bubblewrap for its sandbox, are unpacked from the packages of ${distribution} into Drover's own folder (about 30 MB to fetch).`;
}

/** A llama-server that Drover finds, starts and stops itself. */
export class ManagedEngine implements Engine {
  private readonly context: EngineContext;
  private running: RunningServer | undefined;

  constructor(context: EngineContext) {
    this.context = context;
  }

  async survey(signal: AbortSignal): Promise<StatusPatch> {
    const models = await listModels(this.context.managed);
    const base: StatusPatch = { kind: 'managed', url: undefined, models, server: undefined, note: undefined };
    const server = await this.find(signal);
    if ('tried' in server && (server.distribution === undefined || this.offline)) {
      return { ...base, state: 'absent', problem: noServerProblem(server.tried).info };
    }
    // One that can be unpacked is as good as there: it is, at the first start.
    const found =
      'tried' in server
        ? { ...base, note: toUnpack(server.distribution?.name) }
        : { ...base, server: described(server), note: server.note };
    const model = await this.choose();
    if (model === undefined) return { ...found, state: 'no-model', problem: this.noModel().info, model: undefined };
    return { ...found, state: 'stopped', model, problem: undefined };
  }

  async start(signal: AbortSignal): Promise<Endpoint> {
    const chosen = await this.choose();
    let header = chosen?.path === undefined ? undefined : await readGguf(chosen.path);
    // Before a missing model is told of: on a fresh machine both are, and this one needs no decision.
    const server = await this.obtain(signal);
    const model = chosen !== undefined && chosen.path === undefined ? await this.fetch(chosen, signal) : chosen;
    if (model?.path === undefined) throw this.noModel();
    header ??= await readGguf(model.path);
    await reap(this.context.run, this.context.log);
    const models = await listModels(this.context.managed);
    this.context.tell({
      kind: 'managed',
      state: 'starting',
      model,
      models,
      progress: { text: `Loading ${model.name}` },
    });
    const entry = entryOf(model.id);
    const own = knowsChatml(header) && (entry !== undefined || !mentionsTools(header.templates));
    let endpoint = await this.boot(server, model, header, own, signal);
    if (!endpoint.capabilities.tools && !own && knowsChatml(header)) {
      // Its template speaks of tools and yet leaves them out.
      await this.stop();
      endpoint = await this.boot(server, model, header, true, signal);
    }
    return endpoint;
  }

  async check(signal: AbortSignal): Promise<Problem | undefined> {
    const { running } = this;
    if (running === undefined) return undefined;
    try {
      await ask(`${running.base}/health`, { signal, limit: SILENT, key: running.key });
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      // One that ended tells of it itself; one that is there and does not answer is no use to anybody.
      this.running = undefined;
      await running.kill();
      return new Problem(
        'engine_lost',
        `llama-server stopped answering (${whyUnanswered(error)}).`,
        `It is started again with the next message. Its log is ${running.logPath}.`,
        503,
      );
    }
  }

  async stop(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.stop();
  }

  private get chosen(): string | undefined {
    return this.context.settings.model ?? this.context.environment['DROVER_MODEL'];
  }

  private choose(): Promise<ModelInfo | undefined> {
    const { managed, mayFetch } = this.context;
    return mayFetch ? chooseOrOffer(this.chosen, managed) : chooseModel(this.chosen, managed);
  }

  /** @returns the model with its path */
  private async fetch({ id, name }: ModelInfo, signal: AbortSignal): Promise<ModelInfo | undefined> {
    const { managed, environment, tell } = this.context;
    refuseOffline(environment);
    tell({ state: 'fetching', problem: undefined, progress: { text: `Fetching ${name}` } });
    await fetchModel(id, { managed, environment, report: (progress) => tell({ progress }) }, signal);
    return chooseModel(id, managed);
  }

  private get offline(): boolean {
    return isOffline(this.context.environment);
  }

  private find(signal: AbortSignal): ReturnType<typeof findServer> {
    const { settings, environment, managed } = this.context;
    return findServer({ setting: settings.path, environment, managed }, signal);
  }

  /** The server that is there, else the distribution's, fetched now. */
  private async obtain(signal: AbortSignal): Promise<Server> {
    const { managed, environment, tell, log } = this.context;
    const found = await this.find(signal);
    if (!('tried' in found)) return this.told(found);
    if (found.distribution === undefined) throw noServerProblem(found.tried);
    if (this.offline) throw noServerProblem([...found.tried, 'DROVER_OFFLINE forbids to fetch packages']);
    const { distribution } = found;
    log(`no llama-server (${found.tried.join('; ')}): unpacking the packages of ${distribution.name}`);
    const text = `Getting llama-server from ${distribution.name}`;
    tell({ state: 'fetching', problem: undefined, progress: { text } });
    await unpackServer({ distribution, managed, environment, report: (progress) => tell({ progress }) }, signal);
    const unpacked = await this.find(signal);
    if ('tried' in unpacked) throw noServerProblem(unpacked.tried);
    await this.obtainSandbox(signal);
    return this.told(unpacked);
  }

  /** From where the server comes, and with the same yes. Without it commands are asked about instead. */
  private async obtainSandbox(signal: AbortSignal): Promise<void> {
    const { managed, environment, tell, log } = this.context;
    try {
      await obtainBubblewrap({ environment, managed, report: (progress) => tell({ progress }) }, signal);
    } catch (error) {
      signal.throwIfAborted();
      log(`no bubblewrap: ${asProblem(error).message}`);
    }
  }

  private told(server: Server): Server {
    this.context.tell({ server: described(server), note: server.note });
    this.context.log(`llama-server ${server.version} (${server.where}: ${server.path})`);
    return server;
  }

  private async boot(
    server: Server,
    model: ModelInfo,
    header: GgufHeader,
    ownTemplate: boolean,
    signal: AbortSignal,
  ): Promise<Endpoint> {
    const { settings, run, environment, log } = this.context;
    const slots = settings.slots ?? SLOTS;
    const context = settings.context ?? defaultContext(header, slots);
    const template = ownTemplate ? asset('chatml.jinja') : undefined;
    if (ownTemplate) log(`the template of ${model.name} has no tools: using Drover's own for ChatML`);
    const entry = entryOf(model.id);
    const adapter = this.adapterFor(server, entry);
    const args = [...(entry?.sampling ?? []), ...(settings.args ?? [])];
    const options = { server, model: header, alias: model.name, slots, template, adapter, args, run, environment, log };
    const running = await this.launchWithin(options, context, signal);
    try {
      const died = running.exited.then((exit): never => {
        throw lost(running, exit);
      });
      const found = await Promise.race([probed(running, header, slots, signal), died]);
      const capabilities = { ...found, ...(entry === undefined ? {} : { answer: entry.answer, offered: entry.tools }) };
      this.running = running;
      void running.exited.then((exit) => this.ended(running, exit));
      const url = `${running.base}/v1`;
      this.context.tell({ url, tools: capabilities.tools, slots: capabilities.slots, context: capabilities.context });
      return { url, key: running.key, model: model.name, capabilities };
    } catch (error) {
      await running.kill();
      throw error;
    }
  }

  /** The adapter of this model, where this build takes one; else the status says what is missing. */
  private adapterFor(server: Server, entry: CatalogueEntry | undefined): string | undefined {
    if (entry === undefined || server.flags.has('--lora')) return entry?.adapter;
    const note = `This llama-server takes no adapters (--lora): ${entry.name} runs untrained and will hardly call a tool. A newer llama.cpp mends that.`;
    this.context.tell({ note: [server.note, note].filter((part) => part !== undefined).join(' ') });
    return undefined;
  }

  /** Where memory is short, once more with half the context. */
  private async launchWithin(
    options: Omit<Parameters<typeof launch>[0], 'context'>,
    context: number,
    signal: AbortSignal,
  ): Promise<RunningServer> {
    try {
      return await launch({ ...options, context }, signal);
    } catch (error) {
      if (!(error instanceof LaunchFailure)) throw error;
      const half = Math.floor(context / 2);
      if (!error.memory || half < 512) throw error.problem;
      this.context.log(`not enough memory for ${options.slots} x ${context} tokens, trying ${half}`);
      const running = await launch({ ...options, context: half }, signal).catch((again: unknown) => {
        throw again instanceof LaunchFailure ? again.problem : again;
      });
      const note = `Memory was short: each chat has ${half} tokens instead of ${context}.`;
      this.context.tell({ note });
      return running;
    }
  }

  private ended(running: RunningServer, exit: Exit): void {
    if (this.running !== running) return;
    this.running = undefined;
    this.context.log(`the last lines of llama-server:\n${running.lines().slice(-5).join('\n')}`);
    this.context.lost(lost(running, exit));
  }

  private noModel(): Problem {
    return new Problem(
      'no_model',
      `There is no model to load: none was chosen, and ${modelsFolder(this.context.managed)} has no GGUF file.`,
      `Choose one (Drover: Choose Model): a GGUF file of yours, or the ${firstRun.short} (${firstRun.size}).`,
      503,
    );
  }
}

/** It ended though nobody here ended it. */
function lost(running: RunningServer, exit: Exit): Problem {
  const cause = {
    SIGKILL: ' If nobody ended it, the machine ran out of memory: choose a smaller model.',
    SIGBUS: ' The model file was changed while it was in use.',
  }[exit.signal as string];
  const advice = `It is started again with the next message.${cause ?? ''} Its log is ${running.logPath}.`;
  return new Problem('engine_lost', `llama-server stopped by itself: ${howItEnded(exit)}.`, advice, 503);
}

function described(server: Server): string {
  return `llama-server ${server.version}, ${server.where}`;
}

/** What the model was trained for, up to what an agent needs, as long as the cache takes a quarter of the memory at most. */
export function defaultContext(
  { trained, cacheBytes }: Pick<GgufHeader, 'trained' | 'cacheBytes'>,
  slots: number,
  memory: number = totalmem(),
): number {
  const most = Math.min(trained ?? LEAST_CONTEXT, CONTEXT);
  if (cacheBytes === undefined || cacheBytes === 0) return most;
  const affordable = Math.floor(memory / 4 / slots / cacheBytes / 256) * 256;
  return Math.min(most, Math.max(affordable, LEAST_CONTEXT));
}

/** Read from the server itself before the first request: flags may have been changed by the person's own. */
async function probed(
  { base, key }: RunningServer,
  header: GgufHeader,
  slots: number,
  signal: AbortSignal,
): Promise<Capabilities> {
  const props = await readProps(base, key, signal);
  const template = await probeTemplate(base, key, signal);
  const context = props?.default_generation_settings.n_ctx;
  return {
    tools: (props?.chat_template_caps?.supports_tools ?? true) && (template?.tools ?? false),
    progress: props !== undefined,
    slots: props?.total_slots ?? slots,
    ...(context === undefined ? {} : { context }),
    controlTokens: controlTokens(header),
    templateTags: template?.tags ?? [],
  };
}
