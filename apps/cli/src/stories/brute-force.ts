import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedContent } from '@counterpoint/server';
import type { Stage, Story } from './story.ts';

/** Which branch of the playbook a story takes, by the address that attacks. */
interface Branch {
  readonly id: string;
  readonly title: string;
  readonly plot: string;
  readonly address: string;
  readonly level: 'high' | 'doubt' | 'benign';
}

const BRANCHES: readonly Branch[] = [
  {
    id: 'brute-force',
    title: 'A brute-force attack is blocked',
    plot: 'Wazuh reports many failed logins. Three feeds agree that the address is bad: it is blocked at FortiGate and nftables for a day, a case tells the story, Slack is told.',
    address: '203.0.113.66',
    level: 'high',
  },
  {
    id: 'brute-force-doubt',
    title: 'A brute-force attack that an analyst must judge',
    plot: 'The same alert, but the feeds do not agree: nothing is blocked, a case asks an analyst.',
    address: '198.51.100.7',
    level: 'doubt',
  },
  {
    id: 'brute-force-benign',
    title: 'A false alarm',
    plot: 'The same alert from an address that all feeds call harmless: only a note on the alert stays.',
    address: '192.0.2.10',
    level: 'benign',
  },
];

function alertFrom(address: string): Record<string, unknown> {
  const sample = JSON.parse(readFileSync(join(shippedContent, 'stories/brute_force.json'), 'utf8'));
  const now = new Date().toISOString().replace('Z', '+0000');
  const full_log = String(sample.full_log).replace(sample.data.srcip, address);
  return { ...sample, timestamp: now, id: `${Date.now()}.1`, full_log, data: { ...sample.data, srcip: address } };
}

async function checkEnd({ server: { store, lab }, check }: Stage, { address, level }: Branch): Promise<void> {
  const [run] = await store.find('runs', { where: { playbook: 'brute_force' }, limit: 1 });
  const cases = await store.count('cases');
  const [alert] = await store.find('alerts', { limit: 1 });
  const told = lab?.simulators.slack.messages.some(({ text }) => text.includes(address)) ?? false;
  const blocked = level === 'high';
  const benign = level === 'benign';
  const leased = await store.count('effects', {
    effect: 'contain',
    state: 'performed',
    lease_until: { gt: Date.now() },
  });
  check('the run succeeded', run?.status === 'succeeded');
  for (const [simulator, name] of [
    ['fortigate', 'FortiGate'],
    ['nftables', 'nftables'],
  ] as const) {
    const banned = lab?.simulators[simulator].bans().has(address) ?? false;
    check(`${name} ${blocked ? 'bans' : 'does not ban'} ${address}`, banned === blocked);
  }
  check(`${blocked ? 2 : 0} leases are running`, leased === (blocked ? 2 : 0));
  check(benign ? 'no case was opened' : 'a case was opened', cases === (benign ? 0 : 1));
  check(benign ? 'Slack was left alone' : 'Slack was told', told === !benign);
  if (benign) check('the alert is noted as benign', alert?.verdict === 'benign');
}

/** The brute-force story, once for each branch of its playbook. */
export const bruteForceStories: readonly Story[] = BRANCHES.map((branch) => ({
  id: branch.id,
  title: branch.title,
  plot: branch.plot,
  play: async (stage) => {
    const { store } = stage.server;
    await stage.send('wazuh', alertFrom(branch.address));
    await stage.until('the run ends', async () => {
      const [run] = await store.find('runs', { where: { playbook: 'brute_force' }, limit: 1 });
      return run !== undefined && ['succeeded', 'failed', 'cancelled'].includes(run.status);
    });
    await stage.showTrace(branch.address);
    await checkEnd(stage, branch);
  },
}));
