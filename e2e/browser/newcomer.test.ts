import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { type Complaints, complaintsOf, openBrowser } from './support/browser.ts';
import { OWNER, settled } from './support/console.ts';

/** The address that the brute-force story blocks. */
const ATTACKER = '203.0.113.66';

const folder = temporaryFolder();
let server: ServerProcess;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let context: BrowserContext;
let page: Page;
let complaints: Complaints;

/** Goes to a screen by the navigation, as somebody does who knows no addresses. */
async function goTo(screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).first().click();
  await page.getByRole('heading', { level: 1, name: screen }).waitFor();
  await settled(page);
}

/** Plays one act, and waits for its end. */
async function act(button: RegExp): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page.getByText('That was it').waitFor();
}

// One story, told in order: the whole acquaintance of somebody who has nothing but the running console.
describe.sequential('a newcomer', () => {
  beforeAll(async () => {
    server = await startServerProcess({ folder: folder.path });
    browser = await openBrowser();
    context = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
    complaints = complaintsOf(context);
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`/welcome#code=${server.setupCode}`);
    await page.getByLabel('Your name').fill(OWNER.name);
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Create the owner' }).click();
    await page.getByRole('button', { name: 'Play a story' }).click();
  });
  afterEach(async ({ task }) => {
    // What it looked like when it went wrong.
    if (task.result?.state === 'fail') await page.screenshot({ path: join(tmpdir(), 'newcomer.png') });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.kill('SIGKILL');
    folder.remove();
  });

  it('plays the brute-force story and the one of the fabric', async () => {
    await page
      .getByRole('list', { name: 'Stories' })
      .getByRole('button', { name: /attack is blocked/i })
      .click();
    await act(/^Play$/);
    await page
      .getByRole('list', { name: 'Stories' })
      .getByRole('button', { name: /tools that dance/i })
      .click();
    await act(/^Play act 1/);
    await act(/^Play act 2/);
    await page.getByRole('button', { name: /^Play act 3/ }).click();
    await page.getByRole('link', { name: 'decide' }).click();
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByText('Answered').first().waitFor();
    await goTo('Fabric');
    await page.getByText('DNS sinkhole').first().waitFor();
  });

  it('finds out why the address was blocked', async () => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Screen, title, address, hash, id …').fill('203.0.113[.]66');
    await page
      .getByRole('button', { name: /Ban 203\.0\.113\.66/ })
      .first()
      .waitFor();
    // The first of what was found is chosen, so that a pasted address and Enter are enough.
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /What has to do with 203/ }).waitFor();
    await goTo('Changes in force');
    await page.getByLabel('Address, host, action or connection').fill(ATTACKER);
    await page
      .getByRole('link', { name: /203\.0\.113\.66.*FortiGate|FortiGate.*203\.0\.113\.66/i })
      .first()
      .click();
    await settled(page);
    const why = page.getByRole('region', { name: 'Why it is there' });
    await why
      .getByText(/Respond to many failed logins/)
      .first()
      .waitFor();
    await why
      .getByText(/brute force trying to get access/)
      .first()
      .waitFor();
  });

  it('undoes the block', async () => {
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Undo this change?' });
    await dialog.getByLabel('Why').fill('It was our own scanner');
    await dialog.getByRole('button', { name: 'Undo', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('undone', { exact: true }).first().waitFor();
    // The first steps know that somebody looked, whichever way.
    await goTo('Overview');
    const step = page.getByRole('listitem').filter({ hasText: 'Find out why an address was blocked' });
    await step.getByLabel('done', { exact: true }).waitFor();
  });

  it('changes a threshold in the playbook, tests it and publishes it', async () => {
    await goTo('Playbooks');
    await page.getByRole('link', { name: /Respond to many failed logins/ }).click();
    const text = page.locator('.cm-content').first();
    await text.getByText('block_at: { type: integer, default: 75 }').waitFor();
    await page.locator('.cm-line', { hasText: 'block_at: {' }).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.insertText('block_at: { type: integer, default: 33 }');
    await text.getByText('block_at: { type: integer, default: 33 }').waitFor();
    await page.getByRole('tab', { name: 'Tests' }).click();
    await page.getByRole('button', { name: 'Run all tests' }).click();
    await page
      .getByText(/passed/)
      .first()
      .waitFor();
    expect(await page.getByLabel('failed', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish this draft?' });
    await dialog.getByText('block_at').first().waitFor();
    await dialog.getByRole('button', { name: /^Publish/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('version 2').first().waitFor();
  });

  it('sees the next run take the other branch', async () => {
    await page.goto('/welcome');
    await page.getByRole('button', { name: 'Play a story' }).click();
    await page
      .getByRole('list', { name: 'Stories' })
      .getByRole('button', { name: /analyst must judge/ })
      .click();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    // As it is shipped the playbook asks an analyst; with the new threshold the address is blocked.
    await page.getByRole('link', { name: 'the run' }).first().click();
    await settled(page);
    await page.getByRole('tab', { name: 'Changes' }).click();
    await page
      .getByText(/198\.51\.100\.7 on FortiGate/)
      .first()
      .waitFor();
    expect(complaints.all).toEqual([]);
  });
});
