import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startFabric, type TestFabric, until } from './testing/fabric.ts';
import { ask, connected, dxl, type Message, offer } from './testing/published.ts';

let fabric: TestFabric;
beforeAll(async () => {
  fabric = await startFabric({
    actions: { 'fortigate.block_ip': (participant, payload) => ({ blocked: payload, by: participant }) },
  });
});
afterAll(() => fabric.close());
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

function heard(
  client: { addEventCallback: (topic: string, callback: (event: Message) => void) => void },
  topic: string,
) {
  const got: Message[] = [];
  client.addEventCallback(topic, (event) => got.push(event));
  return got;
}

describe('the published OpenDXL client', () => {
  test('connects, sends an event, and gets it back as others do', async () => {
    const one = await fabric.connect('one');
    const two = await fabric.connect('two');
    const mine = heard(one, '/test/event');
    const theirs = heard(two, '/test/event');
    await ask(two, '/mcafee/service/dxl/broker/health');
    await ask(one, '/mcafee/service/dxl/broker/health');
    one.sendEvent(Object.assign(new dxl.Event('/test/event'), { payload: '{"a": 1}' }));
    await until(() => mine.length === 1 && theirs.length === 1, fabric.troubles.join());
    expect(String(theirs[0]!.payload)).toBe('{"a": 1}');
    expect(theirs[0]!.sourceClientId).toMatch(/^[0-9a-f]{40}$/);
  });

  test('asks a service of another, and is told when there is none', async () => {
    const asker = await fabric.connect('asker');
    const provider = await fabric.connect('provider');
    await offer(provider, '/test/type', ['/test/service'], (request) => `hello ${request.payload}`);
    expect(await ask(asker, '/test/service', 'you')).toBe('hello you');
    await expect(ask(asker, '/test/nothing')).rejects.toMatchObject({
      message: expect.stringContaining('unable to locate service'),
    });
  });

  test('asks an action of ours', async () => {
    const client = await connected(fabric.client(await fabric.identity('caller', { invoke: ['fortigate.*'] })));
    expect(JSON.parse(await ask(client, '/counterpoint/service/fortigate/block_ip', '{"ip":"192.0.2.1"}'))).toEqual({
      blocked: { ip: '192.0.2.1' },
      by: 'caller',
    });
  });
});
