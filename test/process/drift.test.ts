import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { submit } from '../../src/node/client.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { type ModelRequest, textOf } from '../support/modelServer/requests.ts';
import { call, reply, status, text } from '../support/modelServer/script.ts';
import { attach, type Place, place, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

afterEach(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

const isJudged = ({ body: { messages } }: ModelRequest): boolean => textOf(messages[0]).startsWith('You judge whether');

/** An agent that reads six times and answers, and a judge. */
async function begin(judge: string | undefined, verdict: Parameters<typeof reply>[0]): Promise<void> {
  at = place({ 'a.txt': 'alpha\n'.repeat(9) });
  mkdirSync(join(at.folder, 'config'));
  const policies = judge === undefined ? {} : { judge };
  writeFileSync(join(at.folder, 'config', 'config.json'), JSON.stringify({ policies }));
  model = await startModelServer({
    script: (request) => {
      if (isJudged(request)) return reply(verdict);
      const steps = request.body.messages.filter(({ role }) => role === 'tool').length;
      return reply(steps < 6 ? call('file_read', { path: 'a.txt', start_line: steps + 1 }) : text('It is alpha.'));
    },
  });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
}

const judged = (): readonly ModelRequest[] => model.requests.filter(isJudged);

describe('a second model that reads along', () => {
  it('says when the agent has left what was asked for, and the agent is told', async () => {
    await begin('judge-7b', text('OFF COURSE: it reads one file again and again.'));
    const events = await startTurn(drover, { message: 'Rename the shop.' }).end;
    expect(events.find(({ type }) => type === 'interjection')).toMatchObject({
      policy: 'drift',
      grade: 'note',
      evidence: 'Off course: it reads one file again and again.',
    });
    const [request] = judged();
    expect(request?.body.model).toBe('judge-7b');
    expect(textOf(request?.body.messages[1])).toBe(
      ['The person asked:', 'Rename the shop.', '', 'The agent has done since:']
        .concat([1, 2, 3, 4, 5].map((line) => `- Read a.txt:${line}: ok`))
        .join('\n'),
    );
    expect(judged()).toHaveLength(1);
    // What the agent is sent has nothing of the judge's but what it was told, and goes on where it was.
    const told = model.requests.filter((each) => !isJudged(each))[5];
    expect(textOf(told?.body.messages.at(-1))).toContain(
      'says that you have left what was asked for: it reads one file',
    );
  });

  it('says nothing of an agent that is on course, and costs no more than a look after five calls', async () => {
    await begin('same', text('ON COURSE'));
    const events = await startTurn(drover, { message: 'Read a.txt.' }).end;
    expect(events.some(({ type }) => type === 'interjection')).toBe(false);
    expect(judged().map(({ body }) => body.model)).toEqual(['scripted']);
  });

  it('that fails is as if there were none', async () => {
    await begin('same', status(500, 'server_error', 'No.'));
    const events = await startTurn(drover, { message: 'Read a.txt.' }).end;
    expect(events.at(-1)).toMatchObject({ type: 'turn.end', reason: 'done' });
    expect(events.some(({ type }) => type === 'error')).toBe(false);
  });

  it('is not asked while the chat is paused', async () => {
    await begin('same', text('ON COURSE'));
    await drover.stop();
    mkdirSync(join(at.folder, 'config', 'policies'));
    const fifth = "event.title?.object === 'a.txt:5' ? { grade: 'pause', evidence: 'Five.', say: 'Five.' } : []";
    const policy = `{ name: 'fifth', rule: 'Mine.', on: ['tool.end'], judge: (event) => ${fifth} }`;
    writeFileSync(join(at.folder, 'config', 'policies', 'fifth.mjs'), `export default ${policy};\n`);
    // A second is time enough for a look, and behind it the chat is parked.
    drover = await startSupervisor(at, ['--model-endpoint', model.url], { DROVER_PARK_SECONDS: '1' });
    const body = { message: 'Read a.txt.', session_id: 'paused', agent_type: 'coding', asks: 'client' as const };
    await submit(drover.discovery, { body, signal: AbortSignal.timeout(20_000) });
    await expect.poll(async () => (await drover.chats())[0], { timeout: 10_000 }).toMatchObject({ live: false });
    const all = attach(drover, 'paused');
    const { interjection } = await all.seen('interjection');
    expect(judged()).toEqual([]);
    await drover.request('POST', '/chat/paused/interjection', { interjection, answer: 'continue' });
    await all.seen('turn.end', ({ reason }) => reason === 'done');
    all.leave();
    expect(judged()).toHaveLength(1);
  });

  it('is not asked unless it is wanted', async () => {
    await begin(undefined, text('OFF COURSE: never asked.'));
    await startTurn(drover, { message: 'Read a.txt.' }).end;
    expect(judged()).toEqual([]);
  });
});
