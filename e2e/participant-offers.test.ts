import { type Client, createParticipantClient, type ParticipantClient } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';

const folder = temporaryFolder();
let server: ServerProcess;
let client: Client;
let owner = '';
let sinkhole: ParticipantClient;
const blocked = new Set<string>();

const domain = { type: 'object', properties: { domain: { type: 'string' } }, required: ['domain'] };
const OFFERS = {
  block_domain: {
    title: 'Block a domain',
    effect: 'contain',
    idempotent: true,
    target: '"domain-name:" + input.domain',
    preexisting: 'output.already_blocked',
    inverse: { action: 'unblock_domain', with: { domain: `$${'{{ input.domain }}'}` } },
    verify: { action: 'is_blocked', with: { domain: `$${'{{ input.domain }}'}` }, holds: 'output.blocked' },
    input: { ...domain, additionalProperties: false },
    output: {
      type: 'object',
      properties: { domain: { type: 'string' }, already_blocked: { type: 'boolean' } },
      required: ['domain', 'already_blocked'],
    },
  },
  unblock_domain: { title: 'Unblock', effect: 'change', idempotent: true, input: domain, output: { type: 'object' } },
  is_blocked: {
    title: 'Whether a domain is blocked',
    effect: 'read',
    idempotent: true,
    input: domain,
    output: { type: 'object', properties: { blocked: { type: 'boolean' } }, required: ['blocked'] },
  },
};

const nameIn = (payload: unknown) => (payload as { readonly domain: string }).domain;

async function openSinkhole(token: string): Promise<ParticipantClient> {
  const made = createParticipantClient({ url: server.url, token });
  await made.join({ title: 'Own sinkhole', offers: OFFERS, capabilities: { block_domain: 'block_domain' } });
  await made.offer('block_domain', undefined, ({ payload }) => {
    const already_blocked = blocked.has(nameIn(payload));
    blocked.add(nameIn(payload));
    return { domain: nameIn(payload), already_blocked };
  });
  await made.offer('unblock_domain', undefined, ({ payload }) => {
    blocked.delete(nameIn(payload));
    return {};
  });
  await made.offer('is_blocked', undefined, ({ payload }) => ({ blocked: blocked.has(nameIn(payload)) }));
  return made;
}

let token = '';
const cli = (...args: string[]) =>
  counterpoint([...args, '--url', server.url], { folder: folder.path, env: { COUNTERPOINT_TOKEN: owner } });

beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  const made = await becomeOwner(server);
  owner = made.token;
  client = made.client;
});
afterAll(async () => {
  sinkhole?.close();
  await server?.kill('SIGTERM');
  folder.remove();
});

const effects = async () => (await client.listEffects({ query: { connection: 'own_sinkhole', limit: 50 } })).items;

