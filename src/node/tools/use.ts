import { z } from 'zod';
import { defineTool } from '../../common/tool.ts';
import { toolSchemas } from './schema.ts';

const Arguments = z.strictObject({ tool: z.string(), arguments: z.record(z.string(), z.unknown()).optional() });

/**
 * The door to tools whose schemas are not in the prompt. With arguments the call becomes one of the tool that it names,
 * so that the gate, the records and the panel see that tool and not this one; without, it answers with the schema.
 */
export const use = defineTool({
  name: 'use',
  group: 'team',
  description: 'Call a further tool; without arguments: what it takes.',
  parameters: Arguments,
  accept(raw) {
    const { data } = Arguments.safeParse(raw);
    return data?.arguments === undefined ? undefined : { tool: data.tool, arguments: data.arguments };
  },
  effects: () => [],
  title: ({ tool }) => ({ kind: 'other', verb: 'Looked up', object: tool }),
  async run({ tool: name }, { tools }) {
    const tool = tools.find((each) => each.name === name);
    if (!tool) {
      const names = tools.map((each) => each.name).join(', ');
      return {
        text: `There is no tool named ${name}. The tools are: ${names}.`,
        summary: 'no such tool',
        failed: true,
      };
    }
    return { text: JSON.stringify(toolSchemas([tool])[0]?.function), summary: 'what it takes' };
  },
});
