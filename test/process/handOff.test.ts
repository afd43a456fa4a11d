import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PROTOCOL } from '../../src/common/protocol.ts';
import { transcriptOf } from '../../src/common/eventLines.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { prefixBreak } from '../support/modelServer/requests.ts';
import { call, type Part, reply, text } from '../support/modelServer/script.ts';
import { attach, type Place, place, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

const files = { 'src/total.js': 'export const total = 1;\n' };

async function begin(...script: Part[][]): Promise<void> {
  at = place(files);
  model = await startModelServer({ script: script.map((parts) => reply(...parts)), slots: 1 });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  at.dispose();
});

const handOff = (agent: string, context?: object): Part =>
  call('hand_off', { agent, why: `it suits ${agent}`, ...(context === undefined ? {} : { context }) });
const edit = call('file_edit', { path: 'src/total.js', old_text: 'total = 1', new_text: 'total = 2' });
/** A message to whoever the chat is with. */
const goOn = (id: string, message: string) => drover.request('POST', '/chat', { message, session_id: id });
/** The content of the last message of a request. */
const lastSaid = (request: number): string => JSON.stringify(model.requests[request]?.body.messages.at(-1));

function putAgent(path: string, head: string[], role = 'You are an agent.'): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, ['---', ...head, '---', role, ''].join('\n'));
}

describe('a chat is handed over', () => {
  it('three times in one turn, and nothing that was read is read again', async () => {
    await begin(
      [handOff('coding')],
      [call('file_read', { path: 'src/total.js' }), handOff('supervisor')],
      [handOff('review', { ticket: 7 })],
      [text('Approve.')],
      [text('As I said.')],
    );
    const turn = startTurn(drover, { message: 'Is the total right?', agent_type: 'supervisor' });
    const events = await turn.end;
    await expect(transcriptOf(events)).toMatchFileSnapshot('golden/three-hand-offs.txt');
    expect(lastSaid(1)).toContain('You are the coding agent.');
    expect(lastSaid(3)).toMatch(/You are the review agent\..+Context: \{\\+"ticket\\+":7\}/);
    for (const [index, request] of model.requests.entries()) {
      const before = model.requests[index - 1];
      if (before) expect(prefixBreak(before, request), `call ${index}`).toBeUndefined();
    }
    // Whoever it was handed to goes on with it.
    expect((await drover.chats())[0]).toMatchObject({ agent: 'review' });
    await goOn(turn.id, 'And?');
    expect(lastSaid(4)).not.toContain('You are');
  });

  it('to an agent that lacks the tool: the call is refused, and said why', async () => {
    await begin([handOff('plan'), edit], [edit], [text('I may not.')]);
    const events = await startTurn(drover, { message: 'Make it 2.', agent_type: 'coding' }).end;
    await expect(transcriptOf(events)).toMatchFileSnapshot('golden/lacks-the-tool.txt');
    expect(at.file('src/total.js')).toContain('total = 1');
  });

  it('by one that only looks, nothing is changed by a command either', async () => {
    await begin([call('bash', { command: 'echo 2 > src/total.js' })], [text('I may not.')]);
    const turn = startTurn(drover, { message: 'Make it 2.', agent_type: 'review', asks: 'client' });
    const end = (await turn.end).find((event) => event.type === 'tool.end');
    expect(end).toMatchObject({ outcome: 'denied', text: expect.stringContaining('this agent only looks') });
    expect(at.file('src/total.js')).toContain('total = 1');
  });

  it('again and again comes to an end', async () => {
    const there = Array.from({ length: 9 }, (_, at): Part[] => [
      call('hand_off', { agent: at % 2 === 0 ? 'supervisor' : 'coding', why: `for the ${at}th time` }),
    ]);
    await begin(...there, [text('Then I answer.')]);
    const events = await startTurn(drover, { message: 'Who?', agent_type: 'coding' }).end;
    const ends = events.flatMap((event) => (event.type === 'tool.end' ? [event.outcome] : []));
    expect(ends).toEqual([...Array.from({ length: 8 }, () => 'ok'), 'error']);
    expect(lastSaid(9)).toContain('Nobody can take over now; go on yourself.');
  });
});

it('each agent speaks with its own model: of the settings, of the environment, of its file, else that of the server', async () => {
  at = place(files);
  model = await startModelServer({ script: Array.from({ length: 4 }, () => reply(text('Hello.'))) });
  mkdirSync(join(at.folder, 'config'));
  writeFileSync(join(at.folder, 'config', 'config.json'), '{"agents": {"models": {"coding": "a", "plan": "kept"}}}\n');
  putAgent(join(at.folder, 'config', 'agents', 'docs.md'), ['description: D.', 'tools: []', 'model: of-file']);
  drover = await startSupervisor(at, ['--model-endpoint', model.url], { CODING_MODEL: 'b', SUPERVISOR_MODEL: 'boss' });
  const hello = { kind: 'other', protocol: PROTOCOL, build: 'x', settings: { models: { coding: 'c' } } };
  expect((await drover.request('POST', '/hello', hello)).status).toBe(200);
  for (const agent of ['coding', 'supervisor', 'plan', 'docs']) {
    await drover.request('POST', '/chat', { message: 'Hello.', agent_type: agent });
  }
  expect(model.requests.map(({ body }) => body.model)).toEqual(['c', 'boss', 'kept', 'of-file']);
});

