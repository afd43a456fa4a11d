import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, replyTo, text } from '../support/modelServer/script.ts';
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

/** What was logged of all chats. */
function logs(state: string): string {
  const folder = join(state, 'chats');
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

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

  it('changes no file either', async () => {
    model?.add(
      replyTo('Write it down', call('file_write', { path: 'made.txt', content: 'made' })),
      replyTo(/trust/i, text('Nor do I write.')),
    );
    await session().send('Write it down');
    await session().log.getByText('Nor do I write.').waitFor();
    expect(existsSync(join(session().place.workspace, 'made.txt'))).toBe(false);
  });

  it('asks for the same command once the folder is trusted, also in a turn that runs already', async () => {
    const { panel, page } = session();
    model?.add(
      replyTo('Wait, then test', text('I wait.'), hold('trusted'), call('bash', { command: 'npm test' })),
      replyTo(/./, text('Tests waited for.')),
    );
    await session().send('Wait, then test');
    await session().log.getByText('I wait.').waitFor();
    await panel.getByRole('button', { name: 'Trust this folder' }).click();
    await page.locator(trust.page).getByRole('button', { name: 'Trust', exact: true }).click();
    await page.click(trust.close);
    await panel.getByText(NOTICE).waitFor({ state: 'hidden' });
    await eventually(async () => logs(session().place.state)).toContain('"type":"trust","trusted":true');
    model?.release('trusted');
    const first = panel.getByRole('group', { name: 'Run this command?' });
    await first.getByRole('button', { name: 'Allow once' }).click();
    await session().log.getByText('Tests waited for.').waitFor({ timeout: 30_000 });
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
