import type { CDPSession, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole } from './support/console.ts';

const SOURCE = `kind: playbook/v1
id: patient
title: Patient
on: [{ manual: {} }]
steps:
  - id: first
    set: { seen: true }
  - id: pause
    wait: { for: 1h }
`;

let open: OpenConsole;
let page: Page;
let network: CDPSession;
let run = '';

async function sendAlert(id: string): Promise<void> {
  const answer = await fetch(`${open.server.url}/hooks/generic`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id, title: `Alert ${id}`, severity: 'high', host: `host-${id}` }),
  });
  expect(answer.status).toBeLessThan(300);
}
let token = '';

const text = () => page.getByRole('textbox', { name: 'Text of the playbook' });
const live = () => page.getByRole('status').filter({ hasText: /^live$/ });
const reconnecting = () => page.getByRole('status').filter({ hasText: /^reconnecting$/ });

/** What the network between the page and the server is like. */
async function networkIs(conditions: { latency?: number; speed?: number; offline?: boolean }): Promise<void> {
  const { latency = 0, speed = -1, offline = false } = conditions;
  await network.send('Network.emulateNetworkConditions', {
    ...{ offline, latency, downloadThroughput: speed, uploadThroughput: speed },
  });
}

/** Answers calls whose path matches in another way, until the returned function is called. */
async function answer(path: RegExp, how: (route: Route) => Promise<void>): Promise<() => Promise<void>> {
  await page.route(path, how);
  return () => page.unroute(path, how);
}

async function kill(): Promise<void> {
  await open.server.kill('SIGKILL');
}

