import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../../model/data/kinds.ts';
import { answers, phrases } from '../../../../model/data/phrases/index.ts';
import { says } from '../../../../model/evaluate/checks.ts';
import { notThere } from '../../../../model/evaluate/expect.ts';
import { applyOutcome } from '../../../../model/evaluate/files.ts';
import { freePython } from '../../../../model/evaluate/free/python.ts';
import { freeTypescript } from '../../../../model/evaluate/free/typescript.ts';
import { knownRequests } from '../../../../model/evaluate/known/requests.ts';
import type { EvaluationRequest } from '../../../../model/evaluate/request.ts';
import { workspaceFiles } from '../../../../model/evaluate/workspaces.ts';

const free = [...freeTypescript, ...freePython];
const requests = [...knownRequests(), ...free];

describe('the requests', () => {
  it('have ids of their own', () => {
    const ids = requests.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('are at least 140, a third of them in free wording, and have no placeholder left', () => {
    expect(requests.length).toBeGreaterThanOrEqual(140);
    expect(free.length).toBeGreaterThanOrEqual(requests.length / 3);
    const texts = requests.flatMap(({ turns }) => turns.map(({ says }) => says));
    expect(texts.filter((text) => /\{\w+\}/.test(text))).toEqual([]);
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
  });

  it.each(requests.map((request) => [request.id, request] as const))(
    '%s is not in the words of the training',
    (_, request) => {
      const kinds = kindsOf(request);
      const taught = kinds
        .flatMap((kind) => phrases[kind].taught)
        .map((wording) => [wording, filledAs(wording)] as const);
      const same = request.turns.flatMap(({ says }) => taught.filter(([, form]) => form.test(spelled(says))));
      expect(same.map(([wording]) => wording)).toEqual([]);
    },
  );

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
      const named = wanted.names?.all ?? [];
      expect(named.filter((path) => ![...before.keys()].some((file) => file.startsWith(path)))).toEqual([]);
      // Some ask for what is not there.
      if (places === undefined || wanted.facts?.includes(notThere[0] ?? '')) continue;
      const lines = [...before.values()].flatMap((text) => text.split('\n'));
      expect(lines.filter((line) => places.of.test(line))).not.toHaveLength(0);
      const { definition } = places;
      if (definition) expect(lines.filter((line) => definition.test(line))).toHaveLength(1);
    }
  });
});

describe('what the model is taught to say', () => {
  const talked = requests.filter(({ kind }) => kind in answers);

  it.each(talked.map((request) => [request.id, request] as const))('is right for %s', (_, { kind, turns }) => {
    const answer = answers[kind as keyof typeof answers];
    const { facts = [], some, never = [] } = turns[0]?.expect ?? {};
    expect(facts.filter((fact) => !says(answer, fact))).toEqual([]);
    expect((some?.of ?? []).filter((fact) => says(answer, fact)).length).toBeGreaterThanOrEqual(some?.least ?? 0);
    expect(never.filter((one) => one.test(answer))).toEqual([]);
  });
});

/** Whose wordings a request could be taken from. */
function kindsOf({ kind }: EvaluationRequest): Kind[] {
  switch (kind) {
    case 'missing_file':
      return ['explain_file', 'read_lines'];
    case 'no_match':
      return ['find_uses', 'find_definition'];
    case 'several_turns':
      return ['explain_file', 'find_uses', 'find_definition', 'find_text', 'change_text'];
    default:
      return [kind];
  }
}

/** Wordings that differ in no word are the same. */
function spelled(text: string): string {
  return text
    .toLowerCase()
    .replace(/[`"'?!.,]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A wording with one word, or one quoted text, in place of each placeholder. */
function filledAs(wording: string): RegExp {
  const parts = spelled(wording).split(/\{\w+\}/);
  return new RegExp(`^${parts.map((part) => part.replace(/[$()*+[\]\\^{|}/-]/g, '\\$&')).join('[^ ]+')}$`);
}
