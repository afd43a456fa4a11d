import { asProblem } from '../../src/common/errors.ts';
import type { LoggedEvent } from '../../src/common/events.ts';
import type { Policy } from '../policies/policy.ts';
import { loadPolicy } from './load.ts';
import { Findings, type FromPolicy, type ToPolicy } from './messages.ts';

/** The process of one user policy: nothing that it does, or does not do, reaches further than this. */

const send = (message: FromPolicy): void => {
  if (process.connected) process.send?.(message);
};

let policy: Policy | undefined;
const chats = new Map<string, LoggedEvent[]>();

process.on('message', (message: ToPolicy) => {
  if (message.type === 'judge') judge(message);
  else void load(message);
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);

async function load({ file, stamp }: ToPolicy & { type: 'load' }): Promise<void> {
  try {
    policy = await loadPolicy(file, stamp);
    send({ type: 'loaded', head: { name: policy.name, rule: policy.rule, on: [...policy.on] } });
  } catch (error) {
    send({ type: 'unusable', why: asProblem(error).message });
  }
}

function judge({ id, chat, from, events: more, view }: ToPolicy & { type: 'judge' }): void {
  const events = [...(chats.get(chat) ?? []).slice(0, from), ...more];
  chats.set(chat, events);
  const last = events.at(-1);
  if (!policy || !last) return;
  try {
    const turn = events.slice(events.findLastIndex((event) => event.type === 'user'));
    const found = Findings.safeParse(policy.judge(last, { ...view, events, turn }));
    if (found.success) send({ type: 'judged', id, findings: found.data });
    else send({ type: 'threw', id, why: `what it returned is no finding: ${found.error.issues[0]?.message ?? ''}` });
  } catch (error) {
    send({ type: 'threw', id, why: error instanceof Error ? error.message : String(error) });
  }
}
