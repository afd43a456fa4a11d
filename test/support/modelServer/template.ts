import { textOf, type ChatBody, type Message } from './requests.ts';

/**
 * `chatml`: tools, any order of roles. `no-tools`: as SmolLM2's own: tools are left out without a word. `strict`: as
 * older Mistral and Gemma templates: one system message at most, and first; user and assistant in turn.
 */
export type Template = 'chatml' | 'no-tools' | 'strict';

/** An error that llama-server answers for a chat it cannot render. */
export class TemplateError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** `chat_template_caps` of /props. */
export function capabilities(template: Template): Record<string, boolean> {
  const tools = template !== 'no-tools';
  return {
    supports_object_arguments: tools,
    supports_parallel_tool_calls: tools,
    supports_preserve_reasoning: true,
    supports_reasoning_effort: false,
    supports_string_content: true,
    supports_system_role: true,
    supports_tool_calls: tools,
    supports_tools: tools,
    supports_typed_content: false,
  };
}

/**
 * The prompt as text.
 * @throws TemplateError for a chat that the template refuses, or a replayed call whose arguments are no JSON.
 */
export function render(body: ChatBody, template: Template, generate = true): string {
  for (const message of body.messages) checkCalls(message);
  if (template === 'strict') checkOrder(body.messages);
  const [first] = body.messages;
  const system = first?.role === 'system' ? textOf(first) : '';
  const tools = template === 'no-tools' ? [] : (body.tools ?? []);
  const head = [system, ...(tools.length > 0 ? ['<tools>', ...tools.map((t) => JSON.stringify(t)), '</tools>'] : [])];
  const rest = first?.role === 'system' ? body.messages.slice(1) : body.messages;
  return [
    ...(system || tools.length > 0 ? [turn('system', head.filter(Boolean).join('\n'))] : []),
    ...rest.map((message) => turn(message.role, message.role === 'assistant' ? said(message) : textOf(message))),
    ...(generate ? ['<|im_start|>assistant\n'] : []),
  ].join('');
}

function turn(role: string, text: string): string {
  return `<|im_start|>${role}\n${text}<|im_end|>\n`;
}

function said(message: Message): string {
  const reasoning = message.reasoning_content ?? message.reasoning ?? '';
  const calls = message.tool_calls ?? [];
  return [
    reasoning ? thinking(reasoning) : '',
    textOf(message),
    ...calls.map((call) => callOpening(call.function.name) + call.function.arguments + CALL_END),
  ].join('');
}

/** Reasoning as the model writes it and the template repeats it. */
export function thinking(text: string): string {
  return `${THINK_START}${text}${THINK_END}`;
}
export const THINK_START = '<think>\n';
export const THINK_END = '\n</think>\n\n';

/** Everything of a call before its arguments; CALL_END follows them. */
export function callOpening(name: string): string {
  return `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": `;
}
export const CALL_END = '}\n</tool_call>';

function checkCalls(message: Message): void {
  for (const call of message.tool_calls ?? []) {
    try {
      JSON.parse(call.function.arguments);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TemplateError(
        500,
        `Failed to parse tool call arguments as JSON: [json.exception.parse_error.101] ${why}`,
      );
    }
  }
}

function checkOrder(messages: Message[]): void {
  const roles = messages.map((message) => message.role);
  if (roles.lastIndexOf('system') > 0) refuse('System message must be at the beginning.');
  const rest = roles[0] === 'system' ? roles.slice(1) : roles;
  let previous = 'assistant';
  for (const role of rest) {
    const good = role === 'tool' ? previous !== 'user' : (role === 'user') === (previous === 'assistant');
    if (!good) refuse('Conversation roles must alternate user/assistant/user/assistant/...');
    previous = role;
  }
}

function refuse(why: string): never {
  const text = 'Unable to generate parser for this template. Automatic parser generation failed:';
  throw new TemplateError(400, `${text} \n------------\nError: Jinja Exception: ${why}`);
}

/** What /props shows as `chat_template`: the Jinja text of what `render` does. */
export const CHATML = `{%- if messages[0].role == 'system' or tools %}<|im_start|>system
{% if messages[0].role == 'system' %}{{ messages[0].content }}{% endif %}{% if tools %}
<tools>
{% for tool in tools %}{{ tool | tojson }}
{% endfor %}</tools>{% endif %}<|im_end|>
{% endif %}{%- for m in messages %}{% if not (loop.first and m.role == 'system') %}<|im_start|>{{ m.role }}
{% if m.reasoning_content %}<think>
{{ m.reasoning_content }}
</think>

{% endif %}{{ m.content or '' }}{% for c in m.tool_calls or [] %}<tool_call>
{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}
</tool_call>{% endfor %}<|im_end|>
{% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;
