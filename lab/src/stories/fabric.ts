import type { Mail } from '../participants/mail-gateway.ts';
import type { LabStage, LabStory, StoryStep } from './lab-story.ts';
import { firstSample, secondSample } from './samples.ts';
import { allUndone, announced, caseIsOpen, keptByPeople, peopleAreAsked, performed } from './steps.ts';

const VERDICT = 'verdict.file.v1';

/** Has a mail arrive; gives the trace of what the gateway announces. */
export async function mailArrives({ tools, store, until }: Pick<LabStage, 'tools' | 'store' | 'until'>, mail: Mail) {
  const event = await tools.receive(mail);
  await until('the mail is announced', async () => (await store.get('outbox', event)) !== undefined);
  return { event, trace: (await store.get('outbox', event))?.trace ?? '' };
}

/** The latest verdict that a file is malicious, which the sandbox may take back; undefined before there was one. */
export async function latestVerdict({ store }: Pick<LabStage, 'store'>, sha256?: string) {
  const where = { topic: VERDICT, ...(sha256 === undefined ? {} : { subject: sha256 }) };
  const [row] = await store.find('outbox', { where, orderBy: [{ column: 'at', descending: true }], limit: 1 });
  return row;
}

const PROTECTED: readonly StoryStep[] = [
  { title: 'The mail gateway announces the attachment', find: announced('file.submitted.v1') },
  { title: 'The sandbox runs it, and says that it is malicious', find: announced(VERDICT) },
  { title: 'The machines refuse to run it', find: performed('endpoint') },
  { title: 'The mail is in quarantine', find: performed('mail_gateway') },
  { title: 'The proxy refuses its address', find: performed('proxy') },
  { title: 'FortiGate blocks where it calls', find: performed('fortigate') },
  { title: 'So does nftables', find: performed('nftables') },
];

const FIRST_ACT = {
  id: 'mail',
  title: 'A mail brings a file',
  plot: 'The mail gateway does not know what it is, and says so on the fabric. A sandbox runs it; every tool protects itself by a reaction of its own.',
  steps: [...PROTECTED, { title: 'A case sums it up', find: caseIsOpen }],
  play: async (stage: LabStage, n: number) => (await mailArrives(stage, firstSample(n).mail)).trace,
};

const SECOND_ACT = {
  id: 'sinkhole',
  title: 'A new tool joins in',
  plot: 'A DNS sinkhole joins. Nobody edits a reaction, a playbook or a setting. Then another mail comes in, and the sinkhole does its part.',
  steps: [
    ...PROTECTED,
    { title: 'The sinkhole, which had just joined, does its part', find: performed('dns_sinkhole') },
  ],
  async play(stage: LabStage, n: number) {
    await stage.tools.joinSinkhole();
    return (await mailArrives(stage, secondSample(n).mail)).trace;
  },
};

const THIRD_ACT = {
  id: 'reversal',
  title: 'The verdict was wrong',
  plot: 'The vendor of the file proves that it is his. The sandbox takes its latest verdict back. Unless the settings say otherwise, people are asked; then everything that followed is undone.',
  steps: [
    { title: 'The sandbox takes its verdict back', find: announced('verdict.revised.v1') },
    { title: 'People are asked whether to undo what followed', find: peopleAreAsked },
    { title: 'Everything that followed is undone', find: allUndone },
  ],
  ended: keptByPeople,
  hindrance: async (stage: Pick<LabStage, 'store'>) =>
    (await latestVerdict(stage)) ? undefined : 'the sandbox has said nothing yet that it could take back',
  async play(stage: LabStage) {
    const verdict = await latestVerdict(stage);
    if (!verdict) throw new RangeError('there is no verdict to take back');
    await stage.tools.revise(verdict.id, 'It is the installer of our own supplier, and was signed by him.');
    return verdict.trace;
  },
};

/** Choreography in three acts: tools protect themselves, a new one joins in, and a mistake is taken back. */
export const fabricStory: LabStory = {
  id: 'fabric',
  title: 'Security tools that dance',
  plot: 'A mail brings a file. A sandbox runs it and says what it is; machines, firewalls, proxy and mailboxes protect themselves, each by its own reaction, and no playbook conducts them. A DNS sinkhole joins and is part of it at once. Then the verdict turns out to be wrong, and all of it is undone.',
  acts: [FIRST_ACT, SECOND_ACT, THIRD_ACT],
};
