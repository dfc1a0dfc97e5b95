import { createParticipantClient, type ParticipantClient } from '@counterpoint/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, OWNER, openConsole, scrollsSideways, settled, signIn } from './support/console.ts';
import { HOSTILE } from './support/hostile.ts';

let open: OpenConsole;
let page: Page;
let participant: ParticipantClient | undefined;
/** Dialogs of the browser that something opened: a script of somebody else ran. */
const dialogs: string[] = [];

const { markup = '', style = '', bidi = '', control = '', stacked = '' } = HOSTILE;
/** A credential that nothing may ever show. */
const CANARY = 'CANARY-9d1f';
const LINK = 'javascript:alert(document.domain)//https://bank.example';
const HREF = `[click](${LINK}) <a href="${LINK}">here</a> <svg onload=alert(1)>`;
const TITLES = { ...HOSTILE, href: HREF, link: LINK };

/** Ids of what was made to harm whoever looks at it. */
const made = { alert: '', case: '', run: '', event: '' };

async function sendAlerts(): Promise<void> {
  for (const [id, title] of Object.entries(TITLES)) {
    const answer = await fetch(`${open.server.url}/hooks/generic`, {
      method: 'POST',
      headers: { authorization: `Bearer ${open.server.sources.generic}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id, title, severity: 'high', host: title.slice(0, 300), url: LINK, user: bidi }),
    });
    expect(answer.status).toBeLessThan(300);
  }
  const all = Object.keys(TITLES).length;
  await until('every alert is there', async () => (await open.client.alertFacets({})).total === all);
}

const SOURCE = `kind: playbook/v1
id: hostile
title: ${JSON.stringify(`${bidi} ${markup}`)}
description: ${JSON.stringify(`${style} ${control.replaceAll('\0', '')} ${HREF}`)}
on: [{ manual: {} }]
steps:
  - id: say
    title: ${JSON.stringify(markup)}
    set: { text: ${JSON.stringify(`${bidi}${stacked}${style}`)} }
  - id: stop
    fail: ${JSON.stringify(`${markup} ${bidi}`)}
`;

async function makeHostile(): Promise<void> {
  const { client, server } = open;
  await sendAlerts();
  made.alert = (await client.listAlerts({ query: { q: 'onerror' } })).items[0]?.id ?? '';
  made.case = (await client.createCase({ body: { title: `${bidi} ${HREF}`, summary: markup + style } })).id;
  for (const text of [markup, control.replaceAll('\0', ''), HREF, stacked, 'w'.repeat(19_000)])
    await client.addNote({ id: made.case, body: { text } });
  const title = `${bidi} ${markup}`.slice(0, 100);
  await client.createConnection({
    body: {
      id: 'hostile',
      connector: 'fortigate',
      title,
      config: { base_url: 'http://127.0.0.1:9' } as never,
      network: 'lab',
      secrets: { api_token: CANARY },
    },
  });
  await client.createParticipant({ body: { id: 'hostile', title, rights: { publish: ['dxl.>'] } } });
  const { token } = await client.createParticipantToken({ id: 'hostile', body: { title: markup } });
  participant = createParticipantClient({ url: server.url, token });
  await participant.join({ title });
  made.event = await participant.publish({
    topic: 'dxl.hostile.v1',
    subject: `${bidi} ${markup}`,
    data: { [markup]: TITLES },
  });
  await client.saveDraft({ id: 'hostile', body: { source: SOURCE, rev: 0 } });
  await client.publishPlaybook({ body: { source: SOURCE } });
  made.run = (await client.startRun({ id: 'hostile', body: {} })).id;
}

/** Somebody else who signs in with the same browser. */
const OTHER = { id: 'somebody-else', name: 'eve', role: 'analyst' };

const text = (on: Page) => on.getByRole('textbox', { name: 'Text of the playbook' });

/** Writes at the end of the text of a playbook. */
async function write(on: Page, line: string): Promise<void> {
  await text(on).click();
  await on.keyboard.press('Control+End');
  await on.keyboard.type(line, { delay: 5 });
}

/** Ends every session behind the page's back. */
async function endSession(): Promise<void> {
  const { items } = await open.client.listSessions();
  for (const { id } of items) await open.client.endSession({ id });
}

/** Signs in over the page that stands. */
async function signInAgain(): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'You were signed out' });
  await dialog.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  open.complaints.forget();
}

/** Where characters that turn or hide others stand in the page as they are. */
async function rawMarks(): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const turning = /[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\u0007\\u001b]/;
    const attributes = [...document.querySelectorAll('*')].flatMap((element) =>
      [...element.attributes].filter(({ value }) => turning.test(value)).map(({ name }) => element.tagName + ' ' + name));
    return [...attributes, ...(turning.test(document.title + document.body.innerText) ? ['text'] : [])];
  })()`);
}

describe.sequential('bad days', () => {
  beforeAll(async () => {
    open = await openConsole();
    page = open.page;
    page.on('dialog', async (dialog) => {
      dialogs.push(dialog.message());
      await dialog.dismiss();
    });
    await makeHostile();
    open.complaints.forget();
  });
  afterAll(async () => {
    participant?.close();
    await open?.close();
  });

  it('shows what is hostile as what it is, on every screen', async () => {
    const wrong: string[] = [];
    for (const path of [
      '/',
      '/alerts',
      `/alerts/${made.alert}`,
      `/alerts/${made.alert}?tab=observables`,
      `/alerts/${made.alert}?tab=raw`,
      '/cases',
      `/cases/${made.case}`,
      '/playbooks',
      '/playbooks/hostile',
      '/playbooks/hostile?tab=versions',
      '/runs',
      `/runs/${made.run}`,
      `/runs/${made.run}?step=say`,
      `/trace/${encodeURIComponent(`alert:${made.alert}`)}`,
      `/trace/${encodeURIComponent(`event:${made.event}`)}`,
      `/trace/${encodeURIComponent(`run:${made.run}`)}`,
      '/fabric',
      '/fabric?view=list',
      '/fabric/topics?topic=dxl.hostile.v1',
      '/fabric/participants',
      '/fabric/participants/hostile',
      '/connectors',
      '/connectors/fortigate',
      '/connections/hostile',
      '/audit',
      '/sources/generic',
    ]) {
      await page.setViewportSize({ width: 360, height: 800 });
      await open.goto(path);
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await settled(page);
        if (await scrollsSideways(page)) wrong.push(`${path} ${width}: scrolls sideways`);
        const alive = await page
          .locator('img[src="x"], main script, iframe, [onerror], [onload], a[href^="javascript:" i]')
          .count();
        if (alive > 0) wrong.push(`${path} ${width}: ${alive} live elements`);
        wrong.push(...(await rawMarks()).map((where) => `${path} ${width}: turning characters in ${where}`));
        if (!/ Counterpoint$/.test(await page.title())) wrong.push(`${path} ${width}: title ${await page.title()}`);
        if ((await page.content()).includes(CANARY)) wrong.push(`${path} ${width}: shows a credential`);
        wrong.push(...open.complaints.all.map((one) => `${path} ${width}: ${one}`));
        open.complaints.forget();
      }
    }
    expect([...wrong, ...dialogs].join('\n')).toBe('');
  });

  it('finds it in the palette and tells of it in notices as text', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await open.goto('/connections/hostile');
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText(/Disabled invoice\[U\+202E\]/).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search and go anywhere').fill('onerror');
    await page
      .getByText(/^<img src=x onerror/)
      .first()
      .waitFor();
    expect(await page.locator('img[src="x"], [onerror]').count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(await rawMarks()).toEqual([]);
    expect([...open.complaints.all, ...dialogs]).toEqual([]);
  });

  it('keeps rows in their order and at their height beside what is hostile', async () => {
    await open.goto('/alerts');
    const rows = page.getByRole('grid', { name: 'Alerts' }).getByRole('row');
    const heights = new Set<number>();
    for (const row of (await rows.all()).slice(1)) heights.add(Math.round((await row.boundingBox())?.height ?? 0));
    expect([...heights]).toHaveLength(1);
  });

  it('keeps a connection that is being set up when the session ends, its secret included', async () => {
    await open.goto('/connectors/fortigate');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const form = page.getByRole('dialog', { name: /^Connect/ });
    await form.getByLabel(/^Name/).fill('Long thought about');
    await form.locator('[data-field=base_url]').first().fill('http://127.0.0.1:9');
    await form.locator('[data-field=api_token]').first().fill('CANARY-77c1');
    await form.getByLabel('This machine').check();
    await endSession();
    await form.getByRole('button', { name: 'Save untested' }).click();
    await signInAgain();
    expect(await form.getByLabel(/^Name/).inputValue()).toBe('Long thought about');
    await form.getByRole('button', { name: 'Save untested' }).click();
    await page.waitForURL(/connections\/long_thought_about/);
    await form.waitFor({ state: 'detached' });
    await page.getByText('set; in the vault').waitFor();
    expect(await page.content()).not.toContain('CANARY-77c1');
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain('CANARY-77c1');
  });

  it('keeps a note and a draft when the session ends, and goes on with both', async () => {
    await open.goto(`/cases/${made.case}`);
    const note = page.getByRole('textbox', { name: 'Note' });
    await note.fill('thought of at night');
    await endSession();
    await page.getByRole('button', { name: 'Add the note' }).click();
    await signInAgain();
    expect(await note.inputValue()).toBe('thought of at night');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await expect.poll(() => note.inputValue()).toBe('');
    await open.goto('/playbooks/hostile');
    await write(page, '# typed without a session');
    await endSession();
    await signInAgain();
    await page.getByRole('status').filter({ hasText: 'Draft saved' }).waitFor();
    expect((await open.client.getDraft({ id: 'hostile' })).source).toContain('# typed without a session');
  });

  it('throws away what was not sent when somebody signs out by choice, says so before, and never shows it to another', async () => {
    const context = await open.browser.newContext({ baseURL: open.server.url });
    const [tab, beside] = [await context.newPage(), await context.newPage()];
    await signIn(tab);
    const kept = async (on: Page) => String(await on.evaluate('JSON.stringify(localStorage)'));
    for (const on of [tab, beside]) await on.goto(`/cases/${made.case}`);
    await tab.getByRole('textbox', { name: 'Note' }).fill('of Ada alone');
    await expect.poll(() => kept(tab)).toContain('of Ada alone');
    const asOther = await context.newPage();
    await asOther.route(/\/api\/v1\/session$/, async (route) => {
      const answer = await (await route.fetch()).json();
      await route.fulfill({ json: { ...answer, session: { ...answer.session, user: { ...OTHER } } } });
    });
    await asOther.goto(`/cases/${made.case}`);
    expect(await asOther.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('');
    await asOther.close();
    await tab.getByRole('button', { name: 'You and the page' }).click();
    await tab.getByRole('menuitem', { name: 'Sign out' }).click();
    const dialog = tab.getByRole('dialog', { name: /throw away what you have not sent/ });
    await dialog.getByRole('link', { name: 'A note on a case' }).waitFor();
    await dialog.getByRole('button', { name: 'Throw away and sign out' }).click();
    for (const on of [tab, beside]) {
      await on.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await kept(on)).not.toContain('of Ada alone');
    }
    await context.close();
  });

  it('notices also without a click that the session has ended', async () => {
    await open.goto('/sources');
    await endSession();
    await signInAgain();
  });

  it('takes a wrong present password for what it is, not for an ended session', async () => {
    await open.goto('/settings');
    await page.getByLabel('Present password').fill('wrong');
    await page.getByLabel('New password').fill('another quiet counterpoint of bells');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The name or the password is not right.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    open.complaints.forget();
  });

  it('brings together what two people write at once, loses neither, and publishes it', async () => {
    const body =
      'kind: playbook/v1\nid: shared\ntitle: Shared\non: [{ manual: {} }]\nsteps:\n  - { id: one, set: { a: 1 } }\n';
    await open.client.saveDraft({ id: 'shared', body: { source: body, rev: 0 } });
    const other = await open.browser.newContext({ baseURL: open.server.url, viewport: { width: 1280, height: 800 } });
    const theirs = await other.newPage();
    await signIn(theirs);
    await theirs.goto('/playbooks/shared');
    await open.goto('/playbooks/shared');
    await text(theirs).waitFor();
    await write(theirs, '  - { id: theirs, set: { b: 2 } }');
    await theirs.getByRole('status').filter({ hasText: 'Draft saved' }).waitFor();
    await write(page, '  - { id: mine, set: { c: 3 } }');
    await page.getByRole('button', { name: /Somebody else saved/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Mine, then theirs').click();
    await dialog.getByRole('button', { name: 'Take this text' }).click();
    await page.getByRole('status').filter({ hasText: 'Draft saved' }).waitFor();
    await page.getByText('No problems').waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText(/is published/).waitFor();
    const { source } = await open.client.getPlaybook({ id: 'shared' });
    expect(source).toContain('id: mine');
    expect(source).toContain('id: theirs');
    await write(theirs, '  # from the first');
    await theirs.getByRole('button', { name: /Somebody else saved/ }).waitFor();
    await other.close();
    open.complaints.forget();
  });

  it('goes nowhere else after signing in, and shows nothing to who is not', async () => {
    const stranger = await open.browser.newContext({ baseURL: open.server.url });
    const tab = await stranger.newPage();
    for (const to of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      LINK,
      '/%0d//evil.example',
      '/..//evil.example',
    ]) {
      await stranger.clearCookies();
      await tab.goto(`/sign-in?to=${encodeURIComponent(to)}`);
      await tab.getByLabel('Name').fill(OWNER.name);
      await tab.getByLabel('Password', { exact: true }).fill(OWNER.password);
      await tab.getByRole('button', { name: 'Sign in', exact: true }).click();
      await tab.getByRole('navigation').first().waitFor();
      expect(new URL(tab.url()).origin, to).toBe(open.server.url);
    }
    await stranger.clearCookies();
    await tab.goto(`${open.server.url}//evil.example/cases`);
    expect(new URL(tab.url()).origin).toBe(open.server.url);
    await tab.goto('/cases');
    await tab.waitForURL(/sign-in/);
    expect(await tab.content()).not.toContain('invoice');
    await stranger.close();
  });
});
