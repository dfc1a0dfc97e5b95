import { manualClock } from '@counterpoint/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createSimulator, type Simulator, type SimulatorOptions } from './index.ts';

let simulator: Simulator;
afterEach(() => simulator.close());

async function start(options: Partial<SimulatorOptions> = {}) {
  simulator = await createSimulator({
    routes: { 'GET /things/:id': ({ params, query }) => ({ body: { ...params, ...query } }) },
    ...options,
  });
  return (path: string, init?: RequestInit) => fetch(`${simulator.url}${path}`, init);
}

describe('a simulator', () => {
  it('routes by method and path, with parameters', async () => {
    const get = await start();
    expect(await (await get('/things/a%20b/?x=1')).json()).toEqual({ id: 'a b', x: '1' });
    expect((await get('/things/1', { method: 'POST' })).status).toBe(404);
    expect((await get('/nothing')).status).toBe(404);
  });

  it('lets nobody in without the credential', async () => {
    const authenticate: SimulatorOptions['authenticate'] = ({ headers }) =>
      headers.key === 'good' ? undefined : { status: 401 };
    const get = await start({ authenticate });
    expect((await get('/things/1')).status).toBe(401);
    expect((await get('/things/1', { headers: { key: 'good' } })).status).toBe(200);
  });

  it('limits requests within a moving window', async () => {
    const clock = manualClock();
    const answer = { status: 429, headers: { 'retry-after': '5' } };
    const get = await start({ clock, rateLimit: { requests: 2, perMillis: 1_000, answer } });
    const statuses = async (count: number) => {
      const seen: number[] = [];
      for (let index = 0; index < count; index++) seen.push((await get('/things/1')).status);
      return seen;
    };
    expect(await statuses(3)).toEqual([200, 200, 429]);
    clock.advance(1_000);
    expect(await statuses(1)).toEqual([200]);
  });

  it('lets the next requests go wrong, then goes on', async () => {
    const get = await start();
    simulator.inject({ status: 503 }, 2);
    simulator.inject('reset');
    expect((await get('/things/1')).status).toBe(503);
    expect((await get('/things/1')).status).toBe(503);
    await expect(get('/things/1')).rejects.toThrow('fetch failed');
    expect((await get('/things/1')).status).toBe(200);
    simulator.inject('hang');
    simulator.clearFaults();
    expect((await get('/things/1')).status).toBe(200);
  });

  it('keeps a journal of what it received and answered', async () => {
    const get = await start();
    await get('/things/1', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } });
    expect(simulator.journal).toMatchObject([{ method: 'POST', path: '/things/1', body: { a: 1 }, status: 404 }]);
  });
});
