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

/**
 * Looks at what is open with every width, takes the pictures that are wanted, and gives what is wrong, a line each: it scrolls
 * sideways, or axe has a serious finding.
 *
 * @param name of the screen and its theme, for the pictures
 * @param settle waits until a screen has followed a new width
 */
export async function wrongAtAnyWidth(page: Page, name: string, settle: () => Promise<unknown>): Promise<string[]> {
  const wrong: string[] = [];
  for (const { width, height } of WIDTHS) {
    await page.setViewportSize({ width, height });
    await settle();
    if (await scrollsSideways(page)) wrong.push(`${width}: scrolls sideways`);
    wrong.push(...(await seriousFindings(page)).map((finding) => `${width}: ${finding}`));
    await takePicture(page, `${name}-${width}`);
  }
  return wrong;
}
