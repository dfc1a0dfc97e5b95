import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole, settled } from './support/console.ts';
import { playStory } from './support/tell-stories.ts';

const ATTACKER = '203.0.113.66';

let console_: OpenConsole;
let story = '';
let alert = '';

const tree = () => console_.page.getByRole('tree');
const banned = (product: string) =>
  tree().getByRole('treeitem', { name: new RegExp(`banned 203\\.0\\.113\\.66 on ${product}`) });
const selected = async (): Promise<string> => {
  const id = (await tree().getAttribute('aria-activedescendant')) ?? '';
  return (await console_.page.locator(`[id="${id}"]`).textContent()) ?? '';
};

beforeAll(async () => {
  console_ = await openConsole();
  story = await playStory(console_.client, 'brute-force');
  const { items } = await console_.client.listAlerts({ query: {} });
  alert = items.find(({ trace }) => trace === story)?.id ?? '';
});
afterAll(() => console_?.close());

describe('why was this blocked', () => {
  it('is answered from a pasted address to the condition that decided it', async () => {
    const { page, goto } = console_;
    await goto('/');
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Search and go anywhere' }).fill('203.0.113[.]66');
    await page.getByRole('button', { name: /Ban 203\.0\.113\.66 on FortiGate/ }).click();
    await page.waitForURL('**/effects/**');
    await page.getByRole('link', { name: 'Trace' }).click();
    await page.waitForURL('**/trace/**');
    await settled(page);
    const asked = banned('FortiGate');
    await asked.waitFor();
    expect(await asked.textContent()).toMatch(/Playbook brute_force banned .* because confidence\.level is high/);
    expect(await asked.getAttribute('aria-current')).toBe('true');
    await console_.expectClean();
  });

  it('shows everything that an address played a part in', async () => {
    const { page, goto } = console_;
    await goto(`/trace/${ATTACKER}`);
    await page.getByRole('heading', { name: /What has to do with 203/ }).waitFor();
    await banned('nftables').waitFor();
    await console_.expectClean();
  });
});

describe('the tree', () => {
  it('is walked by the keys of a tree', async () => {
    const { page, goto } = console_;
    await goto(`/trace/${story}`);
    await banned('nftables').waitFor();
    await tree().focus();
    await page.keyboard.press('Home');
    expect(await selected()).toContain('sent an input');
    const all = await tree().getByRole('treeitem').count();
    await page.keyboard.press('ArrowLeft');
    await until('it is folded', async () => (await tree().getByRole('treeitem').count()) === 1);
    await page.keyboard.press('ArrowRight');
    await until('it is open', async () => (await tree().getByRole('treeitem').count()) === all);
    await page.keyboard.press('ArrowRight');
    expect(await selected()).toContain('sshd: brute force');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await selected()).toContain('sent an input');
  });

  it('leaves out kinds, keeps that in the address, and shows a node whole', async () => {
    const { page } = console_;
    await page.getByText(/\d+ steps/).click();
    await page.waitForURL(/hide=/);
    await until('no step is shown', async () => (await tree().getByText('Ask three feeds at once').count()) === 0);
    await banned('nftables').waitFor();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await tree().getByText('Ask three feeds at once').waitFor();
    await tree().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('application/json').waitFor();
    await drawer.getByRole('button', { name: 'Take back what this caused …' }).waitFor();
    await console_.expectClean();
    await page.keyboard.press('Escape');
  });

  it('is told live', async () => {
    const { goto, client } = console_;
    await goto(`/trace/${story}`);
    await banned('FortiGate').getByText('in force').waitFor();
    const query = { target: `ipv4-addr:${ATTACKER}`, connector: 'fortigate' };
    const [effect] = (await client.listEffects({ query })).items;
    await client.undoEffect({ id: effect?.id ?? '', body: { reason: 'a test' } });
    await banned('FortiGate').getByText('undone').waitFor();
    await tree()
      .getByText(/ada.*undid it: lifted the ban of 203\.0\.113\.66/)
      .waitFor();
    await console_.expectClean();
  });

  it('says so when nothing is known', async () => {
    await console_.page.goto('/trace/nothing-like-it');
    await console_.page.getByText('Nothing is known under this name').waitFor();
    console_.complaints.forget();
  });
});

describe('taking back what an alert caused', () => {
  it('shows what would be undone, asks why, and is told in the tree', async () => {
    const { page, goto } = console_;
    await goto(`/trace/alert:${alert}`);
    await page.getByRole('button', { name: 'Take back what this caused …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Ban 203.0.113.66 on nftables').waitFor();
    await console_.expectClean();
    await dialog.getByLabel('Why').fill('our own scanner');
    await dialog.getByRole('button', { name: 'Take it back' }).click();
    await banned('nftables').getByText('undone').waitFor();
    const query = { target: `ipv4-addr:${ATTACKER}`, in_force: 'true' } as const;
    expect((await console_.client.listEffects({ query })).items).toEqual([]);
    await console_.expectClean();
  });
});
