import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole } from './support/console.ts';
import { playbookPage, START } from './support/playbook-page.ts';

/** `share` divides by nothing as soon as nobody is in the list; no check can know that. */
const BROKEN = `kind: playbook/v1
id: shares
title: "Give everybody a share"
on: [{ manual: {} }]
inputs: { people: { type: array, items: { type: string }, default: [] } }
steps:
  # Counted once.
  - id: count
    title: Count the people
    set: { people: "\${{ size(inputs.people) }}" }   # as it is
  - id: share
    title: Share the work
    set: { each: "\${{ 100 / steps.count.people }}" }
  - id: tell
    title: Say how much it is
    set: { text: "\${{ string(steps.share.each) }}" }
`;

let console_: OpenConsole;
let page: Page;
let run = '';
beforeAll(async () => {
  console_ = await openConsole({ width: 1500, height: 900 });
  page = console_.page;
  const { client } = console_;
  await client.publishPlaybook({ body: { source: BROKEN } });
  run = (await client.startRun({ id: 'shares', body: { inputs: {}, wait: false } })).id;
  await until('the run has failed', async () => (await client.getRunOverview({ id: run })).status === 'failed');
  console_.complaints.forget();
});
afterAll(() => console_?.close());

/** Runs the tests of the playbook in its tab. */
async function runTests(outcome: RegExp): Promise<void> {
  await page.getByRole('tab', { name: 'Tests' }).click();
  await page.getByRole('button', { name: 'Run all tests' }).click();
  await page.getByText(outcome).first().waitFor();
}

