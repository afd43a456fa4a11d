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
// Asked to end, it stops what runs and goes; a Ctrl+C in a terminal is for the supervisor, which closes the channel.
process.on('SIGTERM', () => (process.connected ? process.disconnect() : process.exit(0)));
process.on('SIGINT', () => undefined);
