import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner, signIn } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const folder = temporaryFolder();
const flags = ['--set', 'lab.enabled=false', '--set', 'fabric.storm_events=2'];
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let token = '';

const announcing = `kind: playbook/v1
id: announce
title: Announce verdicts
on: [{ manual: {} }]
steps:
  - id: each
    foreach: '["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4", "198.51.100.5"]'
    as: ip
    do: [{ id: tell, publish: verdict.ip.v1, data: { ip: "\${{ ip }}", verdict: malicious, confidence: 60 } }]
`;
const reacting = `kind: reaction/v1
id: ban_malicious
title: Ban an address that is malicious
mode: act
uses: { fw: fortigate }
subscribe: { topic: verdict.ip.v1, when: event.confidence == 60 }
do:
  - id: ban
    action: fw.ban_ip
    with: { ip: "\${{ valid.public_ip(event.ip) }}" }
    lease: { for: 1h }
`;

beforeAll(async () => {
  firewall = await startFirewall();
  server = await startServerProcess({ folder: folder.path }, flags);
  ({ client, token } = await becomeOwner(server));
  await connectFirewall(client, firewall);
  await client.publishPlaybook({ body: { source: announcing } });
  await client.publishPlaybook({ body: { source: reacting } });
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

describe('a storm', () => {
  it('is held over a crash until a person answers, and then goes on', async () => {
    await client.startRun({ id: 'announce', body: { inputs: {}, wait: true } });
    const held = async () =>
      (await client.listReactionEvents({ query: { reaction: 'ban_malicious', outcome: 'held' } })).items.length;
    await until('three are held', async () => (await held()) === 3 || undefined);
    expect(sentTo(firewall, 'add').size).toBe(2);

    await server.kill('SIGKILL');
    server = await startServerProcess({ folder: folder.path }, flags);
    client = signIn(server, token);
    expect(await held()).toBe(3);
    const { items } = await client.listInbox({ query: { status: 'open' } });
    const [item] = items.filter(({ about }) => about === 'storm:ban_malicious');
    expect(items).toHaveLength(1);
    await client.answerInboxItem({ id: item?.id ?? '', body: { form: { decision: 'release' }, reason: 'a scan' } });
    await until('all are banned', () => sentTo(firewall, 'add').size === 5 || undefined);
    const { items: breakers } = await client.listBreakers();
    expect(breakers).toMatchObject([{ id: 'ban_malicious', state: 'closed', held: 0 }]);
  });
});
