import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { complaintsOf } from './support/browser.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';
import { WIDTHS, wrongAtAnyWidth, wrongInAnyTheme } from './support/every-width.ts';
import { playStory } from './support/tell-stories.ts';

let open: OpenConsole;
let trace: string;

/** Time for what follows a new width by script. */
const settle = (page: Page) => page.waitForTimeout(150);
const whenThere = (page: Page, name: string) => page.getByRole('dialog', { name }).waitFor();

/** What can stand over or instead of a screen: how it comes there. */
const STATES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  begin: async (page) => {
    await page.goto('/welcome');
    await page.getByRole('button', { name: 'Play a story' }).waitFor();
  },
  'story-played': async (page) => {
    await page.goto(`/welcome?show=lab&story=brute-force&act=attack&trace=${trace}`);
    await page.getByText('That was it').waitFor();
  },
  palette: async (page) => {
    await page.goto('/');
    await settled(page);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Screen, title, address, hash, id …').fill('203.0.113.66');
    await page
      .getByRole('button', { name: /203\.0\.113\.66/ })
      .first()
      .waitFor();
  },
  'keys-sheet': async (page) => {
    await page.goto('/');
    await settled(page);
    await page.keyboard.press('?');
    await whenThere(page, 'Keys');
  },
  'kill-switch-asked': async (page) => {
    await page.goto('/');
    await settled(page);
    await page.getByRole('button', { name: 'Kill switch' }).click();
    await whenThere(page, 'Stop new changes');
  },
  'kill-switch-on': async (page) => {
    await open.client.setSwitch({ id: 'global', body: { engaged: true, reason: 'A wrong list was rolled out' } });
    await page.goto('/effects');
    await page.getByText('A wrong list was rolled out').first().waitFor();
    await settled(page);
  },
  'account-and-page': async (page) => {
    await page.goto('/');
    await settled(page);
    await page.getByRole('button', { name: 'You and the page' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  },
  nowhere: async (page) => {
    await page.goto('/nowhere');
    await page.getByText('No screen has this address').waitFor();
  },
};

describe('every state', () => {
  beforeAll(async () => {
    open = await openConsole();
    trace = await playStory(open.client, 'brute-force');
  });
  afterAll(() => open?.close());

  it.each(Object.entries(STATES))('%s is readable at every width in both themes', async (name, bring) => {
    const { page, complaints } = open;
    await page.setViewportSize(WIDTHS[0]);
    complaints.forget();
    await bring(page);
    const wrong = await wrongAtAnyWidth(page, name, () => settle(page));
    expect([...complaints.all, ...wrong].join('\n')).toBe('');
    await open.client.setSwitch({ id: 'global', body: { engaged: false, reason: 'over' } });
  });

  it('the menu of a phone is readable in both themes, and Escape closes it', async () => {
    const { page, goto, complaints } = open;
    await page.setViewportSize({ width: 360, height: 780 });
    complaints.forget();
    await goto('/');
    await page.getByRole('button', { name: 'Navigation', exact: true }).click();
    const entry = page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Audit' });
    await entry.waitFor();
    const wrong = await wrongInAnyTheme(page, 'phone-menu', 360);
    expect([...complaints.all, ...wrong].join('\n')).toBe('');
    await page.keyboard.press('Escape');
    await entry.waitFor({ state: 'hidden' });
  });

  it('signing in, and again over a screen, is readable at every width in both themes', async () => {
    const context = await open.browser.newContext({ baseURL: open.server.url, reducedMotion: 'reduce' });
    const complaints = complaintsOf(context);
    const page = await context.newPage();
    await page.goto('/sign-in?to=/runs');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const wrong = await wrongAtAnyWidth(page, 'sign-in', () => settle(page));
    expect([...complaints.all, ...wrong].join('\n')).toBe('');
    await page.getByLabel('Name', { exact: true }).fill('ada');
    await page.getByLabel('Password', { exact: true }).fill('a quiet counterpoint of bells');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    const [mine] = (await open.client.listSessions()).items.toSorted((a, b) => b.created_at - a.created_at);
    await open.client.endSession({ id: mine?.id ?? '' });
    await whenThere(page, 'You were signed out');
    wrong.push(...(await wrongAtAnyWidth(page, 'signed-out', () => settle(page))));
    expect(wrong.join('\n')).toBe('');
    await context.close();
  });

  it('the first page of a new server is readable at every width in both themes', async () => {
    const folder = temporaryFolder();
    const server = await startServerProcess({ folder: folder.path });
    const context = await open.browser.newContext({ baseURL: server.url, reducedMotion: 'reduce' });
    const complaints = complaintsOf(context);
    const page = await context.newPage();
    await page.goto('/');
    await page.getByLabel('One-time code').waitFor();
    const wrong = await wrongAtAnyWidth(page, 'welcome', () => settle(page));
    expect([...complaints.all, ...wrong].join('\n')).toBe('');
    await context.close();
    await server.kill('SIGKILL');
    folder.remove();
  });
});
