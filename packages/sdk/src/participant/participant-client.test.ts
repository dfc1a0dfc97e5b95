import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createParticipantClient } from './participant-client.ts';

let server: Server;
let settings: object;
beforeEach(async () => {
  settings = {};
  server = createServer((_request, response) => {
    const rights = { publish: [], subscribe: [], offer: [], invoke: [] };
    const standing = { participant: 'edr', title: 'EDR', rights, trust: [], settings, heartbeat: 20 };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(standing));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => server.close());

describe('settings of a participant', () => {
  it('are told when it joins and they are others than before', async () => {
    const told: unknown[] = [];
    const { port } = server.address() as AddressInfo;
    const client = createParticipantClient({
      url: `http://127.0.0.1:${port}`,
      token: 'cpp_x',
      onSettings: (given) => told.push(given),
    });
    await client.join();
    settings = { level: 1 };
    await client.join();
    await client.join();
    settings = {};
    await client.join();
    expect(told).toEqual([{ level: 1 }, {}]);
  });
});
