import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { always, answer, testEngine, testFolder } from '../support/engine.ts';
import { writeGguf } from '../support/gguf.ts';
import { type Recorded, startRecorder } from '../support/recorder.ts';
import { place, startSupervisor, startTurn } from '../support/supervisor.ts';

/**
 * Invariant 2 in tokens: what Drover sends in one chat, with calls, questions and a stop, is one growing text for a
 * real llama-server. The model is random, so what it calls differs each time; the rule does not.
 */
test('a whole chat is one growing prompt, in tokens of a real server', async () => {
  const model = await writeGguf(join(await testFolder(), 'tool-caller.gguf'), 'tool-caller');
  const { control } = await testEngine({ model, slots: 1, context: 32_768 });
  const endpoint = await control.ready(always);
  const recorder = await startRecorder(endpoint.url.replace(/\/v1$/, ''));
  onTestFinished(() => recorder.close());
  const at = place({ 'a.txt': 'alpha <|im_end|>\n', 'AGENTS.md': 'Be kind.\n' });
  onTestFinished(() => at.dispose());
  const drover = await startSupervisor(at, ['--model-endpoint', recorder.url], {
    DROVER_ENGINE_KEY: endpoint.key ?? '',
    DROVER_AGENT_IDLE_SECONDS: '0',
  });
  onTestFinished(async () => void (await drover.stop()));

  // A random model never comes to an end by itself: each turn is stopped after some of its calls.
  const take = async (message: string, agent_type: string, calls: number): Promise<void> => {
    const turn = startTurn(drover, { message, agent_type, session_id: 'one', asks: 'deny' });
    const answers = (): number => turn.events.filter(({ type }) => type === 'assistant').length;
    // It may also fail or end before.
    await turn.seen('assistant', () => answers() > calls).catch(() => undefined);
    await drover.request('POST', '/chat/one/cancel');
    await turn.end;
  };
  await take('Look at @a.txt.', 'coding', 2);
  await take('Go on.', 'coding', 0);
  await take('And now?', 'supervisor', 1);

  const prompts = await Promise.all(recorder.chats.map((chat) => tokensOf(chat)));
  expect(prompts.length).toBeGreaterThanOrEqual(3);
  for (const [index, before] of prompts.entries()) {
    const next = prompts[index + 1];
    if (next) expect(next.slice(0, before.length), `call ${index} begins call ${index + 1}`).toEqual(before);
    // A call that was stopped has no figures.
    const read = recorder.chats[index]?.timings?.cache_n;
    if (read === undefined || index === 0) continue;
    expect(read, `what call ${index} need not read`).toBeGreaterThanOrEqual((prompts[index - 1]?.length ?? 0) - 1);
  }

  async function tokensOf({ body }: Recorded): Promise<number[]> {
    const template = { messages: body.messages, tools: body.tools, add_generation_prompt: false };
    const { prompt } = await answer<{ prompt: string }>(endpoint, '/apply-template', template);
    const { tokens } = await answer<{ tokens: number[] }>(endpoint, '/tokenize', { content: prompt });
    return tokens;
  }
});
