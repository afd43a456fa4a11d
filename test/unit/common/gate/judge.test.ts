import { describe, expect, test } from 'vitest';
import type { ResolvedEffect } from '../../../../src/common/gate/judge.ts';
import { judgeCommand, judgeEffects, onPaper, trusted } from './support.ts';

const read = (path: string): ResolvedEffect => ({ kind: 'read', path: onPaper(path) });
const write = (path: string, kind: 'file' | 'missing' = 'file'): ResolvedEffect => ({
  kind: 'write',
  path: onPaper(path, kind),
});

describe('files', () => {
  test('reading inside the workspace is allowed, and only looks', () => {
    expect(judgeEffects([read('src/cart.ts')])).toEqual({
      decision: 'allow',
      rule: 'read.inside',
      reason: 'Reads only, inside the workspace.',
      looks: true,
    });
  });

  test('outside the workspace nothing is written, and what is read is asked about', () => {
    expect(judgeEffects([read('/etc/passwd')])).toMatchObject({ decision: 'ask', rule: 'read.outside' });
    expect(judgeEffects([read('/etc/shadow')])).toMatchObject({ decision: 'deny', rule: 'read.private' });
    expect(judgeEffects([write('../x')])).toMatchObject({ decision: 'deny', rule: 'write.outside' });
  });

  test('writing inside asks, and can be allowed for the chat', () => {
    const asked = judgeEffects([write('src/cart.ts')]);
    expect(asked).toMatchObject({ decision: 'ask', reason: 'src/cart.ts would be changed.', looks: false });
    expect(asked.grant?.words).toBe('changes of src/cart.ts');
    expect(judgeEffects([write('new.ts', 'missing')]).reason).toBe('new.ts would be created.');
    const granted = judgeEffects([write('src/cart.ts')], trusted, [asked.grant?.key ?? '']);
    expect(granted).toMatchObject({ decision: 'allow', rule: 'grant', looks: false });
    expect(judgeEffects([write('src/other.ts')], trusted, [asked.grant?.key ?? '']).decision).toBe('ask');
  });

  test.each([
    '.git/config',
    '.GIT/hooks/pre-commit',
    'sub/.git',
    '.git./x',
    '.git /x',
    '.g\u200bit/x',
    'GIT~1/x',
    '.hg/x',
  ])('what version control keeps for itself is not written: %s', (path) => {
    expect(judgeEffects([write(path)])).toMatchObject({ decision: 'deny', rule: 'write.versionControl' });
  });

  test('neither through a link, nor is a harmless name taken for it', () => {
    const linked = { ...onPaper('hooks/pre-commit'), real: '/home/me/shop/.git/hooks/pre-commit' };
    expect(judgeEffects([{ kind: 'write', path: linked }]).decision).toBe('deny');
    for (const path of ['.gitignore', 'git/x', 'a.git']) {
      expect(judgeEffects([write(path)]), path).toMatchObject({ decision: 'ask', rule: 'write.inside' });
    }
  });

  test.each([
    '.vscode/tasks.json',
    '.VSCODE/Settings.json',
    'sub/.vscode/x',
    'shop.code-workspace',
    '.github/workflows/ci.yml',
    '.husky/pre-commit',
    '.npmrc',
    '.cargo/config.toml',
    '.mcp.json',
    'AGENTS.md',
    '.env',
    '.env.local',
    '.envrc. ',
    'keys/server.pem',
    '.gitattributes',
    '.devcontainer/devcontainer.json',
  ])('what decides what runs later is asked about, also where changes are made at once: %s', (path) => {
    for (const edits of ['ask', 'allow'] as const) {
      const verdict = judgeEffects([write(path, 'missing')], { ...trusted, edits });
      expect(verdict).toMatchObject({ decision: 'ask', rule: 'write.protected' });
    }
  });

  test('other changes are made at once where the person has chosen that', () => {
    const edits = { ...trusted, edits: 'allow' } as const;
    expect(judgeEffects([write('src/cart.ts')], edits)).toMatchObject({ decision: 'allow', looks: false });
    expect(judgeEffects([write('../x')], edits).decision).toBe('deny');
    expect(judgeEffects([write('.git/config')], edits).decision).toBe('deny');
    expect(judgeCommand('tee src/cart.ts', edits).decision).toBe('ask');
  });

  test.each(['.env', 'config/.env.production', 'id_rsa', '.ssh/config', 'secrets.yaml', 'server.key', '.npmrc'])(
    'reading what holds secrets is asked about: %s',
    (path) => {
      expect(judgeEffects([read(path)])).toMatchObject({ decision: 'ask', rule: 'read.secrets' });
    },
  );

  test.each(['.env.example', '.env.sample', 'env.ts', 'src/key.ts', 'secret.ts', 'credentials.ts'])(
    'a harmless name is not taken for one of those: %s',
    (path) => {
      expect(judgeEffects([read(path)])).toMatchObject({ decision: 'allow' });
    },
  );

  test('a path with invisible characters asks, even to be read', () => {
    expect(judgeEffects([read('src/\u202ecart.ts')])).toMatchObject({ decision: 'ask', rule: 'path.hidden' });
  });
});

