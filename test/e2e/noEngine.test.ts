import { afterAll, describe, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { replyTo, text } from '../support/modelServer/script.ts';
import { useSession } from './session.ts';

let model: ModelServer | undefined;
const session = useSession();
afterAll(() => model?.close());

describe('the first run, with nothing set up', () => {
  it('offers the ways to a model', async () => {
    const { panel } = session();
    await session().showPanel();
    await panel.getByRole('heading', { name: 'Agents on your own model' }).waitFor();
    for (const name of ['Set up a model here', 'Use a server I already run', 'Just show me']) {
      await panel.getByRole('heading', { name }).waitFor();
    }
    await session().picture('10-first-run-dark');
    await session().theme('light');
    await session().picture('11-first-run-light');
    await session().theme('dark');
  });

  it('says why an address does not work', async () => {
    const { panel } = session();
    const closed = await startModelServer();
    await closed.close();
    await panel.getByRole('textbox', { name: 'Address of the server' }).fill(`${closed.url}/v1`);
    await panel.getByRole('button', { name: 'Try it' }).click();
    await panel.getByRole('heading', { name: /Nothing listens at/ }).waitFor();
    await session().picture('12-wrong-address-dark');
  });

  it('goes on with an address that works', async () => {
    const { panel } = session();
    model = await startModelServer({ script: [replyTo('Hello', text('Hello to you.'))] });
    await panel.getByRole('button', { name: 'Choose a model…' }).click();
    await session().pick('Use a server I already run');
    await session().type(`${model.url}/v1`);
    await panel.getByRole('heading', { name: 'What shall we do in shop?' }).waitFor();
    await session().send('Hello');
    await session().log.getByText('Hello to you.').waitFor();
  });

  it('shows a card when the engine is lost', async () => {
    const { panel } = session();
    await model?.close();
    await session().send('Are you there?');
    await panel
      .getByRole('alert')
      .getByText(/The connection to the model server .* broke/)
      .waitFor();
    await session().picture('13-engine-lost-dark');
  });
});
