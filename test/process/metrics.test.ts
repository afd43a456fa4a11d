import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { afterEach, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { textOf } from '../support/modelServer/requests.ts';
import { call, hold, type Part, reply, status, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';

let at: Place;
let model: ModelServer;
let drover: Running;

async function begin(...answers: Part[][]): Promise<void> {
  at = place({ 'a.txt': 'alpha\n' });
  model = await startModelServer({ script: answers.map((parts) => reply(...parts)) });
  drover = await startSupervisor(at, ['--model-endpoint', model.url]);
}

afterEach(async () => {
  await drover.stop();
  await model.close();
  await expect.poll(() => processesOf(at), { timeout: 3000 }).toEqual([]);
  at.dispose();
});

interface Sample {
  labels?: Record<string, string>;
  value?: string;
}

async function read(): Promise<string> {
  const { host, port, token } = drover.discovery;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://${host}:${port}/metrics`, { headers });
  expect(response.headers.get('content-type')).toContain('text/plain');
  return response.text();
}

async function scrape(): Promise<Map<string, { type: string; metrics: Sample[] }>> {
  const families: { name: string; type: string; metrics: Sample[] }[] = parsePrometheusTextFormat(await read());
  return new Map(families.map(({ name, type, metrics }) => [name, { type, metrics }]));
}

const root = join(import.meta.dirname, '..', '..');

describe('metrics', () => {
  it('count what happened in the chats, with the names that are documented', async () => {
    const look = call('file_read', { path: 'a.txt' });
    await begin(
      [look],
      [text('ERROR')],
      [text('It says alpha.')],
      [call('bash', { command: 'touch b' })],
      [text('No.')],
    );
    await startTurn(drover, { message: 'What does it say?' }).end;
    await startTurn(drover, { message: 'Touch b.', asks: 'deny' }).end;
    const families = await scrape();
    const of = (name: string, labels: Record<string, string>): string | undefined => {
      const found = families.get(`drover_${name}`)?.metrics.find((sample) => {
        return Object.entries(labels).every(([key, value]) => sample.labels?.[key] === value);
      });
      return found?.value;
    };
    expect(of('turns_total', { agent: 'coding', reason: 'done' })).toBe('2');
    // Of histograms with labels the parser keeps the buckets only.
    expect(await read()).toContain('drover_turn_seconds_count{agent="coding"} 2');
    const coding = { agent: 'coding' };
    expect(of('tool_calls_total', { ...coding, tool: 'file_read', outcome: 'ok' })).toBe('1');
    expect(of('tool_calls_total', { ...coding, tool: 'bash', outcome: 'denied' })).toBe('1');
    expect(await read()).toContain('drover_tool_seconds_count{agent="coding",tool="file_read"} 1');
    expect(of('interjections_total', { ...coding, policy: 'answer-with-error', grade: 'acknowledge' })).toBe('1');
    expect(of('approvals_total', { ...coding, answer: 'reject', by: 'nobody' })).toBe('1');
    expect(Number(of('tokens_total', { agent: 'coding', kind: 'out' }))).toBeGreaterThan(0);
    expect(of('chats', { state: 'idle' })).toBe('2');
    expect(of('queue_depth', coding)).toBe('0');
    const documented = [
      ...readFileSync(join(root, 'docs', 'metrics.md'), 'utf8').matchAll(/^\| `(drover_\w+)` \| (\w+)/gm),
    ];
    const kinds = [...families].map(([name, { type }]) => `${name} ${type.toLowerCase()}`).toSorted();
    expect(kinds).toEqual(documented.map(([, name, kind]) => `${name} ${kind}`).toSorted());
  });

  it('ask nothing of a model server', async () => {
    await begin();
    const families = await scrape();
    expect(families.get('drover_engine_ready')?.metrics).toEqual([{ value: '0' }]);
    expect(model.requests).toEqual([]);
  });

  it('count an agent that crashed and was started again', async () => {
    await begin([text('One.')], [text('Two.')]);
    const { id, end } = startTurn(drover, { message: 'Go.' });
    await end;
    const [agent = 0] = processesOf(at).filter((pid) => pid !== drover.child.pid);
    process.kill(agent, 'SIGKILL');
    await expect.poll(() => processesOf(at)).toEqual([drover.child.pid]);
    await startTurn(drover, { message: 'Go on.', session_id: id }).end;
    expect((await scrape()).get('drover_restarts_total')?.metrics).toEqual([
      { value: '1', labels: { part: 'agent', agent: 'coding' } },
    ]);
  });

  it('count a hand-off for who handed over, and what follows for who took over', async () => {
    await begin(
      [call('hand_off', { agent: 'plan', why: 'first a plan' }), call('file_read', { path: 'a.txt' })],
      [text('A plan.')],
    );
    await startTurn(drover, { message: 'Plan it.' }).end;
    const all = await read();
    expect(all).toContain('drover_tool_calls_total{agent="coding",tool="hand_off",outcome="ok"} 1');
    expect(all).toContain('drover_tool_calls_total{agent="plan",tool="file_read",outcome="ok"} 1');
    expect(all).toContain('drover_turns_total{agent="plan",reason="done"} 1');
  });

  it('have no series for every name that a model invents', async () => {
    await begin([call('teleport_42', {}), call('transfer_to_plan', '{')], [text('No.')], [status(500, 'x', 'No.')]);
    const { id, end } = startTurn(drover, { message: 'Go.' });
    await end;
    await startTurn(drover, { message: 'Again.', session_id: id }).end;
    const all = await read();
    expect(all).toContain('drover_tool_calls_total{agent="coding",tool="other",outcome="invalid"} 1');
    expect(all).toContain('drover_tool_calls_total{agent="coding",tool="hand_off",outcome="invalid"} 1');
    expect(all).not.toContain('teleport');
    expect(all).toMatch(/drover_errors_total\{agent="coding",code="\w+"\} 1/);
  });

  it('count who waits for a slot', async () => {
    at = place();
    model = await startModelServer({ script: [reply(text('One.'), hold('first')), reply(text('Two.'))], slots: 1 });
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    const first = startTurn(drover, { message: 'Go.' });
    await first.seen('text');
    const second = startTurn(drover, { message: 'Go too.', agent_type: 'plan' });
    await second.seen('waiting');
    const depth = async () => (await read()).split('\n').filter((line) => line.startsWith('drover_queue_depth'));
    expect(await depth()).toEqual(
      expect.arrayContaining(['drover_queue_depth{agent="coding"} 0', 'drover_queue_depth{agent="plan"} 1']),
    );
    model.release('first');
    await second.end;
    expect(await depth()).toContain('drover_queue_depth{agent="plan"} 0');
    const all = await read();
    expect(all).toContain('drover_queue_wait_seconds_sum{agent="coding"} 0\n');
    expect(all).toMatch(/^drover_queue_wait_seconds_sum\{agent="plan"\} (?!0\n)/m);
  });

  it('count what the second model reads and writes that judges', async () => {
    at = place({ 'a.txt': 'alpha\n'.repeat(9) });
    mkdirSync(join(at.folder, 'config'));
    writeFileSync(join(at.folder, 'config', 'config.json'), '{"policies": {"judge": "same"}}\n');
    model = await startModelServer({
      script: ({ body: { messages } }) => {
        if (textOf(messages[0]).startsWith('You judge whether')) return reply(text('ON COURSE'));
        const steps = messages.filter(({ role }) => role === 'tool').length;
        return reply(steps < 6 ? call('file_read', { path: 'a.txt', start_line: steps + 1 }) : text('It is alpha.'));
      },
    });
    drover = await startSupervisor(at, ['--model-endpoint', model.url]);
    await startTurn(drover, { message: 'Read a.txt.' }).end;
    const all = await read();
    expect(all).toContain('drover_queue_wait_seconds_count{agent="judge"} 1');
    expect(all).toContain('drover_first_token_seconds_count{agent="judge"} 1');
    expect(all).toMatch(/drover_tokens_total\{agent="judge",kind="in"\} [1-9]/);
    expect(all).toMatch(/drover_tokens_total\{agent="judge",kind="out"\} [1-9]/);
  });

  it('count nothing anew where a chat is forked', async () => {
    await begin([call('file_read', { path: 'a.txt' })], [text('Alpha.')]);
    const { id, end } = startTurn(drover, { message: 'What does it say?' });
    await end;
    const counted = async () =>
      (await read()).split('\n').filter((line) => /^drover_(turn|tool|token|first)/.test(line));
    const before = await counted();
    for (let fork = 0; fork < 2; fork++) {
      expect((await drover.request('POST', `/chat/${id}/fork`, {})).status).toBe(201);
    }
    expect(await counted()).toEqual(before);
    expect(before).toContain('drover_turns_total{agent="coding",reason="done"} 1');
  });

  it('are all on the dashboard', () => {
    const dashboard = readFileSync(join(root, 'deploy', 'grafana.json'), 'utf8');
    const documented = readFileSync(join(root, 'docs', 'metrics.md'), 'utf8').matchAll(/^\| `(drover_\w+)`/gm);
    const shown = new Set([...dashboard.matchAll(/drover_\w+/g)].map(([name]) => name.replace(/_bucket$/, '')));
    expect([...shown].toSorted()).toEqual([...documented].map(([, name = '']) => name).toSorted());
    // What is counted by agent can be shown for one.
    const byAgent = readFileSync(join(root, 'docs', 'metrics.md'), 'utf8').matchAll(/^\| `(drover_\w+)`.*`agent`/gm);
    for (const [, name = ''] of byAgent) expect(dashboard).toMatch(new RegExp(`${name}(_bucket)?\\{agent=~`));
  });
});
