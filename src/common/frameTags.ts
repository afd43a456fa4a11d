/**
 * Tags that chat templates write as plain text around results, calls and turns. They are no control tokens, so the tokenizer does
 * not tell whether the template wrote them or a file: whoever may write `</tool_response>` ends the frame of a result. What is not
 * the person's or the model's own is therefore sent without any, in whichever spelling a model might take for one.
 */

/** What stands in brackets, also in full-width ones. It ends at the next bracket, so that a text is gone through once. */
const bracketed = /([<＜[［])([^<＜>＞[\]［］]*)([>＞\]］])/gu;

/** What breaks a tag: a sign that stands in no template, so that the eye sees the tag, and sees that it is none. */
const SIGN = '·';

/**
 * Names in angle brackets, their parts apart. Of Qwen, Hermes, SmolLM and Granite; of GLM (`arg_key`); of Gemma (turns); of
 * Nemotron (`available_tools`); of templates written after the models of Anthropic (`function_calls`, `function_results`).
 */
const several = [
  'tool call, tool calls, tool response, tool responses, tool result, tool results, tool output, tool outputs, tool use',
  'function call, function calls, function response, function responses, function result, function results',
  'function output, function outputs, start of turn, end of turn, arg key, arg value, available tools, system prompt',
]
  .join(', ')
  .split(', ');
/** The same with names of one word, which stand in ordinary text more easily (Llama 2 writes `<<SYS>>`). */
const single = ['think', 'thinking', 'tools', 'invoke', 'bos', 'eos', 'sys'];
/** Names in square brackets, as Llama 2 and Mistral write them. */
const squared = [
  'inst, tool results, tool calls, tool content, available tools, system prompt, model settings, think',
  'img, img break, img end',
]
  .join(', ')
  .split(', ');

/** `<|word|>` and its halves, with whatever words: DeepSeek, Gemma 4, gpt-oss, Llama 3, Phi and many more. */
const barred = /^[/\s]*(?:\|[|/\s]*[\p{L}\p{N}_][\p{L}\p{N}_▁:.|\s-]*|[\p{L}\p{N}_][\p{L}\p{N}_▁:.\s-]*\|[|\s]*)$/u;
/** `<function=name>` and `<parameter=name>`, as Llama 3 and Qwen3 Coder write calls. */
const assigned = /^(?:function|parameter)\s*=\s*\S/;
/** The marks of a sequence. Any blank in the opening one would make it a comparison, and a capital a type. */
const sequence = /^(?:s|\s*\/\s*s\s*)$/;

interface Names {
  angle: RegExp;
  square: RegExp;
}

/**
 * The text with every such tag broken by a sign behind its bracket: `<·/tool_response>`.
 *
 * A name in capitals as a type's (`Array<Tools>`) and one in small letters as an index (`table[inst]`) stay as they are: no template
 * writes them, and code is full of them.
 *
 * @param own tags that the loaded model's template writes besides, see `tagsIn`
 * @param except tags that are broken up anyway, because they are control tokens
 */
export function breakTags(text: string, own: readonly string[] = [], except: readonly string[] = []): string {
  if (!/[<＜[［]/.test(text)) return text;
  const names = namesWith(own);
  return text.replace(bracketed, (whole, open: string, inner: string, close: string, at: number) => {
    if (except.includes(whole) || !isTag(open, inner, text.charAt(at - 1), names)) return whole;
    return `${open}${SIGN}${inner}${close}`;
  });
}

/**
 * What a model has copied from a text that was broken up, as it stands in the file that it is for: a broken tag becomes whole where
 * the file has it so and not broken. Of a file that is not there yet only the sign tells, which nobody writes into such a tag.
 * @param file what stands there now; undefined: nothing
 */
export function mendTags(text: string, file: string | undefined): string {
  return text.replace(
    /([<＜[［])([· ])([^<＜>＞[\]［］]*[>＞\]］])/gu,
    (broken, open: string, sign: string, rest: string) => {
      const whole = open + rest;
      if (file === undefined) return sign === SIGN && breakTags(whole) === broken ? whole : broken;
      return file.includes(whole) && !file.includes(broken) ? whole : broken;
    },
  );
}

/** The tags in what a template has written between contents, each once. */
export function tagsIn(written: string): string[] {
  const found = [...written.matchAll(bracketed)].filter(([, , inner = '']) =>
    /^[/|｜]?[\p{L}_][^\s"'{}(),;=]*$/u.test(inner),
  );
  return [...new Set(found.map(([whole]) => whole))];
}

function isTag(open: string, written: string, before: string, names: Names): boolean {
  const inner = written.normalize('NFKC').trim();
  if (open === '[' || open === '［') {
    return names.square.test(inner.toLowerCase()) && (inner.startsWith('/') || inner !== inner.toLowerCase());
  }
  if (sequence.test(written) || barred.test(inner)) return true;
  const small = inner.toLowerCase();
  if (assigned.test(small)) return true;
  if (!names.angle.test(small)) return false;
  return inner.startsWith('/') || inner === small || !/[\p{L}\p{N}_$]/u.test(before);
}

function namesWith(own: readonly string[]): Names {
  const of = (brackets: RegExp): string[] =>
    own.filter((tag) => brackets.test(tag)).flatMap((tag) => nameOf(tag) ?? []);
  const either = (all: readonly string[]): string =>
    all
      .map((name) =>
        name
          .split(' ')
          .map(escaped)
          .join(String.raw`[\s_▁-]+`),
      )
      .join('|');
  const angle = either([...several, ...single, ...of(/^[<＜]/)]);
  return {
    // Behind a name may stand what it would have in XML: attributes, and a slash.
    angle: new RegExp(String.raw`^[/\s]*(?:[\w-]+:)?(?:${angle})(?:\s+[\w:-]+\s*=.*)?[/\s]*$`, 'su'),
    square: new RegExp(String.raw`^[/\s]*(?:${either([...squared, ...of(/^[[［]/)])})\s*$`, 'u'),
  };
}

/** The words of a tag; undefined for one of a single letter, which is markup more often than a frame. */
function nameOf(tag: string): string | undefined {
  const name = tag
    .slice(1, -1)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^[/|]+|[/|]+$/g, '');
  const words = name.split(/[\s_▁-]+/).filter((word) => word !== '');
  return words.join('').length > 1 ? words.join(' ') : undefined;
}

function escaped(word: string): string {
  return word.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
