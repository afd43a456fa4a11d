import type { GgufHeader } from './gguf.ts';

/**
 * Whether a chat template renders tools at all, as far as its text tells; a running server is asked besides. One that
 * does not swallows them silently.
 */
export function mentionsTools(templates: string[]): boolean {
  return templates.some((template) => /\btools\b/.test(template));
}

/** Whether the vocabulary has the two control tokens of ChatML, so that Drover's own template can be used. */
export function knowsChatml({ special }: GgufHeader): boolean {
  return ['<|im_start|>', '<|im_end|>'].every((text) => special.some((token) => token.control && token.text === text));
}

/**
 * Texts that must not reach the tokenizer from outside. User-defined tokens count only where the template uses them or
 * they look like a mark: some vocabularies list `<table>` or runs of spaces there, which code may well contain.
 * Numbered tokens that the template does not use are fillers without a meaning.
 */
export function controlTokens({ special, templates }: GgufHeader): string[] {
  const template = templates.join('\n');
  return special
    .filter(({ text, control }) => {
      if (text.trim() === '') return false;
      if (template.includes(text)) return true;
      if (/\d+\W*$/.test(text)) return false;
      return control || /^<\|.*\|>$/.test(text) || wellKnownControlTokens.includes(text);
    })
    .map(({ text }) => text);
}

/** For engines whose vocabulary cannot be read: the marks of the chat formats in wide use. */
export const wellKnownControlTokens = [
  // ChatML and the families on it (Qwen, SmolLM, Hermes, Yi)
  '<|im_start|>',
  '<|im_end|>',
  '<|endoftext|>',
  '<tool_call>',
  '</tool_call>',
  '<tool_response>',
  '</tool_response>',
  '<think>',
  '</think>',
  // Llama 3
  '<|begin_of_text|>',
  '<|end_of_text|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|python_tag|>',
  // Llama 2, Mistral
  '<s>',
  '</s>',
  '[INST]',
  '[/INST]',
  '[SYSTEM_PROMPT]',
  '[/SYSTEM_PROMPT]',
  '[AVAILABLE_TOOLS]',
  '[/AVAILABLE_TOOLS]',
  '[TOOL_CALLS]',
  '[TOOL_RESULTS]',
  '[/TOOL_RESULTS]',
  // Gemma
  '<bos>',
  '<eos>',
  '<start_of_turn>',
  '<end_of_turn>',
  // gpt-oss
  '<|start|>',
  '<|end|>',
  '<|message|>',
  '<|channel|>',
  '<|constrain|>',
  '<|return|>',
  '<|call|>',
  // Phi, GLM, Granite, Zephyr
  '<|system|>',
  '<|user|>',
  '<|assistant|>',
  '<|tool|>',
  '<|observation|>',
  '<|start_of_role|>',
  '<|end_of_role|>',
  // DeepSeek
  '<｜begin▁of▁sentence｜>',
  '<｜end▁of▁sentence｜>',
  '<｜User｜>',
  '<｜Assistant｜>',
  '<｜tool▁calls▁begin｜>',
  '<｜tool▁calls▁end｜>',
  '<｜tool▁outputs▁begin｜>',
  '<｜tool▁outputs▁end｜>',
  // Command R
  '<|START_OF_TURN_TOKEN|>',
  '<|END_OF_TURN_TOKEN|>',
];
