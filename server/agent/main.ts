import type { FromAgent, ToAgent } from '../../src/common/ipc.ts';
import { Agent } from './agent.ts';

/** The agent process: started by the supervisor, with a channel to it, and gone when that closes. */

const send = (message: FromAgent): void => {
  if (process.connected) process.send?.(message);
};

let agent: Agent | undefined;
process.on('message', (message: ToAgent) => {
  if (message.type === 'start') agent = new Agent(message.start, send);
  else agent?.receive(message);
});
process.on('disconnect', () => {
  void (agent?.end() ?? Promise.resolve()).finally(() => process.exit(0));
});
// A signal to the process group is for the children; this process goes when its channel closes.
process.on('SIGINT', () => undefined);
