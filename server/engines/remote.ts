import { z } from 'zod';
import type { Capabilities, Endpoint, ModelInfo } from '../../src/common/engine.ts';
import { Problem } from '../../src/common/errors.ts';
import { ask, type Reply, whyUnanswered } from './http.ts';
import type { Engine, EngineContext, StatusPatch } from './kind.ts';
import { acceptsTools, probeTemplate, readProps } from './probe.ts';
import { wellKnownControlTokens } from './template.ts';

/** Requests at once where the server does not tell. */
const SLOTS = 4;
const LIMIT = 10_000;

const Listed = z.object({
  data: z
    .array(
      z.object({
        id: z.string(),
        max_model_len: z.int().positive().nullish(),
        context_length: z.int().positive().nullish(),
        loaded_context_length: z.int().positive().nullish(),
        meta: z.object({ n_ctx: z.int().positive().nullish() }).nullish(),
      }),
    )
    .nullable(),
});
type ListedModel = NonNullable<z.infer<typeof Listed>['data']>[number];

/** A server that the person runs: any that speaks the OpenAI API. Nothing is started or stopped. */
export class RemoteEngine implements Engine {
  private readonly context: EngineContext;

  constructor(context: EngineContext) {
    this.context = context;
  }

  /** @throws Problem when the address is none */
  private get url(): string {
    return endpointUrl(this.context.settings.url ?? '');
  }

  async survey(): Promise<StatusPatch> {
    return {
      kind: 'url',
      url: this.url,
      state: 'stopped',
      server: undefined,
      note: undefined,
      model: undefined,
      models: [],
      problem: undefined,
    };
  }

  async start(signal: AbortSignal): Promise<Endpoint> {
    const { settings, tell } = this.context;
    tell({
      kind: 'url',
      state: 'starting',
      server: undefined,
      progress: { text: `Asking ${this.url} what it serves` },
    });
    const listed = await this.list(signal);
    const models: ModelInfo[] = listed.map(({ id }) => ({ id, name: id }));
    tell({ models });
    const model = pick(listed, settings.model, this.url);
    const capabilities = await this.capabilities(
      model,
      listed.find(({ id }) => id === model),
      signal,
    );
    const { tools, slots, context } = capabilities;
    tell({ model: { id: model, name: model }, tools, slots, context, url: this.url });
    return {
      url: this.url,
      ...(settings.key === undefined ? {} : { key: settings.key }),
      model,
      capabilities,
    };
  }

  async check(signal: AbortSignal): Promise<Problem | undefined> {
    try {
      await this.list(signal);
      return undefined;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  async stop(): Promise<void> {
    // It is not ours.
  }

  private async list(signal: AbortSignal): Promise<ListedModel[]> {
    let reply: Reply;
    try {
      reply = await ask(`${this.url}/models`, { signal, limit: LIMIT, key: this.context.settings.key });
    } catch (error) {
      signal.throwIfAborted();
      throw unanswered(this.url, error);
    }
    return understood(this.url, reply);
  }

  private async capabilities(
    model: string,
    entry: ListedModel | undefined,
    signal: AbortSignal,
  ): Promise<Capabilities> {
    const { key, slots, context } = this.context.settings;
    const base = this.url.replace(/\/v1$/, '');
    const props = await readProps(base, key, signal);
    const template = props === undefined ? undefined : await probeTemplate(base, key, signal);
    const told =
      props?.default_generation_settings.n_ctx ??
      entry?.meta?.n_ctx ??
      entry?.loaded_context_length ??
      entry?.max_model_len ??
      entry?.context_length ??
      context;
    return {
      tools: await this.takesTools(model, props?.chat_template_caps?.supports_tools, template?.tools, signal),
      progress: props !== undefined,
      slots: Math.min(props?.total_slots ?? slots ?? SLOTS, slots ?? Infinity),
      ...(told === undefined ? {} : { context: told }),
      controlTokens: wellKnownControlTokens,
      templateTags: template?.tags ?? [],
    };
  }

  private async takesTools(
    model: string,
    caps: boolean | undefined,
    rendered: boolean | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (caps !== undefined || rendered !== undefined) return (caps ?? true) && (rendered ?? true);
    this.context.tell({ progress: { text: `Asking ${model} whether it takes tools` } });
    return acceptsTools(this.url, this.context.settings.key, model, signal);
  }
}

/** "localhost:11434", with or without /v1, as an address that ends in /v1; a mere word is none. @throws Problem when it is none */
export function endpointUrl(text: string): string {
  const given = text.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  const word = /^[\w-]*$/.test(given) && given !== 'localhost';
  if (url === undefined || word || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new Problem(
      'url_invalid',
      `${JSON.stringify(text)} is no address of a model server.`,
      'Give one like http://localhost:11434/v1.',
      400,
      'url',
    );
  }
  // People paste what they find in a manual: the address of one route, too.
  const folder = url.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/completions|completions|models)$/, '');
  return `${url.protocol}//${url.host}${folder.endsWith('/v1') ? folder : `${folder}/v1`}`;
}

