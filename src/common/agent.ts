import { Problem } from './errors.ts';
import type { ProblemInfo } from './events.ts';

/** An agent: what it is for and what it may do. One file each, see agentFiles.ts. */
export interface Agent {
  name: string;
  description: string;
  /** The model it speaks with; undefined: that of the engine. */
  model: string | undefined;
  /** Names or groups of the tools that it may call. */
  tools: string[];
  /** Whatever has an effect other than a look is denied. */
  readonly: boolean;
  /** Names of the agents that it may hand the chat over to. */
  handoffs: string[];
  /** Its answers are plans: the agent that a person can have carry them out. */
  start: string | undefined;
  /** Its role, for the model. */
  text: string;
  from: 'drover' | 'user' | 'workspace';
}

/** Those there are for a workspace, and why files of others cannot be used; `field` names the agent. */
export interface Team {
  agents: Agent[];
  problems: ProblemInfo[];
}

/** @throws Problem when a chat is with an agent that there is no more, because nobody could speak in it then. */
export function checkThere(name: string, { agents, problems }: Team): void {
  if (agents.some((agent) => agent.name === name)) return;
  const fault = problems.find(({ field }) => field === name);
  const gone = `There is no agent ${name} for this chat any more.`;
  throw fault
    ? new Problem('agent_gone', `${gone} ${fault.message}`, 'Correct the file or choose another agent, then go on.')
    : new Problem(
        'agent_gone',
        `${gone} Its file is gone, or lies in a folder that is not trusted.`,
        'Choose another agent, then go on.',
      );
}