describe.sequential('a bad network', () => {
  beforeAll(async () => {
    open = await openConsole({ width: 1500, height: 900 });
    page = open.page;
    token = open.server.sources.generic ?? '';
    network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    await open.client.saveDraft({ id: 'patient', body: { source: SOURCE, rev: 0 } });
    await open.client.publishPlaybook({ body: { source: SOURCE } });
    run = (await open.client.startRun({ id: 'patient', body: {} })).id;
    await sendAlert('one');
    await until('the alert is there', async () => (await open.client.alertFacets({})).total === 1);
    open.complaints.forget();
  });
  afterAll(() => open?.close());

  it('goes on by itself after the server was killed: the text, the run and the queue', async () => {
    const queue = await page.context().newPage();
    const watched = await page.context().newPage();
    await queue.goto('/alerts');
    await queue.getByText('Alert one').waitFor();
    await watched.goto(`/runs/${run}`);
    await watched.getByText('pause').first().waitFor();
    await open.goto('/playbooks/patient');
    await live().waitFor();
    await kill();
    await reconnecting().waitFor();
    await text().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# typed while nobody listened');
    await page.getByText('Your text is kept in this browser.').waitFor();
    await open.restart();
    await live().waitFor();
    await page.getByRole('status').filter({ hasText: 'Draft saved' }).waitFor();
    expect((await open.client.getDraft({ id: 'patient' })).source).toContain('# typed while nobody listened');
    await page.getByText('No problems').waitFor();
    await sendAlert('two');
    await queue.getByRole('button', { name: '1 new alert' }).waitFor();
    await watched.getByText('pause').first().waitFor();
    await open.client.cancelRun({ id: run, body: { reason: 'enough' } });
    await watched.getByText('cancelled').first().waitFor();
    for (const other of [queue, watched]) {
      expect(await other.getByText('does not answer').count()).toBe(0);
      await other.close();
    }
  });

  it('shows at once that something is being read over a slow line', async () => {
    await open.goto('/');
    await networkIs({ latency: 400, speed: 50_000 });
    await page.evaluate(WATCH_LOADING);
    await page.getByRole('link', { name: 'Cases', exact: true }).click();
    await page.getByRole('status', { name: 'Loading' }).first().waitFor();
    const shownAfter = () => page.evaluate<number | undefined>('globalThis.loadingAfter');
    await expect.poll(shownAfter).toBeGreaterThan(0);
    process.stdout.write(`loading is shown after ${await shownAfter()} ms\n`);
    await page.getByRole('heading', { name: 'Cases' }).waitFor();
    await page.getByText('No case yet').or(page.getByText(/case/i)).first().waitFor();
    await networkIs({});
  });

  it('says of anything else than an answer what happened and what to do, and reads it on demand', async () => {
    for (const [words, how] of [
      [
        /does not answer/,
        (route: Route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<h1>Away</h1>' }),
      ],
      [
        /not a Counterpoint server/,
        (route: Route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Please sign in</h1>' }),
      ],
      [/went wrong/, (route: Route) => route.fulfill({ status: 500, json: BROKEN })],
    ] as const) {
      const stop = await answer(/\/api\/v1\/cases\?/, how);
      await page.goto('/cases');
      await page.getByRole('alert').filter({ hasText: words }).waitFor();
      await stop();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
    }
  });

  it('does once what is asked for twice, and loses no input when it fails', async () => {
    const { id } = await open.client.createCase({ body: { title: 'A case', summary: '' } });
    await open.goto(`/cases/${id}`);
    const note = page.getByRole('textbox', { name: 'Note' });
    await note.fill('written once');
    // It is done, but its answer is lost: sent once more by hand, it is not done again.
    const stop = await answer(/\/notes$/, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Add the note' }).click();
    await page.getByText('The server does not answer.').waitFor();
    expect(await note.inputValue()).toBe('written once');
    await stop();
    await networkIs({ latency: 400 });
    await page.getByRole('button', { name: 'Add the note' }).dblclick();
    await note.focus();
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('End');
    await page.keyboard.type(' and on');
    await expect.poll(() => note.inputValue()).toBe('and on');
    await networkIs({});
    const notes = async () =>
      (await open.client.listCaseEntries({ id, query: {} })).items.filter(({ kind }) => kind === 'note');
    await expect.poll(async () => (await notes()).length).toBe(1);
    await open.goto('/cases');
    await page.getByRole('button', { name: 'Open a case' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Opened once');
    await networkIs({ latency: 300 });
    await page.getByRole('dialog').getByRole('button', { name: /^Open/ }).dblclick();
    await page.waitForURL(/\/cases\/./);
    await networkIs({});
    expect((await open.client.listCases({ query: { q: 'Opened once' } })).items).toHaveLength(1);
    await open.goto('/playbooks/patient');
    await networkIs({ latency: 300 });
    const before = (await open.client.listRuns({ query: { playbook: 'patient' } })).items.length;
    await page.getByRole('button', { name: 'Start' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Start/ })
      .dblclick();
    await page.waitForURL(/\/runs\/./);
    await networkIs({});
    expect((await open.client.listRuns({ query: { playbook: 'patient' } })).items).toHaveLength(before + 1);
  });

  it('is gone for a while in the middle of things: says so, and goes on where it was', async () => {
    await open.goto('/alerts');
    await live().waitFor();
    await networkIs({ offline: true });
    await reconnecting().waitFor();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('alert').filter({ hasText: 'This screen could not be loaded.' }).waitFor();
    await page.getByRole('link', { name: 'Alerts', exact: false }).first().click();
    await page.getByText('Alert one').waitFor();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('alert').filter({ hasText: 'This screen could not be loaded.' }).waitFor();
    await sendAlert('while-away');
    await networkIs({});
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    await live().waitFor();
    await page.getByRole('link', { name: 'Alerts', exact: false }).first().click();
    await page.getByText('Alert while-away').waitFor();
    open.complaints.forget();
    await open.expectClean();
  });
});

const BROKEN = {
  ...{ type: 'urn:counterpoint:error:core.internal', title: 'core.internal', status: 500, code: 'core.internal' },
  ...{
    detail: 'Something went wrong inside Counterpoint (reference x1).',
    help: 'Look for it in the log.',
    retryable: true,
  },
};

/** From a click to the first sign that something is being read, in the page itself. */
const WATCH_LOADING = `
  document.addEventListener('click', ({ timeStamp }) => {
    const look = () => {
      if (!document.querySelector('main [role=status][aria-label=Loading]')) return requestAnimationFrame(look);
      globalThis.loadingAfter = Math.round(performance.now() - timeStamp);
    };
    look();
  }, { capture: true, once: true });
`;
