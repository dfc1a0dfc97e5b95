import { createClient } from '@counterpoint/sdk';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { seriousFindings } from './support/axe.ts';
import { type Complaints, complaintsOf, openBrowser } from './support/browser.ts';
import { OWNER, scrollsSideways } from './support/console.ts';

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const folder = temporaryFolder();
let server: ServerProcess;
let context: BrowserContext;
let page: Page;
let complaints: Complaints;
beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path });
});
afterAll(async () => {
  await server.kill('SIGKILL');
  folder.remove();
});
beforeEach(async () => {
  context = await browser.newContext({
    baseURL: server.url,
    colorScheme: 'dark',
    viewport: { width: 1280, height: 850 },
  });
  complaints = complaintsOf(context);
  page = await context.newPage();
});
afterEach(() => context.close());

async function expectClean(): Promise<void> {
  expect(complaints.all).toEqual([]);
  expect(await scrollsSideways(page)).toBe(false);
  expect(await seriousFindings(page)).toEqual([]);
}

const password = () => page.getByLabel('Password', { exact: true });

async function signInByForm(secret: string = OWNER.password): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(OWNER.name);
  await password().fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

// One story, told in order: each step stands on the one before.
describe.sequential('a newcomer with nothing but the link', () => {
  it('becomes the owner, plays a story and sees what follows', async () => {
    const began = performance.now();
    await page.goto(`/welcome#code=${server.setupCode}`);
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    expect(page.url()).toBe(`${server.url}/welcome`);
    await expectClean();
    const create = page.getByRole('button', { name: 'Create the owner' });
    await page.getByLabel('Your name').fill(OWNER.name);
    await password().fill('short');
    expect(await create.isDisabled()).toBe(true);
    await password().fill(OWNER.password);
    await create.click();
    await page.getByRole('button', { name: 'Play a story' }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByText('That was it').waitFor();
    const seconds = (performance.now() - began) / 1_000;
    process.stdout.write(`first run: from the link to the end of the first story in ${seconds.toFixed(1)} s\n`);
    for (const link of ['the alert', 'the run', 'the case'])
      await page.getByRole('link', { name: link }).first().waitFor();
    await expectClean();
    const [cookie, more] = await context.cookies();
    expect(more).toBeUndefined();
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  it('cannot use the link again, and is asked to sign in', async () => {
    await page.goto(`/welcome#code=${server.setupCode}`);
    await page.waitForURL('**/sign-in**');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expectClean();
  });

  it('is told that name or password is wrong, and then goes on to what was wanted', async () => {
    await page.goto('/settings?tab=about');
    await signInByForm('not the password');
    await page.getByRole('alert').getByText('The name or the password is not right.').waitFor();
    complaints.forget();
    await signInByForm();
    await page.waitForURL('**/settings?tab=about');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await expectClean();
  });

  it('goes to the overview where another site was wanted', async () => {
    await page.goto(`/sign-in?to=${encodeURIComponent('//evil.example/')}`);
    await signInByForm();
    await page.waitForURL(`${server.url}/`);
  });

  it('loses nothing that was typed when the session ends in the middle', async () => {
    await page.goto('/sign-in?to=/settings%3Ftab%3Dtokens');
    await signInByForm();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What is it for?').fill('a title that took long to think of');
    await page.getByLabel('run:read', { exact: true }).check();
    await endEverySession();
    // The page may have noticed by itself by now, and asks for the password over what is clicked.
    await page.getByRole('button', { name: 'Create', includeHidden: true }).dispatchEvent('click');
    const dialog = page.getByRole('dialog', { name: 'You were signed out' });
    await dialog.waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    complaints.forget();
    expect(await page.getByLabel('What is it for?').inputValue()).toBe('a title that took long to think of');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('it is not shown again').waitFor();
    await expectClean();
  });

  it('fits on a phone, in light', async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('/sign-in?to=/settings');
    await expectClean();
    await signInByForm();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    for (const tab of ['account', 'tokens', 'about']) {
      await page.goto(`/settings?tab=${tab}`);
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await expectClean();
    }
    await page.goto('/welcome');
    await page.getByRole('button', { name: 'Play a story' }).click();
    await page.getByRole('heading', { name: 'Play a story' }).waitFor();
    await expectClean();
  });
});

/** Signs the owner out everywhere behind the page's back, as an administrator would. */
async function endEverySession(): Promise<void> {
  const cookie = (await context.cookies())[0];
  const headers = {
    cookie: `${cookie?.name}=${cookie?.value}`,
    origin: server.url,
    'content-type': 'application/json',
  };
  const at = (path: string) => `${server.url}/api/v1${path}`;
  const { session } = (await (await fetch(at('/session'), { headers })).json()) as { session: { csrf: string } };
  const ended = await fetch(at('/session'), {
    method: 'DELETE',
    headers: { cookie: headers.cookie, origin: server.url, 'x-csrf-token': session.csrf },
  });
  expect(ended.status).toBe(200);
  expect((await createClient({ url: server.url }).getSession()).owned).toBe(true);
}
