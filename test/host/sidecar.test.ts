import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Problem } from '../../src/common/errors.ts';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { readDiscovery, runFolder } from '../../src/node/discovery.ts';
import { stateFolder } from '../../src/node/folders.ts';
import { hello, watchWindow } from '../../src/vscode/hello.ts';
import { Sidecar, type SidecarOptions } from '../../src/vscode/sidecar.ts';
import { closeEditors, drover, file, root, saveOnlyByHand, until } from './editor.ts';

const never = new AbortController().signal;
const state = stateFolder(process.env);
const log: SidecarOptions['log'] = { info: () => undefined, warn: () => undefined };

async function greeting() {
  return { kind: 'vscode' as const, protocol: PROTOCOL, build: 'test', roots: [], unsaved: [] };
}

describe('what the supervisor is told of a window', () => {
  it('names the folder, the editor’s ripgrep and the person’s settings with their key', () => {
    const told = hello({ engine: { slots: 2 } }, 'secret');
    assert.deepEqual(told.roots, [root()]);
    assert.deepEqual(told.settings, { engine: { slots: 2, key: 'secret' } });
    assert.match(execFileSync(told.ripgrep ?? '', ['--version'], { encoding: 'utf8' }), /^ripgrep \d+/);
  });

  it('changes when a document gets unsaved changes, and not with each letter', async () => {
    await saveOnlyByHand();
    let told = 0;
    const secrets = { onDidChange: () => new vscode.Disposable(() => undefined) };
    const watching = watchWindow(secrets, () => (told += 1));
    const editor = await vscode.window.showTextDocument(file('typed.md', 'x\n'));
    const type = (letter: string) => editor.edit((edit) => edit.insert(new vscode.Position(0, 0), letter));
    await type('a');
    await type('b');
    assert.equal(told, 1);
    assert.deepEqual(hello({ engine: {} }, undefined).unsaved, [editor.document.uri.fsPath]);
    assert.ok(await editor.document.save());
    await until(vscode.workspace.onDidSaveTextDocument, () => told === 2);
    assert.deepEqual(hello({ engine: {} }, undefined).unsaved, []);
    watching.dispose();
    await closeEditors();
  });
});

describe('the sidecar', () => {
  it('is one for all windows: a second one attaches to the same process', async () => {
    const { sidecar } = await drover();
    const first = await sidecar.address(never);
    const second = new Sidecar({
      attach: async () => readDiscovery(runFolder(state)) ?? Promise.reject(new Error('no supervisor')),
      hello: greeting,
      log,
    });
    const found = await second.address(never);
    second.dispose();
    assert.equal(found.pid, first.pid);
    assert.ok(process.kill(first.pid, 0), 'it goes on when that window closes');
  });

  it('comes back by itself when the supervisor is killed', async () => {
    const { sidecar } = await drover();
    const { pid } = await sidecar.address(never);
    process.kill(pid, 'SIGKILL');
    await until(sidecar.onDidChange, () => sidecar.snapshot.state !== 'up');
    assert.equal(sidecar.snapshot.state, 'starting');
    const next = await sidecar.address(never);
    assert.notEqual(next.pid, pid);
    assert.equal(readDiscovery(runFolder(state))?.pid, next.pid);
  });

  it('says why there is none, gives up where trying again is no use, and tries when it is asked to', async () => {
    let tries = 0;
    const problem = new Problem('no_node', 'There is no Node.', 'Install one.');
    const sidecar = new Sidecar({ attach: () => Promise.reject(((tries += 1), problem)), hello: greeting, log });
    await assert.rejects(sidecar.address(never), { code: 'no_node', message: 'There is no Node.' });
    assert.deepEqual(sidecar.snapshot.problem, problem.info);
    sidecar.reconnect();
    assert.equal(sidecar.snapshot.state, 'starting');
    await until(sidecar.onDidChange, () => sidecar.snapshot.state === 'down');
    assert.equal(tries, 2);
    sidecar.dispose();
  });

  it('tries a few times when a start fails, and stops being asked for', async () => {
    let tries = 0;
    const attach = async (): Promise<never> => {
      tries += 1;
      throw new Problem('supervisor_failed', 'It does not come up.', 'Look at the log.');
    };
    const sidecar = new Sidecar({ attach, hello: greeting, wait: () => 1, log });
    sidecar.start();
    await until(sidecar.onDidChange, () => tries === 5 && sidecar.snapshot.state === 'down');
    await assert.rejects(sidecar.address(never), { code: 'supervisor_failed' });
    assert.equal(tries, 5);
    sidecar.dispose();
  });
});