function unanswered(url: string, error: unknown): Problem {
  const why = whyUnanswered(error);
  if (why === 'ECONNREFUSED') {
    return new Problem(
      'engine_refused',
      `Nothing listens at ${url}.`,
      'Start the model server there, or correct drover.engine.url.',
      502,
    );
  }
  const message =
    why === 'timeout' ? `${url} did not answer within ${LIMIT / 1000} s.` : `${url} cannot be reached (${why}).`;
  return new Problem('engine_unreachable', message, 'Check the address (drover.engine.url) and the network.', 502);
}

function understood(url: string, reply: Reply): ListedModel[] {
  if (reply.status === 401 || reply.status === 403) {
    throw new Problem(
      'engine_key',
      `${url} wants a key, or another one (status ${reply.status}).`,
      'Set the key: Drover: Set Engine Key, or DROVER_ENGINE_KEY.',
      502,
    );
  }
  if (reply.status >= 300 && reply.status < 400) {
    throw foreign(url, `it sends callers on to ${reply.location ?? 'another address'}`);
  }
  const listed = Listed.safeParse(reply.json);
  if (reply.status === 200 && listed.success) return listed.data.data ?? [];
  if (reply.type === 'text/html' || /^\s*<(?:!doctype|html)/i.test(reply.text)) {
    throw foreign(url, 'it answers with a web page');
  }
  // A gateway may serve chats and list nothing.
  if (reply.status === 404 && reply.json !== undefined) return [];
  throw foreign(url, `it answers with status ${reply.status} and no list of models`);
}

function foreign(url: string, why: string): Problem {
  return new Problem(
    'engine_foreign',
    `${url} is no model server that Drover understands: ${why}.`,
    'Correct drover.engine.url: it must speak the OpenAI API, like http://localhost:11434/v1.',
    502,
  );
}

/** The model the person named, where it is there (its tag may be left out); else the first one listed. */
function pick(listed: ListedModel[], wanted: string | undefined, url: string): string {
  const names = listed.map(({ id }) => id);
  if (wanted !== undefined && wanted !== '') {
    if (names.length === 0 || names.includes(wanted)) return wanted;
    const tagged = names.find((name) => name === `${wanted}:latest`);
    if (tagged !== undefined) return tagged;
    const shown = names.slice(0, 8).join(', ');
    throw new Problem(
      'model_unknown',
      `${url} has no model named ${wanted}; it has ${shown}${names.length > 8 ? ' and more' : ''}.`,
      'Choose one of these (Drover: Choose Model).',
      404,
      'model',
    );
  }
  // Lists often hold models for search beside those for chats.
  const first = names.find((name) => !/embed|rerank/i.test(name)) ?? names[0];
  if (first !== undefined) return first;
  throw new Problem(
    'engine_empty',
    `${url} lists no model.`,
    'Load one there, or name it in the setting drover.engine.model.',
    502,
  );
}
