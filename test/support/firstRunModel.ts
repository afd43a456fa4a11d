import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fetchModel } from '../../server/engines/fetchModel.ts';
import { managedFolder } from '../../src/node/folders.ts';
import { installedServer } from './installedServer.ts';

const always = new AbortController().signal;

/** Whether the adapter in the repository is a trained one; without effect it is a hundred times smaller. */
export const trained = statSync(join(import.meta.dirname, '..', '..', 'model', 'first-run.gguf')).size > 1_000_000;

/** The folder of Drover's own on this machine with the first-run model in it, so that a machine fetches it once. */
export async function withFirstRunModel(): Promise<string> {
  const managed = managedFolder(process.env);
  await fetchModel('first-run', { managed, environment: process.env, report: () => undefined }, always);
  return managed;
}

/** The environment of a supervisor that has a real llama-server and the first-run model at hand. */
export async function firstRunEnvironment(): Promise<Record<string, string>> {
  const [server, managed] = await Promise.all([installedServer(), withFirstRunModel()]);
  return { DROVER_LLAMA_SERVER: server.path, DROVER_MANAGED: managed };
}
