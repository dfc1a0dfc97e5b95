import { mailArrives } from './fabric.ts';
import type { LabStory } from './lab-story.ts';
import { foundSample, type Sample } from './samples.ts';
import { alertIsIn, peopleAreAsked, performed, runEnded, runOf } from './steps.ts';

const PLAYBOOK = 'isolate_infected_host';

/** The machine on which a program appears. */
export function hostOf(n: number): string {
  return `10.20.0.${42 + (n % 200)}`;
}

/** What Wazuh's file integrity monitoring says of a program that appeared on a machine. */
export function programAppeared(found: Sample, n: number): Record<string, unknown> {
  const id = String(42 + n).padStart(3, '0');
  return {
    timestamp: new Date().toISOString().replace('Z', '+0000'),
    rule: {
      level: 5,
      description: 'File added to the system.',
      id: '554',
      firedtimes: 1,
      mail: false,
      groups: ['ossec', 'syscheck', 'syscheck_entry_added', 'syscheck_file'],
    },
    agent: { id, name: `ws-${id}`, ip: hostOf(n) },
    manager: { name: 'wazuh-manager' },
    id: `${Date.now()}.2`,
    full_log: "File 'c:\\users\\alice\\downloads\\invoice.exe' added\nMode: realtime\n",
    syscheck: {
      path: 'c:\\users\\alice\\downloads\\invoice.exe',
      mode: 'realtime',
      event: 'added',
      size_after: String(found.mail.attachment.bytes.length),
      sha256_after: found.sha256,
    },
    decoder: { name: 'syscheck_new_entry' },
    location: 'syscheck',
  };
}

/** Orchestration and choreography together: a playbook waits for the fabric, and asks a person. */
export const hybridStory: LabStory = {
  id: 'hybrid',
  title: 'A playbook that waits for the fabric',
  plot: 'A program appears on a machine. A playbook waits until a tool on the fabric says that it is malicious, then asks a person whether the machine is to be cut off; what disturbs nobody is done by reactions meanwhile.',
  acts: [
    {
      id: 'program',
      title: 'A program appears on a machine',
      plot: 'The playbook waits for somebody who knows what it is. The same file then comes by mail: the sandbox says that it is malicious, and you are asked whether the machine is to be cut off.',
      steps: [
        { title: 'The alert of Wazuh is in', find: alertIsIn },
        { title: 'A playbook begins, and waits for a verdict', find: runOf(PLAYBOOK) },
        { title: 'You are asked whether to cut the machine off', find: peopleAreAsked },
        { title: 'The machine is cut off, if you approve', find: performed('endpoint') },
        { title: 'The playbook is over', find: runEnded(PLAYBOOK) },
      ],
      ended: runEnded(PLAYBOOK),
      async play(stage, n) {
        const found = foundSample(n);
        const trace = await stage.sendAlert(programAppeared(found, n));
        const waits = runOf(PLAYBOOK, ['waiting']);
        await stage.until(
          'the playbook waits for a verdict',
          async () => (await waits(stage.store, trace)) !== undefined,
        );
        await mailArrives(stage, found.mail);
        return trace;
      },
    },
  ],
};
