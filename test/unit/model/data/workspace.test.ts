import { describe, expect, it } from 'vitest';
import { domains, domainsApart } from '../../../../model/data/domains/domains.ts';
import { makeWorkspace } from '../../../../model/data/workspace/make.ts';
import { linesOf, type Workspace } from '../../../../model/data/workspace/workspace.ts';

const workspaces = domains.map((domain, index) => makeWorkspace(domain, `test ${index}`));

function each(check: (workspace: Workspace) => void): void {
  for (const workspace of workspaces) check(workspace);
}

describe('made-up workspaces', () => {
  it('know where their symbols are', () => {
    each((workspace) => {
      for (const { symbols } of workspace.facts.values()) {
        for (const { name, file, line, signature } of symbols) {
          const text = linesOf(workspace, file)[line - 1] ?? '';
          expect(text.trim(), `${workspace.name} ${file}:${line}`).toBe(signature);
          expect(text).toContain(name);
        }
      }
    });
  });

  it('know their constants, texts and settings', () => {
    each((workspace) => {
      for (const { constants } of workspace.facts.values()) {
        for (const { name, file, line, value } of constants) {
          const text = linesOf(workspace, file)[line - 1];
          expect(text).toContain(name);
          expect(text).toContain(value);
        }
      }
      for (const { text, file, line } of workspace.texts) expect(linesOf(workspace, file)[line - 1]).toContain(text);
      for (const { file, line } of workspace.settings) expect(workspace.files.get(file)).toContain(line);
    });
  });

  it('say what a comment says, in the third person', () => {
    each((workspace) => {
      for (const { symbols, path } of workspace.facts.values()) {
        const content = workspace.files.get(path) ?? '';
        for (const { told } of symbols) {
          // All but the first word, which may have changed its form; long comments are wrapped.
          const words = told?.split(' ').slice(1, 4).join(' ') ?? '';
          expect(content.replaceAll(/\s*\n\s*(?:\*|\/\/\/?|#)?\s*/g, ' '), `${path}: ${told}`).toContain(words);
        }
      }
    });
  });

  it('are the same for the same seed', () => {
    const [domain] = domains;
    if (domain === undefined) throw new Error('no domain');
    expect([...makeWorkspace(domain, 'x').files]).toEqual([...makeWorkspace(domain, 'x').files]);
  });

  it('have domains apart for validation', () => {
    const names = new Set(domains.map(({ name }) => name));
    expect(domains.length).toBeGreaterThan(40);
    expect(domainsApart.filter(({ name }) => names.has(name))).toEqual([]);
  });
});
