import { firstSample, latestVerdict, type Sample, secondSample } from '@counterpoint/lab';
import type { Stage, Story } from './story.ts';

const FIRST = firstSample(0);
const SECOND = secondSample(0);

/** What one tool does about a sample, as the tool itself tells. */
interface Place {
  readonly stops: boolean;
  /** In words: when it stops it, and when it does not. */
  readonly words: readonly [string, string];
}

function placesOf({ tools, server: { lab } }: Stage, { mail, sha256, ip, url }: Sample): readonly Place[] {
  const { name } = mail.attachment;
  const [reader = ''] = mail.to;
  const bans = (firewall: 'fortigate' | 'nftables') => lab?.simulators[firewall].bans().has(ip) ?? false;
  return [
    {
      stops: tools.endpoint.open(sha256) === 'blocked',
      words: [`no machine runs ${name}`, `the machines run ${name}`],
    },
    { stops: bans('fortigate'), words: [`FortiGate bans ${ip}`, `FortiGate lets ${ip} pass`] },
    { stops: bans('nftables'), words: [`nftables bans ${ip}`, `nftables lets ${ip} pass`] },
    { stops: tools.proxy.fetch(url) === 'blocked', words: [`the proxy refuses ${url}`, `the proxy fetches ${url}`] },
    {
      stops: mail.to.every((one) => !tools.mailGateway.inbox(one).includes(mail.subject)),
      words: [`"${mail.subject}" is in quarantine`, `"${mail.subject}" lies in the mailbox of ${reader}`],
    },
  ];
}

const isStopped = (stage: Stage, one: Sample) => placesOf(stage, one).every(({ stops }) => stops);
const isFree = (stage: Stage, one: Sample) => placesOf(stage, one).every(({ stops }) => !stops);

function checkPlaces(stage: Stage, one: Sample, wanted: 'stopped' | 'free'): void {
  for (const { stops, words } of placesOf(stage, one)) {
    stage.check(words[wanted === 'stopped' ? 0 : 1], stops === (wanted === 'stopped'));
  }
}

async function caseIsOpen({ server: { store } }: Stage, { mail }: Sample): Promise<boolean> {
  const cases = await store.find('cases', { limit: 100 });
  return cases.some(({ title }) => title.includes(mail.attachment.name));
}

async function firstAct(stage: Stage): Promise<void> {
  const { tools, say, check, until, server } = stage;
  const { domain } = FIRST;
  say('Act 1. A mail with an attachment comes in. The gateway does not know what it is, and says so on the fabric.');
  const submitted = await tools.receive(FIRST.mail);
  await until('every tool has protected itself', async () => isStopped(stage, FIRST) && caseIsOpen(stage, FIRST));
  await until('the reactions are over', () => quiet(stage));
  await stage.showTrace(`event:${submitted}`);
  checkPlaces(stage, FIRST, 'stopped');
  check('a case sums it up', await caseIsOpen(stage, FIRST));
  check(`nobody can block ${domain} yet`, tools.dnsSinkhole.resolve(domain) === 'answered');
  const runs = await server.store.find('runs', { limit: 1_000 });
  const kinds = await Promise.all(
    runs.map(async ({ playbook }) => (await server.store.get('playbooks', playbook))?.kind),
  );
  check('no playbook was involved', kinds.length > 0 && kinds.every((kind) => kind === 'reaction'));
}

async function quiet({ server: { store } }: Stage): Promise<boolean> {
  const busy = await store.count('runs', { status: { in: ['queued', 'running', 'waiting'] } });
  return busy === 0;
}

async function secondAct(stage: Stage): Promise<void> {
  const { tools, say, check, until } = stage;
  const { domain } = SECOND;
  say('Act 2. A DNS sinkhole joins. Nobody edits a reaction, a playbook or a setting. Then another mail comes in.');
  await tools.joinSinkhole();
  const submitted = await tools.receive(SECOND.mail);
  const sunk = (name: string) => tools.dnsSinkhole.resolve(name) === 'sinkholed';
  const bothSunk = () => sunk(domain) && sunk(FIRST.domain);
  await until('every tool has protected itself, the new one too', () => isStopped(stage, SECOND) && bothSunk());
  await until('the reactions are over', () => quiet(stage));
  await stage.showTrace(`event:${submitted}`);
  checkPlaces(stage, SECOND, 'stopped');
  check(`the sinkhole, which had just joined, answers for ${domain} no more`, sunk(domain));
  check(`nor for ${FIRST.domain}, which nobody could block before`, sunk(FIRST.domain));
}

async function thirdAct(stage: Stage): Promise<void> {
  const { tools, say, until, server, check } = stage;
  say('Act 3. The vendor of invoice.exe proves that it is his. The sandbox takes its verdict back.');
  const verdict = await latestVerdict(server, FIRST.sha256);
  if (!verdict) throw new Error('the verdict about invoice.exe is not in the log');
  await tools.revise(verdict.id, 'It is the installer of our own supplier, and was signed by him.');
  const inForce = () =>
    server.store.count('effects', { trace: verdict.trace, effect: 'contain', state: { in: ['performed', 'undoing'] } });
  await until('everything that followed is undone', async () => isFree(stage, FIRST) && (await inForce()) === 0);
  checkPlaces(stage, FIRST, 'free');
  check('what followed from the other verdict is still in force', isStopped(stage, SECOND));
  const undone = await server.store.count('effects', { trace: verdict.trace, effect: 'contain', state: 'undone' });
  check(`the ledger says so too: ${undone} changes are undone`, undone === placesOf(stage, FIRST).length);
}

/** Choreography in three acts: tools protect themselves, a new one joins in, and a mistake is taken back. */
export const fabricStory: Story = {
  id: 'fabric',
  title: 'Security tools that dance',
  plot: 'A mail brings a file. A sandbox runs it and says what it is; machines, firewalls, proxy and mailboxes protect themselves, each by its own reaction, and no playbook conducts them. A DNS sinkhole joins and is part of it at once. Then the verdict turns out to be wrong, and all of it is undone.',
  settings: { 'fabric.on_revised_verdict': 'retract' },
  async play(stage) {
    await firstAct(stage);
    await secondAct(stage);
    await thirdAct(stage);
  },
};
