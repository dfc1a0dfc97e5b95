import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackFrom, blockingPlaybook, connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner, deliver, signIn } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const WITHOUT_LAB = ['--set', 'lab.enabled=false'];

const folder = temporaryFolder();
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let token = '';
let sourceToken = '';

const start = () => startServerProcess({ folder: folder.path }, WITHOUT_LAB);
const publish = (lease: string) => client.publishPlaybook({ body: { source: blockingPlaybook(lease) } });

beforeAll(async () => {
  firewall = await startFirewall();
  server = await start();
  const owner = await becomeOwner(server);
  token = owner.token;
  client = owner.client;
  await connectFirewall(client, firewall);
  const body = { id: 'siem', title: 'SIEM', normalizer: 'generic_json' };
  sourceToken = (await client.createSource({ body })).secret;
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

async function attack(ip: string): Promise<void> {
  expect((await deliver(server, 'siem', sourceToken, attackFrom(ip))).status).toBe(202);
}

async function effectOn(ip: string, ...states: readonly string[]) {
  return until(`the block of ${ip} is ${states.join(' or ')}`, async () => {
    const { items } = await client.listEffects({ query: { target: `ipv4-addr:${ip}` } });
    return items.find(({ state, action }) => action === 'ban_ip' && states.includes(state));
  });
}

async function restart(signal: NodeJS.Signals, downFor = 0): Promise<void> {
  await server.kill(signal);
  await new Promise((resolve) => setTimeout(resolve, downFor));
  server = await start();
  client = signIn(server, token);
}

describe.sequential('a lease', () => {
  it('ends by an undo at the vendor, not before its time', async () => {
    await publish('2s');
    await attack('203.0.113.1');
    const performed = await effectOn('203.0.113.1', 'performed');
    expect(sentTo(firewall, 'clear').get('203.0.113.1')).toBeUndefined();
    const undone = await effectOn('203.0.113.1', 'undone');
    expect(undone.id).toBe(performed.id);
    expect(undone.ended_at).toBeGreaterThanOrEqual(performed.lease_until ?? Number.POSITIVE_INFINITY);
    expect(sentTo(firewall, 'clear').get('203.0.113.1')).toBe(1);
    expect(firewall.bans().has('203.0.113.1')).toBe(false);
  });

  it.each([
    ['stopped', 'SIGTERM', '203.0.113.2'],
    ['killed', 'SIGKILL', '203.0.113.3'],
  ] as const)('that ran out while the server was %s is undone after the start', async (_how, signal, ip) => {
    await publish('2s');
    await attack(ip);
    const { lease_until } = await effectOn(ip, 'performed');
    await restart(signal, Math.max(0, (lease_until ?? 0) - Date.now()) + 200);
    const undone = await effectOn(ip, 'undone');
    expect(undone.ended_at).toBeGreaterThan(lease_until ?? Number.POSITIVE_INFINITY);
    expect(sentTo(firewall, 'clear').get(ip)).toBe(1);
  });

  it('is undone again and again until the vendor takes it', async () => {
    await publish('2s');
    await attack('203.0.113.4');
    await effectOn('203.0.113.4', 'performed');
    firewall.server.inject({ status: 503, text: 'busy' });
    const undone = await effectOn('203.0.113.4', 'undone');
    expect(undone.error).toBeNull();
    expect(sentTo(firewall, 'clear').get('203.0.113.4')).toBeGreaterThanOrEqual(2);
  });

  it('is not undone before its time, also over a restart', async () => {
    await publish('1h');
    await attack('203.0.113.5');
    await effectOn('203.0.113.5', 'performed');
    await restart('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await effectOn('203.0.113.5', 'performed', 'undone')).state).toBe('performed');
    expect(firewall.bans().has('203.0.113.5')).toBe(true);
  });
});

describe.sequential('a retraction', () => {
  it('undoes what an alert caused, at the vendor, and says so', async () => {
    await publish('1h');
    await attack('203.0.113.10');
    await attack('203.0.113.11');
    const first = await effectOn('203.0.113.10', 'performed');
    await effectOn('203.0.113.11', 'performed');
    const { items } = await client.listAlerts({ query: { limit: 500 } });
    const alert = items.find(({ trace }) => trace === first.trace);
    const result = await client.retract({ ref: `alert:${alert?.id}`, body: { reason: 'it was a scanner of our own' } });
    expect(result).toMatchObject({ undone: [first.id], kept: [], failed: [] });
    expect(firewall.bans().has('203.0.113.10')).toBe(false);
    expect(firewall.bans().has('203.0.113.11')).toBe(true);
    const again = await client.retract({ ref: `alert:${alert?.id}`, body: { reason: 'once more' } });
    expect(again.undone).toEqual([]);
    const { items: audit } = await client.listAudit({ query: { limit: 100 } });
    expect(JSON.stringify(audit)).toContain('it was a scanner of our own');
  });

  it('of something unknown is refused', async () => {
    await expect(client.retract({ ref: 'alert:none', body: { reason: 'x' } })).rejects.toMatchObject({ status: 404 });
  });
});

describe.sequential('the kill switch', () => {
  const ban = (ip: string) =>
    client
      .performAction({ body: { connector: 'fortigate', action: 'ban_ip', input: { ip }, lease: '1h' } })
      .catch(refusal);

  it('stops new blocks within a second, also those of a burst under way', async () => {
    await publish('1h');
    let going = true;
    let next = 0;
    const burst = async () => {
      while (going && next < 200) {
        next += 1;
        await deliver(server, 'siem', sourceToken, attackFrom(`198.51.100.${next}`));
      }
    };
    const senders = [burst(), burst(), burst()];
    await until(
      'the first are blocked',
      () => [...firewall.bans().keys()].filter((ip) => ip.startsWith('198.51.100.')).length > 3,
    );
    await client.setSwitch({ id: 'global', body: { engaged: true, reason: 'drill' } });
    const engaged = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    going = false;
    await Promise.all(senders);
    const late = firewall.server.journal.filter(({ at, path }) => path.endsWith('/add_users') && at > engaged + 1_000);
    expect(late).toEqual([]);
    expect(await ban('203.0.113.20')).toMatchObject({ status: 'failed', error: { code: 'guard.switch_engaged' } });
    expect((await client.status()).switches).toEqual(['global']);
  });

  it('survives a restart, and leases go on ending', async () => {
    await restart('SIGKILL');
    expect((await client.status()).switches).toEqual(['global']);
    expect(await ban('203.0.113.21')).toMatchObject({ error: { code: 'guard.switch_engaged' } });
    expect(sentTo(firewall, 'add').has('203.0.113.21')).toBe(false);
    const standing = await effectOn('203.0.113.11', 'performed');
    const released = await client.undoEffect({ id: standing.id, body: { reason: 'still possible' } });
    expect(released.undone).toEqual([standing.id]);
  });

  it('lets blocks pass again once it is released', async () => {
    await client.setSwitch({ id: 'global', body: { engaged: false, reason: 'drill is over' } });
    expect(await ban('203.0.113.22')).toMatchObject({ status: 'succeeded', error: null });
    expect(firewall.bans().has('203.0.113.22')).toBe(true);
  });

  it('of one connector stops that one only, and of a name that is none is refused', async () => {
    await client.setSwitch({ id: 'connector:slack', body: { engaged: true, reason: 'too loud' } });
    expect(await ban('203.0.113.23')).toMatchObject({ status: 'succeeded' });
    await client.setSwitch({ id: 'connector:fortigate', body: { engaged: true, reason: 'maintenance' } });
    expect(await ban('203.0.113.24')).toMatchObject({ error: { code: 'guard.switch_engaged' } });
    const wrong = client.setSwitch({ id: 'globl', body: { engaged: true, reason: 'x' } });
    await expect(wrong).rejects.toMatchObject({
      code: 'api.switch_unknown',
      message: expect.stringContaining('global'),
    });
  });
});

/** What the door refused, in the form of an outcome. */
const refusal = ({ code }: { readonly code: string }) => ({ status: 'failed', effect: null, error: { code } });

describe('the guard', () => {
  it('refuses a containment without lease, a protected or wide target, and says why', async () => {
    await client.setSwitch({ id: 'connector:fortigate', body: { engaged: false, reason: 'done' } });
    const ban = (ip: string, lease?: string) =>
      client.performAction({ body: { connector: 'fortigate', action: 'ban_ip', input: { ip }, lease } }).catch(refusal);
    expect(await ban('203.0.113.30')).toMatchObject({ error: { code: 'guard.lease_required' } });
    for (const ip of ['8.8.8.8', '::ffff:8.8.8.8', '127.0.0.1', '0.0.0.0', '2606:4700:4700::1111']) {
      expect(await ban(ip, '1h'), ip).toMatchObject({ error: { code: 'guard.protected' } });
    }
    const disguised = ['134744072', '0x8.0x8.0x8.0x8', '0x8080808', '8.8.2056', '::ffff:808:808', '64:ff9b::808:808'];
    for (const ip of ['0.0.0.0/0', '203.0.0.0/8', ...disguised]) {
      expect(await ban(ip, '1h'), ip).toMatchObject({ status: 'failed', effect: null });
      expect(sentTo(firewall, 'add').has(ip), ip).toBe(false);
    }
  });
});
