import type { SandboxStatus } from '../src/common/protocol.ts';
import { asProblem } from '../src/common/errors.ts';
import { absent, type Obstacle, obstacle } from '../src/node/bubblewrap.ts';

export interface ContainmentOptions {
  /** Where bubblewrap is looked for. */
  environment: NodeJS.ProcessEnv;
  /** Drover's folder for what it fetched. */
  managed: string;
  /** The person switched it off. */
  off: () => boolean;
  /** There is another status. */
  changed: () => void;
  log: (line: string) => void;
}

/**
 * Whether commands can be shut in on this machine, for whoever looks on. It is found out by shutting a program in that does
 * nothing, beside everything else; what an agent does it decides by its own trial.
 */
export class Containment {
  private readonly options: ContainmentOptions;
  private readonly ended = new AbortController();
  private looking: Promise<void> | undefined;
  private found: Obstacle | 'none' | undefined;
  private told = '';

  constructor(options: ContainmentOptions) {
    this.options = options;
  }

  status(): SandboxStatus {
    if (this.options.off()) return { state: 'off', text: asked('the sandbox is switched off (drover.sandbox)') };
    if (this.found === undefined)
      return { state: 'checking', text: 'Drover finds out whether it can shut commands in.' };
    if (this.found === 'none') return { state: 'on', text: 'Commands that run code of your folder run in a sandbox.' };
    const { message, advice } = this.found;
    return { state: 'unavailable', text: `${asked(message.replace(/\.$/, ''))} ${advice}` };
  }

  /** Looks where it is not known yet, and where something is missing that may have been installed since. */
  async look(): Promise<void> {
    const open = this.found === undefined || this.message === absent().message;
    if (open && !this.options.off()) {
      this.looking ??= this.tryOut().finally(() => (this.looking = undefined));
      await this.looking;
    }
    this.tell();
  }

  close(): void {
    this.ended.abort();
  }

  private async tryOut(): Promise<void> {
    const { environment, managed, log } = this.options;
    try {
      const found = await obstacle({ environment, managed }, this.ended.signal);
      if (found !== undefined && found.message !== this.message) log(`sandbox: ${found.message} ${found.advice}`);
      this.found = found ?? 'none';
    } catch (error) {
      if (this.ended.signal.aborted) return;
      this.found = asProblem(error).info;
      log(`sandbox: ${this.found.message}`);
    }
  }

  private get message(): string | undefined {
    return typeof this.found === 'object' ? this.found.message : undefined;
  }

  private tell(): void {
    const now = JSON.stringify(this.status());
    if (now === this.told || this.ended.signal.aborted) return;
    this.told = now;
    this.options.changed();
  }
}

function asked(why: string): string {
  return `Commands that run code of your folder are asked about: ${lower(why)}.`;
}

/** As it stands in the middle of a sentence; names keep their capitals. */
function lower(text: string): string {
  return /^(?:Drover|WSL)\b/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
