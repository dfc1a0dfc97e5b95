import { type Client, createClient, createParticipantClient, type ParticipantClient } from '@counterpoint/sdk';
import { type NatsServer, type PostgresServer, startNats, startPostgres } from '@counterpoint/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner, signIn } from './support/owner.ts';
import { letIn } from './support/participant.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const domain = { type: 'object', properties: { domain: { type: 'string' } }, required: ['domain'] };
const answering = {
  type: 'object',
  properties: { by: { type: 'string' }, blocked: { type: 'boolean' } },
  required: ['by'],
};
const OFFERS = {
  block_domain: {
    title: 'Block a domain',
    effect: 'contain',
    idempotent: true,
    target: '"domain-name:" + input.domain',
    inverse: { action: 'unblock_domain', with: { domain: `$${'{{ input.domain }}'}` } },
    verify: { action: 'is_blocked', with: { domain: `$${'{{ input.domain }}'}` }, holds: 'output.blocked' },
    input: domain,
    output: answering,
  },
  unblock_domain: { title: 'Unblock', effect: 'change', idempotent: true, input: domain, output: answering },
  is_blocked: { title: 'Blocked?', effect: 'read', idempotent: true, input: domain, output: answering },
};

const folder = temporaryFolder();
let postgres: PostgresServer;
let nats: NatsServer;
let here: ServerProcess;
let there: ServerProcess;
let owner = '';
let client: Client;
let token: { readonly id: string; readonly token: string };
let asker: ParticipantClient;
const open: ParticipantClient[] = [];
const blocked = new Set<string>();

const start = () =>
  startServerProcess(
    { folder: folder.path, env: { COUNTERPOINT_STORE__URL: postgres.url, COUNTERPOINT_BUS__URL: nats.url } },
    ['--set', 'lab.enabled=false'],
  );

/** The sinkhole, connected to one of the processes; says by which of its instances it was answered. */
async function connect(server: ServerProcess, by: string): Promise<ParticipantClient> {
  const made = createParticipantClient({ url: server.url, token: token.token });
  open.push(made);
  const of = (payload: unknown) => (payload as { readonly domain: string }).domain;
  await made.join({ title: 'Sinkhole', offers: OFFERS });
  await made.offer('block_domain', undefined, ({ payload }) => {
    blocked.add(of(payload));
    return { by };
  });
  await made.offer('unblock_domain', undefined, ({ payload }) => {
    blocked.delete(of(payload));
    return { by };
  });
  await made.offer('is_blocked', undefined, ({ payload }) => {
    if (of(payload) === 'odd.example') throw new Error('no such zone');
    return { by, blocked: blocked.has(of(payload)) };
  });
  return made;
}

/** How often what the sinkhole offers last is there. */
const instances = async () =>
  (await client.listServices()).items.filter(({ service }) => service === 'sinkhole.is_blocked').length;
const look = async (name: string) =>
  (await asker.invoke('sinkhole.is_blocked', { domain: name }, { timeout: 5 })) as { readonly by: string };
const block = (name: string) =>
  client.invokeService({ body: { service: 'sinkhole.block_domain', payload: { domain: name }, lease: '1h' } });

beforeAll(async () => {
  postgres = await startPostgres();
  nats = await startNats();
  there = await start();
  const made = await becomeOwner(there);
  owner = made.token;
  here = await start();
  client = signIn(here, owner);
  await client.createParticipant({ body: { id: 'sinkhole', title: 'Sinkhole', rights: { offer: ['sinkhole.*'] } } });
  await client.createParticipant({ body: { id: 'asker', title: 'Asker', rights: { invoke: ['sinkhole.*'] } } });
  token = await client.createParticipantToken({ id: 'sinkhole', body: { title: 'one' } });
  const asking = await client.createParticipantToken({ id: 'asker', body: { title: 'one' } });
  asker = createParticipantClient({ url: here.url, token: asking.token });
});
afterAll(async () => {
  for (const one of open) one.close();
  await Promise.all([here?.kill('SIGKILL'), there?.kill('SIGKILL')]);
  postgres?.stop();
  await nats?.remove();
  folder.remove();
});

