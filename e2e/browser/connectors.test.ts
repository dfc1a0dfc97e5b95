import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenConsole, openConsole, settled } from './support/console.ts';

const CANARY = 'canary-9c1e-token';

let console_: OpenConsole;
beforeAll(async () => {
  console_ = await openConsole();
});
afterAll(() => console_?.close());

describe('the catalogue of connectors', () => {
  it('finds a product by what it can do, and keeps the search in its address', async () => {
    const { page, goto, expectClean } = console_;
    await goto('/connectors');
    await page.getByLabel('Search product, action').fill('ban address');
    await page.getByRole('heading', { name: 'FortiGate' }).waitFor();
    await page.waitForURL(/q=ban/);
    await expect.poll(() => page.getByRole('heading', { name: 'Slack' }).count()).toBe(0);
    await expectClean();
  });

  it('says why a connector has its grade, and what the next one asks for', async () => {
    const { page, goto, expectClean } = console_;
    await goto('/connectors/fortigate');
    await page.getByText('For A · proven this must hold too:').waitFor();
    await page.getByText(/its tests ran against the real product, not only a simulator\.$/).waitFor();
    await expectClean();
  });

  it('says what an action does, and lets one that only reads be called', async () => {
    const { page, goto, expectClean } = console_;
    await goto('/connectors/fortigate');
    await page.getByRole('button', { name: /List banned IP addresses/ }).click();
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('button', { name: 'Call it' }).click();
    await page.getByText('succeeded', { exact: true }).waitFor();
    await expectClean();
    await page.keyboard.press('Escape');
  });

  it('shows what the guard thinks before anything is cut off, and asks anew when the arguments change', async () => {
    const { page, goto, client } = console_;
    await goto('/connectors/fortigate');
    await page.getByRole('button', { name: /Ban an IP address/ }).click();
    await page.getByRole('button', { name: 'Try it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('[data-field=ip]').first().fill('203.0.113.77');
    await dialog.getByRole('button', { name: 'What would the guard say?' }).click();
    await dialog.getByText('It may be done now.').waitFor();
    await dialog.locator('[data-field=ip]').first().fill('203.0.113.78');
    await expect.poll(() => dialog.getByRole('button', { name: 'Do it now' }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'What would the guard say?' }).click();
    await dialog.getByRole('button', { name: 'Do it now' }).click();
    await dialog.getByRole('link', { name: 'See the change' }).waitFor();
    const { items } = await client.listEffects({ query: { connection: 'lab_fortigate' } });
    expect(items.map(({ target }) => target)).toEqual(['ipv4-addr:203.0.113.78']);
    await page.keyboard.press('Escape');
  });
});

describe('setting up a connection', () => {
  it('tests a credential before it is stored, and says what to do when it fails', async () => {
    const { page, goto, client, expectClean } = console_;
    await goto('/connectors/fortigate');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Name/).fill('Perimeter firewall');
    await dialog.locator('[data-field=base_url]').first().fill('http://127.0.0.1:9');
    await dialog.locator('[data-field=api_token]').first().fill(CANARY);
    await dialog.getByText('It would be refused').waitFor();
    await dialog.getByLabel('This machine').check();
    await dialog.getByText('127.0.0.1:9', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Test', exact: true }).click();
    await dialog.getByText('The test failed').waitFor();
    await dialog.getByText(/Check the address and its port/).waitFor();
    expect((await client.listConnections({ query: { connector: 'fortigate' } })).items).toHaveLength(1);
    await expectClean();
  });

  it('stores it all the same when wanted, shows that it fails, and never shows the secret', async () => {
    const { page } = console_;
    await page.getByRole('dialog').getByRole('button', { name: 'Save untested' }).click();
    await page.waitForURL(/connections\/perimeter_firewall/);
    await page.getByText('The test failed').waitFor();
    await page.getByText('set; in the vault').waitFor();
    expect(await page.content()).not.toContain(CANARY);
    await console_.expectClean();
  });

  it('asks for the secret again when the connection is pointed elsewhere', async () => {
    const { page } = console_;
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('[data-field=base_url]').first().fill('http://127.0.0.1:10');
    await dialog.getByText('It points elsewhere now').waitFor();
    await dialog.getByRole('button', { name: 'Save', exact: true }).press('Enter');
    await dialog.getByText('Enter it again: it would go elsewhere').waitFor();
    await dialog.locator('[data-field=api_token]').first().fill('canary-9c1e-other');
    await dialog.getByRole('button', { name: 'Save', exact: true }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('http://127.0.0.1:10').waitFor();
    await page.getByText(/nothing listens on this port/).waitFor();
  });

  it('lets a credential be replaced, tried before it is stored and again after', async () => {
    const { page, expectClean } = console_;
    await page.getByRole('button', { name: 'Replace' }).click();
    await page.waitForURL(/edit=true/);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').waitFor();
    expect(await dialog.getByRole('button', { name: 'Test', exact: true }).count()).toBe(0);
    await dialog.locator('[data-field=api_token]').first().fill(`${CANARY}-2`);
    await dialog.getByRole('button', { name: 'Test', exact: true }).press('Enter');
    await dialog.getByText(/nothing listens on this port/).waitFor();
    await expectClean();
    await dialog.getByRole('button', { name: 'Save', exact: true }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => page.url()).not.toContain('edit=true');
    await page.getByText(/nothing listens on this port/).waitFor();
    expect(await page.content()).not.toContain(CANARY);
  });

  it('refuses to remove what has changes in force, and removes what has none', async () => {
    const { page, goto, client } = console_;
    await goto('/connections/lab_fortigate');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('It cannot be removed yet').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await goto('/connections/lab_slack');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Take whichever connection fits, and fail unless another enabled one does:').waitFor();
    await page
      .getByRole('dialog')
      .getByText(/Respond to many failed logins/)
      .waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await goto('/connections/perimeter_firewall');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.waitForURL(/\/connectors\/fortigate/);
    await settled(page);
    expect((await client.listConnections({ query: { connector: 'fortigate' } })).items).toHaveLength(1);
  });
});
