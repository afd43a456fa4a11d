import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/common/events.ts';
import { bubblewrapFolder } from '../support/installedBubblewrap.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { textOf, type ModelRequest } from '../support/modelServer/requests.ts';
import { call, reply, type Step, text } from '../support/modelServer/script.ts';
import { type Place, place, processesOf, type Running, startSupervisor, startTurn } from '../support/supervisor.ts';
import { kill, leftAfter, leftByKilled, type Soaked, twiceIn } from './counts.ts';
import { generator } from './random.ts';

type Victim = 'agent' | 'supervisor';

/** Where in a turn the kill falls: right after the event of this type was seen. */
const moments: Event['type'][] = ['user', 'turn.start', 'assistant', 'tool.start', 'output', 'tool.end', 'text'];

/**
 * Invariant 5, over and over: in each round a chat is given a message whose turn appends one line to a file, and one
 * process is killed somewhere in that turn. Deterministic by `seed`, but for the moment within a moment.
 */
export async function soakKills(
  rounds: number,
  seed: number,
  tell: (line: string) => void = () => undefined,
): Promise<Soaked> {
  const at = place({
    'package.json': JSON.stringify({ scripts: { test: 'cat round.txt >> lines.txt && echo done' } }),
  });
  const model = await startModelServer({ script: answerOf });
  const sandbox = { DROVER_SANDBOX: 'auto', DROVER_MANAGED: await bubblewrapFolder() };
  const random = generator(seed);
  const start = (): Promise<Running> => startSupervisor(at, ['--model-endpoint', model.url, '--auto-approve'], sandbox);
  let drover = await start();
  let killed = 0;
  let orphans = 0;
  const acknowledged: string[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const id = `round-${seed}-${round}`;
      const moment = moments[Math.floor(random() * moments.length)] ?? 'user';
      const victim: Victim = random() < 0.5 ? 'agent' : 'supervisor';
      // Every third round in the sandbox.
      const message = `${round % 3 === 2 ? 'Test' : 'Append'} ${id}.`;
      writeFileSync(join(at.workspace, 'round.txt'), `${id}\n`);
      const turn = startTurn(drover, { message, session_id: `chat-${round % 3}` });
      await turn.seen('user');
      acknowledged.push(message);
      // A turn may be over before the moment comes.
      const seen = await turn.seen(moment).then(
        () => true,
        () => false,
      );
      const pid = victim === 'agent' ? processesOf(at).find((other) => other !== drover.child.pid) : drover.child.pid;
      if (seen && pid !== undefined && kill(pid)) killed++;
      await turn.end.catch(() => undefined);
      if (victim === 'supervisor') {
        await drover.stop();
        orphans += await leftByKilled(at);
        drover = await start();
      }
      if ((round + 1) % 50 === 0) tell(`${round + 1} of ${rounds} rounds, ${killed} kills`);
    }
    const said = (await Promise.all([0, 1, 2].map((chat) => drover.said(`chat-${chat}`).catch(() => [])))).flat();
    const lost = acknowledged.filter((message) => !said.includes(message)).length;
    orphans += await leftAfter(at, drover);
    return { lost, orphans, twice: twiceIn(at), killed };
  } finally {
    await close(at, model);
  }
}

function answerOf(request: ModelRequest): Step {
  const last = request.body.messages.at(-1);
  if (last?.role === 'tool') return reply(text('Appended.'));
  const [, what, id = 'unknown'] = /(Append|Test) (\S+)\./.exec(textOf(last)) ?? [];
  const command = what === 'Test' ? 'npm test' : `echo ${id} >> lines.txt; echo done`;
  return reply(text('I will. '), call('bash', { command }));
}

async function close(at: Place, model: ModelServer): Promise<void> {
  for (const pid of processesOf(at)) kill(pid);
  await model.close();
  at.dispose();
}
