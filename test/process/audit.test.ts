import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyChat } from '../../server/audit/verify.ts';
import { headPath, logPath } from '../../server/eventLog.ts';
import { AuditPage, Verification } from '../../src/common/audit.ts';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { call as callRoute, type CallName } from '../../src/node/client.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, reply, text } from '../support/modelServer/script.ts';
import { type Place, place, run, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

/** One chat for all: its first two turns have ended, and its third one waits for the person. */
let at: Place;
let model: ModelServer;
let drover: Running;
const id = 'audited';
const edit = call('file_edit', { path: 'cart.js', old_text: 'one', new_text: 'two' });
const limit = (): AbortSignal => AbortSignal.timeout(10_000);

beforeAll(async () => {
  at = place({ 'cart.js': 'one\n', 'tea.txt': 'Assam\n' });
  model = await startModelServer({
    script: [
      reply(call('file_read', { path: 'tea.txt' })),
      reply(edit),
      reply(call('file_write', { path: '.git/config', content: 'x' })),
      reply(call('open_door', { wide: true }), call('grep', '{"pattern": 1')),
      reply(call('bash', { command: 'rm tea.txt' })),
      reply(call('bash', { command: 'echo Darjeeling > tea.txt' })),
      reply(text('Done.')),
      reply(call('file_write', { path: 'plan.md', content: 'x' })),
      reply(text('I only plan.')),
      reply(call('bash', { command: 'touch later.txt' })),
      reply(text('Later.')),
    ],
  });
  drover = await startSupervisor(at, ['--model-endpoint', model.url, '--edits', 'ask']);
  const hello = { kind: 'vscode' as const, protocol: PROTOCOL, build: 'test' };
  const { client } = await callRoute(drover.discovery, 'hello', { body: hello, signal: limit() });
  const window = { ...drover.discovery, client };
  const answer = (ask: string, body: { answer: 'once' | 'reject'; reason?: string }) =>
    callRoute(window, 'chatAnswer', { id, body: { ask, ...body }, signal: limit() });
  const first = startTurn(drover, { message: 'Sell two.', session_id: id });
  await answer((await first.seen('ask')).ask, { answer: 'once' });
  const rm = await first.seen('ask', ({ preview }) => preview.text.includes('rm'));
  await answer(rm.ask, { answer: 'reject', reason: 'I like Assam.' });
  const echo = await first.seen('ask', ({ preview }) => preview.text.includes('echo'));
  await drover.request('POST', `/chat/${id}/answer`, { ask: echo.ask, answer: 'once' });
  await first.end;
  await startTurn(drover, { message: 'Plan it.', session_id: id, agent_type: 'plan' }).end;
  await startTurn(drover, { message: 'Touch it.', session_id: id, agent_type: 'coding' }).seen('ask');
});

afterAll(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

async function told(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { child, output } = run(at, ['audit', ...args]);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output: output() };
}

const asked = <N extends CallName>(route: N, query: Record<string, string> = {}) =>
  callRoute(drover.discovery, route, { id, query, signal: limit() });

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

describe('the decisions of a chat', () => {
  it('name who wanted what, the verdict and its rule, who let it pass, and what came of it', async () => {
    const { decisions, total, next, tools } = AuditPage.parse(await asked('chatAudit'));
    const rows = decisions
      .toReversed()
      .map(({ agent, tool, state, verdict, approver, outcome }) =>
        [agent, tool, state, verdict.rule, approver.by, approver.client?.kind ?? '-', outcome ?? '-'].join(' '),
      );
    expect(rows).toEqual([
      'coding file_read allowed read.inside rule - ok',
      'coding file_edit approved write.inside person vscode ok',
      'coding file_write denied write.versionControl rule - denied',
      'coding open_door denied call.unknown rule - invalid',
      'coding grep denied call.invalid rule - invalid',
      'coding bash rejected command person vscode denied',
      'coding bash approved command person - ok',
      'plan file_write denied role.tools rule - denied',
      'coding bash open command nobody - -',
    ]);
    expect({ total, next, tools }).toEqual({
      total: 9,
      next: undefined,
      tools: ['bash', 'file_edit', 'file_read', 'file_write', 'grep', 'open_door'],
    });
    expect(decisions[3]).toMatchObject({ title: { object: 'rm tea.txt' }, answer: 'I like Assam.' });
    expect(decisions[5]).toMatchObject({ title: { object: 'open_door {"wide":true}' } });
  });

  it('name the files of each write by what stood in them before and behind it', async () => {
    const { decisions } = await asked('chatAudit', { only: 'changes' });
    expect(decisions.map(({ files }) => files)).toEqual([
      [{ path: 'tea.txt', before: sha256('Assam\n'), after: sha256('Darjeeling\n') }],
      [{ path: 'cart.js', before: sha256('one\n'), after: sha256('two\n') }],
    ]);
  });

  it('stand in the log before the act, and a look with its result', () => {
    const types = readFileSync(logPath(at.state, id), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: { type: string; tool?: string; files?: unknown } })
      .flatMap(({ event }) => (/^(?:ask|answer|tool)/.test(event.type) ? [event] : []));
    expect(types.slice(2, 6)).toMatchObject([
      { type: 'ask', tool: 'file_edit' },
      { type: 'answer' },
      { type: 'tool.start', files: [{ path: 'cart.js', hash: sha256('one\n') }], approver: { by: 'person' } },
      { type: 'tool.end' },
    ]);
  });

  it('come in pages, filtered, and what cannot be asked for is a sentence', async () => {
    const first = await asked('chatAudit', { limit: '4' });
    const second = await asked('chatAudit', { limit: '4', before: String(first.next) });
    const third = await asked('chatAudit', { limit: '4', before: String(second.next) });
    expect([first, second, third].map(({ decisions }) => decisions.length)).toEqual([4, 4, 1]);
    expect(third.next).toBeUndefined();
    expect([...first.decisions, ...second.decisions, ...third.decisions]).toEqual((await asked('chatAudit')).decisions);
    expect((await asked('chatAudit', { only: 'denied', tool: 'bash' })).decisions).toHaveLength(1);
    expect((await asked('chatAudit', { only: 'asked' })).total).toBe(4);
    const wrong = await drover.request('GET', `/chat/${id}/audit?only=nice`);
    expect(wrong).toMatchObject({
      status: 400,
      json: { error: { message: 'only is all, asked, denied or changes, not "nice".', field: 'only' } },
    });
    expect((await drover.request('GET', `/chat/${id}/audit?colour=red`)).json).toMatchObject({
      error: { message: 'There is no "colour" in this request.' },
    });
    expect((await drover.request('GET', '/chat/nobody/audit')).status).toBe(404);
    expect((await drover.request('GET', '/chat/nobody/audit/verify')).status).toBe(404);
  });

  it('are listed at the command line, the oldest first', async () => {
    const { code, output } = await told(id);
    const lines = output.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d  coding  file_read +allowed +read.inside +by the rule alone .* Read tea.txt$/,
    );
    expect(lines[1]).toMatch(
      /file_edit +asked and allowed +write.inside +by the person, in VS Code +done, \+1 [-−]1 +Edit cart.js$/,
    );
    expect(lines[2]).toBe(`    cart.js  ${sha256('one\n').slice(0, 12)} -> ${sha256('two\n').slice(0, 12)}`);
    expect(lines.at(-1)).toMatch(/by nobody +not ended +Run touch later.txt$/);
    const { output: json } = await told(id, '--json', '--only', 'asked', '--last', '1');
    expect(JSON.parse(json)).toMatchObject({ chat: id, decisions: [{ title: { object: 'touch later.txt' } }] });
    expect((await told(id, '--only', 'denied', '--tool', 'file_edit')).output).toBe('None of its 9 decisions fits.\n');
  });
});

