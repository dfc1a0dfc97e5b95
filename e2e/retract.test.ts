import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import { type Client, createParticipantClient, type ParticipantClient } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner } from './support/owner.ts';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';

const folder = temporaryFolder();
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let token: string;
let sandbox: ParticipantClient;
let proxy: ParticipantClient;
let mallory: ParticipantClient;

const reaction = `kind: reaction/v1
id: ban_malicious
title: Ban an address that is malicious
mode: act
uses: { fw: fortigate }
subscribe: { topic: verdict.ip.v1, when: 'event.verdict == "malicious"' }
do:
  - id: ban
    action: fw.ban_ip
    with: { ip: "\${{ valid.public_ip(event.ip) }}" }
    lease: { for: 1h }
publish: { topic: control.ip_blocked.v1, data: { ip: "\${{ valid.public_ip(event.ip) }}" } }
`;
/** Bans a second address at each verdict, and then waits for a person. */
const playbook = `kind: playbook/v1
id: follow_up
title: Follow up on a verdict
uses: { fw: fortigate }
on: [{ topic: verdict.ip.v1, when: 'event.confidence == 99' }]
steps:
  - id: ban
    action: fw.ban_ip
    with: { ip: 198.51.100.99 }
    lease: { for: 1h }
  - id: more
    ask: Is there more to do?
    of: { role: analyst }
    form: { what: { type: string, default: no } }
`;

async function admit(id: string, rights: { publish?: string[]; invoke?: string[]; subscribe?: string[] }) {
  await client.createParticipant({ body: { id, title: id, rights, trust: id === 'mallory' ? [] : ['verdict.>'] } });
  const made = await client.createParticipantToken({ id, body: { title: 'test' } });
  return createParticipantClient({ url: server.url, token: made.token });
}

