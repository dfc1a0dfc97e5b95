import { readFileSync } from 'node:fs';
import type { LabStory, StoryStep } from './lab-story.ts';
import { alertIsIn, caseIsOpen, performed, runEnded, runOf } from './steps.ts';

/** Which branch of the playbook a story takes, by the address that attacks. */
export interface Branch {
  readonly id: string;
  readonly title: string;
  readonly plot: string;
  readonly address: string;
  readonly level: 'high' | 'doubt' | 'benign';
}

/** One for each branch. */
export const BRANCHES: readonly Branch[] = [
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
    plot: 'The same alert, but the feeds do not agree. As the playbook is shipped nothing is blocked, and a case asks an analyst.',
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

const SAMPLE = new URL('../../../content/stories/brute_force.json', import.meta.url);

/** What Wazuh says of the attack; another machine is attacked each time, so that it is not taken for more of the same. */
export function bruteForceAlert(address: string, n: number): Record<string, unknown> {
  const alert = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  const timestamp = new Date().toISOString().replace('Z', '+0000');
  const full_log = String(alert.full_log).replace(alert.data.srcip, address);
  const machine =
    n === 0 ? {} : { agent: { id: String(100 + n), name: `web-${n + 1}`, ip: `10.20.1.${1 + (n % 250)}` } };
  return { ...alert, ...machine, timestamp, id: `${Date.now()}.1`, full_log, data: { ...alert.data, srcip: address } };
}

const PLAYBOOK = 'brute_force';
const BEGINS: readonly StoryStep[] = [
  { title: 'The alert of Wazuh is in', find: alertIsIn },
  { title: 'A playbook begins, and asks three feeds', find: runOf(PLAYBOOK) },
];
const ENDS: StoryStep = { title: 'The playbook is over', find: runEnded(PLAYBOOK) };

const STEPS: Readonly<Record<Branch['level'], readonly StoryStep[]>> = {
  high: [
    ...BEGINS,
    { title: 'A case is opened', find: caseIsOpen },
    { title: 'FortiGate blocks the address', find: performed('fortigate') },
    { title: 'So does nftables on the host', find: performed('nftables') },
    { title: 'Slack is told', find: performed('slack') },
    ENDS,
  ],
  doubt: [
    ...BEGINS,
    { title: 'A case is opened', find: caseIsOpen },
    { title: 'Slack is told', find: performed('slack') },
    ENDS,
  ],
  benign: [...BEGINS, ENDS],
};

/** The brute-force story, once for each branch of its playbook. */
export const bruteForceStories: readonly LabStory[] = BRANCHES.map(({ id, title, plot, address, level }) => ({
  id,
  title,
  plot,
  acts: [
    {
      id: 'attack',
      title,
      plot,
      steps: STEPS[level],
      ended: runEnded(PLAYBOOK),
      play: (stage, n) => stage.sendAlert(bruteForceAlert(address, n)),
    },
  ],
}));
