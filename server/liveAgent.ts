import { rm } from 'node:fs/promises';
import type { AgentStart, FromAgent, ToAgent } from '../src/common/ipc.ts';
import type { AgentPids } from './agentPids.ts';
import { AgentProcess } from './agentProcess.ts';

/** What the agent process of a chat needs of it. */
export interface LiveAgentDeps {
  /** Id of the chat. */
  chat: string;
  program: string;
  mark: string;
  /** The whole environment of the process. */
  environment: Record<string, string>;
  /** Milliseconds after which one that has nothing to do is let go. */
  idle: number;
  agentPids: AgentPids;
  /** What it is told before anything else. @param first what comes right behind it */
  start(first: ToAgent): AgentStart;
  receive(message: FromAgent): void;
  /** It was let go. */
  left(): void;
  /** It is gone although nobody let it go. */
  lost(why: string): void;
  /** Another one is started after one was lost. */
  restarted(): void;
  log: (line: string) => void;
}

/** The agent process of one chat: started when there is something for it, and let go when there is not. */
export class LiveAgent {
  private readonly deps: LiveAgentDeps;
  private process: AgentProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  private crashed = false;

  constructor(deps: LiveAgentDeps) {
    this.deps = deps;
  }

  /** The process there is now, to know it again after a wait. */
  get current(): object | undefined {
    return this.process;
  }

  /** Starts it where there is none. */
  send(message: ToAgent): void {
    if (!this.process) this.fork(message);
    else this.process.send(message);
  }

  /** It has something to do. */
  stay(): void {
    clearTimeout(this.timer);
  }

  /** It has nothing to do: after a while it is let go. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.process?.leave();
      this.process = undefined;
      this.deps.left();
    }, this.deps.idle);
    this.timer.unref();
  }

  /** Ends it and all it started; it counts as lost. */
  kill(): void {
    this.process?.kill();
  }

  /** Ends it and all it started; nothing of it is heard any more. */
  drop(): void {
    clearTimeout(this.timer);
    this.process?.kill();
    this.process = undefined;
  }

  private fork(first: ToAgent): void {
    const { chat, program, mark, environment, agentPids, log } = this.deps;
    clearTimeout(this.timer);
    if (this.crashed) this.deps.restarted();
    this.crashed = false;
    const start = this.deps.start(first);
    const agent: AgentProcess = new AgentProcess({
      program,
      mark,
      environment,
      output: (text) => log(`agent of chat ${chat}: ${text.trimEnd()}`),
      message: (message) => {
        if (this.process === agent) this.deps.receive(message);
      },
      gone: (why) => {
        if (agent.pid !== undefined) agentPids.remove(agent.pid);
        // It does so itself where it can.
        void rm(start.sandbox.temporary, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
        if (this.process !== agent) return;
        this.crashed = true;
        this.deps.lost(why);
      },
    });
    this.process = agent;
    if (agent.pid !== undefined) void agentPids.add(agent.pid, chat, agent.mark);
    agent.send({ type: 'start', start });
    agent.send(first);
  }
}
