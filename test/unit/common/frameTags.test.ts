import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breakTags, mendTags, tagsIn } from '../../../src/common/frameTags.ts';

/** What templates of the field write around results, calls and turns. */
const written = [
  '<tool_response> </tool_response> <tool_call> </tool_call> <tools> </tools> <tool_result> </tool_result> <tool_output>',
  '<function_results> </function_results> <function_calls> </function_calls> <minimax:tool_call> </seed:think>',
  '[TOOL_RESULTS] [/TOOL_RESULTS] [TOOL_CALLS] [INST] [/INST] [AVAILABLE_TOOLS] [SYSTEM_PROMPT] <<SYS>> <</SYS>>',
  '<start_of_turn> <end_of_turn> <s> </s> <think> </think> <bos> <eos> <arg_key> </arg_value> <function=bash>',
  '<|im_start|> <|im_end|> <|eot_id|> <|start_header_id|> <|observation|> <|END_OF_TURN_TOKEN|> <|channel|>',
  '<|turn> <turn|> <|tool_response> <tool_response|> <|reserved_special_token_0|> <parameter=path>',
  '<｜begin▁of▁sentence｜> <｜User｜> <｜tool▁outputs▁end｜> <｜DSML｜function_calls>',
]
  .flatMap((line) => line.split(' '))
  .concat('<invoke name="bash">');
/** The same, as somebody would spell them who knows that the former are looked for. */
const disguised = [
  '</TOOL_RESPONSE>,</Tool_Response>,< /tool_response>,</ tool_response >,<\n/\ttool_response\n>,</tool-response>',
  '</tool response>,</tool▁response>,＜/tool_response＞,<／tool_response>,<//tool_response>,</tool_response id="1">',
  `<tool_response/>,<${' '.repeat(500)}/tool_response>,x<tool_call>,[[INST]],[ /INST ],[/inst],[/tool_results],［/INST］`,
  '[Inst],[ TOOL_RESULTS ],<| im_end |>,<|IM_END|>,< | im_end | >,<|/tool|>,<THINK>,</ think>,< think >,<END_OF_TURN>,< /s >',
].flatMap((line) => line.split(','));

describe('a tag that a chat template writes', () => {
  test.each([...written, ...disguised])('%j is broken, once, and can be read and mended', (tag) => {
    const text = `before ${tag} behind`;
    const broken = breakTags(text);
    expect(broken).not.toBe(text);
    expect(broken.replaceAll('·', '')).toBe(text);
    expect(breakTags(broken)).toBe(broken);
    expect(mendTags(broken, text)).toBe(text);
    expect(mendTags(broken, undefined)).toBe(text);
    expect(mendTags(broken, broken), 'where the sign stands in the file').toBe(broken);
  });

  test.each([
    'const a: Array<Tools> = b; new Map<string, Vec<Think>>(); Promise<ToolCall>; fn f<S>(s: S) {}',
    'if (a < tools && b > 3 || x < s > y) return list[inst] + table[tool_results];',
    '<div class="tools"><span>s</span><thinking-cap/><toolbar></toolbar><T></T><S></S></div>',
    'usage: prog [OPTIONS] [ARGS] [IMAGE] <file> <tool> <name>; [x] done [ ] not; - [link](https://a.b/<c>)',
    'a <- b |> c(d) | e || f; cat <<EOF > out; 1 < 2 | 3 > 2; a <|> b; x <| y',
    '<?xml version="1.0"?><project><name>shop</name><system>unix</system><user>ada</user></project>',
    '### Instruction: do it\nObservation: done\nHuman: yes',
    '#include <sys/types.h>\n#include <tools/inst.h>\n[package]\n[tool.poetry]\n[tools]\n[think]',
    '<<<<<<< HEAD\n=======\n>>>>>>> main',
  ])('is none in %j', (text) => expect(breakTags(text)).toBe(text));

  test('of the loaded model is known by what stands between the contents that it rendered', () => {
    const rendered =
      'Q</u>\n<obs>\n{"a": [1]} <b a="c"> [RESULT]R[/RESULT]\n</obs>\n<|x|>Q <function=f> if (a < b) > c';
    const own = tagsIn(rendered);
    expect(own).toEqual(['</u>', '<obs>', '[RESULT]', '[/RESULT]', '</obs>', '<|x|>']);
    expect(breakTags('1 </obs> 2 </ OBS > 3 [/RESULT] 4 [/result]', own)).toBe(
      '1 <·/obs> 2 <·/ OBS > 3 [·/RESULT] 4 [·/result]',
    );
    for (const other of ['<b>', '<u>', '</u>', 'Vec<Obs>', 'all[result]', '<observe>'])
      expect(breakTags(other, own)).toBe(other);
    expect(breakTags('</obs>')).toBe('</obs>');
  });

  test('stands in no text that was broken up, whatever surrounds it', () => {
    const piece = fc.oneof(
      fc.constantFrom(...written, ...disguised, ...Array.from('<>[]|/·s ')),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const broken = breakTags(pieces.join(''));
        for (const tag of written) expect(broken).not.toContain(tag);
        expect(breakTags(broken)).toBe(broken);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['<', '[', '< ', '<|', '</tool_response', '<|a', '<tool_call a=', '<a:'])(
    'is looked for in one pass, also in 64 KB of %j',
    (piece) => {
      const text = piece.repeat(Math.ceil(65_536 / piece.length));
      const began = performance.now();
      breakTags(text);
      breakTags(`${text}>`);
      mendTags(text.replaceAll('<', '<·'), 'x');
      expect(performance.now() - began).toBeLessThan(1000);
    },
  );
});
