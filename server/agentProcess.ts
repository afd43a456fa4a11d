import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { FromAgent, ToAgent } from '../src/common/ipc.ts';
import { fork, sweep } from '../src/node/spawn.ts';

export interface AgentProcessOptions {
  /** dist/agent.js */
  program: string;
  /** Begins the run mark that everything this agent starts carries in its environment. */
  mark: string;
  environment: NodeJS.ProcessEnv;
  /** At most 4 KB a call: what the process wrote to its standard streams, for the log. */
  output(text: string): void;
  message(message: FromAgent): void;
  /** Once, after the process is gone and all it had started is ended. */
  gone(how: { code: number | null; signal: string | null }): void;
}

/**
 * The agent process of one chat: forked on demand, leader of its own process group. It ends itself when the channel to
 * the supervisor closes.
 */
export class AgentProcess {
  private readonly child: ChildProcess;
  private readonly mark: string;
  private ended = false;

  constructor(options: AgentProcessOptions) {
    this.mark = `${options.mark}-${randomUUID()}`;
    this.child = fork(options.program, { ...options.environment, DROVER_RUN: this.mark });
    this.child.on('message', (message) => options.message(message as FromAgent));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => options.output(text.slice(0, 4096)));
    }
    const gone = (code: number | null, signal: string | null): void => {
      if (this.ended) return;
      this.ended = true;
      void sweep(this.mark).finally(() => options.gone({ code, signal }));
    };
    this.child.once('exit', gone);
    this.child.once('error', () => gone(null, null));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(message: ToAgent): void {
    if (this.child.connected) this.child.send(message);
  }

  /** Lets it end by itself; it closes what it had open. */
  leave(): void {
    if (this.child.connected) this.child.disconnect();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
