import { unpackServer } from '../../server/engines/debian.ts';
import { findServer, noServerProblem, type Server } from '../../server/engines/find.ts';
import { managedFolder } from '../../src/node/folders.ts';

const always = new AbortController().signal;

let found: Promise<Server> | undefined;

/** The llama-server of this machine; where there is none, the distribution's is unpacked into Drover's own folder. */
export function installedServer(): Promise<Server> {
  found ??= install();
  return found;
}

async function install(): Promise<Server> {
  const managed = managedFolder(process.env);
  const search = { setting: undefined, environment: process.env, managed };
  const first = await findServer(search, always);
  if (!('tried' in first)) return first;
  const { distribution } = first;
  if (distribution === undefined) throw noServerProblem(first.tried);
  const report = ({ text }: { text: string }): void => console.log(text);
  await unpackServer({ distribution, managed, environment: process.env, report }, always);
  const second = await findServer(search, always);
  if ('tried' in second) throw noServerProblem(second.tried);
  return second;
}
