import type { EdgeBatch } from '@counterpoint/contracts';
import { hashJson, newId, stableId } from '@counterpoint/core';
import { createLink, newNodeKeys } from '@counterpoint/fabric';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { banning, openPlant, type Plant, until } from './testing/plant.ts';

let plant: Plant;
/** What a node got that joined as `plant_a`, and somebody now holds. */
let stolen: string;

const nothing: EdgeBatch = { events: [], runs: [], effects: [], claims: [], reaction_events: [], audit: [] };
const linkOf = (token?: string) => createLink({ url: plant.centre().url, token: () => token });
const join = (token: string, key = newNodeKeys().publicKey) =>
  linkOf().ask<{ readonly token: string }>('POST', '/edge/join', { token, public_key: key });
const code = (expected: string) => expect.objectContaining({ code: expected });

beforeAll(async () => {
  plant = await openPlant();
  const { client, firewall } = plant;
  const { token } = await client.createEdgeNode({ body: { id: 'plant_a', site: 'plant' } });
  await client.createConnection({
    body: {
      ...{ id: 'fw', connector: 'fortigate', title: 'Firewall', network: 'lab' },
      ...{ config: firewall.config, secrets: firewall.secrets },
    },
  });
  await client.publishPlaybook({ body: { source: banning('1h') } });
  stolen = (await join(token)).token;
});
afterAll(() => plant.close());

