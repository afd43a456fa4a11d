import { describe, expect, it } from 'vitest';
import { firstRun } from '../../src/common/firstRun.ts';
import { firstRunEnvironment, trained } from '../support/firstRunModel.ts';
import { eventually, useSession } from './session.ts';

/** A real model with real tools: no word of it is scripted. */
describe.runIf(trained)('the first-run model, in VS Code', () => {
  const session = useSession(async () => ({ environment: await firstRunEnvironment() }));

  let turns = 0;

  /** Waits for the end of the next turn. @returns what the agent said last */
  async function answer(): Promise<string> {
    await session().log.locator('.turn-end').nth(turns).waitFor({ timeout: 60_000 });
    turns += 1;
    return session().log.locator('.said').last().innerText();
  }

  async function ask(text: string): Promise<string> {
    await session().send(text);
    return answer();
  }

  it('is there where nothing else is set up, and says what it can do', async () => {
    const { panel, page } = session();
    await session().showPanel();
    await panel.getByRole('heading', { name: 'What shall we do in shop?' }).waitFor();
    await panel.getByRole('button', { name: 'Start', exact: true }).click();
    // Loading may be over before anybody sees it.
    await panel.getByText('The engine is stopped').waitFor({ state: 'detached' });
    await panel.getByRole('heading', { name: 'What shall we do in shop?' }).waitFor({ timeout: 60_000 });
    await panel.getByText(firstRun.sentence).waitFor();
    await panel.getByRole('button', { name: firstRun.other }).waitFor();
    await page.locator('.statusbar', { hasText: 'First-run model' }).waitFor();
    await session().picture('14-first-run-model-dark');
  });

  it('explains a file that it read by itself', async () => {
    const said = await ask('What does src/shipping.js do?');
    await session().log.getByText('Read src/shipping.js').waitFor();
    expect(said).toMatch(/\b(?:sending|shipping)\b/i);
    expect(said).toMatch(/\bcosts?\b/i);
  });

  it('finds where a function is used', async () => {
    const said = await ask('Where is formatMoney used?');
    expect(said).toContain('src/receipt.js');
    expect(said).toContain('test/receipt.test.js');
  });

  it('changes a text, shows the change, and it can be undone', async () => {
    const { panel } = session();
    const file = 'src/receipt.js';
    await session().openFile('receipt.js');
    expect(await ask(`Change "Thank you for your order!" to "See you soon!" in ${file}`)).toContain(file);
    await eventually(() => session().editorText()).toContain('See you soon!');
    expect(await session().file(file)).toContain("    'See you soon!',\n");
    await session().log.getByText("'See you soon!',").waitFor();
    await session().picture('15-first-run-model-changed-dark');

    await panel.getByRole('button', { name: `Undo the change of ${file}` }).click();
    await eventually(() => session().editorText()).toContain('Thank you for your order!');
  });

  it('runs the tests when it may, and says how they ended', async () => {
    const { panel } = session();
    await session().send('Run the tests');
    const question = panel.getByRole('group', { name: 'Run this command?' });
    await question.getByText('npm test', { exact: true }).waitFor({ timeout: 60_000 });
    await question.getByRole('button', { name: 'Allow once' }).click();
    const said = await answer();
    expect(said).toMatch(/pass/i);
    expect(said).not.toMatch(/fail(?!ed: 0|ures?: 0)/i);
    await session().picture('16-first-run-model-tests-dark');
  });
});
