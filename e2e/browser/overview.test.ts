import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';

let console_: OpenConsole;
beforeAll(async () => {
  console_ = await openConsole();
});
afterAll(() => console_?.close());

describe('the overview', () => {
  it('says that all is well, without inventing figures', async () => {
    const { page, goto, expectClean } = console_;
    await goto('/');
    await page.getByText('Nothing. All is well.').waitFor();
    await page.getByText('No step of a run in the last 7 days has saved time yet.').waitFor();
    await expectClean();
  });

  it('fills itself while a story plays, and says what needs somebody', async () => {
    const { page, client, expectClean } = console_;
    await client.playStory({ id: 'hybrid', body: {} });
    const matter = page.getByRole('link', { name: '1 decision waits for people' });
    await matter.waitFor();
    await page.getByRole('figure', { name: /Runs that ended in the last 24 hours/ }).waitFor();
    await until('minutes are counted', async () => ((await client.overview()).saved?.total.minutes ?? 0) > 0);
    await page.reload();
    await settled(page);
    await page.getByText(/in 7 days, .* in all/).waitFor();
    await expectClean();
    await page.getByRole('link', { name: '1 decision waits for people' }).click();
    await page.waitForURL(/\/approvals\//);
  });

  it('tells how long it took until people took alerts in hand, and what playbooks took before them', async () => {
    const { page, client, goto } = console_;
    const [alert] = (await client.listAlerts({ query: {} })).items;
    expect(alert).toMatchObject({ acknowledged_by: expect.stringMatching(/^playbook:/) });
    await goto(`/alerts/${alert?.id}`);
    await page.getByText(/taken in hand by playbook .* after/).waitFor();
    await goto('/cases');
    await page
      .getByRole('link')
      .filter({ hasText: /Brute|phish|Invoice|case/i })
      .first()
      .waitFor();
    const [case_] = (await client.listCases({ query: { status: 'open' } })).items;
    await goto(`/cases/${case_?.id}`);
    await page.getByRole('button', { name: /Owner/ }).click();
    await page.getByRole('menuitem', { name: 'Take it' }).click();
    await page.getByText(/taken in hand by ada after/).waitFor();
    await goto('/');
    const times = page.getByRole('region', { name: 'Response times' });
    await times.getByText(/mean .* of 1$/).waitFor();
    await times.getByText(/1 by playbooks or tokens/).waitFor();
    await times.getByRole('button', { name: 'Alert taken in hand' }).hover();
    await page.getByRole('tooltip').getByText(/^MTTA/).waitFor();
  });

  it('has the same as its bars in a table', async () => {
    const { page, goto } = console_;
    await goto('/');
    const figure = page.getByRole('figure', { name: /Runs that ended/ });
    await figure.getByText('As a table').click();
    await figure.getByRole('columnheader', { name: 'succeeded' }).waitFor();
    expect(await figure.getByRole('row').count()).toBeGreaterThan(1);
  });

  it.each([360, 2560])('holds at %i px in the light', async (width) => {
    const { page, goto, expectClean } = console_;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width, height: 900 });
    await goto('/');
    await expectClean();
  });
});

describe('the overview of an installation without lab', () => {
  it('teaches what to do first', async () => {
    const bare = await openConsole({ settings: ['lab.enabled=false'] });
    try {
      await bare.page.getByText('Begin here').waitFor();
      await bare.page.getByRole('link', { name: 'Sources' }).last().click();
      await bare.page.getByRole('dialog').getByText('Add a source').waitFor();
      await bare.expectClean();
    } finally {
      await bare.close();
    }
  });
});
