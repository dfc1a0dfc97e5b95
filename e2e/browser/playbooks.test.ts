import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenConsole, openConsole } from './support/console.ts';
import { largePlaybook, watchKeys } from './support/large-playbook.ts';
import { type PlaybookPage, playbookPage, START } from './support/playbook-page.ts';

let console: OpenConsole;
let page: Page;
let open: PlaybookPage['open'];
let canvas: PlaybookPage['canvas'];
let box: PlaybookPage['box'];
let text: PlaybookPage['text'];
let saved: PlaybookPage['saved'];
beforeAll(async () => {
  console = await openConsole({ width: 1500, height: 900 });
  page = console.page;
  ({ open, canvas, box, text, saved } = playbookPage(console));
  await console.goto('/playbooks');
  console.complaints.forget();
});
afterAll(() => console?.close());

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

describe.sequential('playbooks in the console', () => {
  it('begins with a template, and the list has it', async () => {
    await console.goto('/playbooks');
    await page.getByRole('button', { name: 'New playbook' }).click();
    await page.getByLabel('Title', { exact: true }).fill('Block an address');
    expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('block_an_address');
    await page.getByLabel('Ask before a block').check();
    await page.getByRole('button', { name: 'Create' }).click();
    await box('block').waitFor();
    await page.getByText('No problems').waitFor();
    await console.expectClean();
    await console.goto('/playbooks');
    await page.getByRole('link', { name: 'Block an address' }).waitFor();
    await console.expectClean();
  });

  it('draws what is written, as it is written', async () => {
    await open('practice', START);
    await text().click();
    await press('Control+End');
    await page.keyboard.type('  - id: third\nset: { more: 1 }', { delay: 15 });
    await box('third').waitFor();
    expect(await saved()).toBe(`${START}  - id: third\n    set: { more: 1 }`);
    await console.expectClean();
  });

  it('shows what is wrong in the text, on the step and in a list that leads there', async () => {
    await open('practice', START.replace('steps.first.seen', 'steps.frist.seen'));
    await box('second, copy').or(box('second')).first().waitFor();
    await page.getByRole('button', { name: /1 error/ }).click();
    await page.getByRole('list', { name: 'Problems' }).getByRole('button').click();
    expect(await box('second').getAttribute('aria-label')).toContain('1 error');
    await page.locator('.cm-activeLine').filter({ hasText: 'frist' }).waitFor();
    await console.expectClean();
  });

  it('selects the step that the cursor is in, and shows the text of the step that is selected', async () => {
    await open('practice', START);
    await box('second').click();
    await page.locator('.cp-step-line').filter({ hasText: 'second' }).waitFor();
    await page.waitForURL(/step=second/);
    await text().getByText('first', { exact: true }).first().click();
    await page.waitForURL(/step=first/);
  });

  it('selects the step of the address again on the way back and forward', async () => {
    await open('practice', START);
    await box('first').click();
    await page.waitForURL(/step=first/);
    await page.getByRole('tab', { name: 'Runs' }).click();
    await page.getByRole('tab', { name: 'Edit' }).click();
    await box('second').click();
    await page.waitForURL(/step=second/);
    const marked = (id: string) => page.locator('.cp-step-line').filter({ hasText: `id: ${id}` });
    await page.evaluate('history.go(-2)');
    await marked('first').waitFor();
    expect(new URL(page.url()).searchParams.get('step')).toBe('first');
    await page.evaluate('history.go(2)');
    await marked('second').waitFor();
    await page.getByText('Outline', { exact: true }).click();
    await page.evaluate('history.go(-2)');
    await page.getByRole('treeitem', { name: /first/, selected: true }).waitFor();
    await page.getByText('Canvas', { exact: true }).click();
  });

  it('adds, renames, wraps, moves and deletes from the canvas, touching no other line; undo takes all of it back', async () => {
    await open('practice', START);
    await box('first').click();
    await press('a');
    await page.getByLabel('Search steps').fill('wait');
    await press('Enter');
    await box('pause').waitFor();
    expect(await saved()).toContain('    set: { seen: true }   # kept as it is\n  - id: pause\n');

    await box('first').click();
    await press('F2');
    await page.getByLabel('Id', { exact: true }).fill('begin');
    await press('Enter');
    await box('begin').waitFor();
    await page.locator('.cm-content').filter({ hasText: 'steps.begin.seen' }).waitFor();
    expect(await saved()).toContain(
      '  # What comes first.\n  - id: begin\n    set: { seen: true }   # kept as it is\n',
    );

    await box('second').click();
    await press('Alt+ArrowUp');
    await expect
      .poll(async () => (await saved()).indexOf('id: second') < (await saved()).indexOf('id: pause'))
      .toBe(true);

    await canvas().focus();
    await press('w');
    await page.getByRole('menuitem', { name: 'For each' }).click();
    await expect.poll(saved).toContain('foreach:');

    await box('pause').click();
    await press('Delete');
    await box('pause').waitFor({ state: 'detached' });
    expect(await saved()).not.toContain('id: pause');

    await canvas().focus();
    await press('Control+z', 'Control+z', 'Control+z', 'Control+z', 'Control+z');
    await expect.poll(saved).toBe(START);
    await console.expectClean();
  });

  it('wraps what is chosen together by Shift in one block, and begins a list for errors', async () => {
    await open('practice', START);
    await box('first').click();
    await press('Shift+ArrowDown', 'w');
    await page.getByText('2 steps', { exact: true }).waitFor();
    await page.getByRole('menuitem', { name: 'For each' }).click();
    await expect
      .poll(saved)
      .toContain(
        '    do:\n      # What comes first.\n      - id: first\n        set: { seen: true }   # kept as it is\n',
      );
    expect(await saved()).toMatch(/ {6}- id: second\n/);
    await canvas().focus();
    await press('Control+z');
    await expect.poll(saved).toBe(START);
    await box('first').click();
    await box('second').click({ modifiers: ['Shift'] });
    await box('second').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete them' }).click();
    await box('first').waitFor({ state: 'detached' });
    await box('second').waitFor({ state: 'detached' });
    await canvas().focus();
    await press('Control+z');
    await expect.poll(saved).toBe(START);
    await page.getByRole('button', { name: 'Add a step for errors or for the end' }).click();
    await page.getByRole('menuitem', { name: /^On error/ }).click();
    await page.getByLabel('Search steps').fill('set');
    await press('Enter');
    await expect.poll(saved).toMatch(/\non_error:\n\s+- id: \w+\n\s+set:/);
    expect((await saved()).startsWith(START)).toBe(true);
    await console.expectClean();
  });

  it('changes steps that are written in brackets, says that these were opened, and undo closes them again', async () => {
    const flow = `${START}  - { id: third, if: steps.first.seen, then: [{ id: fourth, set: { x: 1 } }, { id: fifth, set: { y: 2 } }] }\n`;
    await open('practice', flow);
    await box('fourth').click();
    await press('Alt+ArrowDown');
    await page.getByText(/written in brackets there has lines of its own/).waitFor();
    await expect
      .poll(saved)
      .toBe(
        `${START}  - id: third\n    if: steps.first.seen\n    then:\n      - { id: fifth, set: { y: 2 } }\n      - { id: fourth, set: { x: 1 } }\n`,
      );
    await canvas().focus();
    await press('Control+z');
    await expect.poll(saved).toBe(flow);
  });

  it('has room for everything that can be done to a step on a phone', async () => {
    await open('practice', START);
    await page.setViewportSize({ width: 360, height: 640 });
    try {
      await box('first').waitFor();
      await canvas().focus();
      await press('ArrowDown', 'w');
      const last = page.getByRole('menuitem', { name: /^Delete/ });
      await last.waitFor();
      await expect.poll(async () => ((await last.boundingBox())?.y ?? 999) + 20).toBeLessThan(640);
      await press('Escape');
      await console.expectClean();
    } finally {
      await page.setViewportSize({ width: 1500, height: 900 });
    }
  });

  it('renames a step in its tests too, and takes both back together', async () => {
    await open('practice', START);
    const source = `kind: playbook_test/v1\nplaybook: practice\ntests:\n  - name: well\n    expect: { status: succeeded, steps: { first: { status: succeeded } } }  # kept\n`;
    await console.client.savePlaybookTest({ id: 'practice', name: 'mine', body: { source, rev: 0 } });
    const test = async () => {
      const { items } = await console.client.listPlaybookTests({ id: 'practice' });
      return items.find(({ name }) => name === 'mine') ?? { source: '', rev: 0 };
    };
    await box('first').click();
    await press('F2');
    await page.getByLabel('Its tests follow: mine').waitFor();
    await page.getByLabel('Id', { exact: true }).fill('begin');
    await press('Enter');
    await expect.poll(async () => (await test()).source).toBe(source.replace('first:', 'begin:'));
    await expect.poll(saved).toContain('id: begin');
    await console.expectClean();

    // Somebody else adds to the test meanwhile: that stays.
    const { source: renamed, rev } = await test();
    await console.client.savePlaybookTest({
      id: 'practice',
      name: 'mine',
      body: { source: `${renamed}# theirs\n`, rev },
    });
    await box('begin').click();
    await press('Control+z');
    await expect.poll(async () => (await test()).source).toBe(`${source}# theirs\n`);
    await expect.poll(saved).toBe(START);
    await press('Control+y');
    await expect.poll(async () => (await test()).source).toBe(`${renamed}# theirs\n`);
    await expect.poll(saved).toContain('id: begin');

    // What followed is known after a reload, too, and goes back with the draft; undo brings both again.
    await console.client.publishPlaybook({ body: { source: START } });
    await console.goto('/playbooks/practice');
    await box('begin').waitFor();
    const kept = await saved();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Discard the draft' }).click();
    await page.getByText('Its tests go back too: mine.').waitFor();
    await console.expectClean();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await expect.poll(async () => (await test()).source).toBe(`${source}# theirs\n`);
    await page.locator('.cm-content').click();
    await press('Control+z');
    await expect.poll(async () => (await test()).source).toBe(`${renamed}# theirs\n`);
    await expect.poll(saved).toBe(kept);
    await console.client.deletePlaybookTest({ id: 'practice', name: 'mine', query: { rev: (await test()).rev } });
    await press('Control+y');
    await page.getByText('Left as it is: mine').waitFor();
    await expect.poll(saved).toBe(START);
  });

  it('puts a step where it is dropped', async () => {
    await open('practice', START);
    await page.getByRole('button', { name: 'Add step' }).click();
    await page.getByLabel('Search steps').fill('publish');
    const line = canvas().locator('.react-flow__edge').first().locator('path').nth(1);
    await page.getByRole('button', { name: /^Publish Announce/ }).dragTo(line, { force: true });
    await expect.poll(saved).toMatch(/steps:\n(.*\n)?.*- id: \w+\n\s+publish:/);
    await press('Control+z');
  });

  it('shows before publishing what changes, and goes back to an earlier version', async () => {
    await open('practice', START);
    const publish = async () => {
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
      await page.getByText(/is published/).waitFor();
    };
    await publish();
    await page.getByRole('status').filter({ hasText: 'As published' }).waitFor();
    await box('first').click();
    await press('Control+d');
    await saved();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page
      .getByRole('dialog')
      .getByText(/first_2|added|new step/i)
      .first()
      .waitFor();
    await console.expectClean();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText(/Version 2 is published/).waitFor();
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByRole('textbox', { name: 'From 1 to 2' }).waitFor();
    await console.expectClean();
    await page.getByRole('button', { name: 'Roll back to this' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByText('Version 1 is current again').waitFor();
    await page.getByRole('tab', { name: 'Edit' }).click();
    await box('second').waitFor();
    expect((await console.client.getPlaybook({ id: 'practice' })).source).toBe(START);
  });

  it('loses nothing when two people write: the second save shows both, and a choice where they collide', async () => {
    await open('practice', START);
    const rev = (await console.client.getDraft({ id: 'practice' })).rev;
    const theirs = START.replace('title: "Practice"', 'title: "Theirs"').replace('{ seen: true }', '{ seen: theirs }');
    await console.client.saveDraft({ id: 'practice', body: { source: theirs, rev } });
    await text().getByText('seen', { exact: false }).first().click();
    await press('Control+Home', ...Array(9).fill('ArrowDown'), 'Home', ...Array(5).fill('ArrowRight'));
    await page.keyboard.type('  # mine');
    await page.getByRole('button', { name: /Somebody else saved/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Theirs', { exact: true }).first().waitFor();
    console.complaints.forget();
    await console.expectClean();
    await dialog.getByText('Mine, then theirs').click();
    await dialog.getByRole('button', { name: 'Take this text' }).click();
    await expect.poll(saved).toContain('title: "Theirs"');
    const merged = await saved();
    expect(merged).toContain('# mine');
    expect(merged).toContain('{ seen: theirs }');
  });

  it('brings a test together too when two people write it', async () => {
    await open('practice', START);
    const source = `kind: playbook_test/v1\nplaybook: practice\ntests:\n  - name: well\n    expect: { status: succeeded }\n`;
    const { client } = console;
    const first = await client.savePlaybookTest({ id: 'practice', name: 'shared', body: { source, rev: 0 } });
    await console.goto('/playbooks/practice?tab=tests');
    await page.getByRole('button', { name: 'Change' }).click();
    const theirs = source.replace('name: well', 'name: very well');
    await client.savePlaybookTest({ id: 'practice', name: 'shared', body: { source: theirs, rev: first.rev } });
    await page.getByRole('textbox', { name: 'Text of the test' }).click();
    await press('Control+End');
    await page.keyboard.type('# mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Not saved yet: somebody else changed this test').waitFor();
    console.complaints.forget();
    await page.getByRole('textbox', { name: 'Text of the test' }).getByText('very well').waitFor();
    await console.expectClean();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Test saved').waitFor();
    const { items } = await client.listPlaybookTests({ id: 'practice' });
    expect(items.find(({ name }) => name === 'shared')?.source).toBe(`${theirs}# mine`);
  });

  it('keeps what was typed when the session ends, and saves it after signing in again', async () => {
    await open('practice', START);
    const cookies = await console.context.cookies();
    await text().click();
    await press('Control+End');
    await console.context.clearCookies();
    // All at once: the dialog that asks to sign in takes the focus as soon as anything is refused.
    await page.keyboard.insertText('# typed without a session');
    await page.getByText('You were signed out').waitFor();
    const kept = async () => String(await page.evaluate('JSON.stringify(localStorage)'));
    await expect.poll(kept).toContain('typed without a session');
    await console.context.addCookies(cookies);
    console.complaints.forget();
    await page.reload();
    await page.getByText(/Restored what was not saved/).waitFor();
    expect(await saved()).toContain('# typed without a session');
    await console.expectClean();
    await page.getByRole('button', { name: 'Drop it' }).click();
    await expect.poll(saved).toBe(START);
  });

  it('runs tests and lights their way, and tells what would be done with a pasted event', async () => {
    await console.goto('/playbooks/brute_force?tab=tests');
    await page.getByRole('button', { name: 'Run all tests' }).click();
    // Alerts start it, and nobody by hand.
    expect(await page.getByRole('button', { name: 'Start', exact: true }).count()).toBe(0);
    await page.getByText(/\d+ passed/).waitFor();
    await page.getByLabel('passed', { exact: true }).first().click();
    await canvas().locator('[data-state=succeeded]').first().waitFor();
    await console.expectClean();
    await page.getByText('Dry run', { exact: true }).first().click();
    await page.getByText('By hand').click();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText(/call/).first().waitFor();
    console.complaints.forget();
    await console.expectClean();
  });

  it('stays quick with five hundred steps', async () => {
    await console.client.saveDraft({ id: 'large', body: { source: largePlaybook(500), rev: 0 } });
    await console.goto('/playbooks/large');
    await box('value_0').waitFor();
    await text().click();
    await press('Control+End');
    const keys = await watchKeys(page);
    let looks = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/playbooks/outline')) looks += 1;
    });
    await page.keyboard.type('  # typing goes on while the checker looks at five hundred steps', { delay: 60 });
    const { millis, pauses } = await keys.read();
    const p95 = millis.toSorted((one, other) => one - other)[Math.floor(millis.length * 0.95)] ?? 0;
    process.stdout.write(`typing in 500 steps: p95 ${p95.toFixed(0)} ms over ${millis.length} keys\n`);
    // Whoever types waits for nobody: the checker is asked in pauses, not with every letter.
    expect(millis.length).toBeGreaterThan(50);
    expect(looks).toBeLessThanOrEqual(pauses + 1);
    await box('value_0').click();
    await press('End');
    await box('no_99').waitFor();
    await console.expectClean();
  });
});