describe('verifying the log', () => {
  it('beside a supervisor that runs says how far the anchor reaches', async () => {
    const { code, output } = await told('verify', id);
    expect(code).toBe(0);
    expect(output).toMatch(
      /^Whole: \d+ of \d+ records are covered by the anchor of [-\d]+ [:\d]+; the last \d are chained but not anchored yet\.\n$/,
    );
    const json = Verification.parse(JSON.parse((await told('verify', id, '--json')).output));
    expect(json).toEqual(await asked('chatVerify'));
    expect(json.covered).toBeLessThan(json.records);
    expect(await told('verify', '--all')).toMatchObject({ code: 0, output: `${id}: ${output}` });
  });

  it('says what was written wrongly, or is not there', async () => {
    expect(await told()).toMatchObject({ code: 2, output: expect.stringContaining('drover audit verify CHAT') });
    expect(await told('verify')).toMatchObject({ code: 2 });
    expect(await told('verify', id, '--all')).toMatchObject({ code: 2 });
    expect(await told('verify', id, '--only', 'asked')).toMatchObject({ code: 2 });
    expect(await told(id, '--only', 'nice')).toMatchObject({ code: 2 });
    expect(await told(id, '--last', 'few')).toMatchObject({ code: 2 });
    expect(await told(id, '--colour')).toMatchObject({ code: 2 });
    for (const args of [['nobody'], ['verify', 'nobody']]) {
      expect(await told(...args)).toEqual({
        code: 1,
        output: `There is no chat "nobody" in ${at.state}. \`drover chats\` lists those that there are.\n`,
      });
    }
    const empty = join(at.folder, 'empty');
    const missing = await told('verify', '--all', '--state', empty);
    expect(missing).toMatchObject({ code: 1, output: expect.stringContaining(`There is no state folder ${empty}.`) });
    expect(existsSync(empty)).toBe(false);
    mkdirSync(empty);
    expect(await told('verify', '--all', '--state', empty)).toEqual({
      code: 0,
      output: `There is no chat in ${empty}.\n`,
    });
  });
});

