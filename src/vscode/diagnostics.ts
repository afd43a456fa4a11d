import * as vscode from 'vscode';
import { dropHidden } from '../common/gate/hidden.ts';
import { masked } from '../common/mask.ts';
import { BUILD } from '../node/build.ts';
import type { Snapshot } from './sidecar.ts';

/** What Drover runs on here, for a question or a bug report: no keys, no names of folders, no contents. */
export function diagnostics({ state, problem, engine, sandbox }: Snapshot, version: string): string {
  const rows: [string, string | number | undefined][] = [
    ['Drover', `${version} (${BUILD})`],
    ['Editor', `${vscode.env.appName} ${vscode.version}${vscode.env.remoteName === undefined ? '' : ', remote'}`],
    ['Runtime', `Node ${process.versions.node}, ${process.platform} ${process.arch}`],
    ['Supervisor', problem ? `${state}: ${problem.code}` : state],
    [
      'Engine',
      engine ? `${engine.kind}, ${engine.state}${engine.problem ? `: ${engine.problem.code}` : ''}` : undefined,
    ],
    ['Server', engine?.server],
    ['Model', engine?.model?.name],
    ['Slots', engine?.slots],
    ['Context', engine?.context],
    ['Note', engine?.note],
    ['Sandbox', sandbox?.state],
  ];
  const lines = rows.filter(([, value]) => value !== undefined).map(([name, value]) => dropHidden(`${name}: ${value}`));
  return masked(lines.join('\n'));
}