beforeAll(async () => {
  firewall = await startFirewall();
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  ({ client, token } = await becomeOwner(server));
  await connectFirewall(client, firewall);
  for (const source of [reaction, playbook]) await client.publishPlaybook({ body: { source } });
  sandbox = await admit('box', { publish: ['verdict.>'] });
  proxy = await admit('web_proxy', { subscribe: ['control.>'], invoke: ['fortigate.*'] });
  mallory = await admit('mallory', { publish: ['verdict.revised.v1'] });
});
afterAll(async () => {
  await server?.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

const cli = (...args: string[]) =>
  counterpoint(['--url', server.url, ...args], { folder: folder.path, env: { COUNTERPOINT_TOKEN: token } });
const banned = (ip: string) => (sentTo(firewall, 'add').get(ip) ?? 0) - (sentTo(firewall, 'clear').get(ip) ?? 0);
const say = (ip: string, confidence: number) =>
  sandbox.publish({ topic: 'verdict.ip.v1', data: { ip, verdict: 'malicious', confidence } });

/** The event by which the reaction told of a ban. */
async function toldOf(trace: string): Promise<string> {
  return until('the ban is told', async () => {
    const { items } = await client.listEvents({ query: { topic: 'control.ip_blocked.v1', limit: 100 } });
    return items.find((event) => event.trace === trace)?.id;
  });
}

async function traceOf(event: string): Promise<string> {
  return (await client.trace({ ref: `event:${event}` })).trace;
}

describe('what followed from a verdict', () => {
  it('is one trace over a reaction, a playbook and a participant, and is taken back as one', async () => {
    const verdict = await say('198.51.100.7', 99);
    await until('both addresses are banned', () => banned('198.51.100.7') === 1 && banned('198.51.100.99') === 1);
    const told = await toldOf(await traceOf(verdict));
    await proxy.invoke('fortigate.ban_ip', { ip: '198.51.100.50' }, { cause: told, lease: 600 });

    const shown = await cli('trace', `event:${verdict}`);
    expect(shown.stdout).toMatch(/event\s+verdict.ip.v1 +from box/);
    expect(shown.stdout).toMatch(/reaction\s+ban_malicious \(act\)/);
    expect(shown.stdout).toMatch(/run\s+follow_up/);
    expect(shown.stdout).toMatch(/fortigate.ban_ip 198.51.100.50 at fw for web_proxy/);

    const beforehand = await cli('retract', `event:${verdict}`, '--dry-run');
    expect(beforehand.stdout.match(/is undone/g)).toHaveLength(3);
    expect(beforehand.stdout).toContain('follow_up');
    expect(banned('198.51.100.7')).toBe(1);

    const done = await cli('retract', `event:${verdict}`, '--reason', 'false alarm', '--yes');
    expect(done.code).toBe(0);
    expect(done.stdout.match(/^undone/gm)).toHaveLength(3);
    expect(done.stdout.match(/^cancelled/gm)).toHaveLength(1);
    expect(['198.51.100.7', '198.51.100.99', '198.51.100.50'].map(banned)).toEqual([0, 0, 0]);
    const again = await cli('retract', `event:${verdict}`, '--yes');
    expect(again.stdout).not.toContain('undone');
  });

  it('is offered to people when its publisher revises it, and taken back when they say so', async () => {
    const verdict = await say('198.51.100.8', 80);
    await until('the address is banned', () => banned('198.51.100.8') === 1);
    const revised = { revises: verdict, verdict: 'benign', reason: 'a false alarm' };
    await mallory.publish({ topic: 'verdict.revised.v1', data: revised });
    await sandbox.publish({ topic: 'verdict.revised.v1', data: revised, cause: verdict });
    const item = await until('people are asked', async () => {
      const { items } = await client.listInbox({ query: { limit: 100 } });
      return items.find(({ about }) => about === `retraction:${verdict}`);
    });
    expect(item.text).toContain('box revised its verdict');
    expect(banned('198.51.100.8')).toBe(1);
    await client.answerInboxItem({ id: item.id, body: { form: { decision: 'retract' }, reason: 'it is ours' } });
    await until('the ban is lifted', () => banned('198.51.100.8') === 0);
    const { items } = await client.listInbox({ query: { limit: 100 } });
    expect(items.filter(({ about }) => about.startsWith('retraction:'))).toEqual([]);
  });
});

describe('the fabric as a whole', () => {
  it('is checked, drawn, read and asked what it would do', async () => {
    const { findings } = await client.checkFabric();
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const map = await client.fabricMap();
    expect(map.participants.find(({ id }) => id === 'box')).toMatchObject({ refused: 0, drifted: false });
    expect(map.participants.find(({ id }) => id === 'box')?.published).toBeGreaterThanOrEqual(3);
    expect(map.edges).toContainEqual(
      expect.objectContaining({ from: 'topic:verdict.ip.v1', to: 'reaction:ban_malicious', conditional: true }),
    );
    expect(map.consumers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['triggers', 'reactions', 'retractions', 'decisions']),
    );
    const { takers } = await client.whatIf({
      body: {
        topic: 'verdict.ip.v1',
        participant: 'box',
        data: { ip: '198.51.100.1', verdict: 'malicious', confidence: 1 },
      },
    });
    expect(takers.find(({ id }) => id === 'ban_malicious')).toMatchObject({
      would: 'act',
      steps: [/ban_ip/, /publish/].map((one) => expect.stringMatching(one)),
    });
    expect(takers.find(({ id }) => id === 'follow_up')).toMatchObject({ would: 'ignore' });
    for (const verb of ['map', 'topics', 'events', 'consumers', 'dead']) {
      expect(await cli('fabric', verb)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('lets a consumer go back, and starts nothing twice by that', async () => {
    const before = banned('198.51.100.8');
    const runs = (await client.listRuns({ query: { limit: 100 } })).items.length;
    const answer = await cli('fabric', 'rewind', 'reactions', '--to', '0', '--reason', 'a try', '--yes');
    expect(answer).toMatchObject({ code: 0 });
    await until('it has caught up', async () => {
      const { items } = await client.listConsumers();
      return items.find(({ name }) => name === 'reactions')?.behind === 0;
    });
    expect((await client.listRuns({ query: { limit: 100 } })).items).toHaveLength(runs);
    expect(banned('198.51.100.8')).toBe(before);
  });
});
