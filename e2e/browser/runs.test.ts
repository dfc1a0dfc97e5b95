import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';

const HOSTILE = `kind: playbook/v1
id: hostile
title: "Odd <b>title</b> \u202Etxt.exe"
on: [{ manual: {} }]
steps:
  - { id: odd, title: "<script>alert(1)</script>", set: { text: "<img src=x onerror=alert(1)>\u202Eabc", long: "${'x'.repeat(3_000)}" } }
  - { id: stop, fail: "It cannot go on: <b>nope</b>" }
`;

const SWEEP = `kind: playbook/v1
id: sweep
title: Sweep many numbers
on: [{ manual: {} }]
inputs: { count: { type: integer }, list: { type: array, items: { type: integer } } }
steps:
  - id: each
    title: Every number
    foreach: inputs.list
    as: item
    max_items: 10000
    on_item_error: collect
    do:
      - { id: half, title: Halve it, set: { n: "\${{ 100 / (item - 7) }}" } }
  - id: many
    if: size(steps.each.errors) > 0
    then: [{ id: bad, set: { n: "\${{ size(steps.each.errors) }}" } }]
    else: [{ id: good, set: { n: 0 } }]
`;

const SLOW = `kind: playbook/v1
id: slow
title: Take its time
on: [{ manual: {} }]
steps:
  - { id: begin, title: Begin, set: { a: 1 } }
  - { id: rest, title: Rest a while, wait: { for: 1h } }
  - { id: finish, title: Finish it, set: { b: 2 } }
`;

const CAREFUL = `kind: playbook/v1
id: careful
title: Block with care
uses: { host: nftables }
on: [{ manual: {} }]
inputs: { ip: { type: string } }
steps:
  - { id: before, title: Take a breath, wait: { for: 1s } }
  - { id: nap, title: Wait a while, wait: { for: 1h } }
  - { id: block, title: Block it, action: host.ban_ip, with: { ip: "\${{ inputs.ip }}" }, lease: { for: 2h } }
`;

let console_: OpenConsole;
const runs: Record<'hostile' | 'small' | 'large' | 'careful', string> = {
  hostile: '',
  small: '',
  large: '',
  careful: '',
};

async function ran(id: string, inputs: object): Promise<string> {
  const { id: run } = await console_.client.startRun({ id, body: { inputs: inputs as never, wait: false } });
  return run;
}

async function ended(run: string): Promise<void> {
  await until(`the run ${run} ends`, async () => (await console_.client.getRunOverview({ id: run })).ended_at !== null);
}

beforeAll(async () => {
  console_ = await openConsole();
  const { client } = console_;
  for (const source of [HOSTILE, SWEEP, SLOW, CAREFUL]) await client.publishPlaybook({ body: { source } });
  runs.hostile = await ran('hostile', {});
  runs.small = await ran('sweep', { count: 3, list: [1, 2, 3] });
  runs.large = await ran('sweep', { count: 3_000, list: [...Array(3_000).keys()] });
  runs.careful = await ran('careful', { ip: '203.0.113.66' });
  for (const run of [runs.hostile, runs.small, runs.large]) await ended(run);
  console_.complaints.forget();
});
afterAll(() => console_?.close());