describe('an agent is a file', () => {
  const own = (name: string): string => join(at.folder, 'config', 'agents', `${name}.md`);
  const shared = (name: string): string => join(at.workspace, '.drover', 'agents', `${name}.md`);
  const head = ['description: Writes docs.', 'tools: [read]'];

  it('and nothing else: it is listed, can be asked, and the others may hand over to it', async () => {
    await begin([handOff('docs')], [text('Documented.')], [text('Again.')], [text('Third.')]);
    expect((await drover.request('GET', '/agents')).json).not.toMatchObject({
      agents: expect.arrayContaining([expect.objectContaining({ name: 'docs' })]),
    });
    putAgent(own('docs'), head, 'You are the docs agent.');
    expect((await drover.request('GET', '/agents')).json).toMatchObject({
      agents: expect.arrayContaining([expect.objectContaining({ name: 'docs', from: 'user', handoffs: [] })]),
      problems: [],
    });
    const turn = startTurn(drover, { message: 'Document it.', agent_type: 'supervisor' });
    await turn.end;
    expect(JSON.stringify(model.requests[0]?.body.messages[1])).toContain('- docs: Writes docs.');
    expect(lastSaid(1)).toContain('You are the docs agent.');

    // A changed file is told with the next message, and what was said before stays what it was.
    putAgent(own('docs'), head, 'You are the docs agent, and brief.');
    await goOn(turn.id, 'Again.');
    const [, before, after] = model.requests;
    if (before && after) expect(prefixBreak(before, after)).toBeUndefined();
    expect(lastSaid(2)).toContain('You are the docs agent, and brief.');

    rmSync(own('docs'));
    const gone = await drover.request('POST', '/chat', { message: 'And?', session_id: turn.id, agent_type: 'docs' });
    expect(gone.status).toBe(400);
    // Nobody speaks for it: the chat says so, and goes on with whom the person chooses.
    const failed = await goOn(turn.id, 'And?');
    expect(failed).toMatchObject({
      status: 502,
      json: {
        error: {
          code: 'agent_gone',
          message: expect.stringContaining('There is no agent docs for this chat any more.'),
        },
      },
    });
    expect(model.requests).toHaveLength(3);
    await drover.request('POST', '/chat', { message: 'And?', session_id: turn.id, agent_type: 'supervisor' });
    expect(model.left).toEqual([]);
  });

  it('whose chat says in which line, where it cannot be used any more', async () => {
    await begin([text('Documented.')], [text('Again.')]);
    putAgent(own('docs'), head);
    const turn = startTurn(drover, { message: 'Document it.', agent_type: 'docs' });
    await turn.end;
    putAgent(own('docs'), ['description: Writes docs.', 'tools: [paint]']);
    const fault = `${own('docs')}:3: this agent cannot be used: there is no tool or group named paint.`;
    const { json } = await goOn(turn.id, 'Again @src/total.js.');
    expect(json).toMatchObject({
      error: {
        message: `There is no agent docs for this chat any more. ${fault}`,
        advice: 'Correct the file or choose another agent, then go on.',
      },
    });
    const { events } = attach(drover, turn.id);
    await expect
      .poll(() => events.map(({ type }) => type).slice(-4))
      .toEqual(['user', 'turn.start', 'error', 'turn.end']);
    putAgent(own('docs'), head);
    expect(await goOn(turn.id, 'Again.')).toMatchObject({ json: { response: 'Again.' } });
  });

  it('of a workspace counts where the workspace is trusted', async () => {
    await begin([text('Documented.')]);
    putAgent(shared('docs'), head);
    const ask = async (trusted: boolean) =>
      drover.request('POST', '/chat', {
        message: 'Document it.',
        agent_type: 'docs',
        workspace: { roots: [at.workspace], trusted },
      });
    expect(await ask(false)).toMatchObject({ status: 400, json: { error: { code: 'no_agent' } } });
    expect(await ask(true)).toMatchObject({ status: 200, json: { response: 'Documented.', agent_name: 'docs' } });
    const folder = encodeURIComponent(at.workspace);
    expect((await drover.request('GET', `/agents?folder=${folder}`)).json).toMatchObject({
      agents: expect.arrayContaining([expect.objectContaining({ name: 'docs', from: 'workspace' })]),
    });
    const { json } = await drover.request('GET', `/agents?folder=${folder}&trusted=false`);
    expect(JSON.stringify(json['agents'])).not.toContain('"docs"');
    expect(json).toMatchObject({ problems: [] });
  });

  it('counts too where the workspace is no more than a folder: who names one vouches for it', async () => {
    await begin([text('Documented.')]);
    putAgent(shared('docs'), head);
    const request = { message: 'Document it.', agent_type: 'docs', workspace: at.workspace };
    expect(await drover.request('POST', '/chat', request)).toMatchObject({ json: { agent_name: 'docs' } });
    const { json } = await drover.request('GET', '/openapi.json');
    expect(JSON.stringify(json)).toContain('one that is named by its path counts as trusted');
  });

  it('that cannot be used is named with its line, where it is listed and where it is wanted', async () => {
    await begin();
    putAgent(own('docs'), ['description: Writes docs.', 'tools: [paint]']);
    const fault = `${own('docs')}:3: this agent cannot be used: there is no tool or group named paint.`;
    expect((await drover.request('GET', '/agents')).json).toMatchObject({ problems: [{ message: fault }] });
    const reply = await drover.request('POST', '/chat', { message: 'x', agent_type: 'docs' });
    expect(reply.json).toMatchObject({
      error: { message: 'There is no agent "docs".', advice: expect.stringContaining(fault) },
    });
  });
});
