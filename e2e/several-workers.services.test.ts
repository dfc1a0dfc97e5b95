import { type Client, createParticipantClient } from '@counterpoint/sdk';
import { type NatsServer, type PostgresServer, startNats, startPostgres } from '@counterpoint/testing';
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

const number = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };

const DOUBLING = `kind: playbook/v1
id: doubling
title: Asks a participant
uses: { tool: tool }
on: [{ manual: true }]
steps: [{ id: asked, action: tool.double, with: { n: 21 } }]
outputs: { n: "\${{ steps.asked.n }}" }
`;

/** Starts an API and two workers, and gives what the tests need of them. */
async function startAll(withNats: boolean) {
  const folder = temporaryFolder();
  const postgres: PostgresServer = await startPostgres();
  const nats: NatsServer | undefined = withNats ? await startNats() : undefined;
  const bus = nats ? { COUNTERPOINT_BUS__URL: nats.url } : {};
  const env = { COUNTERPOINT_STORE__URL: postgres.url, ...bus };
  const start = (role: string) =>
    startServerProcess({ folder: folder.path, env }, ['--role', role, '--set', 'lab.enabled=false']);
  const api = await start('api');
  const { client, token } = await becomeOwner(api);
  const workers = await Promise.all([start('worker'), start('worker')]);
  return {
    api,
    client,
    token,
    workers,
    nats,
    async hook(source: string, playbook: string): Promise<(body: object) => Promise<Response>> {
      await client.publishPlaybook({ body: { source: playbook } });
      const body = { id: source, title: source, normalizer: '', auth: 'token' } as const;
      const { secret } = await client.createSource({ body });
      return (sent) => deliver(api, source, secret, JSON.stringify(sent));
    },
    async close() {
      await Promise.all([api, ...workers].map((process) => process.kill('SIGKILL')));
      postgres.stop();
      await nats?.remove();
      folder.remove();
    },
  };
}

describe.each([
  ['one PostgreSQL', false],
  ['one PostgreSQL and one NATS', true],
])('several processes on %s', (_name, withNats) => {
  // Without NATS they only hear of each other by looking at the store.
  const itOverNats = withNats ? it : () => undefined;
  let all: Awaited<ReturnType<typeof startAll>>;
  let api: ServerProcess;
  let workers: readonly ServerProcess[];
  let client: Client;
  let token = '';

  beforeAll(async () => {
    all = await startAll(withNats);
    ({ api, workers, client, token } = all);
  });
  afterAll(() => all?.close());

  it('answer a synchronous webhook with what a worker made of it', async () => {
    const add = await all.hook('adding', ADDING);
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

  itOverNats('show in the stream of the API what a worker does', async () => {
    const add = await all.hook('streamed', ADDING.replaceAll('adding', 'streamed'));
    const stream = await fetch(`${api.url}/api/v1/stream`, { headers: { authorization: `Bearer ${token}` } });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const { run } = (await (await add({ a: 1, b: 1 })).json()) as { run: string };
    let told = '';
    while (!told.includes(`{"id":"${run}","status":"succeeded"}`)) told += (await reader?.read())?.value;
    expect(told).toContain(run);
    await reader?.cancel();
  });

  itOverNats('use on a worker what a participant of the API offers, as soon as it has joined', async () => {
    await client.createParticipant({ body: { id: 'tool', title: 'Tool', rights: { offer: ['tool.*'] } } });
    const { token: text } = await client.createParticipantToken({ id: 'tool', body: { title: 'one' } });
    const tool = createParticipantClient({ url: api.url, token: text });
    const double = { title: 'Double', effect: 'read', idempotent: true, input: number, output: number };
    await tool.offer('double', double, ({ payload }) => ({ n: 2 * (payload as { readonly n: number }).n }));
    await client.publishPlaybook({ body: { source: DOUBLING } });
    const run = await client.startRun({ id: 'doubling', body: { wait: true } });
    expect(run).toMatchObject({ status: 'succeeded', outputs: { n: 42 } });
    tool.close();
  });

  it('go on with the runs of a worker that is killed, within ten seconds and without losing one', async () => {
    const tick = await all.hook('ticking', TICKING);
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
