import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { noBrowser } from './support/browser.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';

const HALVE = `kind: playbook/v1
id: share_out
title: Share it out
on: [{ manual: {} }]
inputs:
  among: { type: integer, default: 0 }
steps:
  - { id: part, title: Take a part, set: { size: "\${{ 100 / inputs.among }}" } }
`;

let open: OpenConsole;

describe.skipIf(noBrowser !== '')(`a playbook that fails${noBrowser && ` (${noBrowser})`}`, { timeout: 90_000 }, () => {
  beforeAll(async () => {
    open = await openConsole({ width: 1500, height: 900 });
    await open.client.publishPlaybook({ body: { source: HALVE } });
    const { id } = await open.client.startRun({ id: 'share_out', body: { inputs: {}, wait: false } });
    await until('it fails', async () => (await open.client.getRun({ id })).status === 'failed');
  }, 60_000);
  afterAll(() => open?.close());

  it('is seen on the overview, found, mended and published, and its next run succeeds', async () => {
    const { page, client, goto, expectClean } = open;
    await goto('/');
    await page.getByRole('link', { name: '1 run failed in the last 24 hours' }).click();
    await page.waitForURL('**/runs/*');
    await settled(page);
    await page.getByText(/divi/i).first().waitFor();
    await expectClean();
    await page
      .getByRole('link', { name: /Share it out|share_out|playbook/i })
      .last()
      .click();
    await page.waitForURL('**/playbooks/share_out**');
    await page.locator('.cm-line', { hasText: 'among: {' }).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.insertText('among: { type: integer, default: 4 }');
    await page.getByRole('status').filter({ hasText: 'Draft saved' }).waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish this draft?' });
    await dialog.getByRole('button', { name: /^Publish/ }).click();
    await page.getByText(/Version 2 is published/).waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    await until('it succeeds', async () => {
      const [newest] = (await client.listRuns({ query: { playbook: 'share_out' } })).items;
      return newest?.status === 'succeeded';
    });
    await expectClean();
    expect((await client.listRuns({ query: { playbook: 'share_out' } })).items).toHaveLength(2);
  });
});