describe('the strictest part wins', () => {
  test('whatever else a call does', () => {
    expect(judgeEffects([read('a'), write('b')]).decision).toBe('ask');
    expect(judgeEffects([read('a'), write('b'), read('/etc/shadow')]).decision).toBe('deny');
    expect(judgeEffects([read('a'), read('b')])).toMatchObject({ decision: 'allow', looks: true });
  });

  test('two questions in one call are not answered for the whole chat at once', () => {
    expect(judgeEffects([write('a'), write('b')])).not.toHaveProperty('grant');
    const key = judgeEffects([write('a')]).grant?.key ?? '';
    expect(judgeEffects([write('a'), write('b')], trusted, [key]).grant?.words).toBe('changes of b');
  });

  test('what is not known asks', () => {
    expect(judgeEffects([]).decision).toBe('ask');
    expect(judgeEffects([{ kind: 'network', host: 'example.org' }]).reason).toBe('example.org would be contacted.');
    expect(judgeEffects([{ kind: 'model' }]).decision).toBe('ask');
    const unheardOf = { kind: 'teleport' } as unknown as ResolvedEffect;
    expect(judgeEffects([unheardOf])).toMatchObject({ decision: 'ask', rule: 'unknown' });
  });

  test('no grant softens a denial', () => {
    for (const effect of [write('../x'), write('.git/config')]) {
      const keys = ['/home/me/x', '/home/me/shop/.git/config'].map((path) => `write ${path}`);
      expect(judgeEffects([effect], trusted, keys).decision).toBe('deny');
    }
    const command = 'cat /etc/shadow';
    expect(judgeCommand(command, trusted, [`execute ${command}`]).decision).toBe('deny');
  });
});

describe('policy', () => {
  test('a home that lies among what is temporary is none of it', () => {
    const policy = { ...trusted, home: '/tmp/me' };
    for (const path of ['/tmp/me', '/tmp/me/notes', '/tmp']) {
      expect(judgeCommand(`rm -rf ${path}`, policy), path).toMatchObject({ decision: 'deny', rule: 'write.outside' });
    }
    expect(judgeCommand('rm -rf /tmp/mess', policy).decision).toBe('ask');
  });

  test('in an untrusted folder there is reading and nothing else', () => {
    const untrusted = { ...trusted, trusted: false };
    expect(judgeEffects([read('a')], untrusted).decision).toBe('allow');
    for (const verdict of [
      judgeEffects([write('a')], untrusted),
      judgeCommand('ls', untrusted),
      judgeEffects([{ kind: 'network', host: 'x' }], untrusted),
    ]) {
      expect(verdict.decision).toBe('deny');
      expect(verdict.reason).toContain('"Trust this folder"');
    }
  });

  test('with execution switched off not even a look by a command is left', () => {
    const off = { ...trusted, execute: 'deny' } as const;
    expect(judgeCommand('ls', off)).toMatchObject({ decision: 'deny', rule: 'execute.off' });
    expect(judgeEffects([write('a')], off).decision).toBe('ask');
  });
});
