import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoggedEvent } from '../../src/common/events.ts';
import { pause } from '../../src/common/interjections.ts';
import { openAsks } from '../../src/common/repair.ts';
import { startModelServer } from '../support/modelServer.ts';
import { type ModelRequest, textOf } from '../support/modelServer/requests.ts';
import { call, reply, type Step, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';
import { kill, leftAfter, leftByKilled, type Soaked, twiceIn } from './counts.ts';
import { generator } from './random.ts';

const CHATS = 8;
/** Messages that a chat may have waiting. */
const MOST_QUEUED = 3;
/** Milliseconds for all chats to come to rest at the end. */
const REST = 120_000;

/** What was acknowledged: it has to be in the log of its chat, for ever. */
interface Acknowledged {
  chat: string;
  /** Of a message: its text. */
  text?: string;
  /** Of a message that was withdrawn: the text that must not reach the agent. */
  withdrawn?: string;
  /** Of a decision: the interjection or the ask. */
  interjection?: string;
  ask?: string;
}

/**
 * Invariant 5 under load: eight chats with queues, steers, children and policies, of which processes are killed at random
 * moments: the supervisor, agents, children, policies. Deterministic by `seed`, but for the moment within a moment.
 */
export async function soakTeam(
  kills: number,
  seed: number,
  tell: (line: string) => void = () => undefined,
): Promise<Soaked> {
  const at = place({});
  writePolicies(at);
  writeAgent(at);
  const model = await startModelServer({ script: answerOf, slots: 3 });
  const random = generator(seed);
  // Now nobody is asked, now people have to say yes: also to what is open from before.
  const start = (): Promise<Running> =>
    startSupervisor(at, ['--model-endpoint', model.url, ...(random() < 0.5 ? ['--auto-approve'] : [])]);
  const people = new People(await start(), random, seed);
  let killed = 0;
  let ended = 0;
  let orphans = 0;
  try {
    for (let round = 0; round < kills; round++) {
      await people.act();
      // Somewhere in what that sets going; now and then after all that it sets going.
      await delay(random() * (random() < 0.2 ? 1500 : 120));
      const { drover } = people;
      const pids = processesOf(at).filter((pid) => pid !== drover.child.pid);
      const supervisor = random() < 0.4 || pids.length === 0;
      const pid = supervisor ? drover.child.pid : pids[Math.floor(random() * pids.length)];
      if (pid !== undefined && kill(pid)) killed++;
      if (supervisor) {
        await drover.stop();
        // Every other time the next one is there while what is left is still ending.
        if (ended++ % 2 === 0) orphans += await leftByKilled(at);
        people.drover = await start();
      }
      if ((round + 1) % 25 === 0) tell(`${round + 1} of ${kills} kills`);
    }
    await people.rest();
    const lost = await people.lost(tell);
    tell(await people.told());
    orphans += await leftAfter(at, people.drover);
    return { lost, orphans, twice: twiceIn(at), killed };
  } finally {
    for (const pid of processesOf(at)) kill(pid);
    await model.close();
    at.dispose();
  }
}

/** What people do with eight chats, and what they were told was done. */
class People {
  drover: Running;
  private readonly random: () => number;
  private readonly seed: number;
  private readonly acknowledged: Acknowledged[] = [];
  private count = 0;

  constructor(drover: Running, random: () => number, seed: number) {
    this.drover = drover;
    this.random = random;
    this.seed = seed;
  }

  /** Each chat gets something to do, unless it has enough; what waits for a decision gets one. */
  async act(): Promise<void> {
    const chats = await this.drover.chats();
    for (let number = 0; number < CHATS; number++) {
      const id = `chat-${this.seed}-${number}`;
      const summary = chats.find((chat) => chat.id === id);
      if (summary === undefined) await this.begin(id);
      else if (summary.queued < MOST_QUEUED) await this.say(id);
    }
    for (const { id, state } of chats) if (state === 'waiting') await this.decide(id);
  }

  /** Until no chat has anything more to do. */
  async rest(): Promise<void> {
    const limit = Date.now() + REST;
    for (;;) {
      const chats = await this.drover.chats();
      const busy = chats.filter(({ state, queued }) => state === 'running' || state === 'waiting' || queued > 0);
      if (busy.length === 0) return;
      if (Date.now() > limit) throw new Error(`these came to no end: ${JSON.stringify(busy)}`);
      for (const { id, state } of busy) if (state === 'waiting') await this.decide(id);
      await delay(100);
    }
  }

  async lost(tell: (line: string) => void): Promise<number> {
    const logs = new Map<string, LoggedEvent[]>();
    for (const chat of new Set(this.acknowledged.map((each) => each.chat))) logs.set(chat, await this.events(chat));
    const children = (await this.drover.chats()).filter(({ parent }) => parent !== undefined);
    const tasks: boolean[] = [];
    // One after another: the supervisor answers only so many requests a second.
    for (const { id } of children) tasks.push(takenUp(await this.events(id)));
    const said = this.acknowledged.filter((each) => !stands(each, logs.get(each.chat) ?? []));
    for (const each of said) tell(`lost: ${JSON.stringify(each)}`);
    for (const [at, { id }] of children.entries()) {
      if (tasks[at] === false) tell(`lost: the task of ${JSON.stringify(await this.events(id))}`);
    }
    return said.length + tasks.filter((taken) => !taken).length;
  }

  /** What was kept of it all, in words. */
  async told(): Promise<string> {
    const children = (await this.drover.chats()).filter(({ parent }) => parent !== undefined).length;
    const count = (key: keyof Acknowledged): number =>
      this.acknowledged.filter((each) => each[key] !== undefined).length;
    return `${count('text')} messages, ${count('withdrawn')} withdrawn, ${count('interjection')} pauses lifted, ${count('ask')} answers, ${children} children`;
  }

  private async begin(id: string): Promise<void> {
    const message = this.message();
    const turn = startTurn(this.drover, { message, session_id: id, agent_type: 'lead' });
    await turn.seen('user');
    void turn.end.catch(() => undefined);
    this.acknowledged.push({ chat: id, text: message });
  }

  private async say(id: string): Promise<void> {
    const message = this.message();
    const lane = this.random() < 0.5 ? 'steer' : 'follow-up';
    const { status, json } = await this.drover.request('POST', `/chat/${id}`, { message, lane, asks: 'client' });
    if (status !== 202) return;
    const item = json['item'] as unknown as string;
    if (this.random() < 0.8) {
      this.acknowledged.push({ chat: id, text: message });
      return;
    }
    // It may have been taken up in this moment.
    const { status: withdrawn } = await this.drover.request('POST', `/chat/${id}/inbox`, { item, withdraw: true });
    this.acknowledged.push({ chat: id, ...(withdrawn === 200 ? { withdrawn: message } : { text: message }) });
  }

  /** A chat that is paused goes on, and what is asked is allowed. */
  private async decide(id: string): Promise<void> {
    const events = await this.events(id);
    const paused = pause(events);
    if (paused) {
      const { interjection } = paused;
      const body = { interjection, answer: 'continue' };
      const { status } = await this.drover.request('POST', `/chat/${id}/interjection`, body);
      if (status === 200) this.acknowledged.push({ chat: id, interjection });
    }
    for (const { ask } of openAsks(events)) {
      const { status } = await this.drover.request('POST', `/chat/${id}/answer`, { ask, answer: 'once' });
      if (status === 200) this.acknowledged.push({ chat: id, ask });
    }
  }

  private message(): string {
    const id = `${this.seed}-${this.count++}`;
    const kind = this.random();
    if (kind < 0.15) return `Delegate ${id}.`;
    return kind < 0.25 ? `Append ${id}. Carefully.` : `Append ${id}.`;
  }

  private async events(chat: string): Promise<LoggedEvent[]> {
    const { json } = await this.drover.request('GET', `/chat/${chat}/export?format=json`);
    return json['events'] as unknown as LoggedEvent[];
  }
}

function stands(acknowledged: Acknowledged, events: readonly LoggedEvent[]): boolean {
  const { text: message, withdrawn, interjection, ask } = acknowledged;
  if (ask !== undefined) return carriedOut(ask, events);
  if (interjection !== undefined)
    return events.some((event) => event.type === 'interjection.answer' && event.interjection === interjection);
  const reached = events.filter(
    (event) =>
      (event.type === 'user' || event.type === 'steered') && (event.text === message || event.text === withdrawn),
  );
  return reached.length === (withdrawn === undefined ? 1 : 0);
}

/**
 * After a yes the call began, was asked about anew, or has an end that says why it did not begin; that an agent was lost
 * is no reason, unless the turn was stopped.
 */
function carriedOut(ask: string, events: readonly LoggedEvent[]): boolean {
  const answered = events.findIndex((event) => event.type === 'answer' && event.ask === ask && event.answer === 'once');
  const asked = events.find((event) => event.type === 'ask' && event.ask === ask);
  if (answered === -1 || asked?.type !== 'ask') return false;
  const after = events.slice(answered + 1);
  const next = after.find(
    (event) =>
      (event.type === 'tool.start' || event.type === 'tool.end' || event.type === 'ask') && event.call === asked.call,
  );
  if (next?.type !== 'tool.end') return next !== undefined;
  const end = after.find((event) => event.type === 'turn.end');
  const lost = next.outcome === 'skipped' && next.text.includes('the agent process ended');
  return !lost || (end?.type === 'turn.end' && end.reason === 'cancelled');
}

/** A task was begun, or taken back because the whole was stopped. */
function takenUp(events: readonly LoggedEvent[]): boolean {
  return events.some(({ type }) => type === 'user' || type === 'inbox.withdraw');
}

/** One that does the work itself and has parts of it done. */
function writeAgent(at: Place): void {
  const folder = join(at.folder, 'config', 'agents');
  mkdirSync(folder, { recursive: true });
  const head = ['---', 'description: Leads.', 'tools: [read, execute, delegate]', '---'];
  writeFileSync(join(folder, 'lead.md'), [...head, 'You lead.', ''].join('\n'));
}

/** One that says much, and one that has chats pause. */
function writePolicies(at: Place): void {
  const folder = join(at.folder, 'config', 'policies');
  mkdirSync(folder, { recursive: true });
  const policy = (name: string, on: string, body: string): void =>
    writeFileSync(
      join(folder, `${name}.mjs`),
      `export default { name: '${name}', rule: 'For the soak.', on: ['${on}'], judge(event) { ${body} } };\n`,
    );
  policy('talks', 'tool.end', "return { grade: 'note', evidence: event.call, say: 'Noted.', key: event.call };");
  const pauses = "return { grade: 'pause', evidence: 'Carefully.', say: 'Wait.' };";
  policy('pauses', 'user', `if (event.text.endsWith('Carefully.')) ${pauses}`);
}

/** Does what the person has asked for and what has not been done yet, one thing a call. */
function answerOf({ body: { messages } }: ModelRequest): Step {
  const asked = messages
    .filter(({ role }) => role !== 'assistant')
    .flatMap((message) => [
      // What a part was is said again with its result.
      ...textOf(message)
        .replaceAll(/^\d+\. coding, .*$/gm, '')
        .matchAll(
          message.role === 'user' ? /(Append|Delegate) (\S+)\./g : /The person says now: (Append|Delegate) (\S+)\./g,
        ),
    ]);
  const done = JSON.stringify(messages.filter(({ role }) => role === 'assistant'));
  const next = asked.find(([, , id]) => !done.includes(`${id} `));
  if (!next) return reply(text('Done.'));
  const [, verb, id = ''] = next;
  if (verb === 'Append') return reply(call('bash', { command: `echo ${id} >> lines.txt; echo done` }));
  const tasks = ['a', 'b'].map((part) => `coding: Append ${id}-${part}. It is a part of ${id} only.`);
  return reply(call('delegate', { tasks }));
}
