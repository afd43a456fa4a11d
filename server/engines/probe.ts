import { z } from 'zod';
import { tagsIn } from '../../src/common/frameTags.ts';
import { ask, type Reply } from './http.ts';

const Props = z.object({
  total_slots: z.int().positive().optional(),
  default_generation_settings: z.object({ n_ctx: z.int().positive().optional() }),
  chat_template_caps: z.object({ supports_tools: z.boolean().optional() }).optional(),
});
export type Props = z.infer<typeof Props>;

const LIMIT = 15_000;

/** What a llama-server tells of itself; undefined where nothing of the kind answers. `base` is without /v1. */
export async function readProps(
  base: string,
  key: string | undefined,
  signal: AbortSignal,
): Promise<Props | undefined> {
  const reply = await quietly(`${base}/props`, key, undefined, signal);
  const props = Props.safeParse(reply?.json);
  return props.success ? props.data : undefined;
}

const tool = {
  type: 'function',
  function: {
    name: 'drover_probe',
    description: 'Nothing.',
    parameters: { type: 'object', properties: { path: { type: 'string' } } },
  },
};

/**
 * What the chat template does, tried with `/apply-template`: whether tools come out of it, and what tags it writes around what is
 * said, called and answered. undefined: it cannot be tried here.
 */
export async function probeTemplate(
  base: string,
  key: string | undefined,
  signal: AbortSignal,
): Promise<{ tools: boolean; tags: string[] } | undefined> {
  const question = { role: 'user', content: 'Hello' };
  const plain = { messages: [question], tools: [tool] };
  const first = rendered(await quietly(`${base}/apply-template`, key, plain, signal));
  if (first === undefined) return undefined;
  const tools = first.includes('drover_probe');
  const withCall = { messages: conversation, tools: [tool] };
  const called = tools ? rendered(await quietly(`${base}/apply-template`, key, withCall, signal)) : '';
  const spoken = { messages: conversation.filter(isPlain) };
  const second = called || rendered(await quietly(`${base}/apply-template`, key, spoken, signal));
  return { tools, tags: tagsAround(second ?? '') };
}

/** Stands where contents do, so that all else is seen to be the template's. */
const content = 'drover-content';

const conversation = [
  { role: 'user', content },
  {
    role: 'assistant',
    content: '',
    tool_calls: [
      { id: 'call00001', type: 'function', function: { name: 'drover_probe', arguments: `{"path":"${content}"}` } },
    ],
  },
  { role: 'tool', tool_call_id: 'call00001', content },
  { role: 'assistant', content },
  { role: 'user', content },
];

/** As a model is sent it that calls no tools: roles alternate. */
function isPlain({ role }: (typeof conversation)[number], at: number): boolean {
  return role !== 'tool' && at !== 1;
}

/** The tags of a rendered conversation but for those before its first content, among which a template describes the tools. */
function tagsAround(prompt: string): string[] {
  return tagsIn(prompt.split(content).slice(1).join('\n'));
}

/** The prompt that came out; empty when the template refused. undefined: there is no such route. */
function rendered(reply: Reply | undefined): string | undefined {
  if (reply === undefined || reply.status === 404 || reply.status === 405) return undefined;
  const parsed = z.object({ prompt: z.string() }).safeParse(reply.json);
  return parsed.success ? parsed.data.prompt : '';
}

/** Whether a server takes tools at all, tried with the smallest request; ended as soon as it has begun to answer. */
export async function acceptsTools(
  url: string,
  key: string | undefined,
  model: string,
  signal: AbortSignal,
): Promise<boolean> {
  const body = { model, messages: [{ role: 'user', content: 'Hello' }], tools: [tool], max_tokens: 1, stream: true };
  // A server that loads models when asked may take its time; without an answer nothing is known against tools.
  const question = { signal, limit: 120_000, key, body, statusOnly: true };
  const reply = await ask(`${url}/chat/completions`, question).catch(() => undefined);
  signal.throwIfAborted();
  return !(
    reply !== undefined &&
    reply.status >= 400 &&
    reply.status < 500 &&
    /\btools?\b|tool_choice/i.test(reply.text)
  );
}

/** No answer is an answer here: the route is not there. */
async function quietly(
  url: string,
  key: string | undefined,
  body: unknown,
  signal: AbortSignal,
): Promise<Reply | undefined> {
  const reply = await ask(url, { signal, limit: LIMIT, key, ...(body === undefined ? {} : { body }) }).catch(
    () => undefined,
  );
  signal.throwIfAborted();
  return reply;
}
