import type { Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliver } from '../support/owner.ts';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';

/** What a browser may have to load before it shows the first screen, compressed (issue: 300 kB). */
const FIRST_LOAD = 300_000;
const ALERTS = 10_000;

let open: OpenConsole;
let page: Page;

/** One alert of a source that no playbook and no reaction waits for. */
function alertLine(n: number): string {
  const rule = {
    id: String(60_000 + (n % 500)),
    level: 5 + (n % 8),
    description: `Something number ${n} was seen`,
    groups: ['web'],
  };
  const at = new Date(Date.now() - n * 1_000).toISOString().replace('Z', '+0000');
  return JSON.stringify({
    timestamp: at,
    rule,
    agent: { id: String(n), name: `host-${n}`, ip: '10.1.2.3' },
    id: `${n}.1`,
    full_log: `line ${n}`,
  });
}

/** Sends `count` alerts, the first of them with number `from`. */
async function send(from: number, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) => alertLine(from + n)).join('\n');
  const token = open.server.sources.wazuh ?? '';
  const sent = await deliver(open.server, 'wazuh', token, lines, { 'content-type': 'application/x-ndjson' });
  expect(sent.status).toBe(202);
}

/** Bytes of the answers' bodies as they went over the wire. */
async function bytesOf(responses: readonly Response[]): Promise<number> {
  const sizes = await Promise.all(
    responses.map(async (response) => (await response.request().sizes()).responseBodySize),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Milliseconds from each key to the frame after it, measured in the page. */
async function inputLatencies(key: string, times: number): Promise<readonly number[]> {
  await page.evaluate(`
    const latencies = (globalThis.latencies = []);
    removeEventListener('keydown', globalThis.onKey, { capture: true });
    globalThis.onKey = () => {
      const began = performance.now();
      requestAnimationFrame(() => setTimeout(() => latencies.push(performance.now() - began)));
    };
    addEventListener('keydown', globalThis.onKey, { capture: true });
  `);
  for (let time = 0; time < times; time += 1) {
    await page.keyboard.press(key);
    await page.waitForTimeout(20);
  }
  return page.evaluate('globalThis.latencies');
}

function p95(of: readonly number[]): number {
  return [...of].sort((a, b) => a - b)[Math.floor(of.length * 0.95)] ?? 0;
}

describe.sequential('the pace of the console', () => {
  beforeAll(async () => {
    open = await openConsole();
    page = open.page;
  });
  afterAll(() => open?.close());

  it.each(['/', '/alerts', '/playbooks'])('loads little before %s is shown', async (path) => {
    const loaded: Response[] = [];
    const fresh = await open.browser.newContext({
      baseURL: open.server.url,
      storageState: await open.context.storageState(),
    });
    const first = await fresh.newPage();
    first.on('response', (response) => {
      if (!new URL(response.url()).pathname.startsWith('/api/')) loaded.push(response);
    });
    const began = performance.now();
    await first.goto(path);
    await settled(first);
    const millis = performance.now() - began;
    const size = await bytesOf(loaded);
    await fresh.close();
    process.stdout.write(
      `first load of ${path}: ${Math.round(size / 1_000)} kB in ${loaded.length} files, usable after ${Math.round(millis)} ms\n`,
    );
    expect(size).toBeLessThan(FIRST_LOAD);
    expect(loaded.filter((response) => /editor|canvas|flow/i.test(response.url())).map((one) => one.url())).toEqual([]);
  });

  it(`walks a list of ${ALERTS.toLocaleString('en')} alerts by keyboard to its end`, async () => {
    for (let from = 0; from < ALERTS; from += 1_000) await send(from, 1_000);
    await until('all alerts are in', async () => (await open.client.status()).counts.new_alerts === ALERTS, 60_000);
    await open.goto('/');
    // The overview does not call it well while they lie there.
    await page.getByText(/Nothing urgent/).waitFor();
    await page.getByRole('link', { name: /[\d,]+ new alerts/ }).waitFor();
    await open.goto('/alerts');
    const list = page.getByRole('grid', { name: 'Alerts' });
    await list.focus();
    const latencies = await inputLatencies('j', 200);
    process.stdout.write(
      `a list of ${ALERTS} alerts: key to frame p95 ${Math.round(p95(latencies))} ms over ${latencies.length} keys\n`,
    );
    expect(latencies).toHaveLength(200);
    const rows = await list.getByRole('row').count();
    expect(rows).toBeLessThan(120);
    const began = performance.now();
    await until(
      'all rows were read',
      async () => {
        await page.evaluate("document.querySelector('[role=grid]').scrollTo(0, 1e9)");
        return (await list.getByRole('row').last().getAttribute('aria-rowindex').then(Number)) > ALERTS;
      },
      60_000,
    );
    process.stdout.write(`its end was reached after ${Math.round(performance.now() - began)} ms of scrolling\n`);
    const atTheEnd = await inputLatencies('k', 100);
    process.stdout.write(`key to frame with all of them read: p95 ${Math.round(p95(atTheEnd))} ms\n`);
    expect(await list.getByRole('row').count()).toBeLessThan(120);
    expect(open.complaints.all).toEqual([]);
  });

  it('answers keys while 500 alerts a second come in', async () => {
    await open.goto('/alerts');
    const list = page.getByRole('grid', { name: 'Alerts' });
    await list.focus();
    const seconds = 4;
    const burst = (async () => {
      for (let part = 0; part < seconds * 10; part += 1) {
        await Promise.all([send(ALERTS + part * 50, 50), new Promise((resolve) => setTimeout(resolve, 100))]);
      }
    })();
    const latencies = await inputLatencies('j', 60);
    await burst;
    process.stdout.write(
      `while ${seconds * 500} alerts come in: key to frame p95 ${Math.round(p95(latencies))} ms, longest ${Math.round(Math.max(...latencies))} ms\n`,
    );
    expect(latencies).toHaveLength(60);
    // The rows stay where they are; what is new is offered, not put in.
    await page.getByRole('button', { name: /new alerts/ }).waitFor();
    expect(open.complaints.all).toEqual([]);
  });
});
