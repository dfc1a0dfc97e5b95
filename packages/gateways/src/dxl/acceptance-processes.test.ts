import type { Json } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startFabric, type TestFabric } from './testing/fabric.ts';
import { type Client, dxl, type Message, offer, settled } from './testing/published.ts';

let here: TestFabric;
let there: TestFabric;
let asker: Client;
const asked: Message[] = [];
const ANSWERS: Readonly<Record<string, string | Buffer>> = {
  text: 'plain text',
  bytes: Buffer.from([1, 255, 0]),
  json: '{ "a": 1 }',
  empty: '',
};

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  [here, there] = await Promise.all([
    startFabric({ store: createMemoryStore() }),
    startFabric({ store: createMemoryStore() }),
  ]);
  asker = await here.connect('asker');
  const provider = await there.connect('provider');
  await offer(provider, '/far', ['/far/ask'], (request) => {
    asked.push(request);
    const what = String(request.payload);
    if (what === 'fail') provider.sendResponse(new dxl.ErrorResponse(request, 77, 'nope') as Message);
    else provider.sendResponse(Object.assign(new dxl.Response(request), { payload: ANSWERS[what] ?? what }));
    return undefined;
  });
  await settled(provider);
  await here.identity('provider');
  // What the bus between processes does: JSON both ways, asked in the name of whoever asks.
  const copy = (value: Json): Json => JSON.parse(JSON.stringify(value));
  await here.services.register({
    ...{ id: 'far', participant: 'provider', service: 'dxl./far', topics: ['/far/ask'], site: '', metadata: {} },
    call: async ({ signal: _signal, instance: _instance, ...request }) =>
      copy(await there.services.invoke({ ...request, payload: copy(request.payload) })),
  });
});
afterAll(async () => {
  await here.close();
  await there.close();
});
beforeEach(() => {
  asked.length = 0;
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

function ask(payload: string | Buffer): Promise<Message> {
  const request = Object.assign(new dxl.Request('/far/ask'), { payload });
  return new Promise((resolve, reject) => {
    asker.asyncRequest(request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

describe('a service that is connected to another process', () => {
  test.each(Object.entries(ANSWERS))('answers with %s byte for byte', async (what, answer) => {
    expect(Buffer.from((await ask(what)).payload)).toEqual(Buffer.from(answer));
  });

  test.each([['{ "b" : 2 }'], [Buffer.from([0, 254, 1])], ['']])('is asked %j byte for byte', async (payload) => {
    await ask(payload);
    expect(Buffer.from(asked[0]!.payload)).toEqual(Buffer.from(payload));
  });

  test('fails with its own code and text', async () => {
    await expect(ask('fail')).rejects.toMatchObject({ message: 'nope', dxlErrorResponse: { errorCode: 77 } });
  });
});
