import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenConsole, openConsole, settled } from './support/console.ts';
import { WIDTHS, wrongAtAnyWidth } from './support/every-width.ts';
import { type Told, tellStories } from './support/tell-stories.ts';

const SCREENS: Readonly<Record<string, (told: Told) => string>> = {
  alerts: () => '/alerts',
  alert: ({ alert }) => `/alerts/${alert}`,
  'alert-raw': ({ alert }) => `/alerts/${alert}?tab=raw`,
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
  'settings-tokens': () => '/settings?tab=tokens',
  // Last, when the time that the stories saved is counted.
  overview: () => '/',
};

/** Screens for people who are not signed in, which states.test.ts looks at. */
const BARE = ['/sign-in', '/welcome'];

const FOLDER = join(import.meta.dirname, '../../apps/console/src/screens');
const NOBODY: Told = { alert: 'x', case: 'x', run: 'x', otherRun: 'x', effect: 'x', matter: 'x' };

it('every screen that there is is looked at', () => {
  const routes = globSync('*/routes.tsx', { cwd: FOLDER })
    .flatMap((file) => [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/path: '([^']+)'/g)])
    .map(([, path = '']) => path);
  const looked = Object.values(SCREENS).map((pathOf) => pathOf(NOBODY).split('?')[0] ?? '');
  const isLookedAt = (route: string) =>
    looked.includes(route) ||
    looked.some((path) => route.includes('$') && new RegExp(`^${route.replace(/\$\w+/, '[^/]+')}$`).test(path));
  expect(routes.length).toBeGreaterThan(25);
  expect(routes.filter((route) => !isLookedAt(route) && !BARE.includes(route))).toEqual([]);
});

let open: OpenConsole;
let told: Told;

describe('every screen', () => {
  beforeAll(async () => {
    open = await openConsole();
    told = await tellStories(open.client);
  });
  afterAll(() => open?.close());

  it.each(Object.entries(SCREENS))(
    '%s is readable at every width in both themes',
    async (name, pathOf) => {
      const { page, complaints } = open;
      complaints.forget();
      await page.setViewportSize(WIDTHS[0]);
      await page.goto(pathOf(told));
      await settled(page);
      const wrong = await wrongAtAnyWidth(page, name, () => settled(page));
      expect([...complaints.all, ...wrong].join('\n')).toBe('');
    },
    30_000,
  );
});
