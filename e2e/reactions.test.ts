import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
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
let token = '';

/** Announces a verdict, as a participant would. */
const announcing = `kind: playbook/v1
id: announce
title: Announce a verdict
on: [{ manual: {} }]
inputs: { ip: { type: string, format: ipv4 } }
steps:
  - id: tell
    publish: verdict.ip.v1
    data: { ip: "\${{ inputs.ip }}", verdict: malicious, confidence: 60 }
`;
const reacting = (mode: string) => `kind: reaction/v1
id: ban_malicious
title: Ban an address that is malicious
mode: ${mode}
uses: { fw: fortigate }
subscribe: { topic: verdict.ip.v1, when: 'event.verdict == "malicious"' }
idempotency: { key: valid.public_ip(event.ip), ttl: 1d }
do:
  - id: ban
    action: fw.ban_ip
    with: { ip: "\${{ valid.public_ip(event.ip) }}" }
    lease: { for: 1h }
`;

beforeAll(async () => {
  firewall = await startFirewall();
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  ({ client, token } = await becomeOwner(server));
  await connectFirewall(client, firewall);
  await client.publishPlaybook({ body: { source: announcing } });
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

const announce = (ip: string) => client.startRun({ id: 'announce', body: { inputs: { ip }, wait: false } });

/** A verb of `counterpoint reactions`; gives what it printed as JSON. */
async function reactions(...args: string[]) {
  const env = { COUNTERPOINT_URL: server.url, COUNTERPOINT_TOKEN: token };
  const { code, stdout, stderr } = await counterpoint(['reactions', ...args, '--json'], { folder: folder.path, env });
  if (code !== 0) throw new Error(`counterpoint reactions ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

const outcomes = async (outcome: 'observed' | 'held' | 'duplicate' | 'started') =>
  (await client.listReactionEvents({ query: { reaction: 'ban_malicious', outcome } })).items;

describe('a reaction', () => {
  it('tells what it would do, and does nothing, while it observes', async () => {
    await client.publishPlaybook({ body: { source: reacting('observe') } });
    await announce('198.51.100.6');
    const [row] = await until('it is observed', async () => {
      const rows = await outcomes('observed');
      return rows.length > 0 ? rows : undefined;
    });
    expect(row?.would).toMatchObject([
      {
        step: 'ban',
        connector: 'fortigate',
        action: 'ban_ip',
        target: 'ipv4-addr:198.51.100.6',
        with: { ip: '198.51.100.6' },
      },
    ]);
    expect(sentTo(firewall, 'add')).toEqual(new Map());
    expect(await reactions('observed', 'ban_malicious')).toMatchObject({ items: [{ outcome: 'observed' }] });
  });

  it('asks people before it acts in mode ask', async () => {
    await client.publishPlaybook({ body: { source: reacting('ask') } });
    await announce('198.51.100.8');
    const item = await until('people are asked', async () => {
      const { items } = await client.listInbox({ query: { status: 'open' } });
      return items.find(({ playbook }) => playbook === 'ban_malicious');
    });
    expect(sentTo(firewall, 'add')).toEqual(new Map());
    await client.approveInboxItem({
      id: item.id,
      body: { covers_hash: item.covers_hash, reason: 'seen', form: null },
    });
    await until('the address is banned', () => sentTo(firewall, 'add').get('198.51.100.8'));
    const agreement = await reactions('agreement', 'ban_malicious');
    expect(agreement).toMatchObject([{ number: 2, asked: { approved: 1, denied: 0 } }, { number: 1 }]);
  });

  it('acts on what was announced, at the product, once for its key', async () => {
    await client.publishPlaybook({ body: { source: reacting('act') } });
    await announce('198.51.100.7');
    await until('the address is banned', () => sentTo(firewall, 'add').get('198.51.100.7'));
    await announce('198.51.100.7');
    await until('the other is told', async () => (await outcomes('duplicate')).length || undefined);
    expect(sentTo(firewall, 'add').get('198.51.100.7')).toBe(1);
  });

  it('holds what is too much until there is room or a person lets it through', async () => {
    const limited = reacting('act').replace('do:\n', 'limits: { rate: 1/h }\ndo:\n');
    await client.publishPlaybook({ body: { source: limited } });
    await announce('198.51.100.9');
    const row = await until('it is held', async () => (await outcomes('held'))[0]);
    expect(await reactions()).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id: 'ban_malicious', held: 1, number: 4 })]),
    });
    expect(await reactions('release', row.id)).toMatchObject({ outcome: 'started', run: expect.stringMatching(/./) });
    await until('the address is banned', () => sentTo(firewall, 'add').get('198.51.100.9'));
  });

  it('is not a playbook, and reacts no more once it is disabled', async () => {
    const { items } = await client.listPlaybooks({ query: {} });
    expect(items.map(({ id }) => id)).not.toContain('ban_malicious');
    await reactions('disable', 'ban_malicious');
    expect(await reactions('show', 'ban_malicious')).toMatchObject({ enabled: false, mode: 'act' });
    const source = announcing.replace('id: announce', 'id: ban_malicious');
    await expect(client.publishPlaybook({ body: { source } })).rejects.toMatchObject({ code: 'engine.id_taken' });
  });
});
