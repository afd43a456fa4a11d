import { afterAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { call, hold, replyTo, text } from '../support/modelServer/script.ts';
import { workbench } from './selectors.ts';
import { eventually, useSession } from './session.ts';

let model: ModelServer | undefined;
const session = useSession(async () => {
  model = await startModelServer();
  return { settings: { 'drover.engine.url': `${model.url}/v1`, 'drover.edits': 'ask' } };
});
afterAll(() => model?.close());

function server(): ModelServer {
  if (model === undefined) throw new Error('The model server is not up yet.');
  return model;
}

/** The model is asked within this time, or something before it is broken. */
const soon = (): AbortSignal => AbortSignal.timeout(15_000);

const OLD = 'Thank you for your order!';
const NEW = 'See you soon!';

describe('a chat in VS Code', () => {
  it('greets, and knows the folder', async () => {
    const { panel } = session();
    await session().showPanel();
    await panel.getByRole('heading', { name: 'What shall we do in shop?' }).waitFor();
    await session().picture('1-greeting-dark');
  });

  it('shows the answer while it is being written, then the model', async () => {
    const { panel, page } = session();
    server().add(
      replyTo('What is in the cart', text('A cart holds **lines**.'), hold('rest'), text(' Each has a quantity.')),
    );
    await session().send('What is in the cart?');
    await server().reached('rest', 1, soon());
    const { log } = session();
    await eventually(() => log.innerText()).toContain('A cart holds lines.');
    await panel.getByRole('button', { name: 'Stop' }).waitFor();
    expect(await log.innerText()).not.toContain('Each has a quantity.');
    server().release('rest');
    await eventually(() => log.innerText()).toContain('Each has a quantity.');
    await panel.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
    await page.locator(workbench.status, { hasText: 'scripted' }).waitFor();
  });

  it('asks before it changes a file, changes it when allowed, and takes it back', async () => {
    const { panel } = session();
    await session().openFile('receipt.js');
    await eventually(() => session().editorText()).toContain(OLD);
    const file = 'src/receipt.js';
    server().add(
      replyTo('Say goodbye', call('file_read', { path: file })),
      replyTo(OLD, call('file_edit', { path: file, old_text: OLD, new_text: NEW })),
      replyTo(file, text('The receipt now ends with a goodbye.')),
    );
    await session().send('Say goodbye on the receipt');
    const question = panel.getByRole('group', { name: `Change ${file}?` });
    await question.waitFor();
    expect(await session().file(file)).toContain(OLD);
    await session().picture('2-question-dark');

    await question.getByRole('button', { name: 'Allow once' }).click();
    await eventually(() => session().editorText()).toContain(NEW);
    expect(await session().file(file)).toContain(NEW);
    await session().log.getByText('The receipt now ends with a goodbye.').waitFor();
    await session().picture('3-changed-dark');

    await panel.getByRole('button', { name: `Undo the change of ${file}` }).click();
    await eventually(() => session().editorText()).toContain(OLD);
    expect(await session().file(file)).not.toContain(NEW);
    await session().log.getByText('undone').waitFor();
  });

  it('stops a turn', async () => {
    const { panel } = session();
    server().add(replyTo('Count to a million', text('One, two, three'), hold('never')));
    await session().send('Count to a million');
    await server().reached('never', 1, soon());
    await eventually(() => session().log.innerText()).toContain('One, two, three');
    await panel.getByRole('button', { name: 'Stop' }).click();
    await panel.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
    const last = server().requests.length - 1;
    expect((await server().ended(last, soon())).outcome).toBe('left');
    server().release('never');
  });

  it('finds the same running turn after the window was reloaded', async () => {
    const { panel } = session();
    server().add(replyTo('Tell me a story', text('Once upon a time'), hold('reload'), text(' there was a shop.')));
    await session().send('Tell me a story');
    await server().reached('reload', 1, soon());
    await eventually(() => session().log.innerText()).toContain('Once upon a time');
    const before = server().requests.length;

    await session().reload();
    await session().showPanel();
    await eventually(() => session().log.innerText(), 30_000).toContain('Once upon a time');
    await panel.getByRole('button', { name: 'Stop' }).waitFor();
    server().release('reload');
    await eventually(() => session().log.innerText()).toContain('Once upon a time there was a shop.');
    expect(server().requests.length).toBe(before);
  });

  it('looks right in a light theme and in a narrow side bar', async () => {
    await session().theme('light');
    await session().picture('4-chat-light');
    await session().sideBarWidth(280);
    await session().picture('5-narrow-light');
    await session().theme('dark');
    await session().picture('6-narrow-dark');
    await session().sideBarWidth(420);
    await session().picture('7-wide-dark');
  });
});
