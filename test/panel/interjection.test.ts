import { describe, expect, it } from 'vitest';
import { asks, chat, says, stepsIn, userSays } from '../support/panelScenes.ts';
import { panels } from './browser.ts';

const open = panels();

const begin = [userSays('Do it'), { type: 'turn.start', turn: 1, agent: 'coding' }] as const;

describe('an interjection', () => {
  it('says what was seen, why it is watched for, and can be taken back and muted', async () => {
    const panel = await open();
    await panel.post(...chat([...begin, stepsIn('i', 'acknowledge', 'The same test failed 3 times: “adds”.')]));
    const card = panel.page.getByRole('region', { name: 'Supervisor stepped in' });
    await expect.poll(() => card.innerText()).toContain('must acknowledge');
    expect(await card.innerText()).toContain('The same test failed 3 times: “adds”.');
    await card.getByRole('button', { name: 'Why' }).click();
    expect(await card.innerText()).toContain('(same-test-failing)');
    await card.getByRole('button', { name: 'Withdraw' }).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'interjection', interjection: 'i', answer: 'withdraw' });
    await panel.events({ type: 'interjection.answer', interjection: 'i', answer: 'withdraw' });
    await expect.poll(() => card.innerText()).toContain('withdrawn');
    expect(await card.getByRole('button', { name: 'Withdraw' }).count()).toBe(0);
    await card.getByRole('button', { name: 'Mute this rule' }).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'interjection', interjection: 'i', answer: 'mute' });
    await panel.events({ type: 'interjection.answer', interjection: 'i', answer: 'mute' });
    await expect.poll(() => card.innerText()).toContain('Muted in this chat');
  });

  it('that pauses has one primary button and hides what the agent seems to do', async () => {
    const panel = await open();
    await panel.post(...chat([...begin, stepsIn('p', 'pause', 'This turn has taken 50 steps.')]));
    const card = panel.page.getByRole('region', { name: 'Supervisor stepped in' });
    expect(await card.locator('.button.primary').allInnerTexts()).toEqual(['Continue']);
    expect(await panel.page.locator('.activity').count()).toBe(0);
    await card.getByRole('button', { name: 'Continue' }).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'interjection', interjection: 'p', answer: 'continue' });
    await panel.events({ type: 'interjection.answer', interjection: 'p', answer: 'continue' });
    await expect.poll(() => card.getByRole('button', { name: 'Continue' }).count()).toBe(0);
    expect(await card.locator('.card-note').innerText()).toBe('continued');
  });

  it('that paused a turn that was stopped there says so', async () => {
    const panel = await open();
    const ended = { type: 'turn.end', turn: 1, reason: 'cancelled', seconds: 3 } as const;
    await panel.post(...chat([...begin, stepsIn('p', 'pause', 'This turn has taken 50 steps.'), ended]));
    const card = panel.page.getByRole('region', { name: 'Supervisor stepped in' });
    await expect.poll(() => card.locator('.card-note').innerText()).toBe('turn ended');
  });

  it('says when it was acknowledged', async () => {
    const panel = await open();
    const told = { type: 'interjected', interjection: 'i', what: 'made', text: 'Mind it.' } as const;
    await panel.post(
      ...chat([...begin, stepsIn('i', 'acknowledge', 'It failed.'), says('I look.', 'tool_calls'), told]),
    );
    const note = panel.page.getByRole('region', { name: 'Supervisor stepped in' }).locator('.card-note');
    await expect.poll(() => note.innerText()).toBe('must acknowledge');
    await panel.events(says('I see it.'));
    await expect.poll(() => note.innerText()).toBe('acknowledged');
  });

  it('that stopped the turn can be taken back too', async () => {
    const panel = await open();
    const ended = { type: 'turn.end', turn: 1, reason: 'cancelled', seconds: 3 } as const;
    await panel.post(
      ...chat([...begin, stepsIn('s', 'stop', 'The agent asked for the same file_read 5 times.'), ended]),
    );
    const card = panel.page.getByRole('region', { name: 'Supervisor stepped in' });
    await card.getByRole('button', { name: 'Withdraw' }).click();
    expect((await panel.posted()).at(-1)).toEqual({ type: 'interjection', interjection: 's', answer: 'withdraw' });
    await panel.events({ type: 'interjection.answer', interjection: 's', answer: 'withdraw' });
    await expect.poll(() => card.innerText()).toContain('withdrawn');
  });

  it('is told to who cannot see it', async () => {
    const panel = await open();
    await panel.post(...chat([...begin, stepsIn('i', 'note', 'The context is nearly full.')]));
    await expect
      .poll(() => panel.page.locator('[aria-live=assertive]').allInnerTexts())
      .toContainEqual('The supervisor stepped in: note. The context is nearly full.');
  });

  it('is why a call was not done, in words for the person', async () => {
    const panel = await open();
    const reason = 'the supervisor wants an answer in words first, without a tool call. You wrote "ERROR".';
    const answer = { type: 'answer', ask: 'ask-w', answer: 'reject', by: 'policy', reason } as const;
    const end = { type: 'tool.end', call: 'w', tool: 'bash', outcome: 'denied', origin: 'model' } as const;
    await panel.post(
      ...chat([
        ...begin,
        stepsIn('i', 'acknowledge', 'The answer says “ERROR”.'),
        asks('w', 'touch a'),
        answer,
        { ...end, text: `Denied: ${reason}`, summary: 'denied' },
      ]),
    );
    const card = panel.page.getByRole('region', { name: 'Not done' });
    await expect.poll(() => card.innerText()).toContain('The supervisor stepped in: The answer says “ERROR”.');
    expect(await card.innerText()).not.toContain('You wrote');
  });

  it('is not broken inside a word', async () => {
    const panel = await open({ width: 185 });
    await panel.post(...chat([...begin, stepsIn('i', 'acknowledge', 'The same test failed 3 times.')]));
    const title = panel.page.locator('.interjection .card-title');
    await title.waitFor();
    const lines = await title.evaluate((element) => Math.round(element.clientHeight / 18));
    expect(lines).toBeLessThanOrEqual(2);
    const log = panel.page.locator('.log');
    expect(await log.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  });

  it('fits into 280 pixels', async () => {
    const panel = await open({ width: 280 });
    await panel.post(...chat([...begin, stepsIn('s', 'stop', 'The agent asked for the same file_read 5 times.')]));
    const log = panel.page.locator('.log');
    await panel.page.getByText('stopped', { exact: true }).waitFor();
    expect(await log.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  });
});
