import { describe, expect, it } from 'vitest';
import { approverOf } from '../../../src/common/approver.ts';
import { AuditQuery, type Decision, Decisions, endWords, fits, pageOf } from '../../../src/common/audit.ts';
import { LoggedEvent } from '../../../src/common/events.ts';

type Of<T extends LoggedEvent['type']> = LoggedEvent & { type: T };

const head: LoggedEvent = {
  type: 'chat',
  id: 'c',
  agent: 'coding',
  workspace: { roots: ['/shop'], trusted: true },
  mark: 'm',
  title: 'Tea',
  facts: '',
};
const title = { kind: 'edit', verb: 'Edit', object: 'cart.js' } as const;
const effects = [{ kind: 'write' as const, path: 'cart.js' }];
const asks = { decision: 'ask', rule: 'write.inside', reason: 'cart.js would be changed.' } as const;

const called = (id: string): LoggedEvent => ({
  type: 'assistant',
  agent: 'coding',
  text: '',
  calls: [{ id, name: 'file_edit', arguments: '{"path":"cart.js"}' }],
  finish: 'tool_calls',
  model: 'm',
});
const ask = (call: string, more: Partial<Of<'ask'>> = {}): LoggedEvent => ({
  type: 'ask',
  ask: `ask of ${call}`,
  call,
  tool: 'file_edit',
  title,
  effects,
  verdict: asks,
  preview: { kind: 'diff', text: '' },
  folder: '/shop',
  ...more,
});
const answer = (call: string, more: Partial<Of<'answer'>>): LoggedEvent => ({
  type: 'answer',
  ask: `ask of ${call}`,
  answer: 'once',
  by: 'client',
  ...more,
});
const start = (call: string, more: Partial<Of<'tool.start'>> = {}): LoggedEvent => ({
  type: 'tool.start',
  call,
  tool: 'file_edit',
  title,
  effects,
  verdict: asks,
  origin: 'model',
  ...more,
});
const end = (call: string, more: Partial<Of<'tool.end'>> = {}): LoggedEvent => ({
  type: 'tool.end',
  call,
  tool: 'file_edit',
  title,
  outcome: 'ok',
  text: '',
  summary: 'changed',
  origin: 'model',
  ...more,
});

/** The decisions of a whole chat, the oldest first. */
function decisionsOf(records: readonly { event: LoggedEvent; at: number }[]): Decision[] {
  const decisions = new Decisions();
  for (const { event, at } of records) decisions.take(event, at);
  return decisions.list;
}

/** What was decided in a chat with these events; each of them is one that can be logged. */
function decided(...events: LoggedEvent[]): Decision[] {
  const all = [head, ...events].map((event) => LoggedEvent.parse(event));
  return decisionsOf(all.map((event, index) => ({ event, at: 1000 * (index + 1) })));
}

