import { createParticipantClient, type ParticipantClient } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import { letIn } from './support/participant.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const folder = temporaryFolder();
let server: ServerProcess;
let owner: string;
const clients: ParticipantClient[] = [];

const start = (port: string) =>
  startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false', '--port', port]);

async function join(id: string, rights: Record<string, readonly string[]>): Promise<ParticipantClient> {
  const { token } = await letIn(() => server.url, owner, id, rights);
  const client = createParticipantClient({ url: server.url, token });
  clients.push(client);
  return client;
}

beforeAll(async () => {
  server = await start('0');
  owner = (await becomeOwner(server)).token;
});
afterAll(async () => {
  for (const client of clients) client.close();
  await server?.kill('SIGTERM');
  folder.remove();
});

const EVENT = { topic: 'mqtt.shop.sold', subject: 'till-1' };

describe('the client of a participant', () => {
  it('gets events, gives back what it fails at, and answers requests', async () => {
    const till = await join('till', { publish: ['mqtt.>'], invoke: ['stock.*'] });
    const stock = await join('stock', { subscribe: ['mqtt.>'], offer: ['stock.*'] });
    expect(await stock.join({ title: 'The stock' })).toMatchObject({ participant: 'stock', heartbeat: 20 });
    const seen: unknown[] = [];
    await stock.subscribe({ durable: 'sales', topics: ['mqtt.shop.>'] }, ({ data }) => {
      seen.push(data);
      if (seen.length === 1) throw new Error('not ready');
    });
    const id = await till.publish({ ...EVENT, data: 7 });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await until('it came again', () => seen.length === 2);
    expect(seen).toEqual([7, 7]);
    await stock.offer('count', undefined, ({ payload }) => ({ counted: payload }));
    expect(await till.invoke('stock.count', { item: 'tea' })).toEqual({ counted: { item: 'tea' } });
    await stock.offer('fail', undefined, () => {
      throw new Error('the shelf is gone');
    });
    await expect(till.invoke('stock.fail', {})).rejects.toThrow('the shelf is gone');
    await expect(till.publish({ topic: 'alert.created.v1', data: {} })).rejects.toMatchObject({
      code: 'fabric.publish_denied',
    });
    const results = await till.publishAll([
      { ...EVENT, data: 8 },
      { topic: 'alert.created.v1', data: {} },
    ]);
    expect(results.map(({ status }) => status)).toEqual([202, 403]);
  });

  it('connects again when the server was killed: its subscription goes on, and its offers are there again', async () => {
    const shop = await join('shop', {
      publish: ['mqtt.>'],
      subscribe: ['mqtt.>'],
      offer: ['shop.*'],
      invoke: ['shop.*'],
    });
    await shop.join({ title: 'The shop' });
    await shop.offer('greet', undefined, () => 'good day');
    const durable: unknown[] = [];
    const live: unknown[] = [];
    await shop.subscribe({ durable: 'all', topics: ['mqtt.shop.open'] }, ({ data }) => void durable.push(data));
    await shop.subscribe({ topics: ['mqtt.shop.open'] }, ({ data }) => void live.push(data));
    await shop.publish({ topic: 'mqtt.shop.open', data: 1 });
    await until('the first came', () => durable.length === 1 && live.length === 1);
    const { port } = new URL(server.url);
    await server.kill('SIGKILL');
    server = await start(port);
    await until('it is back', () => shop.publish({ topic: 'mqtt.shop.open', data: 2 }).catch(() => false));
    await until('both came again', () => durable.includes(2) && live.includes(2));
    expect(live).toEqual([1, 2]);
    const greeting = () => shop.invoke('shop.greet', {}).catch(() => false);
    expect(await until('it offers again', greeting as () => Promise<string | false>)).toBe('good day');
  });
});
