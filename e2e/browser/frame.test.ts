import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { type OpenConsole, OWNER, openConsole, settled } from './support/console.ts';

let open: OpenConsole;

/** What has the focus: its name, else its text. */
async function focused(): Promise<string> {
  return open.page.evaluate<string>(
    'document.activeElement.getAttribute("aria-label") ?? document.activeElement.id ?? document.activeElement.tagName',
  );
}

describe('the frame', () => {
  beforeAll(async () => {
    open = await openConsole();
  });
  afterAll(() => open?.close());

  it('goes to a screen by two keys, and puts the focus at its beginning', async () => {
    const { page, goto } = open;
    await goto('/');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
    await expect.poll(focused).toBe('content');
  });

  it('opens the palette from a field too, and gives the focus back', async () => {
    const { page, goto } = open;
    await goto('/alerts');
    await page.keyboard.press('/');
    await page.keyboard.type('a search');
    const field = await focused();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Screen, title, address, hash, id …').fill('sourc');
    await page.getByRole('button', { name: 'Sources' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe(field);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Screen, title, address, hash, id …').fill('sourc');
    await page.getByRole('button', { name: 'Sources' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sources');
  });

  it('names every key on a sheet, under which the screen stays where it is', async () => {
    const { page, goto } = open;
    await goto('/');
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    await sheet.getByRole('row', { name: /Search the list/ }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    expect(new URL(page.url()).pathname).toBe('/');
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL('**/runs');
  });

  it('keeps what a list shows through back, forward and reload', async () => {
    const { page, goto } = open;
    await goto('/runs?status=failed');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.goBack();
    await page.waitForURL('**/runs?status=failed');
    await page.reload();
    await settled(page);
    expect(page.url()).toMatch(/status=failed$/);
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  });

  it.each([
    ['/alerts/nope', 'Alert', 'Alerts'],
    ['/approvals/nope', 'Approval', 'Approvals'],
    ['/cases/nope', 'Case', 'Cases'],
    ['/connections/nope', 'Connection', 'Connectors'],
    ['/connectors/nope', 'Connector', 'Connectors'],
    ['/effects/nope', 'Change', 'Changes in force'],
    ['/fabric/participants/nope', 'Participant', 'Participants'],
    ['/fabric/reactions/nope', 'Reaction', 'Reactions'],
    ['/playbooks/nope', 'Playbook', 'Playbooks'],
    ['/runs/nope', 'Run', 'Runs'],
    ['/sources/nope', 'Source', 'Sources'],
  ])('says of %s that it is not there, and where to go', async (path, title, list) => {
    const { page, complaints } = open;
    await page.goto(path);
    await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    const told = page.getByRole('alert', { name: 'Error' });
    await told.getByText(/^There is no .*nope/).waitFor();
    expect(await told.textContent()).not.toMatch(/`|Try again/);
    await told.getByRole('link', { name: `To ${list}` }).click();
    await page.getByRole('heading', { level: 1, name: list, exact: true }).waitFor();
    complaints.forget();
  });

  it('lets nobody write markup or scripts as text', async () => {
    const { page, goto, complaints } = open;
    await goto('/');
    const refused = await page.evaluate<readonly string[]>(`[
      () => { document.body.appendChild(document.createElement('p')).innerHTML = '<img src=x onerror=1>'; },
      () => { document.createElement('script').text = '1'; },
      () => { document.createElement('script').src = '/assets/x.js'; },
      () => { new DOMParser().parseFromString('<b>x</b>', 'text/html'); },
      () => { trustedTypes.createPolicy('other', { createHTML: (text) => text }); },
    ].map((write) => { try { write(); return 'done'; } catch ({ name }) { return name; } })`);
    expect(refused).toEqual(Array(5).fill('TypeError'));
    expect(await page.locator('img[src=x]').count()).toBe(0);
    complaints.forget();
  });

  it('teaches what to do where an address leads nowhere', async () => {
    const { page, goto, expectClean } = open;
    await goto('/nowhere/at/all');
    await page.getByText('No screen has this address').waitFor();
    await expectClean();
    await page.getByRole('link', { name: 'To the overview', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  });

  it('is live again by itself after the server was away', async () => {
    const { page, goto, restart, complaints } = open;
    await goto('/runs?status=failed');
    const live = page.getByRole('banner').getByRole('status');
    await live.getByText('live', { exact: true }).waitFor();
    await restart();
    await live.getByText('live', { exact: true }).waitFor();
    expect(page.url()).toMatch(/status=failed$/);
    complaints.forget();
  });

  it('says when nobody touches it, hears of who only reads, and tells that the session is about to end', async () => {
    const page = await open.context.newPage();
    await page.clock.install();
    await page.goto('/cases');
    await settled(page);
    await page.mouse.move(10, 10);
    await page.clock.fastForward('01:00');
    const byItself = page.waitForRequest(/\/api\/v1\/cases\?/);
    await open.client.createCase({ body: { title: 'Nobody looks', summary: '' } });
    expect((await byItself).headers()['x-unattended']).toBe('1');
    const byHand = page.waitForRequest(/\/api\/v1\/session$/);
    await page.mouse.move(20, 20);
    expect((await byHand).headers()['x-unattended']).toBeUndefined();
    const told = await (await byHand).response();
    const ends: number = (await told?.json())?.session.idle_ends_at;
    // Told in its last minute: all of that is left for a machine that is busy.
    await page.clock.fastForward(ends - 58_000 - (await page.evaluate(() => Date.now())));
    await page.getByRole('alert').getByText('Are you still there?').waitFor();
    await page.close();
  });

  it('asks for name and password with the focus in the first empty field', async () => {
    const page = await (await open.browser.newContext({ baseURL: open.server.url })).newPage();
    await page.goto('/sign-in');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.keyboard.type(OWNER.name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(OWNER.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.context().close();
  });

  it('takes the link of the first start also where the page without it was open before', async () => {
    const folder = temporaryFolder();
    const server = await startServerProcess({ folder: folder.path });
    const page = await (await open.browser.newContext({ baseURL: server.url })).newPage();
    await page.goto('/');
    await page.getByLabel('One-time code').waitFor();
    await page.goto(`/welcome#code=${server.setupCode}`);
    await page.getByLabel('One-time code').waitFor({ state: 'hidden' });
    expect(page.url()).toBe(`${server.url}/welcome`);
    await page.context().close();
    await server.kill('SIGKILL');
    folder.remove();
  });
});