describe('a log that somebody else has changed', () => {
  let state: string;
  let log: string;
  let whole: Buffer;
  let lines: string[];
  /** Records that are anchored, and the bytes that they take. */
  let covered: number;
  let anchored: number;
  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'drover-audit-'));
    for (const part of ['chats', 'heads', 'audit.key'])
      cpSync(join(at.state, part), join(state, part), { recursive: true });
    log = logPath(state, id);
    whole = readFileSync(log);
    lines = whole.toString('utf8').split('\n').slice(0, -1);
    ({ covered } = await verifyChat(state, id));
    anchored = Buffer.byteLength(`${lines.slice(0, covered).join('\n')}\n`);
  });
  afterAll(() => rmSync(state, { recursive: true }));

  const found = async (content: string | Uint8Array): Promise<Verification> => {
    writeFileSync(log, content);
    return verifyChat(state, id).finally(() => writeFileSync(log, whole));
  };
  const foundIn = (changed: readonly string[]) => found(`${changed.join('\n')}\n`);
  const inAnchored = (): fc.Arbitrary<number> => fc.nat(covered - 1);

  it('has a part that is anchored and one that is not', () => {
    expect(covered).toBeGreaterThan(30);
    expect(covered).toBeLessThan(lines.length);
  });

  it('by any byte in what is anchored is found out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(anchored - 1), fc.integer({ min: 1, max: 255 }), async (where, bits) => {
        const changed = Buffer.from(whole);
        changed[where] = (changed[where] ?? 0) ^ bits;
        const { state: standing, covered: left, text: said } = await found(changed);
        expect([standing, left]).toEqual(['damaged', 0]);
        expect(said).toMatch(/^DAMAGED\. \w/);
      }),
      { numRuns: 400 },
    );
  });

  it.each<[string, (lines: string[], one: number, other: number) => string[]]>([
    ['a record that is removed', (all, one) => all.toSpliced(one, 1)],
    ['a record that is repeated', (all, one) => all.toSpliced(one, 0, all[one] ?? '')],
    ['a record that is put in elsewhere', (all, one, other) => all.toSpliced(other, 0, all[one] ?? '')],
    ['records that changed places', (all, one, other) => all.with(one, all[other] ?? '').with(other, all[one] ?? '')],
    ['an end that is cut off', (all, one) => all.slice(0, one)],
    ['a record of another chat', (all, one) => all.with(one, (all[one] ?? '').replace(id, 'another'))],
  ])('by %s is found out', async (_, change) => {
    await fc.assert(
      fc.asyncProperty(inAnchored(), inAnchored(), async (one, other) => {
        const changed = change(lines, one, other);
        fc.pre(changed.join('\n') !== lines.join('\n'));
        expect((await foundIn(changed)).state).toBe('damaged');
      }),
      { numRuns: 60 },
    );
  });

  it('and whose hashes were reckoned anew, is found out by the anchor', async () => {
    await fc.assert(
      fc.asyncProperty(inAnchored(), async (one) => {
        const { text: said, covered: left } = await foundIn(chained(lines.with(one, altered(lines[one] ?? ''))));
        expect(said).toMatch(/^DAMAGED\. The records up to \d+ are not those that were anchored/);
        expect(left).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('behind the anchor is never said to be covered', async () => {
    const tail = whole.length - anchored;
    await fc.assert(
      fc.asyncProperty(fc.nat(tail - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (where, bits, cut) => {
        const changed = Buffer.from(whole);
        changed[anchored + where] = (changed[anchored + where] ?? 0) ^ bits;
        const verification = await found(cut ? whole.subarray(0, anchored + where) : changed);
        expect(verification.covered).toBe(covered);
        if (verification.state === 'whole' && verification.records > covered) {
          expect(verification.text).toMatch(/chained but not anchored yet\.$/);
        }
      }),
      { numRuns: 200 },
    );
    const forged = await foundIn(chained([...lines.slice(0, -1), altered(lines.at(-1) ?? '')]));
    expect(forged).toMatchObject({ state: 'whole', covered, records: lines.length });
  });

  it('tells where it was changed', async () => {
    expect((await foundIn(lines.toSpliced(4, 2))).findings).toContain('Records 5 to 6 are missing before record 7.');
    expect((await foundIn(lines.with(4, '{}'))).findings).toContain('Line 5 is no record: it was changed.');
    expect((await foundIn(lines.slice(0, covered - 2))).findings).toEqual([
      `Records ${covered - 1} to ${covered} were cut off: that many were anchored.`,
    ]);
    expect((await foundIn(lines.with(4, altered(lines[4] ?? '')))).findings).toEqual([
      'Record 6 does not follow from record 5: one of them was changed.',
    ]);
    expect((await found('')).findings).toContain('The log is empty.');
  });

  it('at its end by a crash is whole, and says so', async () => {
    const torn = await found(whole.subarray(0, whole.length - 5));
    expect(torn).toMatchObject({ state: 'whole', covered, records: lines.length - 1 });
    expect(torn.notes).toEqual([expect.stringMatching(/^The last record is cut off or being written now\./)]);
    // Nothing was repaired by looking.
    writeFileSync(log, whole.subarray(0, whole.length - 5));
    await verifyChat(state, id);
    expect(readFileSync(log)).toHaveLength(whole.length - 5);
    writeFileSync(log, whole);
  });

  it('with an anchor or a key that is changed or gone has a sentence for each', async () => {
    const head = headPath(state, log);
    const key = join(state, 'audit.key');
    const kept = join(state, 'kept');
    let said = '';
    const without = async (path: string, content?: string): Promise<string[]> => {
      renameSync(path, kept);
      if (content !== undefined) writeFileSync(path, content, { mode: 0o600 });
      const { findings, text } = await verifyChat(state, id);
      rmSync(path, { force: true });
      renameSync(kept, path);
      said = text;
      return findings;
    };
    expect(await without(head)).toEqual(['Its anchor is missing: it was removed.']);
    expect(await without(head, '{}')).toEqual(['Its anchor cannot be read: it was changed.']);
    expect(await without(key)).toEqual([
      'The key of the anchors (audit.key) is missing, so nobody can tell whether its anchor is genuine.',
    ]);
    expect(said).toMatch(/^CANNOT BE CHECKED\. The key/);
    expect(existsSync(key)).toBe(true);
    expect(await without(key, 'another')).toEqual([
      `Its anchor was not made with the key in ${key}: either of them was changed.`,
    ]);
    const { hash } = JSON.parse(readFileSync(head, 'utf8')) as { hash: string };
    const moved = JSON.stringify({ seq: 2, hash, mac: hash });
    expect(await without(head, moved)).toHaveLength(1);
    expect(await without(log)).toEqual([
      'Its log is gone and its anchor is there: the log was removed by something else than Drover.',
    ]);
  });

  it('is told of all logs, also of those that are gone', async () => {
    const other = join(state, 'heads', `${'0'.repeat(32)}.json`);
    copyFileSync(headPath(state, log), other);
    truncateSync(log, 100);
    const { child, output } = run(at, ['audit', 'verify', '--all', '--state', state]);
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(3);
    expect(output()).toMatch(new RegExp(`^${basename(log, '.ndjson')}: DAMAGED\\. .* cut off`, 'm'));
    expect(output()).toMatch(/^0{32}: DAMAGED\. Its log is gone/m);
    rmSync(other);
    writeFileSync(log, whole);
  });
});

describe('what Drover does with a log that was changed', () => {
  it.each<[string, (state: string) => void, string]>([
    [
      'a record',
      (state) => {
        const log = logPath(state, 'changed');
        const [done, failed] = ['done', 'failed'].map((reason) => `"turn.end","turn":1,"reason":"${reason}"`);
        writeFileSync(log, readFileSync(log, 'utf8').replace(done ?? '', failed ?? ''));
      },
      String.raw`a record up to \d+ was changed`,
    ],
    ['its anchor', (state) => rmSync(headPath(state, logPath(state, 'changed'))), 'its anchor is missing'],
  ])('says so in the chat, of %s, and goes on saying so when more was anchored', async (_, change, what) => {
    const own = place({ 'tea.txt': 'Assam\n' });
    const server = await startModelServer({ script: [reply(text('One.')), reply(text('Two.'))] });
    const start = () => startSupervisor(own, ['--model-endpoint', server.url]);
    const before = await start();
    await startTurn(before, { message: 'One?', session_id: 'changed' }).end;
    await before.stop();
    change(own.state);
    const now = await start();
    await startTurn(now, { message: 'Two?', session_id: 'changed' }).end;
    const told = `The record of this chat was changed outside Drover: ${what}.`;
    expect((await verifyChat(own.state, 'changed')).text).toMatch(
      new RegExp(String.raw`^DAMAGED\. Drover has found before, in record \d+: ${told}$`),
    );
    await now.stop();
    await server.close();
    own.dispose();
  });

  it('gives a copy of a chat an anchor of its own', async () => {
    const fork = await drover.request('POST', `/chat/${id}/fork`, { message: 2 });
    const { id: copy } = fork.json as unknown as { id: string };
    const verification = await verifyChat(at.state, copy);
    expect(verification).toMatchObject({ state: 'whole', covered: verification.records });
    expect(verification.notes[0]).toMatch(new RegExp(`^It goes on from chat ${id}`));
    const { decisions } = await callRoute(drover.discovery, 'chatAudit', { id: copy, signal: limit() });
    expect(decisions.map(({ copied }) => copied)).toEqual(Array.from({ length: 7 }, () => true));
  });
});

/** The record with another text in it, as somebody would write it who wants to hide something. */
function altered(line: string): string {
  const record = JSON.parse(line) as { at: number };
  return JSON.stringify({ ...record, at: record.at + 1 });
}

/** The lines with each record's hash of the one before put right. */
function chained(all: readonly string[]): string[] {
  let prev = '';
  return all.map((line) => {
    const next = JSON.stringify({ ...(JSON.parse(line) as object), prev });
    prev = sha256(next);
    return next;
  });
}
