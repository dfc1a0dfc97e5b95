import { BRANCHES, type Branch, bruteForceAlert } from '@counterpoint/lab';
import type { Stage, Story } from './story.ts';

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
    await stage.send('wazuh', bruteForceAlert(branch.address, 0));
    await stage.until('the run ends', async () => {
      const [run] = await store.find('runs', { where: { playbook: 'brute_force' }, limit: 1 });
      return run !== undefined && ['succeeded', 'failed', 'cancelled'].includes(run.status);
    });
    await stage.showTrace(branch.address);
    await checkEnd(stage, branch);
  },
}));
