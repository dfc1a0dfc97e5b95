import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './support/axe.ts';
import { noBrowser } from './support/browser.ts';
import { type OpenConsole, openConsole, scrollsSideways, settled } from './support/console.ts';
import { type Told, tellStories } from './support/tell-stories.ts';

/** A folder for pictures of all screens; `docs` for those that README and docs show, where they show them (`npm run pictures`). */
const PICTURES = process.env.PICTURES ?? '';
const FOLDER = PICTURES === 'docs' ? join(import.meta.dirname, '../../docs/pictures') : PICTURES;

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

const SCREENS: Readonly<Record<string, (told: Told) => string>> = {
  overview: () => '/',
  alerts: () => '/alerts',
  alert: ({ alert }) => `/alerts/${alert}`,
  cases: () => '/cases',
  case: (told) => `/cases/${told.case}`,
  approvals: () => '/approvals',
  approval: ({ matter }) => `/approvals/${matter}`,
  playbooks: () => '/playbooks',
  playbook: () => '/playbooks/brute_force',
  'playbook-versions': () => '/playbooks/brute_force?tab=versions',
  'playbook-tests': () => '/playbooks/brute_force?tab=tests',
  runs: () => '/runs',
  run: ({ run }) => `/runs/${run}`,
  'runs-compared': ({ run, otherRun }) => `/runs/compare?a=${run}&b=${otherRun}`,
  effects: () => '/effects',
  effect: ({ effect }) => `/effects/${effect}`,
  trace: ({ alert }) => `/trace/${encodeURIComponent(`alert:${alert}`)}`,
  fabric: () => '/fabric',
  topics: () => '/fabric/topics',
  participants: () => '/fabric/participants',
  participant: () => '/fabric/participants/sandbox',
  reactions: () => '/fabric/reactions',
  reaction: () => '/fabric/reactions/proxy_blocks_url',
  'dead-letters': () => '/fabric/dead',
  'what-if': () => '/fabric/what-if?topic=verdict.url.v1',
  connectors: () => '/connectors',
  connector: () => '/connectors/fortigate',
  connection: () => '/connections/lab_fortigate',
  sources: () => '/sources',
  source: () => '/sources/wazuh',
  audit: () => '/audit',
  settings: () => '/settings',
};

const WIDTHS = { 360: 780, 1280: 860, 2560: 1300 } as const;

let open: OpenConsole;
let told: Told;

describe.skipIf(noBrowser !== '')(`every screen${noBrowser && ` (${noBrowser})`}`, () => {
  beforeAll(async () => {
    open = await openConsole();
    told = await tellStories(open.client);
  }, 60_000);
  afterAll(() => open?.close());

  for (const theme of ['dark', 'light'] as const) {
    it.each(Object.entries(SCREENS))(
      `%s is readable at every width, ${theme}`,
      async (name, pathOf) => {
        const { page, complaints } = open;
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        const wrong: string[] = [];
        complaints.forget();
        await page.setViewportSize({ width: 1280, height: WIDTHS[1280] });
        await page.goto(pathOf(told));
        await settled(page);
        for (const [width, height] of Object.entries(WIDTHS)) {
          await page.setViewportSize({ width: Number(width), height });
          await settled(page);
          if (await scrollsSideways(page)) wrong.push(`${width}: scrolls sideways`);
          wrong.push(...(await seriousFindings(page)).map((finding) => `${width}: ${finding}`));
          await takePicture(page, `${name}-${theme}-${width}`);
        }
        expect([...complaints.all, ...wrong].join('\n')).toBe('');
      },
      30_000,
    );
  }
});
