import { foundSample, hostOf, mailArrives, programAppeared } from '@counterpoint/lab';
import type { Stage, Story } from './story.ts';

const HOST = hostOf(0);
const PLAYBOOK = 'isolate_infected_host';
const FOUND = foundSample(0);
const SHA256 = FOUND.sha256;

async function runOf({ server: { store } }: Stage) {
  const [run] = await store.find('runs', { where: { playbook: PLAYBOOK }, limit: 1 });
  return run;
}

async function play(stage: Stage): Promise<void> {
  const { tools, say, check, until } = stage;
  const owner = await stage.owner();
  say(
    `Wazuh sees a program appear on ${HOST}. A playbook begins, and waits: somebody on the fabric may know what it is.`,
  );
  await stage.send('wazuh', programAppeared(FOUND, 0));
  await until('the playbook waits for a verdict', async () => (await runOf(stage))?.status === 'waiting');
  say('The same file came by mail. The gateway announces it, the sandbox runs it and says what it is.');
  await mailArrives({ tools, until, store: stage.server.store }, FOUND.mail);
  const asked = async () => (await owner.listInbox()).items.find(({ text }) => text.includes(HOST));
  await until('people are asked', async () => (await asked()) !== undefined);
  const item = await asked();
  if (!item) throw new Error('nobody is asked any more');
  say(`The reactions have protected everybody else by now. Cutting a colleague off is for people: ${item.text}`);
  await until('the machines no longer run it', () => tools.endpoint.open(SHA256) === 'blocked');
  check('the machines no longer run it, without anybody being asked', tools.endpoint.open(SHA256) === 'blocked');
  check(`${HOST} is still in the network while people think`, tools.endpoint.reaches(HOST));
  const { covers_hash } = await owner.getInboxItem({ id: item.id });
  await owner.approveInboxItem({ id: item.id, body: { covers_hash, reason: 'She is at lunch.' } });
  await until('the machine is cut off', () => !tools.endpoint.reaches(HOST));
  await until('the playbook is over', async () => (await runOf(stage))?.ended_at !== null);
  const run = await runOf(stage);
  await stage.showTrace(`run:${run?.id}`);
  check('the playbook succeeded', run?.status === 'succeeded');
  check(`${HOST} is cut off, as a person decided`, !tools.endpoint.reaches(HOST));
  say('The machine was cleaned. What the playbook did is taken back.');
  await owner.retract({ ref: `run:${run?.id}`, body: { reason: 'The machine was cleaned.' } });
  await until('the machine is back', () => tools.endpoint.reaches(HOST));
  check(`${HOST} is back in the network`, tools.endpoint.reaches(HOST));
  check('the machines still do not run it', tools.endpoint.open(SHA256) === 'blocked');
}

/** Orchestration and choreography together: a playbook waits for the fabric, and asks a person. */
export const hybridStory: Story = {
  id: 'hybrid',
  title: 'A playbook that waits for the fabric',
  plot: 'A program appears on a machine. A playbook waits until a tool on the fabric says that it is malicious, then asks a person whether the machine is to be cut off; what disturbs nobody is done by reactions meanwhile.',
  play,
};
