import { createParticipantClient } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { banning, openPlant, type Plant, sentTo, until } from './testing/plant.ts';

let plant: Plant;
let token: string;

beforeAll(async () => {
  plant = await openPlant();
  const { client, firewall } = plant;
  ({ token } = await client.createEdgeNode({ body: { id: 'plant_a', site: 'plant' } }));
  await client.createConnection({
    body: {
      ...{ id: 'fw', connector: 'fortigate', title: 'Firewall', network: 'lab', site: 'plant_a' },
      ...{ config: firewall.config, secrets: firewall.secrets },
    },
  });
  await client.publishPlaybook({ body: { source: banning('1h') } });
});
afterAll(() => plant.close());

const node = () => plant.client.getEdgeNode({ id: 'plant_a' });

describe('an edge node and its centre', () => {
  it('know each other by their keys once it has joined with its token', async () => {
    const edge = await plant.startNode(token);
    const known = await node();
    expect(known.fingerprint).toBe(edge.fingerprint);
    expect((await plant.client.listEdgeNodes()).fingerprint).toBe(edge.centreFingerprint);
    await until('it works by its bundle', async () => {
      const { works_by, bundle } = await node();
      return works_by > 0 && works_by === bundle;
    });
    expect(await node()).toMatchObject({ reactions: ['ban_at_plant'], connections: ['fw'], state: 'online' });
  });

  it('react at the site to what is announced at the centre, and tell it home', async () => {
    await plant.announce('198.51.100.7');
    await until('it is banned', () => sentTo(plant.firewall, 'add').get('198.51.100.7'));
    const effect = await until('its effect is known at the centre', async () => {
      const { items } = await plant.client.listEffects({ query: {} });
      return items.find(({ target, state }) => target.includes('198.51.100.7') && state === 'performed');
    });
    expect(effect).toMatchObject({ site: 'plant_a', connection: 'fw' });
    const trace = await until('its run is in the trace', async () => {
      const found = await plant.client.trace({ ref: effect.trace });
      return JSON.stringify(found).includes('control.ip_blocked.v1') ? found : undefined;
    });
    expect(JSON.stringify(trace)).toContain('ban_at_plant');
    expect(await plant.centre().store.find('runs', { where: { playbook: 'ban_at_plant' } })).toMatchObject([
      { site: 'plant_a', status: 'succeeded' },
    ]);
  });

  it('keep longer at the site what the centre wants kept', async () => {
    const { items } = await plant.client.listEffects({ query: {} });
    const [effect] = items.filter(({ target }) => target.includes('198.51.100.7'));
    const id = effect?.id ?? '';
    const longer = await plant.client.extendEffect({ id, body: { for: '3h', reason: 'not over yet' } });
    expect(longer.lease_until).toBeGreaterThan((effect?.lease_until ?? 0) + 3_600_000);
    expect(await plant.edge().store.get('effects', id)).toMatchObject({ lease_until: longer.lease_until });
    await until('the centre knows', async () => {
      const row = await plant.centre().store.get('effects', id);
      return row?.lease_until === longer.lease_until;
    });
    const refused = plant.client.extendEffect({ id, body: { for: '900d', reason: 'for ever' } });
    await expect(refused).rejects.toEqual(expect.objectContaining({ code: 'guard.lease_too_long' }));
  });

  it('undo at the site what the centre wants undone', async () => {
    const { items } = await plant.client.listEffects({ query: {} });
    const [effect] = items.filter(({ target }) => target.includes('198.51.100.7'));
    await plant.client.undoEffect({ id: effect?.id ?? '', body: { reason: 'a mistake' } });
    await until('it is let go', () => sentTo(plant.firewall, 'clear').get('198.51.100.7'));
    await until('the centre knows', async () => {
      const row = await plant.centre().store.get('effects', effect?.id ?? '');
      return row?.state === 'undone';
    });
    expect((await node()).commands).toMatchObject([{ state: 'done', result: 'undone' }]);
  });

  it('perform what passes the door of the centre, and nothing that did not', async () => {
    const { client } = plant;
    const ip = '198.51.100.8';
    const body = { connector: 'fortigate', action: 'ban_ip', connection: 'fw', input: { ip }, lease: '1h' };
    expect(await client.performAction({ body })).toMatchObject({ status: 'succeeded' });
    expect(sentTo(plant.firewall, 'add').get(ip)).toBe(1);
    expect(await plant.centre().store.find('effects', { where: { target: `ipv4-addr:${ip}` } })).toMatchObject([
      { site: '', state: 'performed' },
    ]);
    const call = { connector: 'fortigate', connection: 'fw', action: 'ban_ip', input: { ip: '198.51.100.9' } };
    const payload = { text: JSON.stringify({ node: 'plant_a', body: call }), signature: 'AAAA' };
    const asked = client.invokeService({ body: { service: 'plant_a.perform', payload } });
    await expect(asked).rejects.toThrow(/signature is not that of the centre/);
    expect(sentTo(plant.firewall, 'add').has('198.51.100.9')).toBe(false);
  });

  it('engage and release a kill switch there too', async () => {
    const { client } = plant;
    const engaged = async () => (await plant.edge().store.get('switches', 'global'))?.engaged ?? false;
    await client.setSwitch({ id: 'global', body: { engaged: true, reason: 'a drill' } });
    await until('the node knows', engaged);
    await plant.announce('198.51.100.10');
    await until('it is refused there', async () => {
      const runs = await plant.edge().store.find('runs', { where: { status: 'failed' } });
      return runs.length > 0;
    });
    expect(sentTo(plant.firewall, 'add').has('198.51.100.10')).toBe(false);
    await client.setSwitch({ id: 'global', body: { engaged: false, reason: 'over' } });
    await until('the node knows that it is over', async () => !(await engaged()));
  });

  it('go on with each other after the node was started anew, without a token', async () => {
    await plant.stopNode();
    const edge = await plant.startNode();
    expect(edge.standing().bundle).toBeGreaterThan(0);
    await plant.announce('198.51.100.14');
    await until('it is banned', () => sentTo(plant.firewall, 'add').get('198.51.100.14'));
    await until('the centre knows', async () => {
      const [row] = await plant.centre().store.find('effects', { where: { target: 'ipv4-addr:198.51.100.14' } });
      return row?.state === 'performed';
    });
  });

  it('take in at the site what its own participants say, and tell it home in their name', async () => {
    const { client } = plant;
    const rights = { publish: ['verdict.>'], subscribe: ['control.>'] };
    const sensor = { id: 'sensor', title: 'Sensor', site: 'plant', rights, trust: ['verdict.>'] };
    await client.createParticipant({ body: sensor });
    const { token: own } = await client.createParticipantToken({ id: 'sensor', body: { title: 'a token' } });
    const { id: credential } = await client.createParticipantToken({ id: 'sensor', body: { title: 'another' } });
    await until('the node knows', async () => (await plant.edge().store.count('credentials')) === 2);
    await client.revokeParticipantCredential({ id: 'sensor', credential });
    await until('the node knows that one is gone', async () => (await plant.edge().store.count('credentials')) === 1);
    const here = createParticipantClient({ url: plant.edge().url, token: own });
    const heard: string[] = [];
    await here.subscribe({ topics: ['control.>'] }, ({ type }) => void heard.push(type));
    const data = { ip: '198.51.100.30', verdict: 'malicious', confidence: 90 };
    const id = await here.publish({ topic: 'verdict.ip.v1', subject: 'x', data });
    await until('it is banned', () => sentTo(plant.firewall, 'add').get('198.51.100.30'));
    await until('it hears of that', () => heard.includes('control.ip_blocked.v1'));
    here.close();
    const event = await until('the centre knows', () => plant.centre().store.get('outbox', id));
    expect(event).toMatchObject({ participant: 'sensor', envelope: { principal: 'participant:sensor' } });
    const foreign = createParticipantClient({ url: plant.edge().url, token });
    await expect(foreign.join()).rejects.toEqual(
      expect.objectContaining({ code: 'fabric.participant_unauthenticated' }),
    );
  });

  it('leave a node that is let in no longer with what is in force, and nothing new', async () => {
    const { client } = plant;
    await client.updateParticipant({ id: 'plant_a', body: { enabled: false } });
    await until('it knows', () => plant.edge().standing().centre === 'refused');
    await until('it begins nothing new', async () => (await plant.edge().store.get('switches', 'global'))?.engaged);
    expect(await plant.edge().store.find('effects', { where: { target: 'ipv4-addr:198.51.100.14' } })).toMatchObject([
      { state: 'performed' },
    ]);
    await client.updateParticipant({ id: 'plant_a', body: { enabled: true } });
    await until('it goes on', async () => !(await plant.edge().store.get('switches', 'global'))?.engaged);
  });

  it('count at the centre what the runs of the node saved', async () => {
    const saved = () => plant.centre().store.find('savings', { where: { playbook: 'ban_at_plant' } });
    const [row] = await until('they are counted', async () => {
      const rows = await saved();
      return rows.length > 0 && rows;
    });
    expect(row).toMatchObject({ action: 'fortigate.ban_ip', minutes: 10 * (row?.steps ?? 0), simulated: false });
  });

  it('forget a connection at the node that is called from elsewhere again', async () => {
    const { client, firewall } = plant;
    await client.updateConnection({ id: 'fw', body: { site: '', secrets: firewall.secrets } });
    // What it has done can still be undone there.
    await until('it is not used there any more', async () => {
      const row = await plant.edge().store.get('connections', 'fw');
      return row !== undefined && !row.enabled;
    });
  });
});
