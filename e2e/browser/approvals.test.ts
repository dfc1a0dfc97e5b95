import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenConsole, openConsole, settled } from './support/console.ts';
import { wrongAtAnyWidth } from './support/every-width.ts';
import { HOSTILE } from './support/hostile.ts';

const ASKS = `kind: playbook/v1
id: ask_first
title: Ask before an address is blocked
uses: { fw: fortigate }
on:
  - manual: {}
inputs:
  ip: { type: string }
  why: { type: string }
steps:
  - id: decision
    approval: Block \${{ inputs.ip }}? \${{ inputs.why }}
    covers: [block]
    by: { role: analyst, delegate: true }
    form: { note: { type: string, minLength: 3 } }
    timeout: { after: 4h, then: deny }
  - id: block
    if: steps.decision.approved
    action: fw.ban_ip
    with: { ip: "\${{ inputs.ip }}" }
    lease: { for: 1d }
`;
const QUESTION = `kind: playbook/v1
id: ask_people
title: Ask who is testing
on:
  - manual: {}
steps:
  - id: known
    ask: Is it ours?
    of: { role: analyst }
    form:
      ours: { type: boolean }
      teams: { type: array, items: { type: string, enum: [red, blue] } }
      hours: { type: integer, minimum: 1, default: 2 }
outputs:
  ours: \${{ steps.known.form.ours }}
`;

let opened: OpenConsole;
beforeAll(async () => {
  opened = await openConsole();
  const soon = ASKS.replace('ask_first', 'ask_soon').replace('after: 4h', 'after: 3s');
  for (const source of [ASKS, soon, QUESTION]) await opened.client.publishPlaybook({ body: { source } });
});
afterAll(() => opened?.close());

async function asked(playbook: string, inputs: Record<string, string> = {}): Promise<{ id: string; run: string }> {
  const { client } = opened;
  const run = await client.startRun({ id: playbook, body: { inputs } });
  const query = { run: run.id, status: 'open,expired' };
  await expect.poll(async () => (await client.listInbox({ query })).items.length).toBe(1);
  const [item] = (await client.listInbox({ query })).items;
  return { id: item?.id ?? '', run: run.id };
}

describe('approvals', () => {
  it('show exactly what will run, and do it when they are approved, on a phone', async () => {
    const { page, goto, client, expectClean } = opened;
    await page.setViewportSize({ width: 360, height: 780 });
    const { id, run } = await asked('ask_first', { ip: '203.0.113.66', why: 'seen twice' });
    await goto('/approvals');
    await expectClean();
    await page.getByText('Block 203.0.113.66? seen twice').click();
    await page.waitForURL(`**/approvals/${id}`);
    await page.getByText('Ban an IP address (fortigate.ban_ip)').waitFor();
    await page.getByText('For 24 h; can be taken back').waitFor();
    await expectClean();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Note is needed').waitFor();
    await page.getByLabel('Note').fill('in the proxy log');
    await page.getByLabel('Why').fill('seen in three logs');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('It is decided.').waitFor();
    await expect.poll(async () => (await client.getRun({ id: run })).status).toBe('succeeded');
    const { votes } = await client.getInboxItem({ id });
    expect(votes).toMatchObject([{ name: 'ada', vote: 'approve', reason: 'seen in three logs' }]);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('tell at once that somebody else was quicker, or that time is over, and no link decides anything', async () => {
    const { page, goto, client, server, token } = opened;
    await page.setViewportSize({ width: 360, height: 780 });
    const { id } = await asked('ask_first', { ip: '203.0.113.69', why: 'twice' });
    await goto(`/approvals/${id}`);
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    // As scanners of mail and chat do with links, with all rights.
    for (const path of [`/approvals/${id}`, `/api/v1/inbox/${id}`, `/api/v1/inbox/${id}/approve`]) {
      await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${token}`, accept: 'text/html' } });
      await fetch(`${server.url}${path}`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
    }
    expect((await client.getInboxItem({ id })).status).toBe('open');
    await client.denyInboxItem({ id, body: { reason: 'by somebody else' } });
    await page.getByText('It is decided.').waitFor();
    await page.getByText('by somebody else').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    const late = await asked('ask_soon', { ip: '203.0.113.65', why: 'late' });
    await goto(`/approvals/${late.id}`);
    await page.getByText('Its time is over, and nobody can decide it any more.').waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('are not counted for anything else than was shown', async () => {
    const { page, goto, client } = opened;
    const { id } = await asked('ask_first', { ip: '203.0.113.67', why: '' });
    await goto(`/approvals/${id}`);
    await page.route('**/approve', async (route) => {
      const body = { ...(route.request().postDataJSON() as object), covers_hash: 'another' };
      await route.continue({ postData: JSON.stringify(body) });
    });
    await page.getByLabel('Note').fill('looks right');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('has changed since it was shown to you').waitFor();
    expect((await client.getInboxItem({ id })).status).toBe('open');
    await page.unroute('**/approve');
    opened.complaints.forget();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('It is decided.').waitFor();
    expect((await client.getInboxItem({ id })).status).toBe('denied');
  });

  it('answer questions by a form', async () => {
    const { page, goto, client, expectClean } = opened;
    const { id, run } = await asked('ask_people');
    await goto(`/approvals/${id}`);
    await page.getByRole('switch', { name: 'Ours' }).click();
    await page.locator('[data-field=teams]').first().click({ force: true });
    await page.getByRole('option', { name: 'blue' }).click();
    await page.keyboard.press('Escape');
    await expectClean();
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await expect.poll(async () => (await client.getRun({ id: run })).outputs).toEqual({ ours: true });
    expect((await client.getInboxItem({ id })).answer).toEqual({ ours: true, teams: ['blue'], hours: 2 });
  });

  it('hold hostile text, at every width in both themes', async () => {
    const { page, goto, expectClean } = opened;
    const { id } = await asked('ask_first', { ip: '203.0.113.68', why: `${HOSTILE.markup} ${HOSTILE.bidi}` });
    for (const path of ['/approvals', `/approvals/${id}`, '/approvals?show=decided']) {
      await goto(path);
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect(await wrongAtAnyWidth(page, 'hostile approval', () => settled(page))).toEqual([]);
      await expectClean();
    }
  });
});
