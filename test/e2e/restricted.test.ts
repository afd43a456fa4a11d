import { afterAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, replyTo, text } from '../support/modelServer/script.ts';
import { trust } from './selectors.ts';
import { eventually, useSession } from './session.ts';

let model: ModelServer | undefined;
const session = useSession(async () => {
  model = await startModelServer({
    script: [
      replyTo('Run the tests here', call('bash', { command: 'npm test' })),
      replyTo(/trust/i, text('Then I only read.')),
    ],
  });
  return { trusted: false, settings: { 'drover.engine.url': `${model.url}/v1` } };
});
afterAll(() => model?.close());

const NOTICE = 'This folder is not trusted: until it is, files are only read and nothing runs.';

describe('a folder that is not trusted', () => {
  it('says so, offers to trust it, and no example that runs something', async () => {
    const { panel, page } = session();
    await page.waitForSelector(trust.restricted);
    await session().showPanel();
    await panel.getByText(NOTICE).waitFor();
    await panel.getByText('For now it only reads.').waitFor();
    await panel.getByRole('button', { name: 'Explain how this project is put together' }).waitFor();
    expect(await panel.getByText('Run the tests').count()).toBe(0);
    await session().picture('8-restricted-dark');
  });

  it('runs no command, and says why', async () => {
    await session().send('Run the tests here');
    await session().log.getByText('Not allowed').waitFor();
    await session().log.getByText('Then I only read.').waitFor();
    await session().picture('9-denied-dark');
  });

  it('asks for the same command once the folder is trusted', async () => {
    const { panel, page } = session();
    await panel.getByRole('button', { name: 'Trust this folder' }).click();
    await page.locator(trust.page).getByRole('button', { name: 'Trust', exact: true }).click();
    await page.click(trust.close);
    await panel.getByText(NOTICE).waitFor({ state: 'hidden' });
    model?.add(
      replyTo('Run the tests again', call('bash', { command: 'npm test' })),
      replyTo(/./, text('Tests done.')),
    );
    await session().send('Run the tests again');
    const question = panel.getByRole('group', { name: 'Run this command?' });
    await question.getByRole('button', { name: 'Allow once' }).click();
    await session().log.getByText('Tests done.').waitFor({ timeout: 30_000 });
    await eventually(() => session().log.innerText()).toContain('exit 0');
  });
});