describe('a decision', () => {
  it('that the person was asked for is one, from the question to its end', () => {
    const change = { path: 'cart.js', before: 'b', after: 'a', added: 1, removed: 1, diff: '' };
    expect(decided(called('1'), ask('1'))).toMatchObject([{ state: 'open', approver: { by: 'nobody' } }]);
    const all = decided(called('1'), ask('1'), answer('1', {}), start('1'), end('1', { change }));
    expect(all).toEqual([
      {
        seq: 3,
        at: 3000,
        call: '1',
        agent: 'coding',
        tool: 'file_edit',
        title,
        effects,
        origin: 'model',
        verdict: asks,
        state: 'approved',
        approver: { by: 'person', ask: 'ask of 1' },
        outcome: 'ok',
        summary: 'changed',
        files: [{ path: 'cart.js', before: 'b', after: 'a' }],
        change: { path: 'cart.js', added: 1, removed: 1 },
      },
    ]);
  });

  it.each<[Of<'answer'>['by'], string]>([
    ['client', 'person'],
    ['nobody', 'nobody'],
    ['policy', 'policy'],
    ['team', 'team'],
    ['cancel', 'cancel'],
  ])('that was rejected by %s says so, with the reason', (by, who) => {
    const all = decided(
      called('1'),
      ask('1'),
      answer('1', { answer: 'reject', by, reason: 'No.' }),
      end('1', { outcome: 'denied' }),
    );
    expect(all).toMatchObject([{ state: 'rejected', approver: { by: who }, answer: 'No.', outcome: 'denied' }]);
  });

  it('that a yes for the chat covers names who gave it, and where', () => {
    const client = { kind: 'vscode', id: 'w' } as const;
    const grant = 'changes of cart.js';
    const verdict = { decision: 'allow', rule: 'grant', reason: `You allowed this for the chat: ${grant}.` } as const;
    const all = decided(
      called('1'),
      ask('1', { grant, grantKey: 'k' }),
      answer('1', { answer: 'chat', client }),
      start('1'),
      end('1'),
      called('2'),
      start('2', { verdict, approver: { by: 'grant' } }),
      end('2'),
    );
    expect(all[1]).toMatchObject({ state: 'allowed', approver: { by: 'grant', ask: 'ask of 1', client } });
  });

  it.each([
    ['read.inside', 'rule'],
    ['write.edits', 'setting'],
    ['grant.always', 'setting'],
    ['grant', 'grant'],
  ])('that %s alone made, in a log of before, names the %s', (rule, by) => {
    const verdict = { decision: 'allow', rule, reason: 'It may.' } as const;
    expect(decided(called('1'), start('1', { verdict }), end('1'))[0]?.approver).toEqual({ by });
    expect(approverOf({ ...verdict, decision: 'deny' })).toEqual({ by: 'rule' });
  });

  it('says what was decided, whatever came of the call: a yes that came too late was a yes', () => {
    const late = end('1', { outcome: 'error', summary: 'changed meanwhile' });
    const [early] = decided(called('1'), ask('1'), answer('1', {}), late);
    expect(early).toMatchObject({ state: 'approved', approver: { by: 'person' } });
    expect(early && [endWords(early), fits(early, 'denied')]).toEqual(['changed meanwhile', false]);
    const [recorded] = decided(called('1'), ask('1'), answer('1', {}), start('1'), late);
    expect(recorded && [recorded.state, endWords(recorded)]).toEqual(['approved', 'changed meanwhile']);
  });

  it('that was not come to, because the call failed before it could be asked about, is no denial', () => {
    const failed = end('1', { outcome: 'error', summary: 'failed', text: 'old_text occurs 4 times.', verdict: asks });
    const [decision] = decided(called('1'), failed);
    expect(decision).toMatchObject({ state: 'unasked', approver: { by: 'nobody' }, verdict: asks });
    expect(decision && [endWords(decision), fits(decision, 'denied')]).toEqual(['failed', false]);
  });

  it.each<[LoggedEvent[], string | undefined]>([
    [[start('1'), end('1')], 'done, changed'],
    [[start('1'), end('1', { outcome: 'error', summary: 'exit 1' })], 'failed, exit 1'],
    [[start('1'), end('1', { outcome: 'error', summary: 'failed' })], 'failed'],
    [[start('1'), end('1', { outcome: 'cancelled', summary: 'cancelled' })], 'cancelled'],
    [[start('1'), end('1', { outcome: 'unknown', summary: 'outcome unknown' })], 'outcome unknown'],
    [[start('1'), end('1', { outcome: 'skipped', summary: 'not run' })], 'not run'],
    [[ask('1'), answer('1', { answer: 'reject' }), end('1', { outcome: 'denied', summary: 'denied' })], 'not run'],
    [[end('1', { outcome: 'invalid', summary: 'not understood' })], 'not understood'],
    [[start('1')], undefined],
  ])('ends apart from how it was decided: %#', (events, words) => {
    const [decision] = decided(called('1'), ...events);
    expect(decision && endWords(decision)).toBe(words);
  });

  it('that is put anew is another one', () => {
    const all = decided(
      called('1'),
      ask('1'),
      answer('1', {}),
      ask('1', { ask: 'again' }),
      answer('', { ask: 'again' }),
    );
    expect(all.map(({ approver }) => approver.ask)).toEqual(['ask of 1', 'again']);
  });

  it('about a call that never began is there, in logs of before too', () => {
    const verdict = { decision: 'deny', rule: 'call.unknown', reason: 'There is no tool named x.' } as const;
    const all = decided(
      called('1'),
      end('1', {
        tool: 'x',
        outcome: 'invalid',
        text: 'There is no tool named x. The tools are: …',
        verdict,
        agent: 'plan',
      }),
      called('2'),
      end('2', { outcome: 'invalid', text: 'Not run: the arguments are wrong.' }),
      called('3'),
      end('3', { outcome: 'denied', text: 'Denied: the plan agent may not call file_edit.' }),
      called('4'),
      end('4', { outcome: 'skipped', text: 'Not run: the person stopped the turn.' }),
    );
    expect(all.map(({ call, state, verdict: { rule, reason } }) => [call, state, rule, reason])).toEqual([
      ['1', 'denied', 'call.unknown', 'There is no tool named x.'],
      ['2', 'denied', 'call.invalid', 'Not run: the arguments are wrong.'],
      ['3', 'denied', 'role.tools', 'the plan agent may not call file_edit.'],
    ]);
    expect(all[0]).toMatchObject({ agent: 'plan', tool: 'x' });
  });

  it('names the files that a command says it writes, as they were and as they are', () => {
    const files = [{ path: 'a', hash: 'x' }, { path: 'b', hash: null }, { path: 'large' }];
    const behind = [{ path: 'a', hash: 'x' }, { path: 'b', hash: 'y' }, { path: 'large' }];
    const [one] = decided(called('1'), start('1', { files }), end('1', { files: behind }));
    expect(one?.files).toEqual([
      { path: 'a', before: 'x', after: 'x' },
      { path: 'b', before: null, after: 'y' },
      { path: 'large' },
    ]);
    expect(one && fits(one, 'changes')).toBe(true);
    const [same] = decided(
      called('1'),
      start('1', { files: files.slice(0, 1) }),
      end('1', { files: behind.slice(0, 1) }),
    );
    expect(same && fits(same, 'changes')).toBe(false);
  });

  it('follows the chat from agent to agent, and is marked when it was undone, or made elsewhere', () => {
    const handOff = { agent: 'review' };
    const change = { path: 'cart.js', before: 'b', after: 'a', added: 1, removed: 1, diff: '' };
    const events: LoggedEvent[] = [
      called('1'),
      start('1'),
      end('1', { change, handOff }),
      { type: 'undo', call: '1', path: 'cart.js', done: true },
      start('2'),
    ];
    expect(decided(...events)).toMatchObject([{ agent: 'coding', undone: true }, { agent: 'review' }]);
    const copy = [{ ...head, from: 'b', copied: 4 }, ...events].map((event, index) => ({ event, at: index }));
    expect(decisionsOf(copy).map(({ copied }) => copied)).toEqual([true, undefined]);
  });
});

