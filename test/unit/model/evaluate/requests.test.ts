import { describe, expect, it } from 'vitest';
import { applyOutcome } from '../../../../model/evaluate/files.ts';
import { freePython } from '../../../../model/evaluate/free/python.ts';
import { freeTypescript } from '../../../../model/evaluate/free/typescript.ts';
import { workspaceFiles } from '../../../../model/evaluate/workspaces.ts';

const requests = [...freeTypescript, ...freePython];

describe('the requests', () => {
  it('have ids of their own', () => {
    const ids = requests.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it.each(requests.map((request) => [request.id, request] as const))('%s fits its workspace', (_, request) => {
    const before = applyOutcome(workspaceFiles(request.workspace), request.prepare ?? {});
    for (const { expect: wanted } of request.turns) {
      for (const outcome of wanted.files ?? []) {
        for (const [path, change] of Object.entries(outcome)) {
          if (!Array.isArray(change)) continue;
          for (const [old] of change) expect(before.get(path)?.split(old)).toHaveLength(2);
        }
      }
      const { places } = wanted;
      if (places === undefined || request.kind === 'no_match') continue;
      const lines = [...before.values()].flatMap((text) => text.split('\n'));
      expect(lines.filter((line) => places.of.test(line))).not.toHaveLength(0);
      const { definition } = places;
      if (definition) expect(lines.filter((line) => definition.test(line))).toHaveLength(1);
      const named = wanted.names?.all ?? [];
      expect(named.filter((path) => ![...before.keys()].some((file) => file.startsWith(path)))).toEqual([]);
    }
  });
});
