import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { readContract } from '../../../../model/data/contract.ts';
import { type Dialogue, generate } from '../../../../model/data/generate.ts';
import { phrases } from '../../../../model/data/phrases/index.ts';
import { parseCall } from '../../../../src/node/parseCall.ts';
import { tools } from '../../../../src/node/tools/list.ts';

const count = 100;
const contract = readContract();

async function dialogues(number: number, seed: number): Promise<Dialogue[]> {
  const all: Dialogue[] = [];
  for await (const dialogue of generate(number, seed, contract)) all.push(dialogue);
  return all;
}

let all: Dialogue[] = [];
beforeAll(async () => {
  all = await dialogues(count, 7);
});

interface Called {
  name: string;
  arguments: string;
  result: string;
}

/** Every call with its result. */
function calls({ messages }: Dialogue): Called[] {
  return messages.flatMap((message) =>
    message.role === 'assistant'
      ? (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => {
          const result = messages.find((each) => each.role === 'tool' && each.tool_call_id === id);
          return { name, arguments: text, result: result?.content ?? '' };
        })
      : [],
  );
}

describe('made-up dialogues', () => {
  it('are the same bytes for the same seed, and others for another', async () => {
    const [first, again, other] = [await dialogues(8, 3), await dialogues(8, 3), await dialogues(8, 4)];
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(first));
  });

  it('begin with a system text, alternate, and end with an answer', () => {
    for (const { messages, id } of all) {
      const roles = messages.map(({ role }) => role).join(' ');
      expect(roles, id).toMatch(/^system( user( assistant tool)* assistant)+$/);
      const last = messages.at(-1);
      expect(last?.role === 'assistant' && last.tool_calls === undefined && last.content.length > 0, id).toBe(true);
    }
  });

  it('call only tools that are in their list, with arguments that the product understands', () => {
    for (const dialogue of all) {
      const names = dialogue.tools.map((tool) => tool.function.name);
      for (const call of calls(dialogue)) {
        expect(names, dialogue.id).toContain(call.name);
        expect(parseCall({ id: 'x', ...call }, tools), dialogue.id).not.toHaveProperty('fault');
      }
    }
  });

  it('make edits that succeed, at once or when mended, unless the person says no', () => {
    const edits = all
      .filter(({ kind }) => kind !== 'situation')
      .flatMap(calls)
      .filter(({ name }) => name === 'file_edit');
    expect(edits.length).toBeGreaterThan(12);
    const allowed =
      /^(?:<result \w+>\n)?(?:Edited |Denied: |What this call is about was changed|\S+ does not exist\. Did you mean )/;
    // The person quoted a text wrongly: the result names the line, and the next edit takes it.
    const mended = (at: number): boolean =>
      /The nearest line is/.test(edits[at]?.result ?? '') &&
      /^(?:<result \w+>\n)?Edited /.test(edits[at + 1]?.result ?? '');
    for (const [at, { result }] of edits.entries()) if (!mended(at)) expect(result).toMatch(allowed);
  });

  it('name only places in answers that a result or the person named', () => {
    for (const { messages, id } of all) {
      let seen = '';
      for (const message of messages.slice(1)) {
        if (message.role !== 'assistant') seen += `\n${message.content}`;
        else {
          for (const [, path, line] of message.content.matchAll(/`([\w./-]+\.[a-z]+):(\d+)`/g)) {
            expect(seen.includes(`${path}:${line}:`) || seen.includes(path ?? '\0'), `${id} ${path}:${line}`).toBe(
              true,
            );
          }
        }
      }
    }
  });

  it('keep what is held back for the evaluation out', () => {
    const patterns = (part: 'held' | 'taught'): RegExp[] =>
      Object.values(phrases).flatMap((each) => each[part].map(pattern));
    const [held, taught] = [patterns('held'), patterns('taught')];
    for (const { messages, id } of all) {
      for (const message of messages.filter(({ role }) => role === 'user')) {
        const said = message.content.split(/<\/drover \w+>\n/).at(-1) ?? '';
        // "What does {file} do?" may be held and "What does the function {symbol} do?" taught.
        if (taught.some((each) => each.test(said))) continue;
        expect(
          held.find((each) => each.test(said)),
          `${id}: ${said}`,
        ).toBeUndefined();
      }
    }
  });

  it('say nothing of the machine that they were made on', () => {
    const text = JSON.stringify(all);
    expect(text).not.toContain(tmpdir() + '/drover');
    expect(text).not.toContain('drover-data-');
  });

  it('stay short, have the product’s own prefix half of the time, and tell prefixes apart', () => {
    const long = all.filter(({ messages }) => JSON.stringify(messages.slice(1)).length > 10_000);
    expect(long).toEqual([]);
    expect(all.filter(({ prefix }) => prefix === 0).length).toBeGreaterThan(count / 3);
    const heads = Map.groupBy(all, ({ prefix }) => prefix);
    for (const list of heads.values()) {
      expect(new Set(list.map(({ tools: each, messages }) => JSON.stringify([each, messages[0]]))).size).toBe(1);
    }
    const [own] = heads.get(0) ?? [];
    expect(own?.tools).toEqual(contract.tools);
    expect(own?.messages[0]).toEqual({ role: 'system', content: contract.system });
  });
});

/** Whatever this wording can be filled to. */
function pattern(wording: string): RegExp {
  const literal = wording.split(/\{\w+\}/).map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('.+')}$`, 's');
}
