import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner, signIn } from './support/owner.ts';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';
import { type EdgeProcess, type Front, openFront, openSite, type Site } from './support/site.ts';

const isRoot = process.getuid?.() === 0;
const folder = temporaryFolder();
const [FIRST, SECOND, THIRD, LOCAL] = ['198.51.100.11', '198.51.100.12', '198.51.100.13', '198.51.100.14'] as const;
const FOLLOWED = '198.51.100.99';
let site: Site;
let front: Front;
let server: ServerProcess;
let edge: EdgeProcess;
let client: Client;
let owner: string;
let sensor: string;
let port = '0';

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
/** Bans what is announced, no faster than one in eight seconds, for fifteen. */
const banning = `kind: reaction/v1
id: ban_at_plant
title: Ban an address at the plant
mode: act
site: plant
uses: { fw: nftables }
subscribe: { topic: verdict.ip.v1, when: 'event.verdict == "malicious"' }
limits: { rate: 1/8s }
do:
  - id: ban
    action: fw.ban_ip
    with: { ip: "\${{ valid.public_ip(event.ip) }}" }
    lease: { for: 15s }
publish:
  topic: control.ip_blocked.v1
  data: { ip: "\${{ valid.public_ip(event.ip) }}" }
`;
/** Reacts at the site to what the other reaction of the site has told. */
const following = `kind: reaction/v1
id: follow_at_plant
title: Ban the address behind the third
mode: act
site: plant
uses: { fw: nftables }
subscribe: { topic: control.ip_blocked.v1, when: 'event.ip == "${THIRD}"' }
do:
  - { id: ban, action: fw.ban_ip, with: { ip: ${FOLLOWED} }, lease: { for: 1h } }
`;

const startCentre = async () => {
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false', '--port', port]);
  port = new URL(server.url).port;
};
const announce = (ip: string) => client.startRun({ id: 'announce', body: { inputs: { ip }, wait: false } });
const effectsOn = async (ip: string) =>
  (await client.listEffects({ query: { limit: 500 } })).items.filter(
    ({ target, undo_of }) => target.endsWith(`:${ip}`) && undo_of === '',
  );
const events = async (topic: string) => (await client.listEvents({ query: { topic, limit: 100 } })).items;

