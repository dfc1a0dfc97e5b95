import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner, signIn } from './support/owner.ts';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';

const WITHOUT_LAB = ['--set', 'lab.enabled=false'];
const folder = temporaryFolder();
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let token = '';

const start = () => startServerProcess({ folder: folder.path }, WITHOUT_LAB);
const command = (...args: string[]) =>
  counterpoint(args, { folder: folder.path, env: { COUNTERPOINT_TOKEN: token, COUNTERPOINT_URL: server.url } });

/** Bans the address after a pause, in which a backup can be made. */
const pausing = (id: string, pause: string, lease: string) => `kind: playbook/v1
id: ${id}
title: Ban after a pause
uses: { fw: fortigate }
inputs: { ip: { type: string } }
on: [{ manual: true }]
steps:
  - { id: pause, wait: { for: ${pause} } }
  - id: block
    action: fw.ban_ip
    with: { ip: "\${{ blockable(inputs.ip) }}" }
    lease: { for: ${lease} }
`;

beforeAll(async () => {
  firewall = await startFirewall();
  server = await start();
  const owner = await becomeOwner(server);
  token = owner.token;
  client = owner.client;
  await connectFirewall(client, firewall);
  for (const source of [pausing('soon', '3s', '1h'), pausing('at_once', '1ms', '1h')]) {
    await client.publishPlaybook({ body: { source } });
  }
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

const run = async (playbook: string, ip: string) =>
  (await client.startRun({ id: playbook, body: { inputs: { ip }, wait: false } })).id;
const ended = (id: string) =>
  until(`run ${id} ends`, async () => ['succeeded', 'failed'].includes((await client.getRun({ id })).status), 30_000);

describe('a restored backup', () => {
  it('acts on nothing before it is released, and then repeats no effect that is newer than it', async () => {
    const before = await run('at_once', '203.0.113.1');
    await ended(before);
    const soon = await run('soon', '203.0.113.2');
    await until('the run waits', async () => (await client.getRun({ id: soon })).status === 'waiting');
    const backup = join(folder.path, 'copy');
    const made = await command('backup', 'create', '--to', backup);
    expect(made.stderr + made.stdout).toContain('The key of the vault is not in it');
    expect(made.code).toBe(0);
    expect((await command('backup', 'verify', backup)).code).toBe(0);

    // More happens than the backup knows: the run that waited acts.
    await ended(soon);
    expect(sentTo(firewall, 'add').get('203.0.113.2')).toBe(1);
    await server.kill('SIGKILL');
    rmSync(join(folder.path, 'data'), { recursive: true });
    expect((await command('backup', 'restore', backup)).code).toBe(0);

    server = await start();
    client = signIn(server, token);
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'frozen' });
    expect((await client.status()).frozen).toMatchObject({ backup_at: expect.any(Number) });
    const list = await fetch(`${server.url}/api/v1/runs`, { headers: { authorization: `Bearer ${token}` } });
    expect(list.headers.get('counterpoint-frozen')).not.toBeNull();
    await expect(run('at_once', '203.0.113.9')).rejects.toMatchObject({ code: 'server.frozen' });
    const calls = firewall.server.journal.length;
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect((await client.getRun({ id: soon })).status).toBe('waiting');
    expect(firewall.server.journal.length).toBe(calls);

    const refused = await command('thaw', '--reason', 'too early');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('stays frozen');
    const asked = await command('backup', 'reconcile');
    expect(asked.stdout).toContain('in_force');
    expect(asked.code).toBe(0);
    expect((await command('thaw', '--reason', 'looked at the firewall')).code).toBe(0);

    await ended(soon);
    expect((await client.getRun({ id: soon })).status).toBe('succeeded');
    expect(Object.fromEntries(sentTo(firewall, 'add'))).toEqual({ '203.0.113.1': 1, '203.0.113.2': 1 });
    const { items } = await client.listEffects({ query: { in_force: 'true', limit: 50 } });
    expect(items.map(({ target }) => target).toSorted()).toEqual(['ipv4-addr:203.0.113.1', 'ipv4-addr:203.0.113.2']);
    const audit = await client.listAudit({ query: { limit: 100 } });
    const actions = audit.items.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['restore.reconciled', 'restore.thawed']));
    const fresh = await run('at_once', '203.0.113.3');
    await ended(fresh);
    expect(sentTo(firewall, 'add').get('203.0.113.3')).toBe(1);
  });
});
