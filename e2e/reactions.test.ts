import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const folder = temporaryFolder();
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;

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
  ({ client } = await becomeOwner(server));
  await connectFirewall(client, firewall);
  await client.publishPlaybook({ body: { source: announcing } });
}, 60_000);
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

const announce = (ip: string) => client.startRun({ id: 'announce', body: { inputs: { ip }, wait: false } });

describe('a reaction', () => {
  it('acts on what was announced, at the product', async () => {
    await client.publishPlaybook({ body: { source: reacting('act') } });
    await announce('198.51.100.7');
    await until('the address is banned', () => sentTo(firewall, 'add').get('198.51.100.7'));
  });
});
