import { describe, expect, test } from 'vitest';
import { bash } from '../../../../src/node/tools/bash.ts';
import { untouched } from '../../../../src/common/gate/chatState.ts';
import { judge, type Policy } from '../../../../src/common/gate/judge.ts';
import { trusted } from './support.ts';

const decide = (command: string, policy: Policy = trusted, grants: readonly string[] = [], state = untouched) =>
  judge({ tool: bash, effects: [{ kind: 'execute', command, paths: [] }], policy, grants: new Set(grants), state });

describe('what has to run in the sandbox', () => {
  test('is exactly what is allowed because it does', () => {
    expect(decide('npm test')).toMatchObject({ decision: 'allow', contained: true, looks: false });
    expect(decide('npm test | tail -5')).toMatchObject({ decision: 'allow', contained: true });
    expect(decide('pwd')).toMatchObject({ decision: 'allow' });
    for (const other of ['pwd', 'npm install', 'sudo reboot']) expect(decide(other).contained).toBeUndefined();
  });

  test('and not what the person allowed, be it the same', () => {
    const off = { ...trusted, contained: false };
    const { grant } = decide('npm test', off);
    const granted = decide('npm test', off, [grant?.key ?? '']);
    expect(granted).toMatchObject({ decision: 'allow', rule: 'grant' });
    expect(granted.contained).toBeUndefined();
  });

  test('without it the same is asked, and why there is none is told', () => {
    const policy = { ...trusted, contained: false, uncontained: 'bubblewrap is not installed. Install it.' };
    expect(decide('npm test', policy)).toMatchObject({
      decision: 'ask',
      rule: 'command.contained',
      reason:
        'It may run code of this folder, and nothing here shuts that in: it could do whatever you can. bubblewrap is not installed. Install it.',
      grant: expect.anything(),
      looks: false,
    });
  });

  test('what was changed since has it asked again, and a yes to that does not lead out', () => {
    const state = { read: [], changed: () => ['package.json'] };
    const asked = decide('npm test', { ...trusted, contained: true }, [], state);
    expect(asked).toMatchObject({ decision: 'ask', rule: 'command.changed', contained: true });
  });
});
