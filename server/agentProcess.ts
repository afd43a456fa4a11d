import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { FromAgent, ToAgent } from '../src/common/ipc.ts';
import { fork, killTree, sweep } from '../src/node/spawn.ts';

export interface AgentProcessOptions {
  /** dist/agent.js */
  program: string;
  /** The whole environment. */
  environment: Record<string, string>;
  /** The run mark of this supervisor; the agent's own, which all it starts will carry, begins with it. */
  mark: string;
  /** What the process wrote to its standard streams, for the log. */
  output: (text: string) => void;
  message: (message: FromAgent) => void;
  /** Once, after the process is gone and all it had started is ended; `why` in words. */
  gone: (why: string) => void;
}

/**
 * The agent process of one chat: forked on demand, leader of its own process group. It ends itself when the channel to
 * the supervisor closes.
 */
export class AgentProcess {
  /** What it and all it starts carry in their environment. */
  readonly mark: string;
  private readonly child: ChildProcess;
  private readonly ended: Promise<string>;

  constructor({ program, environment, mark, output, message, gone }: AgentProcessOptions) {
    this.mark = `${mark}.${randomUUID()}`;
    this.child = fork(program, { ...environment, DROVER_RUN: this.mark }, ['--disable-warning=ExperimentalWarning']);
    this.child.on('message', (received) => message(received as FromAgent));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', output);
    }
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? 'unknown'}`));
      // Also told when a message cannot be sent to a process that is ending: then its exit follows.
      this.child.on('error', (error) => {
        if (this.child.pid === undefined) resolve(error.message);
        else output(error.message);
      });
    });
    void this.last(gone);
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  private async last(gone: (why: string) => void): Promise<void> {
    const why = await this.ended;
    await sweep(this.mark);
    gone(why);
  }

  send(message: ToAgent): void {
    if (this.child.connected) this.child.send(message);
  }

  /** Lets it end by itself; it closes what it had open. */
  leave(): void {
    if (this.child.connected) this.child.disconnect();
  }

  /** Ends it and all it started, now. */
  kill(): void {
    if (this.child.pid !== undefined) void killTree(this.child.pid, this.mark, this.ended, 0);
  }
}
