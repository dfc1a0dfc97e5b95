import { type Client, createClient } from '@counterpoint/sdk';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from '../../support/server-process.ts';
import { seriousFindings } from './axe.ts';
import { type Complaints, complaintsOf, openBrowser } from './browser.ts';

/** Name and password of the owner in browser tests. */
export const OWNER = { name: 'ada', password: 'a quiet counterpoint of bells' };

/** How a console is opened. */
export interface ConsoleOptions {
  /** Settings for the server, as `--set` takes them. */
  readonly settings?: readonly string[];
  readonly theme?: 'dark' | 'light';
  readonly width?: number;
  readonly height?: number;
}

/** The console of a running server in a real browser, with the owner signed in. */
export interface OpenConsole {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly browser: Browser;
  readonly server: ServerProcess;
  /** The same owner by token, for what a test prepares and checks behind the page's back. */
  readonly client: Client;
  /** The owner's token. */
  readonly token: string;
  readonly complaints: Complaints;
  /** Goes to a screen and waits until its heading is there and nothing is loading. */
  goto(path: string): Promise<void>;
  /** Fails when the page complained, scrolls sideways, or has serious axe findings. */
  expectClean(): Promise<void>;
  /** Stops the server, without closing the browser; `restart` starts it on the same data and port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Waits until what a screen reads has come. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  // Not by a script in the page that looks again and again: its policy forbids that.
  const loading = page.locator('[role=status][aria-label=Loading]');
  await until('nothing is loading', async () => (await loading.count()) === 0);
}

/**
 * Whether the page can be scrolled sideways, which no screen should ask for. What measures itself by script follows a new
 * width of the window a moment later; what still is too wide after a second stays so.
 */
export async function scrollsSideways(page: Page): Promise<boolean> {
  for (let look = 0; look < 20; look += 1) {
    const wide = await page.evaluate<boolean>(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth + 1',
    );
    if (!wide) return false;
    await page.waitForTimeout(50);
  }
  return true;
}

/** Starts a server with the lab on an empty directory, makes the owner, and signs in with a browser. */
export async function openConsole(options: ConsoleOptions = {}): Promise<OpenConsole> {
  const folder = temporaryFolder();
  const settings = (options.settings ?? []).flatMap((setting) => ['--set', setting]);
  let server = await startServerProcess({ folder: folder.path }, settings);
  const { token } = await createClient({ url: server.url }).setup({ body: { code: server.setupCode ?? '', ...OWNER } });
  const browser = await openBrowser();
  const context = await browser.newContext({
    baseURL: server.url,
    colorScheme: options.theme ?? 'dark',
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    reducedMotion: 'reduce',
  });
  const complaints = complaintsOf(context);
  const page = await context.newPage();
  await signIn(page);
  // The browser asked for an icon of the picture that it signed in from, which is nothing to complain about.
  complaints.forget();
  await page.goto('/');
  await settled(page);
  return {
    page,
    context,
    browser,
    get server() {
      return server;
    },
    client: createClient({ url: server.url, token }),
    token,
    complaints,
    async goto(path) {
      await page.goto(path);
      await settled(page);
    },
    async expectClean() {
      expect(complaints.all).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
      expect(await seriousFindings(page)).toEqual([]);
    },
    async restart() {
      const port = new URL(server.url).port;
      await server.kill('SIGTERM');
      server = await startServerProcess({ folder: folder.path }, [...settings, '--port', port]);
    },
    async close() {
      await browser.close();
      await server.kill('SIGKILL');
      folder.remove();
    },
  };
}

/** Signs the owner in with the browser of `page`, as the sign-in screen does. */
export async function signIn(page: Page, who: typeof OWNER = OWNER): Promise<void> {
  await page.goto('/favicon.svg');
  const status = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/api/v1/session', { method: 'POST', headers, body: JSON.stringify(body) })).status;
  }, who);
  if (status !== 201) throw new Error(`signing in was answered with ${status}`);
}
