import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';
import { wrongAtAnyWidth } from './support/every-width.ts';
import { HOSTILE } from './support/hostile.ts';

const WAZUH = readFileSync(join(import.meta.dirname, '../../packages/ingest/fixtures/wazuh-brute-force.json'), 'utf8');

let opened: OpenConsole;
beforeAll(async () => {
  opened = await openConsole();
  await send('wazuh', WAZUH);
  for (const [id, text] of Object.entries(HOSTILE))
    await send('generic', { id, title: text, severity: 'high', host: text.slice(0, 400) });
  const all = Object.keys(HOSTILE).length + 1;
  await until('every alert is there', async () => (await opened.client.alertFacets({})).total === all);
});
afterAll(() => opened?.close());

async function send(source: string, body: unknown): Promise<void> {
  const token = opened.server.sources[source] ?? '';
  const answer = await fetch(`${opened.server.url}/hooks/${source}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBeLessThan(300);
}

const rows = () => opened.page.getByRole('grid', { name: 'Alerts' }).getByRole('row');
const statusOf = async (words: string) =>
  (await opened.client.listAlerts({ query: { q: words } })).items.map(({ status }) => status);

describe('the queue', () => {
  it('shows hostile titles as text at every width, in both themes', async () => {
    const { page, goto, expectClean } = opened;
    await goto('/alerts');
    await page
      .getByTitle(/can be taken for paypal\[\.\]example/)
      .first()
      .waitFor();
    const shown = async () => {
      await page
        .getByText(HOSTILE.style ?? '', { exact: false })
        .first()
        .waitFor();
      expect(await page.title()).toBe('Alerts · Counterpoint');
      expect(await page.locator('main img, main script, main style').count()).toBe(0);
    };
    expect(await wrongAtAnyWidth(page, 'hostile alerts', shown)).toEqual([]);
    await expectClean();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('finds by words and by value, and keeps both in its address', async () => {
    const { page, goto } = opened;
    await goto('/alerts');
    await page.getByLabel('Search title, id or observable').fill('brute FORCE');
    await expect.poll(() => rows().count()).toBe(2);
    await page.waitForURL(/q=brute/);
    await page.getByLabel('Search title, id or observable').fill('203[.]0[.]113[.]77');
    await page.getByText('Alerts that hold this value.').waitFor();
    await expect.poll(() => rows().count()).toBe(2);
    await page.reload();
    await settled(page);
    await expect.poll(() => rows().count()).toBe(2);
  });

  it('finds by the beginning of a value, and a domain with all below it', async () => {
    const { page, goto } = opened;
    await send('generic', { id: 'below', title: 'Beacon', severity: 'low', domain: 'c2.login.bad-host.example' });
    await until('it is there', async () => (await opened.client.alertFacets({ query: { q: 'Beacon' } })).total === 1);
    await goto('/alerts');
    const search = page.getByLabel('Search title, id or observable');
    await search.fill('203[.]0[.]113[.]');
    await page.getByText('Alerts that hold a value that begins so.').waitFor();
    // The one of Wazuh, and one of the hostile texts.
    await expect.poll(() => rows().count()).toBe(3);
    await search.fill('bad-host[.]example');
    await page.getByText('No alert is like that').waitFor();
    await page.getByRole('button', { name: 'And all below it' }).click();
    await page.getByText('Alerts that hold this domain or one below it.').waitFor();
    await expect.poll(() => rows().count()).toBe(2);
    await page.waitForURL(/q=\*/);
  });

  it.each([
    ['e', '1 alert resolved', 'resolved'],
    ['b', '1 alert benign', 'in_progress'],
  ])(
    'is worked by keys: after "%s" the row leaves the new ones, and Undo brings it back',
    async (key, words, status) => {
      const { page, goto } = opened;
      await goto('/alerts?q=Beacon&status=new');
      await page.getByRole('grid', { name: 'Alerts' }).focus();
      await page.keyboard.press('j');
      await page.keyboard.press(key);
      await page.getByText(words).waitFor();
      await expect.poll(() => statusOf('Beacon')).toEqual([status]);
      await page.getByText('No alert is like that').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect.poll(() => statusOf('Beacon')).toEqual(['new']);
      await expect.poll(() => rows().count()).toBe(2);
    },
  );

  it('has what a playbook put into a case among what is in progress, not among the new', async () => {
    await expect.poll(() => statusOf('brute force')).toEqual(['in_progress']);
    const [alert] = (await opened.client.listAlerts({ query: { q: 'brute force' } })).items;
    expect(alert).toMatchObject({ case_id: expect.any(String), acknowledged_by: expect.stringMatching(/^playbook:/) });
  });

  it('tells of new alerts without moving the rows under the reader', async () => {
    const { page, goto } = opened;
    await goto('/alerts');
    const before = await rows().count();
    await send('generic', { id: 'fresh', title: 'Fresh from the source', severity: 'low' });
    await page.getByRole('button', { name: '1 new alert' }).waitFor();
    expect(await rows().count()).toBe(before);
    await page.getByRole('button', { name: '1 new alert' }).click();
    await page.getByText('Fresh from the source').waitFor();
  });

  it('changes all that the list shows at once, also those that were not scrolled to, and takes it back', async () => {
    const { page, goto, client } = opened;
    const items = Array.from({ length: 620 }, (_, n) => ({ id: `noise ${n}`, title: `Noise ${n}`, severity: 'low' }));
    await send('generic', items);
    const noise = async (status: string) => (await client.alertFacets({ query: { q: 'Noise', status } })).total;
    await until('all of it is in', async () => (await noise('new')) === items.length);
    await goto('/alerts?q=Noise');
    await page.getByRole('checkbox', { name: /Choose all/ }).check();
    await page.getByRole('button', { name: 'Choose all 620' }).click();
    await page.getByText('and all others shown here: 620').waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Suppress' }).click();
    await page.getByText('620 alerts suppressed').waitFor();
    expect(await noise('suppressed')).toBe(items.length);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back').waitFor();
    expect(await noise('new')).toBe(items.length);
  });

  it('opens a case from chosen alerts', async () => {
    const { page, goto, client } = opened;
    await goto('/alerts?q=Fresh');
    await page.getByRole('checkbox', { name: /Choose Fresh/ }).check();
    await page.getByRole('button', { name: 'Case…' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Something fresh');
    await page.getByRole('button', { name: 'Open the case' }).click();
    await page.waitForURL(/\/cases\//);
    await page.getByRole('heading', { name: 'Something fresh' }).waitFor();
    expect((await client.listCases({ query: { q: 'fresh' } })).items).toMatchObject([{ alert_count: 1 }]);
  });
});

describe('an alert', () => {
  const idOf = async (q: string) => (await opened.client.listAlerts({ query: { q } })).items[0]?.id ?? '';

  it('shows what a field was taken from, beside the mapping that was used', async () => {
    const { page, goto, expectClean } = opened;
    await goto(`/alerts/${await idOf('brute force')}?tab=raw`);
    await page.getByText('which reads now too').waitFor();
    await page.getByRole('button', { name: /From address/ }).hover();
    await page.locator('[data-marked]', { hasText: '"srcip": "203.0.113.77"' }).waitFor();
    await expectClean();
    await page.getByText('Mapping', { exact: true }).click();
    await page.getByText('kind: normalizer/v1').waitFor();
  });

  it('shows observables defanged, and leads to where else they were seen', async () => {
    const { page, goto, expectClean } = opened;
    await goto(`/alerts/${await idOf('brute force')}?tab=observables`);
    await page.getByText('203[.]0[.]113[.]77').first().waitFor();
    await expectClean();
    await page.getByRole('grid', { name: 'Observables' }).getByRole('link').first().click();
    await page.waitForURL(/\/alerts\?observable=/);
    await expect.poll(() => rows().count()).toBeGreaterThan(1);
  });

  it('takes a verdict with its reason into the audit log', async () => {
    const { page, goto, client } = opened;
    const id = await idOf('brute force');
    await goto(`/alerts/${id}`);
    await page.getByRole('button', { name: /^Verdict/ }).click();
    await page.getByRole('menuitem', { name: 'Benign' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('our own scanner');
    await page.getByRole('button', { name: 'Set it' }).click();
    await page.getByRole('button', { name: /^Verdict: *benign/ }).waitFor();
    expect((await client.getAlert({ id })).verdict).toBe('benign');
  });

  it('holds hostile text on every tab, at 360 px too', async () => {
    const { page, goto, expectClean } = opened;
    for (const [name, words, width] of [
      ['markup', '<img', 1280],
      ['bidi', 'invoice', 360],
      ['long', 'ABCBC', 360],
    ] as const) {
      const id = await idOf(words);
      await page.setViewportSize({ width, height: 800 });
      for (const tab of ['summary', 'observables', 'raw']) {
        await goto(`/alerts/${id}?tab=${tab}`);
        expect(await page.title(), name).not.toMatch(/^[12]$/);
        expect(await page.locator('main img, main script, main style').count()).toBe(0);
        await expectClean();
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('says when there is none', async () => {
    const { page, complaints, goto } = opened;
    await goto('/alerts/nothing');
    await page.getByText('There is no alert nothing.').waitFor();
    complaints.forget();
  });
});
