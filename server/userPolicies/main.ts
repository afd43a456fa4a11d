import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { asProblem } from '../../src/common/errors.ts';
import type { LoggedEvent } from '../../src/common/events.ts';
import type { Policy } from '../policies/policy.ts';
import { loadPolicy } from './load.ts';
import { faultsOf, Findings, type FromPolicy, type ToPolicy } from './messages.ts';

/**
 * The process of one user policy: nothing that it does, or does not do, reaches further than this. The policy has a thread
 * of its own, so that the process ends with its supervisor also while the policy runs round in a circle.
 */

if (isMainThread) watchOver();
else listen();

function watchOver(): void {
  const thread = new Worker(import.meta.filename);
  process.on('message', (message) => thread.postMessage(message));
  process.on('disconnect', () => process.exit(0));
  process.on('SIGINT', () => undefined);
  thread.on('message', (message: FromPolicy) => {
    if (process.connected) process.send?.(message);
  });
  thread.on('error', (error) => {
    console.error(error);
    process.exitCode = 1;
  });
  // What it said before it ended is still on its way.
  thread.on('exit', (code) => setImmediate(() => process.exit(code)));
}

function listen(): void {
  const port = parentPort;
  const chats = new Map<string, LoggedEvent[]>();
  let policy: Policy | undefined;
  const send = (message: FromPolicy): void => port?.postMessage(message);

  port?.on('message', (message: ToPolicy) => {
    if (message.type === 'judge') judge(message);
    else if (message.type === 'forget') chats.delete(message.chat);
    else void load(message);
  });

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
      else send({ type: 'threw', id, why: `what it returned is no finding: ${faultsOf(found.error)}` });
    } catch (error) {
      send({ type: 'threw', id, why: error instanceof Error ? error.message : String(error) });
    }
  }
}