describe.skipIf(!isRoot)('an edge node in a network of its own', () => {
  beforeAll(async () => {
    site = openSite();
    await startCentre();
    ({ client, token: owner } = await becomeOwner(server));
    front = await openFront(folder.path, site.address, () => Number(port));
    await client.publishPlaybook({ body: { source: announcing } });
  });
  afterAll(async () => {
    await edge?.kill('SIGTERM');
    await server?.kill('SIGKILL');
    front?.close();
    site?.close();
    folder.remove();
  });

  it('joins with the command that its centre prints, and connects outward only', async () => {
    const env = { COUNTERPOINT_URL: server.url, COUNTERPOINT_TOKEN: owner };
    const { stdout, stderr } = await counterpoint(['edge', 'add', 'plant_a', '--site', 'plant'], {
      folder: folder.path,
      env,
    });
    const [, token = ''] = /--role edge --join \S+ --token (\S+)/.exec(stdout) ?? [];
    const args = ['--join', front.url, '--token', token, '--ca', front.ca];
    edge = await site.startEdge(folder.path, args);
    expect(edge.told).toMatchObject({ node: 'plant_a', site: 'plant' });
    expect(stderr).toContain(String(edge.told.centreFingerprint));
    expect(await site.isReachable(Number(new URL(String(edge.told.url)).port))).toBe(false);
    await client.createConnection({
      body: { id: 'plant_fw', connector: 'nftables', title: 'Plant', network: 'private', site: 'plant_a' },
    });
    await client.createParticipant({
      body: { id: 'sensor', title: 'S', site: 'plant', rights: { publish: ['verdict.>'] }, trust: ['verdict.>'] },
    });
    sensor = (await client.createParticipantToken({ id: 'sensor', body: { title: 'a token' } })).token;
    await client.publishPlaybook({ body: { source: banning } });
    await client.publishPlaybook({ body: { source: following } });
    await until('it works by that', async () => {
      const { reactions, works_by, bundle } = await client.getEdgeNode({ id: 'plant_a' });
      return reactions.length === 2 && works_by === bundle;
    });
  });

  it('acts on an event of the centre with a tool that only it reaches', async () => {
    await announce(FIRST);
    await until('it is banned there', () => site.bans(FIRST));
    await until('the centre knows', async () => (await effectsOn(FIRST))[0]?.state === 'performed');
    expect(await effectsOn(FIRST)).toMatchObject([{ site: 'plant_a', connection: 'plant_fw' }]);
  });

  it('performs what a person wants to have done through its connection', async () => {
    const done = await client.performAction({
      body: { connector: 'nftables', action: 'get_ban', connection: 'plant_fw', input: { ip: FIRST } },
    });
    expect(done).toMatchObject({ status: 'succeeded', output: { banned: true } });
  });

  it('goes on while its centre is gone: reacts, follows up, and ends what was leased', async () => {
    await announce(SECOND);
    await announce(THIRD);
    await until('it has taken both', async () => {
      const held = (await client.listConsumers()).items.find(({ name }) => name === 'edge:plant_a');
      return held?.behind === 0 && (await events('verdict.ip.v1')).length === 3;
    });
    site.link('down');
    await server.kill('SIGKILL');
    expect(site.bans(THIRD)).toBe(false);
    const data = { ip: LOCAL, verdict: 'malicious', confidence: 90 };
    site.post(`${edge.told.url}/fabric/v1/events`, sensor, { topic: 'verdict.ip.v1', subject: LOCAL, data });
    await until('the second is banned', () => site.bans(SECOND), 40_000);
    await until('the third is banned', () => site.bans(THIRD), 40_000);
    await until('what a tool of the site said is acted on', () => site.bans(LOCAL), 40_000);
    await until('what it told is reacted to', () => site.bans(FOLLOWED));
    await until('the lease of the first ended', () => !site.bans(FIRST));
  });

  it('brings all of it home, once', async () => {
    await startCentre();
    client = signIn(server, owner);
    site.link('up');
    await until('the last of it is there', async () => (await effectsOn(FOLLOWED))[0]?.state === 'performed', 40_000);
    await until('the lease that ended is', async () => (await effectsOn(FIRST))[0]?.ended_at);
    for (const ip of [FIRST, SECOND, THIRD, LOCAL, FOLLOWED]) expect(await effectsOn(ip), ip).toHaveLength(1);
    const told = await events('control.ip_blocked.v1');
    expect(told.map(({ data }) => (data as { readonly ip: string }).ip).sort()).toEqual([FIRST, SECOND, THIRD, LOCAL]);
    const said = await events('verdict.ip.v1');
    expect(said.map(({ participant }) => participant)).toEqual(['server', 'server', 'server', 'sensor']);
    const { items } = await client.listRuns({ query: { limit: 100 } });
    expect(
      items
        .filter((run) => run.site === 'plant_a')
        .map(({ playbook }) => playbook)
        .sort(),
    ).toEqual(['ban_at_plant', 'ban_at_plant', 'ban_at_plant', 'ban_at_plant', 'follow_at_plant']);
    const [effect] = await effectsOn(FOLLOWED);
    const trace = JSON.stringify(await client.trace({ ref: `effect:${effect?.id}` }));
    for (const part of ['announce', 'verdict.ip.v1', 'ban_at_plant', 'control.ip_blocked.v1', 'follow_at_plant']) {
      expect(trace).toContain(part);
    }
  });

  it('undoes what its centre wants undone, also after it was started anew', async () => {
    await edge.kill('SIGKILL');
    const [effect] = await effectsOn(FOLLOWED);
    const asked = await client.undoEffect({ id: effect?.id ?? '', body: { reason: 'a mistake' } });
    expect(asked.kept).toMatchObject([{ reason: expect.stringMatching(/as soon as it is reached/) }]);
    expect((await client.getEdgeNode({ id: 'plant_a' })).waiting).toBe(1);
    expect(site.bans(FOLLOWED)).toBe(true);
    edge = await site.startEdge(folder.path, ['--join', front.url, '--ca', front.ca]);
    await until('it is lifted', () => !site.bans(FOLLOWED));
    await until('the centre knows', async () => (await effectsOn(FOLLOWED))[0]?.state === 'undone');
  });
});