describe.sequential('a participant that offers something', () => {
  it('is let in by a person, gets a token, and its joining is an event', async () => {
    await client.createParticipant({
      body: { id: 'own_sinkhole', title: 'Sinkhole', rights: { offer: ['own_sinkhole.*'] } },
    });
    await client.createParticipant({
      body: { id: 'watcher', title: 'Watcher', rights: { subscribe: ['fabric.>'], invoke: ['own_sinkhole.*'] } },
    });
    const watching = await client.createParticipantToken({ id: 'watcher', body: { title: 'one' } });
    const watcher = createParticipantClient({ url: server.url, token: watching.token });
    const seen: unknown[] = [];
    await watcher.subscribe({ topics: ['fabric.>'] }, ({ type, data }) => void seen.push({ type, data }));
    token = (await client.createParticipantToken({ id: 'own_sinkhole', body: { title: 'one' } })).token;
    sinkhole = await openSinkhole(token);
    const joined = {
      type: 'fabric.participant_joined.v1',
      data: { participant: { id: 'own_sinkhole', capabilities: ['block_domain'] } },
    };
    await until('its joining is heard of', () => seen.some((one) => JSON.stringify(one).includes('own_sinkhole')));
    expect(seen).toContainEqual(expect.objectContaining({ type: joined.type }));
    expect(seen.at(-1)).toMatchObject(joined);
    watcher.close();
  });

  it('is a connector at once, with a connection of its own', async () => {
    const { items } = await client.listConnectors();
    expect(items.find(({ id }) => id === 'own_sinkhole')).toMatchObject({ capabilities: ['block_domain'] });
    const connections = await client.listConnections({ query: { limit: 50 } });
    expect(connections.items.find(({ id }) => id === 'own_sinkhole')).toMatchObject({
      connector: 'own_sinkhole',
      network: 'private',
      allowed_hosts: [],
    });
  });

  it('does nothing that contains without a lease', async () => {
    const asked = client.invokeService({
      body: { service: 'own_sinkhole.block_domain', payload: { domain: 'evil.example' } },
    });
    await expect(asked).rejects.toMatchObject({ code: 'guard.lease_required' });
    expect([...blocked]).toEqual([]);
  });

  it('acts for a person through the door: in the ledger, with a lease', async () => {
    const { stdout, code } = await cli(
      ...['services', 'call', 'capability:block_domain', '--with', '{"domain":"evil.example"}', '--lease', '1h'],
    );
    expect({ code, answer: JSON.parse(stdout) }).toEqual({
      code: 0,
      answer: { domain: 'evil.example', already_blocked: false },
    });
    expect([...blocked]).toEqual(['evil.example']);
    expect(await effects()).toMatchObject([
      { action: 'block_domain', state: 'performed', target: 'domain-name:evil.example' },
    ]);
  });

  it('is an action that playbooks use, with the checks that any has', async () => {
    const steps = (domain: string) => `kind: playbook/v1
id: sink
title: Sink a domain
uses: { dns: own_sinkhole, fabric: fabric }
on:
  - manual: true
steps:
  - id: look
    action: dns.is_blocked
    with: { domain: a.example }
  - id: bare
    action: fabric.invoke
    with: { service: own_sinkhole.is_blocked, payload: { domain: ${domain} } }
outputs:
  was: \${{ steps.look.blocked }}
`;
    await client.publishPlaybook({ body: { source: steps('a.example') } });
    const run = await client.startRun({ id: 'sink', body: { wait: true } });
    expect(run).toMatchObject({ status: 'succeeded', outputs: { was: false } });
    const faulty = steps('a.example').replace('with: { domain: a.example }', 'with: { domian: a.example }');
    await expect(client.publishPlaybook({ body: { source: faulty } })).rejects.toMatchObject({ status: 422 });
  });

  it('is asked by another participant through the same door, with the rights of that one only', async () => {
    const { token: text } = await client.createParticipantToken({ id: 'watcher', body: { title: 'two' } });
    const watcher = createParticipantClient({ url: server.url, token: text });
    await watcher.invoke('own_sinkhole.block_domain', { domain: 'bad.example' }, { lease: 3_600 });
    expect(await effects()).toHaveLength(2);
    await expect(watcher.invoke('nftables.block_ip', { ip: '203.0.113.9' })).rejects.toMatchObject({
      code: 'fabric.invoke_denied',
    });
    const shown = await client.getParticipant({ id: 'watcher' });
    expect(shown.refusals).toMatchObject([{ kind: 'invoke', subject: 'nftables.block_ip', count: 1 }]);
    watcher.close();
  });

  it('provides nothing while it is away, and undoes what it did when it is back', async () => {
    await sinkhole.leave();
    const bound = client.invokeService({
      body: { service: 'capability:block_domain', payload: { domain: 'x.example' } },
    });
    await expect(bound).rejects.toMatchObject({ code: 'fabric.service_unavailable' });
    for (const { id } of await effects())
      await client.undoEffect({ id, body: { reason: 'over' } }).catch(() => undefined);
    expect(blocked.size).toBe(2);
    sinkhole = await openSinkhole(token);
    await until('nothing is blocked', () => blocked.size === 0, 20_000);
    await until(
      'the ledger says so',
      async () => (await effects()).filter(({ state }) => state === 'undone').length === 2,
    );
  });

  it('is cut off at once when its token is revoked', async () => {
    const { credentials } = await client.getParticipant({ id: 'own_sinkhole' });
    const { code } = await cli('participants', 'revoke', 'own_sinkhole', credentials[0]?.id ?? '');
    expect(code).toBe(0);
    await until('it is offline', async () => (await client.getParticipant({ id: 'own_sinkhole' })).state === 'offline');
    await expect(sinkhole.heartbeat()).rejects.toMatchObject({ code: 'fabric.participant_unauthenticated' });
  });
});
