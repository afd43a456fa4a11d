import { describe, expect, it } from 'vitest';
import type { Decision, Verification } from '../../../src/common/audit.ts';
import { damageRow, decisionRow, merged, noneRow, verified, viewWords } from '../../../src/vscode/auditRows.ts';

const now = new Date(2026, 10, 21, 12, 0).getTime();
const hash = (letter: string): string => letter.repeat(64);
const decision = (more: Partial<Decision> = {}): Decision => ({
  seq: 7,
  at: new Date(2026, 10, 21, 9, 5).getTime(),
  call: 'call00001',
  agent: 'coding',
  tool: 'file_edit',
  title: { kind: 'edit', verb: 'Edit', object: 'src/cart.ts' },
  effects: [{ kind: 'write', path: 'src/cart.ts' }],
  origin: 'model',
  verdict: { decision: 'ask', rule: 'write.inside', reason: 'src/cart.ts would be changed.' },
  state: 'approved',
  approver: { by: 'person', client: { kind: 'vscode', id: 'w' } },
  outcome: 'ok',
  summary: '+1 -1',
  files: [{ path: 'src/cart.ts', before: hash('a'), after: hash('b') }],
  change: { path: 'src/cart.ts', added: 1, removed: 1 },
  ...more,
});

describe('a decision', () => {
  it('says what was wanted, how it was decided, and by whom', () => {
    expect(decisionRow(decision(), now)).toMatchObject({
      label: 'Edit src/cart.ts',
      description: 'asked and allowed · coding · 09:05',
      icon: 'verified',
    });
    const said = (more: Partial<Decision>): string => decisionRow(decision(more), now).description;
    expect(said({ undone: true, copied: true })).toBe('asked and allowed · undone · coding · 09:05 · copied');
    expect(said({ outcome: 'error', summary: 'failed' })).toBe('asked and allowed · failed · coding · 09:05');
    expect(said({ outcome: 'error', summary: 'changed meanwhile' })).toBe(
      'asked and allowed · changed meanwhile · coding · 09:05',
    );
    expect(said({ outcome: 'unknown', summary: 'outcome unknown' })).toBe(
      'asked and allowed · outcome unknown · coding · 09:05',
    );
    expect(said({ state: 'unasked', outcome: 'error', summary: 'failed' })).toBe('not asked · failed · coding · 09:05');
    expect(said({ state: 'rejected', outcome: 'denied', summary: 'denied' })).toBe(
      'asked and rejected · coding · 09:05',
    );
    expect(said({ state: 'denied', outcome: 'invalid', summary: 'not understood' })).toBe(
      'denied · not understood · coding · 09:05',
    );
  });

  it('has an icon by its verdict', () => {
    const states = ['allowed', 'approved', 'denied', 'rejected', 'unasked', 'open'] as const;
    const drawn = states.map((state) => decisionRow(decision({ state }), now).icon);
    expect(new Set(drawn).size).toBe(states.length);
  });

  it('tells its rule, the reason, who let it pass and what became of the files', () => {
    expect(decisionRow(decision(), now).tooltip.split('\n')).toEqual([
      'Edit src/cart.ts',
      '21/11/2026, 09:05:00 · coding · file_edit',
      '',
      'Rule: write.inside (ask)',
      'Reason: src/cart.ts would be changed.',
      'Decided: asked and allowed, by the person, in VS Code',
      'Ended: done, +1 -1',
      'src/cart.ts: aaaaaaaaaaaa → bbbbbbbbbbbb',
    ]);
    const rejected = decision({ state: 'rejected', answer: 'Not this one.', outcome: 'denied', files: [] });
    expect(decisionRow(rejected, now).tooltip).toContain(
      'Decided: asked and rejected, by the person, in VS Code\nAnswer: Not this one.\nEnded: not run',
    );
    const late = decision({ outcome: 'error', summary: 'changed meanwhile', files: [] });
    expect(decisionRow(late, now).tooltip).toContain(
      'Decided: asked and allowed, by the person, in VS Code\nEnded: changed meanwhile',
    );
    const unasked = decision({ state: 'unasked', approver: { by: 'nobody' }, outcome: 'error', summary: 'failed' });
    expect(decisionRow(unasked, now).tooltip).toContain(
      'Decided: not asked, because the call failed before\nEnded: failed',
    );
    const files = [{ path: 'new', before: null, after: hash('c') }, { path: 'large' }];
    expect(decisionRow(decision({ files }), now).tooltip).toContain(
      'new: no file → cccccccccccc\nlarge: not known → not known',
    );
    expect(decisionRow(decision({ state: 'open', approver: { by: 'nobody' } }), now).tooltip).toContain(
      'Decided: asked, not answered\n',
    );
  });

  it('shows what a model wrote on one line, not too long, and with what cannot be seen written out', () => {
    const object = `a\nb \u202Ec ${'x'.repeat(2000)}`;
    const row = decisionRow(decision({ title: { kind: 'run', verb: 'Run', object } }), now);
    expect(row.label).toMatch(/^Run a b \\u\{202e\}c x+…$/);
    expect(row.label).toHaveLength(101);
    expect(row.tooltip.split('\n')[0]).toHaveLength(1001);
  });
});

describe('what stands beside decisions', () => {
  it('says why there is none', () => {
    expect(noneRow({ only: 'all' }).label).toBe('No tool was called yet');
    expect(noneRow({ only: 'denied' })).toMatchObject({
      label: 'No decision fits the filter',
      description: 'denied or rejected',
    });
    expect([viewWords({ only: 'all' }), viewWords({ only: 'all', tool: 'bash' })]).toEqual(['', 'bash']);
    expect(viewWords({ only: 'changes', tool: 'bash' })).toBe('changes · bash');
  });

  const whole: Verification = {
    chat: 'a',
    state: 'whole',
    records: 9,
    covered: 7,
    findings: [],
    notes: [],
    text: 'Whole.',
  };
  const damaged: Verification = {
    ...whole,
    chat: 'b',
    state: 'damaged',
    findings: ['One.', 'Two.'],
    text: 'DAMAGED. One. Two.',
  };

  it('warns of a log that was changed', () => {
    expect(damageRow(whole)).toBeUndefined();
    expect(damageRow(damaged)).toMatchObject({ icon: 'warning', description: 'One. and 1 more' });
    expect(damageRow(damaged)?.tooltip).toContain('Two.');
  });

  it('says in a sentence what verifying came to', () => {
    const titles = new Map([['a', 'Tea']]);
    expect(verified([], titles)).toBe('There is no chat to verify here.');
    expect(verified([whole], titles)).toBe('“Tea”: Whole.');
    expect(verified([whole, whole], titles)).toBe(
      'Nothing was changed in the logs of 2 chats: anchors cover 14 of 18 records, and the rest is chained.',
    );
    expect(verified([whole, damaged], titles)).toBe('“b”: DAMAGED. One. Two.');
  });

  it('keeps older pages when the newest one is read again', () => {
    const known = [9, 7, 5, 3].map((seq) => decision({ seq }));
    const fresh = [11, 9, 7].map((seq) => decision({ seq, undone: true }));
    expect(merged(fresh, known).map(({ seq, undone }) => [seq, undone])).toEqual([
      [11, true],
      [9, true],
      [7, true],
      [5, undefined],
      [3, undefined],
    ]);
    expect(merged([], known)).toEqual(known);
  });
});
