import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { seriousFindings } from './axe.ts';
import { scrollsSideways } from './console.ts';

/** Sizes of the window that every screen is looked at with; first the one that it is opened with. */
export const WIDTHS = [
  { width: 1280, height: 860 },
  { width: 360, height: 780 },
  { width: 2560, height: 1300 },
] as const;

/** A folder for pictures of all screens; `docs` for those that README and docs show, where they show them (`npm run pictures`). */
const PICTURES = process.env.PICTURES ?? '';
const FOLDER = PICTURES === 'docs' ? join(import.meta.dirname, '../../../docs/pictures') : PICTURES;

/** The pictures that README and docs show. */
const SHOWN: ReadonlySet<string> = new Set([
  'overview-dark-1280',
  'playbook-dark-1280',
  'run-light-1280',
  'trace-dark-1280',
  'fabric-dark-1280',
  'effects-light-1280',
  'approval-dark-360',
  'alert-light-1280',
]);

async function takePicture(page: Page, name: string): Promise<void> {
  if (PICTURES === '' || (PICTURES === 'docs' && !SHOWN.has(name))) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

/** The themes that every screen is looked at with; first the one that it is opened with. */
const THEMES = ['dark', 'light'] as const;

/**
 * Looks at what is open in both themes, takes the pictures that are wanted, and gives what is wrong, a line each: it scrolls
 * sideways, or axe has a serious finding. What it is like in the second theme is no other page, so that only its colours are
 * looked at there.
 *
 * @param name of what is looked at, for the pictures
 * @param width of the window, in pixels
 */
export async function wrongInAnyTheme(page: Page, name: string, width: number): Promise<string[]> {
  const wrong: string[] = [];
  if (await scrollsSideways(page)) wrong.push(`${width}: scrolls sideways`);
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`html[data-mantine-color-scheme=${theme}]`).waitFor({ state: 'attached' });
    const findings = await seriousFindings(page, theme === THEMES[0] ? 'all' : 'colours');
    wrong.push(...findings.map((finding) => `${width}, ${theme}: ${finding}`));
    await takePicture(page, `${name}-${theme}-${width}`);
  }
  await page.emulateMedia({ colorScheme: THEMES[0] });
  return wrong;
}

/**
 * Looks at what is open with every width, in both themes.
 *
 * @param name of the screen, for the pictures
 * @param settle waits until a screen has followed a new width
 * @returns what is wrong, a line each
 */
export async function wrongAtAnyWidth(page: Page, name: string, settle: () => Promise<unknown>): Promise<string[]> {
  const wrong: string[] = [];
  for (const size of WIDTHS) {
    await page.setViewportSize(size);
    await settle();
    wrong.push(...(await wrongInAnyTheme(page, name, size.width)));
  }
  return wrong;
}
