import { z } from 'zod';
import { ChatBody } from './requests.ts';
import type { Slots } from './slots.ts';
import { capabilities, CHATML, render, type Template } from './template.ts';
import type { Tokenizer } from './tokens.ts';
import type { Dialect } from './wire.ts';

/** What the side endpoints tell of. */
export interface Facts {
  dialect: Dialect;
  template: Template;
  model: string;
  /** Tokens of one slot. */
  context: number;
  slots: Slots;
  tokenizer: Tokenizer;
  /** The tool parser is on (vLLM: `--enable-auto-tool-choice`), or the model can call tools (Ollama). */
  tools: boolean;
}

const build = 'b11669-Debian';

/** The reply to `route` ("GET /props"), text where it is no JSON; undefined: there is no such route. */
export function sideRoute(route: string, text: string, facts: Facts): object | string | undefined {
  const routes = { llama, vllm, ollama }[facts.dialect];
  return routes[route]?.(text, facts);
}

type Routes = Record<string, ((text: string, facts: Facts) => object | string) | undefined>;

const Tokenize = z.looseObject({
  content: z.string().default(''),
  with_pieces: z.boolean().default(false),
  parse_special: z.boolean().default(true),
});

const llama: Routes = {
  'GET /health': () => ({ status: 'ok' }),
  'GET /v1/health': () => ({ status: 'ok' }),
  'GET /props': (_, { context, slots, model, template }) => ({
    default_generation_settings: { params: { n_predict: -1, stream: false }, n_ctx: context },
    total_slots: slots.all.length,
    model_alias: model,
    model_ftype: 'Q4_1',
    model_path: `/models/${model}.gguf`,
    modalities: { vision: false, video: false, audio: false },
    endpoint_slots: true,
    endpoint_props: false,
    endpoint_metrics: false,
    chat_template: CHATML,
    chat_template_caps: capabilities(template),
    bos_token: '<|im_start|>',
    eos_token: '<|im_end|>',
    build_info: build,
    is_sleeping: false,
  }),
  'GET /slots': (_, { context, slots }) =>
    slots.all.map((slot) => ({
      id: slot.id,
      n_ctx: context,
      speculative: false,
      is_processing: slot.busy,
      ...(slot.used > 0 ? { id_task: slot.used, n_prompt_tokens: slot.tokens.length } : {}),
    })),
  'GET /v1/models': (_, facts) => llamaModels(facts),
  'GET /models': (_, facts) => llamaModels(facts),
  'POST /tokenize': (text, { tokenizer }) => {
    const request = Tokenize.parse(JSON.parse(text));
    const ids = tokenizer.encode(request.content, request.parse_special);
    return { tokens: request.with_pieces ? ids.map((id) => ({ id, piece: tokenizer.piece(id) })) : ids };
  },
  'POST /apply-template': (text, { template }) => {
    const { add_generation_prompt: generate, ...body } = ApplyTemplate.parse(JSON.parse(text));
    return { prompt: render(body, template, generate) };
  },
};
const ApplyTemplate = ChatBody.extend({ add_generation_prompt: z.boolean().default(true) });

function llamaModels({ model, context }: Facts): object {
  const meta = { vocab_type: 2, n_vocab: 49152, n_ctx: context, n_ctx_train: 131072, n_embd: 576 };
  return {
    models: [
      { name: model, model, type: 'model', tags: [''], capabilities: ['completion'], details: { format: 'gguf' } },
    ],
    object: 'list',
    data: [
      {
        id: model,
        aliases: [model],
        tags: [],
        object: 'model',
        created: seconds(),
        owned_by: 'llamacpp',
        meta: { ...meta, n_params: 134515008, size: 96576768, ftype: 'Q4_1' },
      },
    ],
  };
}

const VllmTokenize = z.union([z.looseObject({ prompt: z.string() }), ChatBody]);

const vllm: Routes = {
  'GET /health': () => '',
  'GET /version': () => ({ version: '0.14.0' }),
  'GET /v1/models': (_, { model, context }) => ({
    object: 'list',
    data: [
      {
        id: model,
        object: 'model',
        created: seconds(),
        owned_by: 'vllm',
        root: model,
        parent: null,
        max_model_len: context,
      },
    ],
  }),
  'POST /tokenize': (text, { tokenizer, template, context }) => {
    const request = VllmTokenize.parse(JSON.parse(text));
    const prompt = 'messages' in request ? render(ChatBody.parse(request), template) : request.prompt;
    const tokens = tokenizer.encode(prompt);
    return { count: tokens.length, max_model_len: context, tokens, token_strs: null };
  },
};

const ollama: Routes = {
  'GET /': () => 'Ollama is running',
  'GET /api/version': () => ({ version: '0.13.0' }),
  'GET /api/tags': (_, { model }) => ({ models: [{ name: model, model, details: { format: 'gguf' } }] }),
  'POST /api/show': (_, { context, tools }) => ({
    capabilities: ['completion', ...(tools ? ['tools'] : [])],
    model_info: { 'general.architecture': 'llama', 'llama.context_length': context },
    details: { format: 'gguf', family: 'llama' },
  }),
  'GET /v1/models': (_, { model }) => ({
    object: 'list',
    data: [{ id: model, object: 'model', created: seconds(), owned_by: 'library' }],
  }),
};

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
