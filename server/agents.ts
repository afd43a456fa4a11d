import { join } from 'node:path';
import type { Team } from '../src/common/agent.ts';
import type { Workspace } from '../src/common/events.ts';
import { type Folder, joinAgents, type KnownTool, readAgentFolder } from '../src/node/agentFiles.ts';

/**
 * The agents there are: Drover's, the person's (CONFIG/agents), and those of a trusted workspace (.drover/agents in its
 * first folder). The person's files are read anew each time, so that a changed one counts with the next message.
 */
export class Agents {
  private readonly shipped: Folder;
  private readonly own: string;
  private readonly tools: readonly KnownTool[];

  /** @param prompts Drover's own @param own the person's */
  constructor(prompts: string, own: string, tools: readonly KnownTool[]) {
    this.shipped = readAgentFolder(join(prompts, 'agents'), 'drover', tools);
    const [problem] = [...this.shipped.problems, ...joinAgents(this.shipped.files, tools).problems];
    if (problem) throw problem;
    this.own = own;
    this.tools = tools;
  }

  of(workspace: Workspace | undefined): Team {
    const folders = [this.shipped, readAgentFolder(this.own, 'user', this.tools)];
    const [root] = workspace?.trusted === true ? workspace.roots : [];
    if (root !== undefined) folders.push(readAgentFolder(join(root, '.drover', 'agents'), 'workspace', this.tools));
    const { agents, problems } = joinAgents(
      folders.flatMap(({ files }) => files),
      this.tools,
    );
    return {
      agents,
      problems: [...folders.flatMap((folder) => folder.problems), ...problems].map(({ info }) => info),
    };
  }
}
