import { manualClock } from '@counterpoint/core';
import { type Store, signalWrite } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createNeighbours, type Neighbours } from '../testing/neighbours.ts';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';
import type { EngineOptions } from './options.ts';

const LEASE = 5_000;
const text = playbookText('  - { id: a, action: fake.block }\n  - { id: b, action: fake.read_it }');
const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };

let inner: ReturnType<typeof createMemoryStore>;
let neighbours: Neighbours;
let clock: ReturnType<typeof manualClock>;
beforeEach(() => {
  inner = createMemoryStore();
  neighbours = createNeighbours();
  clock = manualClock();
});

/** What one process sees of the store: it hears only of what it wrote itself. */
function view(): Store {
  const heard = new Set<(change: Parameters<Store['commit']>[0]) => void>();
  return {
    ...inner,
    async commit(change) {
      await inner.commit(change);
      for (const listener of heard) listener(change);
    },
    onCommitted(listener) {
      heard.add(listener);
      return () => void heard.delete(listener);
    },
  };
}

function join(
  workerId: string,
  { limits, ...options }: Partial<EngineOptions> & { product?: object } = {},
): Promise<Rig> {
  const shared = { exclusive: false, clock, workerId, ...neighbours.join() } as const;
  return createRig(view(), { ...shared, limits: { leaseMillis: LEASE, ...limits }, ...options });
}

async function seconds(count: number) {
  for (let tick = 0; tick < count * 4; tick++) {
    clock.advance(250);
    await settled();
  }
}

