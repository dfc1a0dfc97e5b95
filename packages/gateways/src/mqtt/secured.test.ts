import { systemClock } from '@counterpoint/core';
import type { EventLog } from '@counterpoint/events';
import { driftOf } from '@counterpoint/fabric';
import { createMemoryStore } from '@counterpoint/testing';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AuthorityKeys, issueServer, makeAuthority } from '../authority/certificates.ts';
import { openFabric, until } from '../dxl/testing/fabric.ts';
import { createMqttGateway, type MqttGateway } from './gateway.ts';
import { tlsWith } from './tls.ts';

const DECLARED = `kind: participant/v1
id: sinkhole
title: DNS sinkhole
publishes: [control.domain_blocked.v1]
settings: { sinkhole_address: 192.0.2.1 }
`;
const BY = { principal: 'user:test', trace: '0'.repeat(32) };
const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };

let authority: AuthorityKeys;
let server: AuthorityKeys;
let fabric: Awaited<ReturnType<typeof openFabric>>;
let gateway: MqttGateway;
let token = '';
const clients: MqttClient[] = [];

beforeAll(async () => {
  authority = await makeAuthority('Test', validity);
  server = await issueServer(authority, ['localhost', '127.0.0.1'], validity);
  fabric = await openFabric({ store: createMemoryStore(), declared: [DECLARED] });
  gateway = await createMqttGateway({
    ...{ ...fabric, log: { tail: async () => () => {} } as unknown as EventLog, clock: systemClock },
    ...{ host: '127.0.0.1', port: 0, webSocketPort: 0, onTrouble: () => {} },
    tls: tlsWith(Buffer.from(server.certificate), Buffer.from(server.key)),
  });
  token = (await fabric.participants.issueToken('sinkhole', 'a token', BY)).token;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.end(true);
});
afterAll(async () => {
  await gateway.close();
  await fabric.close();
});

/** Connects, and gives what it hears under each topic. */
async function connect(url: string, options: IClientOptions = {}) {
  const secret = { username: 'sinkhole', password: token, reconnectPeriod: 0, protocolVersion: 4 } as const;
  const client = mqtt.connect(url, { ...secret, ...options });
  clients.push(client);
  const heard = new Map<string, unknown>();
  client.on('message', (topic, payload) => heard.set(topic, JSON.parse(payload.toString())));
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed')));
  });
  return { client, heard };
}

describe('MQTT over TLS', () => {
  it('takes clients that trust its authority, over TCP and WebSocket', async () => {
    const ca = authority.certificate;
    await connect(`mqtts://127.0.0.1:${gateway.port}`, { ca });
    await connect(`wss://127.0.0.1:${gateway.webSocketPort}`, { ca, wsOptions: { ca } });
  });

  it('is not spoken without, nor by clients that do not know the authority', async () => {
    await expect(connect(`mqtt://127.0.0.1:${gateway.port}`)).rejects.toThrow();
    await expect(connect(`mqtts://127.0.0.1:${gateway.port}`)).rejects.toThrow(/certificate/);
    const old = { ca: authority.certificate, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
    await expect(connect(`mqtts://127.0.0.1:${gateway.port}`, old)).rejects.toThrow();
  });

  it('does not begin with a key that is not that of the certificate', async () => {
    const other = await issueServer(authority, ['localhost'], validity);
    expect(() => tlsWith(Buffer.from(server.certificate), Buffer.from(other.key))).toThrow(/key/);
    expect(() => tlsWith(Buffer.from('nothing'), Buffer.from(other.key))).toThrow();
  });
});

describe('a participant that git declares, over MQTT', () => {
  const open = () => connect(`mqtts://127.0.0.1:${gateway.port}`, { ca: authority.certificate });

  it('is told its settings when it asks for them', async () => {
    const { client, heard } = await open();
    await client.subscribeAsync('$fabric/settings');
    await until(() => heard.has('$fabric/settings'));
    expect(heard.get('$fabric/settings')).toEqual({ sinkhole_address: '192.0.2.1' });
  });

  it('says what it is, and where that differs is its drift', async () => {
    const { client } = await open();
    const said = { title: 'DNS sinkhole', publishes: [], settings: { sinkhole_address: '192.0.2.9' } };
    await client.publishAsync('$fabric/join', JSON.stringify(said));
    const drift = () => driftOf(fabric.participants.get('sinkhole') ?? { declared: undefined, announced: undefined });
    await until(() => drift().length > 0);
    expect(drift()).toEqual([
      { field: 'publishes', declared: ['control.domain_blocked.v1'], found: [] },
      { field: 'settings.sinkhole_address', declared: '192.0.2.1', found: '192.0.2.9' },
    ]);
  });

  it.each([
    ['no JSON', 'core.json_invalid'],
    ['{"id":"somebody_else"}', 'fabric.declaration_invalid'],
    ['{"trust":["verdict.>"]}', 'fabric.declaration_invalid'],
  ])('is told why %s is no declaration, and stays connected', async (said, code) => {
    const { client, heard } = await open();
    await client.subscribeAsync('$fabric/errors');
    await client.publishAsync('$fabric/join', said);
    await until(() => heard.has('$fabric/errors'));
    expect(heard.get('$fabric/errors')).toMatchObject({ topic: '$fabric/join', code });
    expect(client.connected).toBe(true);
  });

  it('is told that a name is not encoded as it should be', async () => {
    const { client, heard } = await open();
    await client.subscribeAsync('$fabric/errors');
    await client.publishAsync('$fabric/invoke/%E0%A4%A/1', '{}');
    await until(() => heard.has('$fabric/errors'));
    expect(heard.get('$fabric/errors')).toMatchObject({ code: 'gateway.mqtt_topic_invalid' });
  });
});