describe('who wants to join as an edge node', () => {
  it('is refused with a wrong token, a used one, and one of another kind', async () => {
    const { client } = plant;
    const { token } = await client.createJoinToken({ id: 'plant_a' });
    const wrong = `${token.slice(0, -4)}AAAA`;
    for (const tried of ['', 'cpj_x', wrong, stolen, token.replace('cpj_', 'cpp_')]) {
      await expect(join(tried || 'x'), tried).rejects.toEqual(code('fabric.edge_join_refused'));
    }
    const both = await Promise.allSettled([join(token), join(token)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(join(token)).rejects.toEqual(code('fabric.edge_join_refused'));
    // Who joined before is out.
    await expect(linkOf(stolen).ask('POST', '/edge/merge', nothing)).rejects.toEqual(
      code('fabric.participant_unauthenticated'),
    );
    for (const one of both) if (one.status === 'fulfilled') stolen = one.value.token;
  });

  it('is refused with what is no key, and the token still counts', async () => {
    const { token } = await plant.client.createJoinToken({ id: 'plant_a' });
    await expect(join(token, 'no key')).rejects.toEqual(code('fabric.edge_key_invalid'));
    stolen = (await join(token)).token;
  });

  it('may do nothing else on the fabric with its token', async () => {
    const { token: lasting } = await plant.client
      .createParticipant({ body: { id: 'tool', title: 'Tool' } })
      .then(() => plant.client.createParticipantToken({ id: 'tool', body: { title: 'a token' } }));
    await expect(linkOf(lasting).ask('POST', '/edge/merge', nothing)).rejects.toEqual(code('fabric.edge_unknown'));
    await expect(linkOf(stolen).ask('POST', '/events', { topic: 'verdict.ip.v1', data: {} })).rejects.toEqual(
      code('fabric.publish_denied'),
    );
    await expect(linkOf(stolen).ask('GET', '/pull?durable=x&wait=0&topics=%3E')).rejects.toEqual(
      code('fabric.subscribe_denied'),
    );
  });

  it('stays at its site', async () => {
    const moved = plant.client.updateParticipant({ id: 'plant_a', body: { site: 'elsewhere' } });
    await expect(moved).rejects.toEqual(code('fabric.participant_invalid'));
  });

  it('finds its site taken', async () => {
    await expect(plant.client.createEdgeNode({ body: { id: 'plant_b', site: 'plant' } })).rejects.toEqual(
      code('fabric.edge_site_taken'),
    );
  });
});

const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 1 };

function event(patch: Partial<EdgeBatch['events'][number]> = {}): EdgeBatch['events'][number] {
  return {
    ...{ specversion: '1.0', id: newId(), source: '/participants/server', type: 'control.ip_blocked.v1', subject: 'x' },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', data: { ip: '198.51.100.1' } },
    ...causality,
    ...{ participant: 'server', ...patch },
  };
}

describe('who holds the token of an edge node', () => {
  const merge = (batch: Partial<EdgeBatch>) =>
    linkOf(stolen).ask<{ readonly refused: readonly { readonly reason: string }[] }>('POST', '/edge/merge', {
      ...nothing,
      ...batch,
    });

  it('speaks in its own name only, and not on what the server alone says', async () => {
    const own = event();
    expect(await merge({ events: [own] })).toMatchObject({ refused: [] });
    expect(await merge({ events: [own] })).toMatchObject({ refused: [] });
    const rows = await plant.centre().store.find('outbox', { where: { topic: own.type } });
    expect(rows).toMatchObject([
      { participant: 'plant_a', envelope: { participant: 'plant_a', principal: 'participant:plant_a' } },
    ]);
    const forged = [
      event({ type: 'fabric.storm.v1' }),
      event({ type: 'inbox.changed.v1' }),
      event({ type: 'case.changed.v1' }),
      event({ type: 'verdict.ip.v1', data: { verdict: 'evil' } }),
      event({ type: 'no.such.v1' }),
    ];
    expect((await merge({ events: forged })).refused).toHaveLength(forged.length);
    const site = { site: 'plant', rights: { publish: ['verdict.>'] } };
    await plant.client.createParticipant({ body: { id: 'sensor', title: 'S', ...site } });
    await plant.client.createParticipant({ body: { id: 'far_sensor', title: 'F', ...site, site: 'far' } });
    const past = await merge({ events: [event({ participant: 'sensor' })] });
    expect(past.refused).toMatchObject([{ reason: expect.stringMatching(/sensor may not publish/) }]);
    const far = event({ participant: 'far_sensor' });
    await merge({ events: [far] });
    expect(await plant.centre().store.get('outbox', far.id)).toMatchObject({ participant: 'plant_a' });
  });

  it('changes no run, effect, claim or event of others, and it is written down that it tried', async () => {
    const { client, centre } = plant;
    const { store } = centre();
    const ip = '198.51.100.21';
    const done = await client.performAction({
      body: { connector: 'fortigate', action: 'ban_ip', connection: 'fw', input: { ip }, lease: '1h' },
    });
    expect(done.status).toBe('succeeded');
    await plant.announce('198.51.100.22');
    const run = await until('a run has ended', async () => {
      const [one] = await store.find('runs', { where: { status: 'succeeded' } });
      return one;
    });
    const [effect] = await store.find('effects', { where: { connection: 'fw' } });
    const [claim] = await store.find('claims', { where: { effect: effect?.id ?? '' } });
    const [said] = await store.find('outbox', { where: { topic: 'verdict.ip.v1' } });
    if (!effect || !claim || !said) throw new Error('something is missing');
    const { refused } = await merge({
      runs: [{ row: { ...run, status: 'failed' }, journal: [], blobs: [] }],
      effects: [
        { ...effect, after: '', state: 'undone', rev: 99 },
        { ...effect, after: '', id: 'new', key: 'new', run: run.id },
        // What the centre would make of the next ban of an address.
        {
          ...effect,
          after: '',
          id: stableId('effect', 'fw', 'ban_ip', 'ipv4-addr:198.51.100.99', ''),
          key: 'n',
          run: 'r',
        },
        {
          ...effect,
          after: '',
          id: stableId('undo', effect.id),
          key: hashJson(['undo', effect.id]),
          undo_of: effect.id,
        },
      ],
      claims: [
        { ...claim, ended_at: 1, rev: 99 },
        { ...claim, id: 'new' },
      ],
      events: [said.envelope as unknown as EdgeBatch['events'][number]],
    });
    expect(refused).toHaveLength(8);
    expect(await store.get('runs', run.id)).toEqual(run);
    expect(await store.get('effects', effect.id)).toEqual(effect);
    expect(await store.get('claims', claim.id)).toEqual(claim);
    expect(await store.find('audit', { where: { action: 'edge.merge_refused' }, limit: 100 })).toHaveLength(14);
  });

  it('brings no run of what is no reaction, none with the journal of another, and no outcome of another site', async () => {
    const { store } = plant.centre();
    const [run] = await store.find('runs', { where: { playbook: 'announce' } });
    if (!run) throw new Error('there is no run');
    const row = { ...run, id: newId(), status: 'succeeded' } as const;
    const entry = { run: run.id, seq: 1, epoch: 1, v: 1, kind: 'x', address: '', data: null, at: 1 };
    const reaction = { ...row, id: newId(), playbook: 'ban_at_plant' };
    const outcome: EdgeBatch['reaction_events'][number] = {
      ...{ id: 'o', reaction: 'announce', version: 'v', event: 'e', topic: 't.v1', subject: '', reason: '', run: '' },
      ...({ outcome: 'refused', judged: '' } as const),
      ...{ would: null, expires_at: null, at: 1, trace: '', rev: 1 },
    };
    const { refused } = await merge({
      runs: [
        { row, journal: [], blobs: [] },
        { row: reaction, journal: [entry], blobs: [] },
        { row: { ...reaction, id: newId() }, journal: [], blobs: [{ id: 'a'.repeat(64), bytes: 'AAAA' }] },
      ],
      reaction_events: [outcome, { ...outcome, id: 'h', reaction: 'ban_at_plant', outcome: 'held' }],
    });
    expect(refused.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/no reaction/),
      expect.stringMatching(/another run/),
      expect.stringMatching(/not what its id says/),
      expect.stringMatching(/does not run there/),
      expect.stringMatching(/held/),
    ]);
  });

  it('names nobody but itself in the audit log, and each line once', async () => {
    const line = {
      at: 1,
      principal: 'user:ada',
      action: 'switch.released',
      object: 'switch:global',
      data: {},
      trace: '',
    };
    const audit = [
      { seq: 1, ...line },
      { seq: 2, ...line },
    ];
    await merge({ audit });
    await merge({ audit });
    const rows = await plant.centre().store.find('audit', { where: { action: 'switch.released' } });
    expect(rows).toMatchObject([
      { principal: 'participant:plant_a', data: { edge: 'plant_a', seq: 1, principal: 'user:ada' } },
      { principal: 'participant:plant_a', data: { edge: 'plant_a', seq: 2 } },
    ]);
  });

  it('gets no secret that was not sealed for its key', async () => {
    const { client, firewall } = plant;
    await client.updateConnection({ id: 'fw', body: { site: 'plant_a', secrets: firewall.secrets } });
    const body = { bundle: 0, wait: 0 };
    const { bundle } = await linkOf(stolen).ask<{ readonly bundle: { readonly text: string } }>(
      'POST',
      '/edge/sync',
      body,
    );
    expect(JSON.parse(bundle.text)).toMatchObject({ node: 'plant_a', connections: [{ id: 'fw' }] });
    for (const secret of Object.values(firewall.secrets)) expect(bundle.text).not.toContain(secret);
  });
});
