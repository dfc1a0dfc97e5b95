import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackFrom, connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner, deliver, signIn } from './support/owner.ts';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';

const folder = temporaryFolder();
const policy = join(folder.path, 'policy.yaml');
const shipped = readFileSync(join(import.meta.dirname, '../content/policy/policy.yaml'), 'utf8');
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let token = '';
let sourceToken = '';

const start = () =>
  startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false', '--set', `policy.file=${policy}`]);

/** A playbook that asks people before it bans the source of an alert. */
const asking = `kind: playbook/v1
id: ask_first
title: Ask before blocking
uses: { fw: fortigate }
on:
  - alert: true
steps:
  - id: decision
    approval: Block \${{ event.alert.finding.evidences[0].src_endpoint.ip }}?
    covers: [block]
    by: { role: analyst, exclude: run.started_by }
    timeout: { after: 4h, then: deny }
  - id: block
    if: steps.decision.approved
    action: fw.ban_ip
    with: { ip: "\${{ blockable(event.alert.finding.evidences[0].src_endpoint.ip) }}" }
    lease: { for: 1h }
`;
const blunt = asking.replace(/ {2}- id: decision[\s\S]*?(?= {2}- id: block)/, '').replace(/^ {4}if: .*\n/m, '');

beforeAll(async () => {
  writeFileSync(policy, shipped);
  firewall = await startFirewall();
  server = await start();
  const owner = await becomeOwner(server);
  token = owner.token;
  client = owner.client;
  await connectFirewall(client, firewall);
  sourceToken = (await client.createSource({ body: { id: 'siem', title: 'SIEM', normalizer: 'generic_json' } })).secret;
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

async function attack(ip: string): Promise<string> {
  expect((await deliver(server, 'siem', sourceToken, attackFrom(ip))).status).toBe(202);
  const item = await until(`people are asked about ${ip}`, async () =>
    (await client.listInbox()).items.find(({ text }) => text.includes(ip)),
  );
  return item.id;
}

const command = (...args: string[]) =>
  counterpoint([...args, '--url', server.url], { folder: folder.path, env: { COUNTERPOINT_TOKEN: token } });

const banned = (ip: string) => sentTo(firewall, 'add').get(ip) ?? 0;

async function endOf(id: string) {
  const { run } = await client.getInboxItem({ id });
  return until(`the run ${run} is over`, async () => {
    const found = await client.getRun({ id: run });
    return found.ended_at === null ? undefined : found;
  });
}

describe.sequential('people', () => {
  it('see what a playbook would do, and nothing is done before they approve exactly that', async () => {
    await client.publishPlaybook({ body: { source: asking } });
    const id = await attack('203.0.113.71');
    const shown = await command('inbox', 'show', id);
    expect(shown.stdout).toContain('fortigate.ban_ip');
    expect(shown.stdout).toContain('203.0.113.71');
    expect(shown.stdout).toContain('contain');
    const unsure = await command('inbox', 'approve', id);
    expect(unsure).toMatchObject({ code: 2 });
    expect(unsure.stderr).toContain('cli.confirm_needed');
    expect(banned('203.0.113.71')).toBe(0);
    expect(await command('inbox', 'approve', id, '--yes', '--reason', 'seen it')).toMatchObject({ code: 0 });
    await until('the ban is sent', () => banned('203.0.113.71') === 1);
    const { run } = await client.getInboxItem({ id });
    expect((await command('trace', `run:${run}`)).stdout).toContain('Block 203.0.113.71?');
    const twice = await command('inbox', 'deny', id, '--yes');
    expect(twice.code).toBe(1);
    expect(twice.stderr).toMatch(/cases\.already_(voted|decided)/);
  });

  it('are heeded once, though the server is killed right after they decided', async () => {
    const id = await attack('203.0.113.72');
    const { covers_hash } = await client.getInboxItem({ id });
    await client.approveInboxItem({ id, body: { covers_hash } });
    await server.kill('SIGKILL');
    server = await start();
    client = signIn(server, token);
    await until('the ban is sent', () => banned('203.0.113.72') >= 1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(banned('203.0.113.72')).toBe(1);
  });

  it('are still asked after a restart, and a denial leaves everything as it is', async () => {
    const id = await attack('203.0.113.73');
    await server.kill('SIGTERM');
    server = await start();
    client = signIn(server, token);
    expect((await client.listInbox()).items.map((item) => item.id)).toContain(id);
    await client.denyInboxItem({ id, body: { reason: 'our own scanner' } });
    expect(await endOf(id)).toMatchObject({ status: 'succeeded' });
    expect(banned('203.0.113.73')).toBe(0);
  });

  it('decide about what the policy reserves to them, also where the playbook does not ask', async () => {
    writeFileSync(policy, shipped.replace('actions: []', 'actions: [fortigate.ban_ip]'));
    await client.publishPlaybook({ body: { source: blunt } });
    const id = await attack('203.0.113.74');
    const item = await client.getInboxItem({ id });
    expect(item).toMatchObject({
      covers: [{ connector: 'fortigate', action: 'ban_ip', connection: 'fw', effect: 'contain' }],
    });
    const [effect] = (await client.listEffects({ query: { run: item.run } })).items;
    expect(effect).toMatchObject({ state: 'held' });
    expect(banned('203.0.113.74')).toBe(0);
    await client.approveInboxItem({ id, body: { covers_hash: item.covers_hash } });
    await until('the ban is sent', () => banned('203.0.113.74') === 1);
    const denied = await attack('203.0.113.75');
    await client.denyInboxItem({ id: denied, body: {} });
    expect(await endOf(denied)).toMatchObject({ status: 'failed', error: { code: 'guard.denied_by_people' } });
    expect(banned('203.0.113.75')).toBe(0);
    const forgotten = await attack('203.0.113.77');
    const waiting = await client.getInboxItem({ id: forgotten });
    await client.cancelRun({ id: waiting.run, body: { reason: 'false alarm' } });
    expect(await endOf(forgotten)).toMatchObject({ status: 'cancelled' });
    expect(await client.getInboxItem({ id: forgotten })).toMatchObject({ status: 'cancelled' });
    const called = (await client.listEffects({ query: { run: waiting.run } })).items;
    expect(called).toMatchObject([{ state: 'failed', error: { code: 'guard.hold_called_off' } }]);
  });

  it('approve what they call themselves only where the policy lets them', async () => {
    const body = { connector: 'fortigate', action: 'ban_ip', input: { ip: '203.0.113.76' }, lease: '1h' };
    const held = await client.performAction({ body });
    expect(held).toMatchObject({ status: 'held', output: null });
    const id = held.inbox ?? '';
    const { covers_hash } = await client.getInboxItem({ id });
    await expect(client.approveInboxItem({ id, body: { covers_hash } })).rejects.toMatchObject({
      code: 'cases.decider_excluded',
    });
    writeFileSync(
      policy,
      shipped.replace('actions: []', 'actions: [fortigate.ban_ip]').replace('self: false', 'self: true'),
    );
    const own = await client.performAction({ body: { ...body, key: 'k' } });
    const mine = await client.getInboxItem({ id: own.inbox ?? '' });
    await client.approveInboxItem({ id: mine.id, body: { covers_hash: mine.covers_hash } });
    expect(banned('203.0.113.76')).toBe(0);
    expect(await client.performAction({ body: { ...body, key: 'k' } })).toMatchObject({ status: 'succeeded' });
    expect(banned('203.0.113.76')).toBe(1);
    const explained = await client.explainGuard({ body });
    expect(explained).toMatchObject({ outcome: 'hold', rule: 'guard.needs_approval' });
  });
});