describe('a durable subscription', () => {
  it('is read through one process at a time, the one that was asked last, and keeps its order', async () => {
    const rights = { publish: ['mqtt.>'], subscribe: ['mqtt.>'] };
    const elsewhere = await letIn(() => there.url, owner, 'reader', rights);
    const ours = (path: string) =>
      fetch(`${here.url}/fabric/v1${path}`, { headers: { authorization: `Bearer ${elsewhere.token}` } });
    const pull = '/pull?durable=all&topics=mqtt.%3E&after=0&max=10&wait=5';
    for (let data = 0; data < 6; data++)
      await elsewhere.call('POST', '/events', { topic: 'mqtt.x', subject: 's', data });
    const [first] = await elsewhere.pullUntil(pull, 1);
    expect(first?.event.data).toBe(0);
    const got: unknown[] = [];
    while (got.length < 6) {
      const { events } = (await (await ours(pull)).json()) as { events: { ack: string; event: { data: unknown } }[] };
      got.push(...events.map(({ event }) => event.data));
      await fetch(`${here.url}/fabric/v1/ack`, {
        method: 'POST',
        headers: { authorization: `Bearer ${elsewhere.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ids: events.map(({ ack }) => ack) }),
      });
    }
    expect(got).toEqual([0, 1, 2, 3, 4, 5]);
    // What was given back there can be acknowledged there no more.
    const late = await elsewhere.call('POST', '/ack', { ids: [first?.ack] });
    expect(late.body).toMatchObject({ settled: [] });
    const { body } = await elsewhere.call('GET', pull.replace('wait=5', 'wait=0'));
    expect(body.events).toEqual([]);
  });
});

describe('a secret that another process sealed', () => {
  it('is soon taken out of what this one answers, though it never opens it', async () => {
    const body = { id: 'signed', title: 'Signed', normalizer: 'generic_json', auth: 'signature' } as const;
    const { secret } = await signIn(there, owner).createSource({ body });
    const { id } = await client.createCase({ body: { title: `Somebody mailed ${secret} around` } });
    const title = async () => (await client.getCase({ id })).title;
    await until('it is redacted', async () => (await title()) === 'Somebody mailed [redacted] around');
  });
});

describe.sequential('a participant that is connected to another process', () => {
  it('is asked over NATS, with requests of any size, and its errors come back', async () => {
    await connect(there, 'there');
    await until('it is known here', async () => (await instances()) === 1);
    expect(await look('a.example')).toMatchObject({ by: 'there' });
    expect(await look('x'.repeat(900_000))).toMatchObject({ by: 'there' });
    await expect(look('odd.example')).rejects.toMatchObject({ message: expect.stringContaining('no such zone') });
  });

  it('acts for people through the door of this process', async () => {
    expect(await block('evil.example')).toMatchObject({ answer: { by: 'there' } });
    expect([...blocked]).toEqual(['evil.example']);
    const { items } = await client.listEffects({ query: { connection: 'sinkhole', limit: 10 } });
    expect(items).toMatchObject([{ target: 'domain-name:evil.example', state: 'performed' }]);
  });

  it('shares requests with an instance here, which has them all once the other process is killed', async () => {
    await connect(here, 'here');
    const by = [await look('a.example'), await look('a.example')].map((answer) => answer.by);
    expect(by.toSorted()).toEqual(['here', 'there']);
    await there.kill('SIGKILL');
    // NATS notices at once that the process is gone; that its instances are is known later.
    await until('it answers here', async () => (await look('a.example')).by === 'here');
    expect(await instances()).toBe(2);
    for (const name of ['one.example', 'two.example', 'three.example']) {
      expect(await block(name)).toMatchObject({ answer: { by: 'here' } });
    }
    const { items } = await client.listEffects({ query: { connection: 'sinkhole', limit: 10 } });
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['performed']));
    await until('the other is forgotten', async () => (await instances()) === 1, 40_000);
  });

  it('is cut off within seconds when its token is revoked in another process', async () => {
    there = await start();
    const other = createClient({ url: there.url, token: owner });
    await other.revokeParticipantCredential({ id: 'sinkhole', credential: token.id });
    await until('it is offline', async () => (await client.getParticipant({ id: 'sinkhole' })).state === 'offline');
    expect(await instances()).toBe(0);
  });
});
