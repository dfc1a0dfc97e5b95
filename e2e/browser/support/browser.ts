import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath, noBrowser } from './chromium.ts';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'];

/** How long a page is waited for: milliseconds. As long as the test may take (vitest.config.ts) would tell less. */
const PATIENCE = 90_000;

/** Starts Chromium without a window. @throws Error when there is none */
export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error(noBrowser);
  const browser = await chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
  return browser.on('context', (context) => context.setDefaultTimeout(PATIENCE));
}

/** What a page complained about: script errors, console errors, violations of the content security policy. */
export interface Complaints {
  readonly all: readonly string[];
  /** Forgets what was said so far, for instance after an error that a test brought about itself. */
  forget(): void;
}

/** Listens to everything that pages of the context complain about. */
export function complaintsOf(context: BrowserContext): Complaints {
  const all: string[] = [];
  const listen = (page: Page) => {
    page.on('pageerror', (error) => all.push(`script: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') all.push(`console: ${message.text()} (${message.location().url})`);
    });
  };
  context.pages().forEach(listen);
  context.on('page', listen);
  return {
    all,
    forget: () => {
      all.length = 0;
    },
  };
}