describe('ten thousand decisions', () => {
  const decisions = new Decisions();
  const events = Array.from({ length: 10_000 }, (_, index) => {
    const call = String(index);
    const denied = { decision: 'deny', rule: 'write.outside', reason: 'It is outside.' } as const;
    return index % 100 === 0
      ? [called(call), start(call, { verdict: denied }), end(call, { outcome: 'denied' })]
      : [called(call), ask(call), answer(call, {}), start(call), end(call)];
  }).flat();

  it('are folded and paged through without waiting', () => {
    const began = performance.now();
    for (const [index, event] of events.entries()) decisions.take(event, index);
    const seen: number[] = [];
    let before: number | undefined;
    do {
      const page = pageOf(decisions, {
        ...AuditQuery.parse({ limit: '1000' }),
        ...(before === undefined ? {} : { before }),
      });
      seen.push(...page.decisions.map(({ seq }) => seq));
      before = page.next;
    } while (before !== undefined);
    expect(seen).toHaveLength(10_000);
    expect(seen).toEqual(seen.toSorted((one, other) => other - one));
    // Some 50 ms on two shared cores; a reader notices from 200 ms on.
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('are filtered before they are paged', () => {
    const query = AuditQuery.parse({ only: 'denied', limit: '30' });
    const page = pageOf(decisions, query);
    expect([page.total, page.decisions.length, page.next]).toEqual([100, 30, page.decisions.at(-1)?.seq]);
    expect(pageOf(decisions, { ...query, tool: 'bash' })).toMatchObject({
      total: 0,
      decisions: [],
      tools: ['file_edit'],
    });
  });
});
