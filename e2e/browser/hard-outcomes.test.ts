import { type FortigateSimulator, simulators } from '@counterpoint/connectors/simulators';
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

/** Opens a case, and blocks an address for it. */
const CUT_OFF = `kind: playbook/v1
id: cut_off
title: Cut an address off
uses: { fw: fortigate }
on: [{ manual: {} }]
steps:
  - { id: incident, action: case.open, with: { title: It scans us, severity: high } }
  - { id: block, action: fw.ban_ip, connection: edge_fw, with: { ip: 203.0.113.9 }, lease: { for: 1d } }
`;

let console_: OpenConsole;
let vendor: Vendor;
let firewall: FortigateSimulator | undefined;
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
  await firewall?.server.close();
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

describe('an undo from a case while the product is down', () => {
  let effect = '';
  let ofCase = '';

  beforeAll(async () => {
    const { client } = console_;
    firewall = await simulators.fortigate();
    const { config, secrets } = firewall;
    const body = { id: 'edge_fw', connector: 'fortigate', title: 'Edge firewall', config, secrets, network: 'lab' };
    await client.createConnection({ body: body as never });
    await client.publishPlaybook({ body: { source: CUT_OFF } });
    const { id } = await client.startRun({ id: 'cut_off', body: { wait: false } });
    await until('it is blocked', async () => (await overview(id)).status === 'succeeded');
    ofCase = (await overview(id)).case?.id ?? '';
    effect = (await effectOf(id))?.id ?? '';
    expect(firewall.bans().size).toBe(1);
  });

  it('says that it was not undone, and why', async () => {
    const { page, goto, client } = console_;
    firewall?.server.inject('reset', 1_000);
    await goto(`/cases/${ofCase}`);
    await page.getByRole('button', { name: 'Undo its changes…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Ban 203.0.113.9 on Edge firewall').waitFor();
    await dialog.getByLabel('Why').fill('our own scanner');
    await dialog.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('1 not undone').waitFor();
    await page.getByText(/cannot be reached or is failing.*It is tried again by itself/).waitFor();
    // From now on nothing is sent again, so that what people see stands still.
    await client.setSwitch({ id: 'undo', body: { engaged: true, reason: 'while somebody looks' } });
    await until('the last try is over', async () => (await client.getEffect({ id: effect })).state === 'undo_failed');
    await page.getByRole('tab', { name: 'Changes' }).click();
    await page
      .getByRole('row', { name: /203\.0\.113\.9/ })
      .getByText('undo failed')
      .waitFor();
    await console_.expectClean();
  });

  it('is one matter of the overview, which leads to where it is settled', async () => {
    const { page, goto, client } = console_;
    await goto('/');
    await page.getByRole('link', { name: /^1 undo failed/ }).click();
    await page.waitForURL(`**/effects/${effect}`);
    const { matters } = await client.overview();
    const told = matters.filter(({ detail }) => detail.includes('203.0.113.9'));
    expect(told).toMatchObject([{ kind: 'undo_failed', count: 1, ids: [effect] }]);
    await page.getByText('Nobody knows whether the undo happened').waitFor();
    await page.getByText('until it is undone').waitFor();
    await console_.expectClean();
    await page.getByRole('button', { name: 'Did the undo happen?' }).click();
    const dialog = page.getByRole('dialog', { name: /Did it happen\? Lift the ban/ });
    await dialog.getByRole('radio', { name: 'It happened' }).check();
    await dialog.getByLabel('What you saw').fill('it is not in its list');
    await dialog.getByRole('button', { name: 'Say so' }).click();
    await page.getByText('Settled: it happened').waitFor();
    await page.getByText('undone', { exact: true }).first().waitFor();
    expect((await client.getEffect({ id: effect })).state).toBe('undone');
    await client.setSwitch({ id: 'undo', body: { engaged: false, reason: 'it is settled' } });
  });
});
