import { asProblem } from '../common/errors.ts';
import type { Verdict } from '../common/events.ts';
import { judge, type Policy } from '../common/gate/judge.ts';
import { resolvePath } from './confine.ts';
import { resolveEffects } from './effects.ts';
import { parseCall } from './parseCall.ts';
import { tools } from './tools/list.ts';

/** Where a call would be made. */
export interface Standing {
  /** Absolute and real; the first is where relative paths and commands start. */
  roots: readonly string[];
  policy: Policy;
  /** Keys of what the person always allows there, see always.ts; absent: nothing. */
  always?: ReadonlySet<string>;
}

/**
 * What the gate would say to a call, by the way that every call goes: understood, its paths looked up, judged. Nothing runs.
 *
 * @param args JSON text, as a model sends it
 */
export async function explain(tool: string, args: string, { roots, policy, always }: Standing): Promise<Verdict> {
  const parsed = parseCall({ id: 'explain', name: tool, arguments: args }, tools);
  if ('unknown' in parsed) {
    const names = tools.map(({ name }) => name).join(', ');
    return { decision: 'deny', rule: 'invalid', reason: `There is no tool named ${tool}. The tools are: ${names}.` };
  }
  if ('fault' in parsed) return { decision: 'deny', rule: 'invalid', reason: parsed.fault };
  const files = { resolve: async (path: string) => resolvePath(path, roots, policy.home) };
  try {
    const effects = await resolveEffects(parsed.tool.effects(parsed.args), files, roots);
    const { decision, rule, reason } = judge({
      tool: parsed.tool,
      effects,
      policy,
      grants: new Set(),
      ...(always === undefined ? {} : { always }),
    });
    return { decision, rule, reason };
  } catch (error) {
    const { message, advice } = asProblem(error);
    return { decision: 'deny', rule: 'invalid', reason: `${message} ${advice}` };
  }
}
