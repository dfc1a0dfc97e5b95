import { createClient } from '@counterpoint/sdk';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import { type Delivered, type LetIn, letIn, readEvents } from './support/participant.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const folder = temporaryFolder();
let server: ServerProcess;
let owner: string;
let sandbox: LetIn;
let proxy: LetIn;

const SETTINGS = ['lab.enabled=false', 'mqtt.enabled=true', 'mqtt.port=0', 'mqtt.ws_port=0'];
const start = () =>
  startServerProcess(
    { folder: folder.path },
    SETTINGS.flatMap((setting) => ['--set', setting]),
  );

beforeAll(async () => {
  server = await start();
  owner = (await becomeOwner(server)).token;
  sandbox = await admit('box_one', { publish: ['verdict.>', 'mqtt.>'], subscribe: ['mqtt.>'] });
  proxy = await admit('proxy_one', { subscribe: ['verdict.>', 'mqtt.>'], offer: ['proxy_one.*'], invoke: ['*'] });
});
afterAll(async () => {
  await server?.kill('SIGTERM');
  folder.remove();
});

function admit(id: string, rights: Record<string, readonly string[]>): Promise<LetIn> {
  return letIn(() => server.url, owner, id, rights);
}

const verdict = (n: number) => ({
  topic: 'verdict.file.v1',
  subject: `file-${n}`,
  data: { sha256: n.toString(16).padStart(64, '0'), verdict: 'unknown', score: 10 },
});
const subjectOf = ({ event }: Delivered) => event.subject;

