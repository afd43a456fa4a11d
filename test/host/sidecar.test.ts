import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Problem } from '../../src/common/errors.ts';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { readDiscovery, runFolder } from '../../src/node/discovery.ts';
import { stateFolder } from '../../src/node/folders.ts';
import { Sidecar, type SidecarOptions } from '../../src/vscode/sidecar.ts';
import { drover, until } from './editor.ts';

const never = new AbortController().signal;
const state = stateFolder(process.env);
const log: SidecarOptions['log'] = { info: () => undefined, warn: () => undefined };

async function hello() {
  return { kind: 'vscode' as const, protocol: PROTOCOL, build: 'test', roots: [], unsaved: [] };
}

describe('the sidecar', () => {
  it('is one for all windows: a second one attaches to the same process', async () => {
    const { sidecar } = await drover();
    const first = await sidecar.address(never);
    const second = new Sidecar({
      attach: async () => readDiscovery(runFolder(state)) ?? Promise.reject(new Error('no supervisor')),
      hello,
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
    const sidecar = new Sidecar({ attach: () => Promise.reject(((tries += 1), problem)), hello, log });
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
    const sidecar = new Sidecar({ attach, hello, wait: () => 1, log });
    sidecar.start();
    await until(sidecar.onDidChange, () => tries === 5 && sidecar.snapshot.state === 'down');
    await assert.rejects(sidecar.address(never), { code: 'supervisor_failed' });
    assert.equal(tries, 5);
    sidecar.dispose();
  });
});
