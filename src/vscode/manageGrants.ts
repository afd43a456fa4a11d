import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { StandingGrant } from '../common/protocol.ts';
import { call } from '../node/client.ts';
import type { CommandParts } from './commandParts.ts';

interface GrantItem extends vscode.QuickPickItem {
  grant?: StandingGrant;
}

const remove: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('trash'),
  tooltip: 'Take it back: it is asked about again',
};

/** Lists what is always allowed; what is chosen there is taken back. */
export async function manageGrants({ sidecar, voice }: CommandParts, signal: AbortSignal): Promise<void> {
  const address = await sidecar.address(signal);
  const pick = vscode.window.createQuickPick<GrantItem>();
  pick.title = 'Drover: Always Allowed';
  pick.placeholder = 'Choose what is to be asked about again';
  pick.matchOnDescription = true;
  const list = async (): Promise<void> => {
    const { grants } = await call(address, 'grants', { signal });
    pick.items = grants.length === 0 ? [{ label: nothing, alwaysShow: true }] : grants.map(itemOf);
  };
  const takeBack = async ({ grant }: GrantItem): Promise<void> => {
    if (grant === undefined) return;
    await call(address, 'grantRemove', { id: grant.id, signal });
    await list();
  };
  const tried = (work: Promise<void>): void => {
    pick.busy = true;
    work.catch((error: unknown) => voice.problem(error)).finally(() => (pick.busy = false));
  };
  await list();
  pick.onDidTriggerItemButton(({ item }) => tried(takeBack(item)));
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    if (item?.grant === undefined) pick.hide();
    else tried(takeBack(item));
  });
  await new Promise<void>((resolve) => {
    pick.onDidHide(() => resolve());
    signal.addEventListener('abort', () => pick.hide(), { once: true });
    pick.show();
  });
  pick.dispose();
}

const nothing = 'Nothing is always allowed.';

function itemOf(grant: StandingGrant): GrantItem {
  const { words, folder, holds } = grant;
  const changed = holds ? '' : ' · asked about again, because the rules have changed';
  return { label: words, description: `${basename(folder)}${changed}`, detail: folder, buttons: [remove], grant };
}
