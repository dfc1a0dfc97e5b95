import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';
import { playStory } from './support/tell-stories.ts';

const ATTACKER = '203.0.113.66';
const HOSTILE = `<img src=x onerror=alert(1)> \u202Etxt.exe \u0007 ${'x'.repeat(200)}`;

let console_: OpenConsole;

const ofAttacker = async () =>
  (await console_.client.listEffects({ query: { target: `ipv4-addr:${ATTACKER}`, class: 'contain' } })).items;

beforeAll(async () => {
  console_ = await openConsole();
});
afterAll(() => console_?.close());

describe('the changes in force', () => {
  it('teach what they are while there is none', async () => {
    await console_.goto('/effects');
    await console_.page.getByText('No change is in force').waitFor();
    await console_.expectClean();
  });

  it('come up by themselves, in words, with why and until when', async () => {
    const { page, client } = console_;
    await playStory(client, 'brute-force');
    const row = page.getByRole('row', { name: /Ban 203\.0\.113\.66 on FortiGate/ });
    await row.waitFor();
    expect(await row.textContent()).toMatch(/sshd: brute force.*(23 h 5\d min|1 d)/);
    await console_.expectClean();
  });

  it('are found by a defanged address, and the search stands in the address of the page', async () => {
    const { page, goto } = console_;
    await goto('/effects');
    await page.getByRole('searchbox').fill('203.0.113[.]66');
    await page.waitForURL(/q=/);
    await page.getByRole('row', { name: /on nftables/ }).waitFor();
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByText('No change fits these filters').waitFor();
  });
});

describe('undoing a block', () => {
  it('shows what would happen, asks why, and is seen at once', async () => {
    const { page, goto } = console_;
    await goto('/effects');
    await page.getByRole('button', { name: /What to do about Ban 203\.0\.113\.66 on FortiGate/ }).click();
    await page.getByRole('menuitem', { name: 'Undo …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This would be undone').waitFor();
    await console_.expectClean();
    expect(await dialog.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Why').fill('it is our own scanner');
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('1 undone').waitFor();
    await until('the row is gone', async () => (await page.getByRole('row', { name: /on FortiGate/ }).count()) === 0);
    const state = (await ofAttacker()).find(({ connector }) => connector === 'fortigate')?.state;
    expect(state).toBe('undone');
    await goto('/effects?view=ended');
    await page.getByRole('row', { name: /Ban 203\.0\.113\.66 on FortiGate/ }).waitFor();
    await console_.expectClean();
  });

  it('of a whole run says first what stays and what goes', async () => {
    const { page, goto } = console_;
    const [effect] = await ofAttacker();
    await goto(`/effects?run=${effect?.run}`);
    await page.getByRole('button', { name: 'Undo all of this run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Ban 203.0.113.66 on nftables').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect((await ofAttacker()).filter(({ state }) => state === 'performed')).toHaveLength(1);
  });

  it('while undoing is stopped says beforehand that it stays, and afterwards that it was not undone', async () => {
    const { page, client } = console_;
    await client.setSwitch({ id: 'undo', body: { engaged: true, reason: 'the firewall is being replaced' } });
    await page.getByText('Stopped: Nothing is undone').waitFor();
    await page.getByRole('button', { name: 'Undo all of this run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Nothing would be undone:').waitFor();
    await dialog.getByText(/the firewall is being replaced/).waitFor();
    await dialog.getByLabel('Why').fill('try it all the same');
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('1 not undone').waitFor();
    expect((await ofAttacker()).filter(({ state }) => state === 'performed')).toHaveLength(1);
    await client.setSwitch({ id: 'undo', body: { engaged: false, reason: 'it is in place' } });
    await until('nothing is stopped', async () => (await page.getByText('Stopped:').count()) === 0);
  });
});

describe('one change', () => {
  it('tells why it is there down to the alert, and who keeps it', async () => {
    const { page, goto, client } = console_;
    const standing = (await ofAttacker()).find(({ state }) => state === 'performed');
    await goto(`/effects/${standing?.id}`);
    const why = page.getByRole('region', { name: 'Why it is there' });
    await why.getByText('Respond to many failed logins from one address').waitFor();
    await why.getByText(/sshd: brute force/).waitFor();
    await page.getByRole('button', { name: 'Keep longer' }).click();
    await page.getByRole('dialog').getByText('7 days').click();
    await page.getByRole('textbox', { name: 'Why' }).fill('still looking into it');
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it longer' }).click();
    await page.getByText('You claim it for longer now').waitFor();
    await page.getByRole('region', { name: 'Who keeps it' }).getByText('ada').waitFor();
    await page
      .getByText(/6 d 23 h/)
      .first()
      .waitFor();
    await console_.expectClean();
    await page.getByRole('button', { name: 'Read back' }).click();
    await page.getByText('Read back: in force, as the ledger has it').waitFor();
    expect((await client.getEffect({ id: standing?.id ?? '' })).claims).toHaveLength(2);
  });

  it('that is not there is an error with words', async () => {
    await console_.page.goto('/effects/nothing');
    await console_.page.getByText('It is not here, or not any more').waitFor();
    console_.complaints.forget();
  });
});

describe('the kill switch', () => {
  it('says what stops and what goes on, and nobody can miss that it is engaged', async () => {
    const { page, goto, client } = console_;
    await goto('/');
    await page.getByRole('button', { name: 'Kill switch' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/changes still end when their time is up/).waitFor();
    await dialog.getByRole('textbox', { name: 'Why' }).fill(HOSTILE);
    await console_.expectClean();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    const banner = page.getByRole('alert', { name: 'Kill switches that are engaged' });
    await banner.getByText('Stopped: No new change starts').waitFor();
    expect(await banner.textContent()).toContain('<img src=x');
    await console_.expectClean();
    await goto('/effects');
    await banner.waitFor();
    const refused = await client
      .performAction({ body: { connector: 'fortigate', action: 'ban_ip', input: { ip: '198.51.100.9' }, lease: '1h' } })
      .catch((error: { code: string }) => error.code);
    expect(refused).toBe('guard.switch_engaged');
    await banner.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('understood');
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await until('the banner is gone', async () => (await banner.count()) === 0);
  });

  it('is seen at once by everybody who looks, whoever engages it', async () => {
    const { page, client } = console_;
    await client.setSwitch({ id: 'connector:fortigate', body: { engaged: true, reason: 'maintenance' } });
    await page.getByText('Stopped: No new change starts in FortiGate').waitFor();
    await client.setSwitch({ id: 'connector:fortigate', body: { engaged: false, reason: 'over' } });
    await until('it is gone', async () => (await page.getByText('Stopped:').count()) === 0);
  });
});

describe('the audit log', () => {
  it('is narrowed by what was done, opens an entry, and shows that the chain is sound', async () => {
    const { page, goto } = console_;
    await goto('/audit?action=switch.engaged');
    await page.getByRole('row', { name: /maintenance/ }).click();
    await page.getByRole('dialog').getByText('switch connector:fortigate').waitFor();
    await console_.expectClean();
    await page.keyboard.press('Escape');
    await settled(page);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(/entries are as they were written/).waitFor();
    await console_.expectClean();
  });
});