describe('the list of runs', () => {
  it('finds runs by state and text, keeps that in its address, and opens one by keyboard', async () => {
    const { page, goto } = console_;
    await goto('/runs?status=failed');
    await page.getByRole('grid', { name: 'Runs' }).getByText('It cannot go on').waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.getByRole('searchbox', { name: /Search playbook/ }).fill('sweep');
    await page.getByText('No run fits').waitFor();
    expect(page.url()).toContain('q=sweep');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    const grid = page.getByRole('grid', { name: 'Runs' });
    await grid.waitFor();
    await grid.focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/runs/${runs.careful}**`);
    await console_.expectClean();
  });

  it('does not move while one reads: what begins is counted, and brought in on demand', async () => {
    const { page, goto } = console_;
    await goto('/runs');
    const rows = page.getByRole('grid', { name: 'Runs' }).getByRole('row');
    const before = await rows.count();
    const run = await ran('hostile', {});
    await page.getByRole('button', { name: '1 new' }).click();
    await until('it is in the list', async () => (await rows.count()) === before + 1);
    await ended(run);
  });
});

describe('a run', () => {
  it('is lit on its playbook and laid along the time, and its steps open beside it', async () => {
    const { page, goto } = console_;
    await goto(`/runs/${runs.small}`);
    await page.getByRole('option', { name: /Every number/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('3 of 3 done').waitFor();
    await drawer.getByRole('list', { name: 'Items' }).getByRole('button').nth(1).click();
    await drawer.getByText('Steps of this item').waitFor();
    expect(decodeURIComponent(page.url())).toContain('step=each[1]');
    await drawer.getByRole('button', { name: 'Next item' }).click();
    await page.waitForURL(/step=each%5B2%5D/);
    await console_.expectClean();
    await page.keyboard.press('Escape');
    await until('the drawer is closed', async () => (await drawer.count()) === 0);
  });

  it('with thousands of steps finds the one that failed', async () => {
    const { page, goto } = console_;
    await goto(`/runs/${runs.large}?step=each`);
    const drawer = page.getByRole('dialog');
    await drawer.getByText('3,000 of 3,000 done, 1 failed').waitFor();
    const items = drawer.getByRole('list', { name: 'Items' }).getByRole('listitem');
    expect(await items.count()).toBe(1);
    await items.getByRole('button', { name: /item 8/ }).click();
    await drawer.getByRole('alert').filter({ hasText: 'Why it failed' }).waitFor();
    await console_.expectClean();
  });

  it('with thousands of steps is told as a story that is read in part, looked through as a whole, and walked by keys', async () => {
    const { page, goto } = console_;
    await goto(`/trace/run:${runs.large}`);
    await page.getByRole('button', { name: 'Read all 3,004' }).waitFor();
    await page.getByText('1,499+ steps').waitFor();
    await page.getByRole('searchbox', { name: 'Find in this story' }).fill('division failed');
    await page.getByText('1 found', { exact: true }).waitFor();
    await page.getByText('3,003 steps').waitFor();
    await page.getByRole('treeitem', { name: /Division by zero.*item 8/ }).waitFor();
    await console_.expectClean();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    const tree = page.getByRole('tree');
    await until('all of it is shown again', async () => (await page.getByText('1 found').count()) === 0);
    await tree.focus();
    await page.keyboard.press('End');
    await tree.getByText('Worked out bad').waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await until('it is folded', async () => (await tree.getByRole('treeitem').count()) === 1);
  });

  it('shows hostile text as text', async () => {
    const { page, goto } = console_;
    await goto(`/runs/${runs.hostile}?step=odd`);
    const drawer = page.getByRole('dialog');
    await drawer.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await page.locator('img[src=x]').count()).toBe(0);
    await page.getByText('It cannot go on: <b>nope</b>').first().waitFor();
    await console_.expectClean();
  });

  it('that waits can be paused, and a step of it skipped, for a reason', async () => {
    const { page, client, goto } = console_;
    const id = runs.careful;
    await until('it naps', async () => (await client.getRunOverview({ id })).open[0]?.address === 'nap');
    await goto(`/runs/${id}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause this run?' });
    await dialog.getByLabel('Why').fill('maintenance');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('maintenance').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    const resume = page.getByRole('dialog', { name: 'Let this run go on?' });
    await resume.getByLabel('Why').fill('over');
    await resume.getByRole('button', { name: 'Resume' }).click();
    await until('it goes on', async () => !(await client.getRunOverview({ id })).paused);
    await page.getByRole('option', { name: /Wait a while/ }).click();
    await page.getByRole('button', { name: 'Skip…' }).click();
    const skip = page.getByRole('dialog', { name: 'Skip this step?' });
    await skip.getByLabel('Why').fill('no need');
    await skip.getByRole('button', { name: 'Skip' }).click();
    await ended(id);
    await page.getByRole('option', { name: /Block it/ }).waitFor();
    expect((await client.getRunStep({ id, address: 'nap' })).skipped_by?.reason).toBe('no need');
  });

  it('that has ended is taken up from a step with edited input, and what it did is undone', async () => {
    const { page, client, goto } = console_;
    await goto(`/runs/${runs.careful}?step=block`);
    await page.getByRole('button', { name: 'Retry from here…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take the run up from here?' });
    await dialog.getByLabel('Edit what it is given').check();
    const editor = dialog.getByRole('textbox', { name: 'Arguments' });
    await editor.fill('{ "ip": ');
    expect(await editor.getAttribute('aria-invalid')).toBe('true');
    await editor.fill('{ "ip": "203.0.113.67" }');
    await dialog.getByLabel('Why').fill('the other one');
    await dialog.getByRole('button', { name: 'Take up' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(runs.careful));
    const next = new URL(page.url()).pathname.slice('/runs/'.length);
    await ended(next);
    expect((await client.getRunStep({ id: next, address: 'block' })).input).toEqual({ ip: '203.0.113.67' });
    await goto(`/runs/${next}?tab=changes`);
    await page.getByRole('button', { name: 'Undo all of it…' }).click();
    const undo = page.getByRole('dialog');
    await undo.getByText('This would be undone').waitFor();
    await undo.getByLabel('Why').fill('a test');
    await undo.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('Nothing of it is in force any more.').waitFor();
    await console_.expectClean();
  });

  it('tells every fact of its journal, and says when it is not there', async () => {
    const { page, goto } = console_;
    await goto(`/runs/${runs.small}?tab=journal`);
    await page.getByRole('grid', { name: 'Journal' }).getByText('the run ended').waitFor();
    await console_.expectClean();
    await page.goto('/runs/no-such-run');
    await page.getByText('There is no run no-such-run.').waitFor();
    console_.complaints.forget();
  });
});

describe('a run that goes on', () => {
  it('is followed live: what happens elsewhere is seen without a reload', async () => {
    const { page, client, goto } = console_;
    const id = await ran('slow', {});
    await until('it rests', async () => (await client.getRunOverview({ id })).open[0]?.address === 'rest');
    await goto(`/runs/${id}`);
    const canvas = page.getByRole('application', { name: /What the run did/ });
    await canvas.getByRole('img', { name: /Rest a while.*waiting/ }).waitFor();
    const resting = page.getByRole('option', { name: /Rest a while/ });
    await until('the open step is followed', async () => (await resting.getAttribute('aria-selected')) === 'true');
    expect(await page.getByRole('option', { name: /Finish it/ }).count()).toBe(0);
    await page.evaluate('globalThis.sameDocument = true');
    await client.skipStep({ id, body: { address: 'rest', reason: 'from elsewhere' } });
    await page.getByRole('option', { name: /Finish it/ }).waitFor();
    await canvas.getByRole('img', { name: /Finish it.*succeeded/ }).waitFor();
    await page.getByText('succeeded', { exact: true }).first().waitFor();
    await until(
      'nothing is left to steer',
      async () => (await page.getByRole('button', { name: 'Pause' }).count()) === 0,
    );
    expect(await page.evaluate('globalThis.sameDocument')).toBe(true);
    await console_.expectClean();
  });
});

describe('two runs', () => {
  it('are put side by side, the first difference on top', async () => {
    const { page, goto } = console_;
    await goto(`/runs/compare?a=${runs.small}`);
    await page.getByLabel('Run B').first().click();
    await page
      .getByRole('option', { name: /Sweep many numbers/ })
      .first()
      .click();
    await page.getByText(/They part at/).waitFor();
    for (const name of ['What run A did', 'What run B did']) {
      await page
        .getByRole('application', { name: new RegExp(name) })
        .getByRole('img')
        .first()
        .waitFor();
    }
    await settled(page);
    expect(page.url()).toContain(`b=${runs.large}`);
    await console_.expectClean();
  });
});
