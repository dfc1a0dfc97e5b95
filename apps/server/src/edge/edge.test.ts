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
}, 60_000);
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
  }, 30_000);

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
  }, 60_000);

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
  }, 60_000);
});