describe('workers that share a queue', () => {
  it('begin what a process without workers puts in it, at once, and tell it of the end', async () => {
    const api = await join('api', { submitOnly: true });
    await api.publish(text);
    await join('w1');
    const trigger = { kind: 'manual', id: 'm', key: '1' } as const;
    let end: unknown;
    void api.engine.startRunAndWait({ playbook: 'p', trigger, event: null, causality }, 20_000).then((ended) => {
      end = ended;
    });
    await settled();
    // The end is told, and looked up a moment later.
    clock.advance(20);
    await settled();
    expect(end).toMatchObject({ finished: { status: 'succeeded' } });
    expect(neighbours.queued).toBe(0);
  });

  it('each take some, none twice, and no more than they have places for', async () => {
    const api = await join('api', { submitOnly: true });
    await api.publish(text);
    const answers: (() => void)[] = [];
    const product = { behave: () => new Promise((resolve) => answers.push(() => resolve({ output: {} }))) };
    const workers = [];
    for (const id of ['w1', 'w2', 'w3']) workers.push(await join(id, { product, limits: { activeRuns: 5 } as never }));
    for (let count = 0; count < 60; count++) await api.run();
    await settled();
    expect(workers.map(({ engine }) => engine.stats().active)).toEqual([5, 5, 5]);
    for (let turn = 0; turn < 200 && (await inner.count('runs', { status: 'succeeded' })) < 60; turn++) {
      for (const answer of answers.splice(0)) answer();
      await settled();
    }
    const sent = workers.flatMap(({ door }) => door.sent.map(({ key }) => key));
    expect(new Set(sent).size).toBe(120);
    expect(sent).toHaveLength(120);
    expect(neighbours.queued).toBe(0);
  });

  it('keep the reserve for urgent runs, and hold a playbook to its part without holding up others', async () => {
    const api = await join('api', { submitOnly: true });
    for (const [id, priority] of Object.entries({ flood: 'low', other: 'low', urgent: 'emergency' })) {
      await api.publish(
        playbookText('  - { id: a, action: fake.read_it }', `priority: ${priority}`).replace('id: p', `id: ${id}`),
      );
    }
    const began: string[] = [];
    const behave = (request: { readonly causality: { readonly principal: string } }) => {
      began.push(request.causality.principal.replace('playbook:', ''));
      return new Promise<never>(() => undefined);
    };
    await join('w1', { product: { behave }, limits: { activeRuns: 6, reservedRuns: 2, runsPerPlaybook: 2 } as never });
    for (let count = 0; count < 100; count++) await api.run({}, 'flood');
    await settled();
    await api.run({}, 'other');
    await settled();
    await seconds(3);
    expect(began.toSorted()).toEqual(['flood', 'flood', 'other']);
    for (let count = 0; count < 3; count++) await api.run({}, 'urgent');
    await settled();
    expect(began.filter((playbook) => playbook === 'urgent')).toHaveLength(3);
  });

  it('tell the owner of a run at once what is stored for it', async () => {
    const first = await join('w1', { product: { behave: () => new Promise<never>(() => undefined) } });
    await first.publish(text);
    const run = await first.run();
    const api = await join('api', { submitOnly: true });
    const happening = { kind: 'cancel', principal: 'user:ada', reason: 'no need' };
    await api.store.commit({ rows: [signalWrite(run, 's1', happening, clock.now())] });
    await settled();
    expect(await inner.get('runs', run)).toMatchObject({ status: 'cancelled' });
  });

  it('take up a run that nobody owns when something is stored for it', async () => {
    const first = await join('w1');
    await first.publish(playbookText('  - { id: w, wait: { for: 1h } }'));
    const run = await first.run();
    await settled();
    expect(await inner.get('runs', run)).toMatchObject({ owner: '', status: 'waiting' });
    const api = await join('api', { submitOnly: true });
    const happening = { kind: 'cancel', principal: 'user:ada', reason: 'no need' };
    await api.store.commit({ rows: [signalWrite(run, 's1', happening, clock.now())] });
    await settled();
    expect(await inner.get('runs', run)).toMatchObject({ status: 'cancelled' });
    expect(neighbours.queued).toBe(0);
  });

  it('look in the store rarely while all is well, and often while it is not', async () => {
    const looks: string[] = [];
    const store = view();
    const counting: Store = {
      ...store,
      find(table, query) {
        if (table === 'runs') looks.push(table);
        return store.find(table, query);
      },
    };
    const { workQueue, notices } = neighbours.join();
    await createRig(counting, { exclusive: false, clock, workerId: 'w1', workQueue, notices });
    looks.splice(0);
    await seconds(20);
    expect(looks).toEqual([]);
    neighbours.calm = false;
    await seconds(5);
    expect(looks.length).toBeGreaterThan(20);
  });

  it('lose nothing that the queue has lost', async () => {
    const api = await join('api', { submitOnly: true });
    await api.publish(text);
    const worker = await join('w1');
    const row = (await inner.get('runs', await api.run())) ?? expect.unreachable();
    await settled();
    const lost = { ...row, id: 'lost', trigger_key: 'lost', status: 'queued', epoch: 0, seq: 0 } as const;
    await inner.commit({ runs: [{ op: 'create', row: { ...lost, owner: '', lease_until: 0, started_at: null } }] });
    await seconds(10);
    expect(await inner.get('runs', 'lost')).toMatchObject({ status: 'queued' });
    await seconds(25);
    expect(await inner.get('runs', 'lost')).toMatchObject({ status: 'succeeded' });
    expect(worker.finished).toHaveLength(2);
  });

  it('go on with what is in the store alone while the queue is away, and offer again when it is back', async () => {
    const api = await join('api', { submitOnly: true });
    await api.publish(text);
    await join('w1');
    neighbours.away = true;
    neighbours.calm = false;
    const during = await api.run();
    await settled();
    expect(await inner.get('runs', during)).toMatchObject({ status: 'queued' });
    await seconds(1);
    expect(await inner.get('runs', during)).toMatchObject({ status: 'succeeded' });
    neighbours.calm = true;
    const late = await api.run();
    await seconds(1);
    neighbours.away = false;
    await seconds(2);
    expect(await inner.get('runs', late)).toMatchObject({ status: 'succeeded' });
  });

  it('give back what they are handed of a playbook that has no place here', async () => {
    const api = await join('api', { submitOnly: true });
    await api.publish(text);
    const behave = () => new Promise<never>(() => undefined);
    await join('w1', { product: { behave }, limits: { activeRuns: 10, runsPerPlaybook: 1 } as never });
    for (let count = 0; count < 2; count++) await api.run();
    await settled();
    const free = await join('w2');
    await seconds(4);
    expect(free.finished).toHaveLength(1);
  });

  it('acknowledge a run that cannot be read, and leave it', async () => {
    const api = await join('api', { submitOnly: true });
    await api.publish(text);
    const worker = await join('w1');
    const row = (await inner.get('runs', await api.run())) ?? expect.unreachable();
    await settled();
    const broken = { ...row, id: 'broken', trigger_key: 'broken', status: 'queued', version: 'gone' } as const;
    const queued = { ...broken, owner: '', lease_until: 0, epoch: 0, seq: 0, started_at: null };
    await inner.commit({ runs: [{ op: 'create', row: queued }] });
    await neighbours.join().workQueue.offer({ run: 'broken', playbook: 'p', priority: 1, epoch: 0 });
    await seconds(2);
    expect(neighbours.queued).toBe(0);
    expect(worker.problems).toMatchObject([{ kind: 'defect', run: 'broken' }]);
  });
});
