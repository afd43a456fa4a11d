import { z } from 'zod';
import { defineTool } from '../../common/tool.ts';

const Arguments = z.strictObject({
  agent: z.string(),
  why: z.string(),
  context: z.record(z.string(), z.unknown()).optional(),
});

export const handOff = defineTool({
  name: 'hand_off',
  group: 'team',
  description: 'Let another agent go on with this chat.',
  parameters: Arguments,
  // As the Swarm library names its tools of this kind.
  otherNames: /^transfer_to_\w+$/,
  accept(raw, name) {
    if (name === 'hand_off' || typeof raw !== 'object' || raw === null) return undefined;
    const { why = 'it suits better', context } = raw as { why?: unknown; context?: unknown };
    const agent = name.replace(/^transfer_to_/, '').replace(/_agent$/, '');
    return { tool: 'hand_off', arguments: { agent, why, ...(context === undefined ? {} : { context }) } };
  },
  effects: () => [],
  title: ({ agent }) => ({ kind: 'other', verb: 'Handed over to', object: agent }),
  async run({ agent, why, context }, { handoffs }) {
    if (!handoffs.includes(agent)) {
      const there =
        handoffs.length === 0 ? 'Nobody can take over now; go on yourself.' : `There are: ${handoffs.join(', ')}.`;
      return { text: `The chat cannot be handed over to ${agent}. ${there}`, summary: 'refused', failed: true };
    }
    return {
      text: `The ${agent} agent goes on: ${why}`,
      summary: '',
      handOff: { agent, ...(context === undefined ? {} : { context }) },
    };
  },
});
