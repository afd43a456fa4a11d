import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { z } from 'zod';
import { commands } from '../../src/vscode/commands.ts';
import { settingNames } from '../../src/vscode/settings.ts';
import { drover, id, until, watch } from './editor.ts';

const Manifest = z.object({
  contributes: z.object({
    commands: z.array(z.object({ command: z.string(), title: z.string(), category: z.literal('Drover') })),
    menus: z.record(z.string(), z.array(z.object({ command: z.string() }))),
    keybindings: z.array(z.object({ command: z.string(), key: z.string() })),
  }),
  capabilities: z.object({ untrustedWorkspaces: z.object({ supported: z.literal('limited') }) }),
});

function manifest() {
  return Manifest.parse(vscode.extensions.getExtension(id)?.packageJSON);
}

describe('activation', () => {
  it('starts nothing: whoever has not asked for Drover gets no process', async () => {
    const { sidecar, status } = await drover();
    assert.equal(sidecar.snapshot.state, 'idle');
    assert.deepEqual(status.face, {
      text: '$(hubot) Drover',
      tooltip: 'Drover: Not started yet. Open the panel to begin.',
      warning: false,
    });
  });

  it('registers every command of the manifest, and the manifest has every command', async () => {
    const declared = manifest().contributes.commands.map(({ command }) => command);
    assert.deepEqual(declared.toSorted(), Object.keys(commands).toSorted());
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('names in menus and keys only commands that there are', () => {
    const { menus, keybindings } = manifest().contributes;
    const used = [...Object.values(menus).flat(), ...keybindings].map(({ command }) => command);
    assert.deepEqual(
      used.filter((command) => !(command in commands)),
      [],
    );
  });

  it('takes no key from the editor', async () => {
    const uri = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const defaults = (await vscode.workspace.openTextDocument(uri)).getText();
    assert.ok(defaults.includes('"ctrl+k ctrl+o"'), 'the editor’s own keys can be read');
    const own = manifest().contributes.keybindings.map(({ key }) => key);
    const taken = defaults
      .split(/\},\s*\{/)
      .filter((binding) => own.some((key) => binding.includes(`"${key}"`)) && !binding.includes('"drover.'));
    assert.deepEqual(taken, []);
  });

  it('has every setting, with the manifest’s default', () => {
    const configuration = vscode.workspace.getConfiguration('drover');
    for (const name of settingNames) {
      const inspected = configuration.inspect(name);
      assert.notEqual(inspected?.defaultValue, undefined, `drover.${name} is not in the manifest`);
    }
  });
});

describe('the panel', () => {
  it('starts the supervisor when it is first shown, and its page greets', async () => {
    const { sidecar, view, status } = await drover();
    const panel = watch(view);
    await vscode.commands.executeCommand('drover.openPanel');
    assert.deepEqual(await panel.posted('reset'), { type: 'reset', chat: null });
    assert.notEqual(sidecar.snapshot.state, 'idle');
    await until(sidecar.onDidChange, () => sidecar.snapshot.state === 'up');
    const agents = view.state.agents.map(({ name }) => name);
    assert.ok(agents.includes('coding') && agents.includes('supervisor'), agents.join());
    assert.equal(view.state.trusted, true);
    assert.equal(view.state.folder, vscode.workspace.workspaceFolders?.[0]?.name);
    assert.doesNotMatch(status.face.tooltip, /Not started/);
    await until(sidecar.onDidChange, () => sidecar.snapshot.sandbox?.state === 'off');
    assert.match(status.face.tooltip, /asked about.*the sandbox is switched off/);
    panel.dispose();
  });
});