describe.sequential('a playbook that fails', () => {
  it('is found by its failed run, which says why and leads to the step in the editor', async () => {
    await console_.goto('/runs?status=failed');
    await page.getByRole('grid', { name: 'Runs' }).getByText('Give everybody a share').click();
    await page.waitForURL(`**/runs/${run}**`);
    await page.getByText('Why it failed').first().waitFor();
    await page.getByRole('button', { name: 'Show the step share' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText(/divi/i).first().waitFor();
    await console_.expectClean();
    await drawer.getByRole('link', { name: 'Edit in the playbook' }).click();
    await page.waitForURL(/\/playbooks\/shares\?.*step=share/);
    await page.locator('.cp-step-line').filter({ hasText: 'id: share' }).waitFor();
    await console_.expectClean();
  });

  it('is mended there, its tests pass, and it is published', async () => {
    await page.getByRole('tab', { name: 'Tests' }).click();
    await page.getByRole('button', { name: 'New test' }).click();
    await page.getByLabel('Name', { exact: true }).fill('nobody');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('it ends well').waitFor();
    await runTests(/1 of 1 failed/);
    await console_.expectClean();
    await page.getByRole('tab', { name: 'Edit' }).click();
    const text = page.getByRole('textbox', { name: 'Text of the playbook' });
    await text.getByText('100 /').click();
    await page.keyboard.press('End');
    await page.locator('.cm-activeLine').filter({ hasText: '100 /' }).waitFor();
    for (let at = 0; at < ' }}" }'.length; at++) await page.keyboard.press('ArrowLeft');
    for (let at = 0; at < 'steps.count.people'.length; at++) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.insertText('(steps.count.people > 0 ? steps.count.people : 1)');
    await page.getByRole('status').filter({ hasText: 'Draft saved' }).waitFor();
    await page.getByText('No problems').waitFor();
    await runTests(/1 passed/);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText(/Version 2 is published/).waitFor();
    const { source } = await console_.client.getPlaybook({ id: 'shares' });
    const line = '100 / steps.count.people }}';
    expect(source).toBe(BROKEN.replace(line, '100 / (steps.count.people > 0 ? steps.count.people : 1) }}'));
    await console_.expectClean();
  });

  it('then lets the failed run be taken up from that step in the new version, which succeeds', async () => {
    const { client, goto } = console_;
    await goto(`/runs/${run}?step=share`);
    await page.getByRole('button', { name: 'Retry from here…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take the run up from here?' });
    expect(await dialog.getByLabel(/The current version/).isChecked()).toBe(true);
    await dialog.getByLabel('Why').fill('mended');
    await dialog.getByRole('button', { name: 'Take up' }).click();
    await page.waitForURL((url) => /^\/runs\/./.test(url.pathname) && !url.pathname.endsWith(run));
    await page.getByText('succeeded', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'takes up an earlier run' }).waitFor();
    const next = await client.getRunOverview({ id: new URL(page.url()).pathname.slice('/runs/'.length) });
    expect(next).toMatchObject({ status: 'succeeded', number: 2 });
    await console_.expectClean();
  });
});

describe('the text of a playbook', () => {
  it('offers actions of connectors that are not in use yet, and puts these into uses with them', async () => {
    const editor = playbookPage(console_);
    await editor.open('practice', START);
    await editor.text().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('  - id: third\naction: ', { delay: 15 });
    const list = page.getByRole('listbox', { name: 'Completions' });
    await list.getByText('Not in “uses” yet: choosing one adds it there').waitFor();
    await list.getByRole('option', { name: /^alert\.set_verdict/ }).waitFor();
    await page.keyboard.type('slack.post', { delay: 15 });
    // What stood there before the dot is greyed until the server has answered again.
    await page.locator('.cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled)').waitFor();
    await console_.expectClean();
    await list.getByRole('option', { name: /^slack\.post_message.*adds to uses/ }).click();
    const taken = `${START.replace('title: "Practice"\n', 'title: "Practice"\nuses:\n  slack: slack\n')}  - id: third\n    action: slack.post_message`;
    await expect.poll(editor.saved).toBe(taken);
    await page.keyboard.press('Control+z');
    await expect.poll(editor.saved).toBe(`${START}  - id: third\n    action: slack.post`);
  });

  it('is used in several places behind an anchor: the canvas says so where somebody wants to change a step of it', async () => {
    const { open, box, canvas, saved } = playbookPage(console_);
    const inner = '    do: &inner\n      - id: tell\n        set: { b: 2 }\n';
    const anchored = `${START}  - id: each\n    foreach: "[1, 2]"\n    as: one\n${inner}`;
    await open('practice', anchored);
    await box('tell').click();
    await page.keyboard.press('w');
    const menu = page.getByRole('menu');
    await menu.getByText(/uses it in several places .* Change it in the text/).waitFor();
    expect(await menu.getByRole('menuitem', { name: /Delete|Wrap|Move/ }).count()).toBe(0);
    await menu.getByRole('menuitem', { name: /Rename/ }).waitFor();
    await page.keyboard.press('Escape');
    await canvas().focus();
    await page.keyboard.press('Delete');
    await page.getByText(/is used in several places by an anchor/).waitFor();
    // What is added goes behind the block, where nothing is shared.
    await canvas().focus();
    await page.keyboard.press('a');
    await page.getByLabel('Search steps').fill('wait');
    await page.keyboard.press('Enter');
    await expect.poll(saved).toBe(`${anchored}  - id: pause\n    wait: { for: 5m }\n`);
  });

  it('that was never published is gone when its draft is discarded, and the page says so before', async () => {
    await playbookPage(console_).open('practice', START);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Discard the draft' }).click();
    const dialog = page.getByRole('dialog', { name: 'Discard the draft?' });
    await dialog.getByText('It was never published: nothing is left of it').waitFor();
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('heading', { name: 'Playbooks', exact: true }).waitFor();
    expect((await console_.client.listDrafts()).items.map(({ playbook }) => playbook)).not.toContain('practice');
    // The page may have looked once more for what is gone, which the browser writes into its console.
    console_.complaints.forget();
    await console_.expectClean();
  });
});

describe('a threshold', () => {
  it('is changed, tested and published on a phone', async () => {
    const { client, goto, expectClean } = console_;
    const before = (await client.getPlaybook({ id: 'brute_force' })).source;
    await page.setViewportSize({ width: 360, height: 740 });
    console_.complaints.forget();
    await goto('/playbooks/brute_force');
    await page.getByRole('radiogroup', { name: 'Side' }).getByText('Text').click();
    const line = page.locator('.cm-line').filter({ hasText: 'block_at: {' });
    await line.getByText('75', { exact: true }).dblclick();
    await page.keyboard.insertText('70');
    await page.getByRole('status').filter({ hasText: 'Draft saved' }).waitFor();
    await page.getByText('No problems').waitFor();
    await expectClean();
    await page.getByRole('tab', { name: 'Tests' }).click();
    await page.getByRole('button', { name: 'Run all tests' }).click();
    await page
      .getByText(/^\d+ passed/)
      .first()
      .waitFor();
    await expectClean();
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish this draft?' });
    await dialog.getByText('input block_at: default 75 -> 70').waitFor();
    await expectClean();
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await page.getByText(/Version 2 is published/).waitFor();
    await expectClean();
    const after = (await client.getPlaybook({ id: 'brute_force' })).source;
    expect(after).toBe(before.replace('default: 75', 'default: 70'));
  });
});
