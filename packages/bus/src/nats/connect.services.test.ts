import { type NatsServer, startNats } from '@counterpoint/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { connectNats, type NatsLink } from './connect.ts';

let server: NatsServer | undefined;
let link: NatsLink | undefined;
afterEach(async () => {
  await link?.close();
  await server?.remove();
});

describe('a connection to NATS', () => {
  it('comes back by itself after the server was away', async () => {
    server = await startNats();
    link = await connectNats({ url: server.url });
    expect([link.up(), link.prefix]).toEqual([true, 'counterpoint']);
    const { connection, up } = link;
    await server.kill();
    await expect.poll(up).toBe(false);
    await server.restart();
    await expect.poll(up).toBe(true);
    await connection.flush();
  });

  it('proves who it is by what stands in the URL', async () => {
    server = await startNats({ args: ['--user', 'me', '--pass', 'p@ss'] });
    link = await connectNats({ url: server.url.replace('//', '//me:p%40ss@'), prefix: 'mine' });
    await link.connection.flush();
  });
});
