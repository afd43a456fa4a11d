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