describe('a participant with curl alone', () => {
  it('publishes, and others that may subscribe get it', async () => {
    const stream = await readEvents(server.url, '/events?topics=verdict.>', proxy.token);
    const { status, body } = await sandbox.call('POST', '/events', verdict(1));
    expect(status).toBe(202);
    const got = await stream.next();
    expect(got?.data).toMatchObject({
      id: body.events[0]?.id,
      type: 'verdict.file.v1',
      subject: 'file-1',
      participant: 'box_one',
      source: '/participants/box_one',
      hop: 1,
    });
    stream.close();
  });

  it('is refused what breaks a schema, what it may not, and what is too large', async () => {
    const broken = await sandbox.call('POST', '/events', { topic: 'verdict.file.v1', data: { verdict: 'evil' } });
    expect(broken).toMatchObject({ status: 422, body: { code: 'events.data_invalid' } });
    const unknown = await sandbox.call('POST', '/events', { topic: 'verdict.fyle.v1', data: {} });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'events.topic_unknown' } });
    const foreign = await proxy.call('POST', '/events', verdict(1));
    expect(foreign).toMatchObject({ status: 403, body: { code: 'fabric.publish_denied' } });
    const body = { topic: 'mqtt.x', data: 'x'.repeat(6 * 1024 * 1024) };
    // The connection may be cut while the body is still under way; then there is no answer at all.
    const large = await sandbox.call('POST', '/events', body).catch(() => undefined);
    if (large) expect(large).toMatchObject({ status: 413 });
    const event = await sandbox.call('POST', '/events', { topic: 'mqtt.x', data: 'x'.repeat(2 * 1024 * 1024) });
    expect(event).toMatchObject({ status: 413, body: { code: 'fabric.event_too_large' } });
    const subscribed = await sandbox.call('GET', '/pull?durable=x&wait=0&topics=verdict.>');
    expect(subscribed).toMatchObject({ status: 403, body: { code: 'fabric.subscribe_denied' } });
  });

  it('is nobody with a wrong token', async () => {
    for (const token of ['', 'cpp_wrong', proxy.token.slice(0, -1), owner]) {
      const answer = await fetch(`${server.url}/fabric/v1/services`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain(token || '500');
    }
  });

  it('offers an action that another invokes', async () => {
    const offered = await proxy.call('PUT', '/services/look_up', {
      title: 'Look up a name',
      description: 'Says whether the proxy has seen it.',
      effect: 'read',
      idempotent: true,
      input: {
        type: 'object',
        properties: { domain: { type: 'string', description: 'The domain name.' } },
        required: ['domain'],
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: { seen: { type: 'boolean', description: 'Whether it was asked for.' } },
        required: ['seen'],
        additionalProperties: false,
      },
    });
    expect(offered, JSON.stringify(offered)).toMatchObject({ status: 200, body: { service: 'proxy_one.look_up' } });
    const invoked = proxy.call('POST', '/invoke/proxy_one.look_up', {
      payload: { domain: 'evil.example' },
      key: 'k-1',
    });
    const { body } = await proxy.call('GET', '/requests/next?wait=10');
    expect(body.request).toMatchObject({ action: 'look_up', payload: { domain: 'evil.example' } });
    await proxy.call('POST', `/requests/${body.request?.id}/answer`, { payload: { seen: true } });
    expect(await invoked).toEqual({ status: 200, body: { payload: { seen: true } } });
    const late = await proxy.call('POST', '/invoke/proxy_one.look_up', {
      payload: { domain: 'b.example' },
      timeout: 0.5,
    });
    expect(late).toMatchObject({ status: 504, body: { code: 'connector.timeout' } });
  });

  it('loses its stream with its token', async () => {
    const { token, revoke } = await admit('short_lived', { subscribe: ['verdict.>'] });
    const stream = await readEvents(server.url, '/events', token);
    await revoke();
    expect(await stream.next()).toMatchObject({ event: 'end' });
    expect(await stream.next()).toBeUndefined();
    const again = await fetch(`${server.url}/fabric/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    expect(again.status).toBe(401);
  });
});

describe('a durable subscription', () => {
  it('survives a restart of the server: nothing is lost, and nothing acknowledged comes again', async () => {
    const query = '/pull?durable=restart&topics=mqtt.restart.>&max=100';
    await proxy.call('GET', `${query}&wait=0`);
    const list = Array.from({ length: 30 }, (_, n) => ({ topic: 'mqtt.restart.a', subject: `s-${n}`, data: n }));
    expect((await sandbox.call('POST', '/events', list)).status).toBe(202);
    const first = await proxy.pullUntil(`${query}&wait=5`, 30);
    const done = first.filter((_one, at) => at % 3 === 0);
    await proxy.call('POST', '/ack', { ids: done.map(({ ack }) => ack) });
    expect(await server.kill('SIGTERM')).toBe(0);
    server = await start();
    await sandbox.call('POST', '/events', { topic: 'mqtt.restart.a', subject: 'after', data: 0 });
    const second = await proxy.pullUntil(`${query}&wait=5`, 21);
    const acknowledged = new Set(done.map(subjectOf));
    const expected = [...first.map(subjectOf).filter((subject) => !acknowledged.has(subject)), 'after'];
    expect(second.map(subjectOf).sort()).toEqual(expected.sort());
    await proxy.call('POST', '/ack', { ids: second.map(({ ack }) => ack) });
    expect((await proxy.call('GET', `${query}&wait=1`)).body.events).toEqual([]);
  });

  it('makes a dead letter of what is given back too often, and goes on', async () => {
    const query = '/pull?durable=poison&topics=mqtt.poison.>&attempts=2&wait=5';
    await proxy.call('GET', `${query}&max=1`.replace('wait=5', 'wait=0'));
    await sandbox.call('POST', '/events', { topic: 'mqtt.poison.a', subject: 'same', data: 'poison' });
    await sandbox.call('POST', '/events', { topic: 'mqtt.poison.a', subject: 'same', data: 'good' });
    for (let attempt = 0; attempt < 2; attempt++) {
      const [bad] = await proxy.pullUntil(query, 1);
      expect(bad?.event.data).toBe('poison');
      await proxy.call('POST', '/nack', { ids: [bad?.ack], reason: 'cannot read it' });
    }
    const [good] = await proxy.pullUntil(query, 1);
    expect(good?.event.data).toBe('good');
    const dead = await until('it is a dead letter', async () => {
      const answer = await fetch(`${server.url}/api/v1/fabric/dead`, { headers: { authorization: `Bearer ${owner}` } });
      return (await answer.text()).includes('cannot read it');
    });
    expect(dead).toBe(true);
  });

  it('that never acknowledges does not hold up another', async () => {
    const stuck = await readEvents(server.url, '/events?durable=stuck&topics=mqtt.many.>', proxy.token);
    const other = '/pull?durable=other&topics=mqtt.many.>&max=100&wait=5';
    await proxy.call('GET', other.replace('wait=5', 'wait=0'));
    for (let round = 0; round < 3; round++) {
      const list = Array.from({ length: 100 }, (_, n) => ({
        topic: 'mqtt.many.a',
        subject: `m-${round}-${n}`,
        data: n,
      }));
      await sandbox.call('POST', '/events', list);
    }
    const seen = new Set<string>();
    while (seen.size < 300) {
      const { body } = await proxy.call('GET', other);
      expect(body.events.length).toBeGreaterThan(0);
      for (const one of body.events) seen.add(subjectOf(one));
      await proxy.call('POST', '/ack', { ids: body.events.map(({ ack }) => ack) });
    }
    stuck.close();
  });
});

describe('a verdict of a publisher that nobody trusts', () => {
  it('is announced, and causes nothing', async () => {
    const data = { ip: '198.51.100.7', verdict: 'malicious', confidence: 95 };
    const { status, body } = await sandbox.call('POST', '/events', { topic: 'verdict.ip.v1', data });
    expect(status).toBe(202);
    const client = createClient({ url: server.url, token: owner });
    const refused = await until('the reaction refused it', async () => {
      const { items } = await client.listReactionEvents({ query: { event: body.events[0]?.id } });
      return items.find(({ reaction }) => reaction === 'firewall_blocks_address');
    });
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'untrusted' });
    expect((await client.listEffects({})).items).toEqual([]);
  });
});

describe('a flood from one participant', () => {
  it('is refused beyond its rate, while another publishes all it has, in order', async () => {
    const flooder = await admit('flooder', { publish: ['mqtt.flood.>'] });
    const stream = await readEvents(server.url, '/events?topics=mqtt.calm.>', proxy.token);
    const flood = Array.from({ length: 500 }, (_, n) => ({ topic: 'mqtt.flood.a', subject: `f-${n % 50}`, data: n }));
    const floods = Array.from({ length: 12 }, () => flooder.call('POST', '/events', flood));
    const order: number[] = [];
    for (let n = 0; n < 20; n++) {
      const { status } = await sandbox.call('POST', '/events', { topic: 'mqtt.calm.a', subject: 'calm', data: n });
      expect(status).toBe(202);
      order.push((await stream.next())?.data.data as number);
    }
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
    const codes = (await Promise.all(floods)).flatMap(({ body }) =>
      body.events.map((one) => one.code ?? String(one.status)),
    );
    expect(new Set(codes)).toEqual(new Set(['202', 'fabric.rate_exceeded']));
    stream.close();
  });
});

describe('a participant over MQTT', () => {
  it('meets those over HTTP, and keeps what it published at QoS 1 through a killed server', async () => {
    const port = Number(/"port":(\d+)[^}]*over MQTT/.exec(server.log())?.[1]);
    const machine = await admit('machine', { publish: ['mqtt.plant.>'] });
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
      username: 'machine',
      password: machine.token,
      reconnectPeriod: 0,
    });
    const stream = await readEvents(server.url, '/events?topics=mqtt.>', proxy.token);
    await client.publishAsync('plant/line/1', '{"temperature":71}', { qos: 1 });
    expect((await stream.next())?.data).toMatchObject({ type: 'mqtt.plant.line.1', data: { temperature: 71 } });
    await proxy.call('GET', '/pull?durable=machines&topics=mqtt.plant.>&wait=0');
    await client.publishAsync('plant/line/2', '{"temperature":99}', { qos: 1 });
    await server.kill('SIGKILL');
    server = await start();
    const [kept] = await proxy.pullUntil('/pull?durable=machines&topics=mqtt.plant.>&wait=5', 1);
    expect(kept?.event).toMatchObject({ type: 'mqtt.plant.line.2', data: { temperature: 99 } });
  });
});
