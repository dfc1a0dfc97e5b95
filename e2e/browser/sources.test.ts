import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleFor } from '../../apps/console/src/screens/sources/sending.ts';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole } from './support/console.ts';

const HOSTILE = `<img src=x onerror="document.title='owned'">\u202Egnp.exe\u0007 ${'A'.repeat(700)}`;

let console_: OpenConsole;
let secret = '';
beforeAll(async () => {
  console_ = await openConsole();
});
afterAll(() => console_?.close());

async function send(body: unknown): Promise<number> {
  const { server } = console_;
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (await fetch(`${server.url}/hooks/our_edr`, { method: 'POST', headers, body: text })).status;
}

describe('sources', () => {
  it('are added with a secret that is shown once, and a command that sends', async () => {
    const { page, goto, expectClean } = console_;
    await goto('/sources');
    await page.getByRole('button', { name: 'Add a source' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Name/).fill('Our EDR');
    await dialog.getByRole('radio', { name: /Generic JSON/ }).check();
    await dialog.getByRole('button', { name: 'Add it' }).click();
    await dialog.getByText('it is shown this once').waitFor();
    secret = (await dialog.locator('pre').first().innerText()).trim();
    expect(secret).toMatch(/^cps_/);
    await expectClean();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await page.waitForURL(/\/sources\/our_edr/);
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(async () => (await page.content()).includes(secret)).toBe(false);
  });

  it('have an account that adds up, also of what is hostile, empty or unreadable', async () => {
    const { page, client, goto, expectClean } = console_;
    const finding = { title: HOSTILE, src_ip: '198.51.100.7', id: 1 };
    expect([await send(finding), await send(finding), await send('[]'), await send('no json')]).toEqual([
      202, 200, 202, 400,
    ]);
    expect(await send([{ title: 'Two', id: 2 }, 7])).toBe(202);
    await until(
      'everything is decided',
      async () => (await client.getSource({ id: 'our_edr', query: {} })).counts.received === 6,
    );
    const { counts, missing } = await client.getSource({ id: 'our_edr', query: {} });
    expect([counts, missing]).toEqual([
      { received: 6, created: 2, merged: 0, duplicate: 1, suppressed: 1, refused: 2 },
      0,
    ]);
    await goto('/sources/our_edr');
    await page.getByText('6 in', { exact: true }).first().waitFor();
    await page.getByText('it holds no items').waitFor();
    expect(await page.title()).toMatch(/^Our EDR/);
    expect(await page.getByText('This does not add up').count()).toBe(0);
    await expectClean();
  });

  it('show what was refused with its reason and what was sent', async () => {
    const { page, expectClean } = console_;
    await page.getByRole('radiogroup', { name: 'What became of it' }).getByText('refused', { exact: true }).click();
    await page.waitForURL(/decision=refused/);
    await page.getByText('it is not a JSON object').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('"Two"').waitFor();
    await expectClean();
    await page.keyboard.press('Escape');
  });

  it('can be disabled, which can be taken back, and get a new secret', async () => {
    const { page, goto } = console_;
    await goto('/sources/our_edr');
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();
    await page.getByRole('button', { name: 'New secret' }).click();
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByText('it is shown this once').waitFor();
    expect(await send({ title: 'old token' })).toBe(401);
    await page.keyboard.press('Escape');
    await page.getByText('it is shown this once').waitFor();
  });

  it('say that a sender still has the old token, whose posts are in no account', async () => {
    const { page, goto, client, expectClean } = console_;
    await send({ title: 'old token' });
    await until('both are counted', async () => {
      const { turned_away } = await client.getSource({ id: 'our_edr', query: {} });
      return turned_away.counts[0]?.hour === 2;
    });
    await goto('/sources');
    await page.getByText('2 posts with a wrong token in the last hour, the last').waitFor();
    await goto('/sources/our_edr');
    await page.getByText('The tool still has the token from before the last new one').waitFor();
    await page.getByText('6 in', { exact: true }).first().waitFor();
    await expectClean();
  });
});

describe('trying an input', () => {
  it('is fed by what was refused, to see how it would be read now', async () => {
    const { page, goto } = console_;
    await goto('/sources/our_edr?decision=refused');
    await page.getByText('it is not a JSON object').click();
    await page.getByRole('link', { name: 'See how it would be read now' }).click();
    await page.waitForURL(/view=try/);
    await page.getByRole('button', { name: 'Read it' }).click();
    await page.getByText('generic_json reads 2 items: 1 finding, 1 refused').waitFor();
  });

  it('reads the sample of every normaliser as one finding', async () => {
    const { client } = console_;
    for (const { id } of (await client.listNormalizers({})).items) {
      const { counts } = await client.tryIngest({ body: { text: sampleFor(id), normalizer: id } });
      expect([id, counts]).toEqual([id, { finding: 1, repeated: 0, suppressed: 0, refused: 0 }]);
    }
  });

  it('shows field by field how it is read, by whom, with its observables defanged, and stores nothing', async () => {
    const { page, goto, client, expectClean } = console_;
    const before = (await client.listAlerts({ query: {} })).items.length;
    await goto('/sources?view=try');
    const record = {
      event_type: 'alert',
      timestamp: '2026-11-22T05:00:00Z',
      flow_id: 1,
      src_ip: '198.51.100.9',
      alert: { signature: HOSTILE, severity: 1 },
    };
    await page.getByLabel('A sample of what the tool sends').fill(JSON.stringify(record));
    await page.getByRole('button', { name: 'Read it' }).click();
    await page.getByText('suricata_eve reads 1 item: 1 finding').waitFor();
    await page.getByText('198[.]51[.]100[.]9').first().waitFor();
    await page.getByRole('cell', { name: 'alert.signature', exact: true }).first().waitFor();
    await expectClean();
    expect((await client.listAlerts({ query: {} })).items).toHaveLength(before);
  });

  it.each([
    [
      'From: a@b.example\nSubject: hello\n\nA mail.',
      'it is a mail, and only JSON is read',
      /Mail has no reader here yet/,
    ],
    [
      '<34>Nov 22 03:14:15 fw CEF:0|A|B|1|1|Scan|5|src=1',
      'it is CEF, and only JSON is read',
      /turn each message into a JSON/,
    ],
    ['{"a": }', 'Nothing of it can be read', /stops being JSON at line 1, column 7/],
  ])('says plainly what is not read, and what to do: %j', async (sample, reason, advice) => {
    const { page, goto } = console_;
    if (!page.url().includes('view=try')) await goto('/sources?view=try');
    await page.getByLabel('A sample of what the tool sends').fill(sample);
    await page.getByRole('button', { name: 'Read it' }).click();
    await page.getByText(reason).waitFor();
    await page.getByText(advice).waitFor();
  });
});
