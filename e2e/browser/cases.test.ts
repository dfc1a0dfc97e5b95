import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenConsole, openConsole, settled, signIn } from './support/console.ts';
import { wrongAtAnyWidth } from './support/every-width.ts';
import { HOSTILE } from './support/hostile.ts';

let opened: OpenConsole;
let id: string;
beforeAll(async () => {
  opened = await openConsole();
  id = (await opened.client.createCase({ body: { title: `Case ${HOSTILE.bidi}`, summary: HOSTILE.markup ?? '' } })).id;
});
afterAll(() => opened?.close());

const timeline = () => opened.page.getByRole('list', { name: 'Timeline' }).getByRole('listitem');

describe('cases', () => {
  it('are listed and found, at every width in both themes', async () => {
    const { page, goto, expectClean } = opened;
    for (const path of ['/cases', `/cases/${id}`]) {
      await goto(path);
      await page.getByText('invoice').first().waitFor();
      expect(await wrongAtAnyWidth(page, 'hostile case', () => settled(page))).toEqual([]);
      await expectClean();
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('take notes as plain text, line by line, in one timeline', async () => {
    const { page, goto } = opened;
    await goto(`/cases/${id}`);
    await page.getByRole('textbox', { name: 'Note' }).fill('first line\n<b>second</b> line');
    await page.keyboard.press('Control+Enter');
    await timeline().filter({ hasText: '<b>second</b> line' }).waitFor();
    expect(await page.locator('main b').count()).toBe(0);
    await page.getByText('Notes', { exact: true }).click();
    await expect.poll(() => timeline().count()).toBe(1);
  });

  it('keep a note that was not sent when the session ends', async () => {
    const { page, context, goto } = opened;
    await goto(`/cases/${id}`);
    await page.getByRole('textbox', { name: 'Note' }).fill('half a thou');
    await context.clearCookies();
    await signIn(page);
    await goto(`/cases/${id}`);
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('half a thou');
    opened.complaints.forget();
    await page.getByRole('textbox', { name: 'Note' }).fill('');
  });

  it('are taken over, written up and resolved, and say so on the timeline', async () => {
    const { page, goto, client } = opened;
    await goto(`/cases/${id}`);
    await page.getByRole('button', { name: /^Owner/ }).click();
    await page.getByRole('menuitem', { name: 'Take it' }).click();
    await timeline().filter({ hasText: 'handed it to' }).waitFor();
    await page.getByRole('button', { name: 'Change it' }).click();
    await page.getByLabel('Summary').fill('It was nothing.');
    await page.getByRole('button', { name: 'Save' }).click();
    await timeline().filter({ hasText: 'It was nothing.' }).first().waitFor();
    await page.getByRole('button', { name: /^Status/ }).click();
    await page.getByRole('menuitem', { name: 'Resolved' }).click();
    await page.getByText("ends the case's claims").waitFor();
    await page.getByRole('dialog').getByLabel('Why').fill('nothing there');
    await page.getByRole('button', { name: 'Set it' }).click();
    await expect.poll(async () => (await client.getCase({ id })).status).toBe('resolved');
  });
});
