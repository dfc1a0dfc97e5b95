import type { Client } from '@counterpoint/sdk';
import { type PostgresServer, startPostgres } from '@counterpoint/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner, deliver } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

const RUNS = 60;

/** Waits often and briefly, so that its runs stay with whoever works on them. */
const TICKING = `kind: playbook/v1
id: ticking
title: Ticks
on: [{ webhook: ticking, sync: false }]
steps:
  - id: loop
    foreach: "[1, 2, 3, 4]"
    as: n
    do: [{ id: rest, wait: { for: 2s } }]
`;

const ADDING = `kind: playbook/v1
id: adding
title: Adds
on: [{ webhook: adding, sync: true }]
steps: [{ id: sum, set: { value: "\${{ event.a + event.b }}" } }]
outputs: { sum: "\${{ steps.sum.value }}" }
`;

const folder = temporaryFolder();
let postgres: PostgresServer;
let api: ServerProcess;
let workers: ServerProcess[] = [];
let client: Client;
let token = '';

const start = (role: string) =>
  startServerProcess({ folder: folder.path, env: { COUNTERPOINT_STORE__URL: postgres.url } }, [
    '--role',
    role,
    '--set',
    'lab.enabled=false',
  ]);

async function hook(source: string, playbook: string): Promise<(body: object) => Promise<Response>> {
  await client.publishPlaybook({ body: { source: playbook } });
  const { secret } = await client.createSource({ body: { id: source, title: source, normalizer: '', auth: 'token' } });
  return (body) => deliver(api, source, secret, JSON.stringify(body));
}

beforeAll(async () => {
  postgres = await startPostgres();
  api = await start('api');
  ({ client, token } = await becomeOwner(api));
  workers = await Promise.all([start('worker'), start('worker')]);
}, 120_000);

afterAll(async () => {
  await Promise.all([api, ...workers].map((process) => process?.kill('SIGKILL')));
  postgres?.stop();
  folder.remove();
});

describe('several processes on one PostgreSQL', () => {
  it('answer a synchronous webhook with what a worker made of it', async () => {
    const add = await hook('adding', ADDING);
    const answer = await add({ a: 2, b: 40 });
    expect(await answer.json()).toMatchObject({ status: 'succeeded', outputs: { sum: 42 } });
  });

  it('serve no API on a worker, only whether it is well', async () => {
    const [worker] = workers;
    expect((await fetch(`${worker?.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${worker?.url}/metrics`)).status).toBe(401);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${worker?.url}/metrics`, { headers })).status).toBe(200);
    expect((await fetch(`${worker?.url}/api/v1/runs`, { headers })).status).toBe(404);
    expect((await fetch(`${worker?.url}/hooks/adding`, { method: 'POST', headers })).status).toBe(404);
  });

  it('go on with the runs of a worker that is killed, within ten seconds and without losing one', async () => {
    const tick = await hook('ticking', TICKING);
    const answers = await Promise.all(Array.from({ length: RUNS }, (_, index) => tick({ index })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await workers[0]?.kill('SIGKILL');
    const killed = Date.now();
    const ended = await until(
      'every run has ended',
      async () => {
        const { items } = await client.listRuns({ query: { playbook: 'ticking', status: 'succeeded', limit: 200 } });
        return items.length === RUNS && items;
      },
      40_000,
    );
    // Four rests of two seconds were before them, of which those with the killed worker had at most one behind them.
    const last = Math.max(...ended.map((run) => run.ended_at ?? Number.POSITIVE_INFINITY));
    expect(last - killed).toBeLessThan(10_000 + 8_000);
  });
});
