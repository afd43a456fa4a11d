import type { Endpoint, EngineAction, EngineSettings, EngineStatus } from '../../src/common/engine.ts';

/** What the supervisor knows of engines: one of them, managed or by its address, and how it is doing. */
export interface EngineControl {
  /** `busy` and `waiting` are 0 here; the supervisor fills them. */
  status(): EngineStatus;
  /** @returns what ends the listening */
  onChange(listener: (status: EngineStatus) => void): () => void;
  /**
   * Makes the engine ready, starting or probing what must be; concurrent calls share one start.
   * Aborting one caller does not stop the start for others.
   * @throws Problem
   */
  ready(signal: AbortSignal): Promise<Endpoint>;
  /** Begins the action; progress shows in `status()`. @throws Problem for bad input at once */
  act(action: EngineAction, signal?: AbortSignal): Promise<void>;
  /** An agent saw the connection break or refuse: check on it now (and restart within budget on the next `ready`). */
  suspect(): void;
  /** Stops the server, in less than 3.5 s. */
  close(): Promise<void>;
}

export interface EngineOptions {
  settings: EngineSettings;
  /** Keeps a choice that the person made through `act`. */
  save: (patch: Partial<EngineSettings>) => Promise<void>;
  /** The first-run model is fetched by a start that needs it, without being told to: chosen, or nothing else there. */
  mayFetch?: boolean;
  /** Folder for servers and models that Drover fetched. */
  managed: string;
  /** STATE/run/MACHINE: pid file and logs. */
  run: string;
  environment: NodeJS.ProcessEnv;
  log: (line: string) => void;
}
