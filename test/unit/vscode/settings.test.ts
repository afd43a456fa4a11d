import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSettings, settingNames } from '../../../src/vscode/settings.ts';
import { urlFault } from '../../../src/vscode/url.ts';

const Manifest = z.object({
  capabilities: z.object({
    untrustedWorkspaces: z.object({
      supported: z.literal('limited'),
      description: z.string().min(1),
      restrictedConfigurations: z.array(z.string()),
    }),
    virtualWorkspaces: z.object({ supported: z.literal(false), description: z.string().min(1) }),
  }),
  contributes: z.object({
    configuration: z.array(
      z.object({ properties: z.record(z.string(), z.looseObject({ scope: z.string(), default: z.unknown() })) }),
    ),
  }),
});
const manifest = Manifest.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')));
const properties = Object.assign({}, ...manifest.contributes.configuration.map((group) => group.properties)) as Record<
  string,
  { scope: string; default: unknown }
>;

/** Settings as the editor hands them out: the person's, and what a workspace would like. */
function read(person: Record<string, unknown>, workspace: Record<string, unknown> = {}) {
  return readSettings({
    inspect: (name: string) =>
      ({ key: name, globalValue: person[name], workspaceValue: workspace[name], defaultValue: undefined }) as never,
  });
}

describe('settings', () => {
  it('are the ones of the manifest, all of machine scope', () => {
    expect(Object.keys(properties).toSorted()).toEqual(settingNames.map((name) => `drover.${name}`).toSorted());
    expect(new Set(Object.values(properties).map(({ scope }) => scope))).toEqual(new Set(['machine']));
  });

  it('are all ignored in a folder that is not trusted, by declaration too', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(restrictedConfigurations.toSorted()).toEqual(Object.keys(properties).toSorted());
  });

  it('are absent where nothing was chosen, and where the default was written down', () => {
    expect(read({})).toEqual({ settings: { engine: {} }, problems: [] });
    const defaults = Object.fromEntries(
      Object.entries(properties).map(([name, { default: value }]) => [name.replace('drover.', ''), value]),
    );
    expect(read(defaults)).toEqual({
      settings: { engine: {}, models: {}, policiesOff: [], budget: {}, judge: '', edits: 'allow', sandbox: 'auto' },
      problems: [],
    });
  });

  it('come out as the engine takes them', () => {
    const chosen = {
      'engine.url': ' http://localhost:11434/v1 ',
      'engine.model': 'qwen3',
      'engine.slots': 2,
      'engine.args': ['--n-gpu-layers', '20'],
      'node.path': '/opt/node/bin/node',
    };
    expect(read(chosen).settings).toEqual({
      engine: { url: 'http://localhost:11434/v1', model: 'qwen3', slots: 2, args: ['--n-gpu-layers', '20'] },
      node: '/opt/node/bin/node',
    });
  });

  it('of a workspace do not count: it must not choose what is started', () => {
    expect(read({}, { 'engine.path': './evil', 'node.path': './evil' }).settings).toEqual({ engine: {} });
  });

  it('that cannot be used are left out and told, each by its name', () => {
    const wrong = { 'engine.url': 'ftp://gpu', 'engine.slots': 0, 'engine.args': 'x', 'engine.context': 4096 };
    const { settings, problems } = read(wrong);
    expect(settings.engine).toEqual({ context: 4096 });
    expect(problems.map(({ field }) => field)).toEqual(['engine.args', 'engine.url', 'engine.slots']);
    expect(problems[1]?.message).toBe('The setting drover.engine.url cannot be used as it is.');
  });
});

describe('an address that is typed', () => {
  it.each([
    ['http://localhost:11434/v1', null],
    ['  https://gpu.lan/v1 ', null],
    ['', 'Type the address'],
    ['localhost:11434', null],
    ['gpu lan', 'no address'],
    ['file:///etc/passwd', 'must begin with'],
    ['http://me:secret@gpu.lan/v1', 'Leave the key out'],
  ])('%s', (text, fault) => {
    if (fault === null) expect(urlFault(text)).toBeNull();
    else expect(urlFault(text)).toContain(fault);
  });
});
