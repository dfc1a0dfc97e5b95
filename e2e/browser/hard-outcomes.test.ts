import { encodingsOf } from '@counterpoint/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';
import { startVendor, VENDOR_SECRET, type Vendor } from './support/vendor.ts';

/** Asks a product that throws its credential back, is given that credential itself, and then loses an answer. */
const ORDER = `kind: playbook/v1
id: order
title: Order something
uses: { api: http }
on: [{ manual: {} }]
inputs: { pass: { type: string } }
steps:
  - { id: look, title: Look it up, action: api.get, connection: echo, with: { path: /ok, query: { pass: "\${{ inputs.pass }}" } } }
  - { id: keep, title: Keep it, set: { said: "\${{ steps.look.body }}" } }
  - { id: fails, title: Ask what fails, action: api.get, connection: echo, with: { path: /500 }, on_failure: continue }
  - id: lost
    title: Send the order
    action: api.request
    connection: echo
    with: { method: POST, path: /hang, body: { pass: "\${{ inputs.pass }}" } }
    timeout: 1s
  - { id: behind, title: Go on, set: { done: true } }
outputs: { said: "\${{ steps.look.body }}" }
`;

let console_: OpenConsole;
let vendor: Vendor;
const runs: string[] = [];

const effectOf = async (run: string) => (await console_.client.listEffects({ query: { run } })).items[0];
const overview = (id: string) => console_.client.getRunOverview({ id });

beforeAll(async () => {
  console_ = await openConsole();
  const { client } = console_;
  vendor = await startVendor(client);
  await client.publishPlaybook({ body: { source: ORDER } });
  for (let count = 0; count < 3; count += 1) {
    const { id } = await client.startRun({ id: 'order', body: { inputs: { pass: VENDOR_SECRET }, wait: false } });
    runs.push(id);
  }
  for (const id of runs) {
    await until('its answer is lost', async () => (await overview(id)).open[0]?.status === 'unknown');
  }
  console_.complaints.forget();
});
afterAll(async () => {
  vendor?.close();
  await console_?.close();
});

describe('a secret that a product throws back, or that a step was given', () => {
  it('is on no screen that tells of a run, and in nothing that the server sends for it', async () => {
    const { page, goto } = console_;
    const [a = '', b = ''] = runs;
    const forms = encodingsOf(VENDOR_SECRET);
    const leaks: string[] = [];
    const look = (where: string, text: string) => {
      for (const form of forms) if (text.includes(form)) leaks.push(`${where}: ${form}`);
    };
    const answers: Promise<void>[] = [];
    page.on('response', (answer) => {
      if (!answer.url().includes('/api/') || answer.url().includes('/stream')) return;
      answers.push(
        answer.text().then(
          (text) => look(answer.url(), text),
          () => undefined,
        ),
      );
    });
    const effect = await effectOf(a);
    const screens = [
      ...['look', 'keep', 'fails', 'lost'].map((step) => `/runs/${a}?step=${step}`),
      ...['data', 'changes', 'journal'].map((tab) => `/runs/${a}?tab=${tab}`),
      `/runs/compare?a=${a}&b=${b}`,
      `/trace/run:${a}?hide=none&node=${encodeURIComponent(`run:${a}/lost`)}`,
      `/effects/${effect?.id}`,
    ];
    for (const screen of screens) {
      await goto(screen);
      look(screen, await page.content());
    }
    await Promise.all(answers);
    page.removeAllListeners('response');
    expect(leaks).toEqual([]);
    // What was there is seen to be left out.
    await goto(`/runs/${a}?step=lost`);
    await page.getByRole('dialog').getByText('[redacted]').first().waitFor();
    await goto(`/effects/${effect?.id}`);
    await page.getByRole('region', { name: 'What was sent' }).getByText('[redacted]').waitFor();
    await console_.expectClean();
  });
});

describe('a change of unknown outcome', () => {
  it('is counted, found, and settled by saying that it happened: its run goes on', async () => {
    const { page, goto } = console_;
    const [run = ''] = runs;
    await goto('/effects');
    await page.getByRole('link', { name: /Unknown outcome\s*3/ }).click();
    await page.waitForURL('**/effects?**state=unknown**');
    await settled(page);
    const effect = await effectOf(run);
    await goto(`/effects/${effect?.id}`);
    await page.getByRole('button', { name: 'Did it happen?' }).click();
    const dialog = page.getByRole('dialog', { name: /Did it happen\? Send a request/ });
    const say = dialog.getByRole('button', { name: 'Say so' });
    await dialog.getByLabel('What you saw').fill('the order is in its list');
    expect(await say.isDisabled()).toBe(true);
    await dialog.getByRole('radio', { name: 'It happened' }).check();
    await console_.expectClean();
    await say.click();
    await page.getByText('Settled: it happened').waitFor();
    await page.getByRole('button', { name: 'Did it happen?' }).waitFor({ state: 'detached' });
    await until('the run has gone on', async () => (await overview(run)).status === 'succeeded');
    await console_.expectClean();
  });

  it('is settled from its row as never having happened', async () => {
    const { page, goto } = console_;
    const [, run = ''] = runs;
    await goto(`/effects?view=all&state=unknown&run=${run}`);
    await page.getByRole('button', { name: /What to do about Send a request/ }).click();
    await page.getByRole('menuitem', { name: 'Did it happen? …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'It did not happen' }).check();
    await dialog.getByLabel('What you saw').fill('nothing there');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Settled: it did not happen').waitFor();
    expect((await effectOf(run))?.state).toBe('failed');
  });

  it('is settled from the step of its run', async () => {
    const { page, goto } = console_;
    const [, , run = ''] = runs;
    await goto(`/runs/${run}`);
    await page.getByRole('button', { name: 'Say what happened' }).first().click();
    await page.waitForURL(/step=lost/);
    await page.getByRole('dialog').getByRole('button', { name: 'Say what happened' }).click();
    const dialog = page.getByRole('dialog', { name: 'Did it happen?' });
    await dialog.getByRole('radio', { name: 'It happened' }).check();
    await dialog.getByLabel('What you saw').fill('seen in its list');
    const gave = dialog.getByRole('textbox', { name: 'What it gave' });
    await gave.fill('{ "status": ');
    expect(await dialog.getByRole('button', { name: 'Say so' }).isDisabled()).toBe(true);
    await gave.fill('{ "status": 200, "headers": {}, "body": null }');
    await dialog.getByRole('button', { name: 'Say so' }).click();
    await until('the run has gone on', async () => (await overview(run)).status === 'succeeded');
    await page.getByText('succeeded', { exact: true }).first().waitFor();
  });
});
