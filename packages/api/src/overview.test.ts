import { manualClock } from '@counterpoint/core';
import { type RowWrite, type Store, UNHANDLED } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { overviewHandlers } from './handlers/overview.ts';
import { countsIn, dayOf, weekOf } from './overview/slices.ts';

const HOUR = 3_600_000;
const EVERYTHING = [
  'effect:read',
  'fabric:read',
  'source:read',
  'inbox:read',
  'connection:read',
  'run:read',
  'alert:read',
  'case:read',
];

let store: Store;
let clock: ReturnType<typeof manualClock>;
beforeEach(() => {
  store = createMemoryStore();
  clock = manualClock(Date.UTC(2026, 10, 22, 14, 30));
});

const row = (table: string, values: object) =>
  ({ op: 'insert', table, row: { rev: 1, ...UNHANDLED, resolved_at: null, ...values } }) as unknown as RowWrite;
const put = (...rows: RowWrite[]) => store.commit({ rows });
async function run(id: string, values: object): Promise<void> {
  const given = {
    id,
    trigger_key: id,
    playbook: 'p',
    site: '',
    paused: false,
    ended_at: null,
    created_at: clock.now(),
    seq: 0,
    ...values,
  };
  await store.commit({ runs: [{ op: 'create', row: given }] } as never);
}
const look = (permissions: readonly string[] = EVERYTHING) => {
  const principal = { ref: 'user:ann', permissions: new Set(permissions) };
  return overviewHandlers({ store, clock }).overview({
    principal,
    params: {},
    query: {},
    body: {},
    remote: '',
  } as never);
};
const kinds = async (permissions?: readonly string[]) =>
  (await look(permissions)).matters.map(({ kind, urgency }) => `${kind} ${urgency}`);

describe('the slices of a stretch', () => {
  it('are aligned, end now, and count each group once, finer ones added up', () => {
    const now = clock.now();
    expect(dayOf(now).starts).toHaveLength(24);
    expect(dayOf(now).starts.at(-1)).toBe(Date.UTC(2026, 10, 22, 14));
    const week = weekOf(now);
    expect(week.starts.at(-1)).toBe(Date.UTC(2026, 10, 22, 12));
    const group = (hour: number) => ({ values: [], slice: Date.UTC(2026, 10, 22, hour), count: 2, sums: [] });
    expect(countsIn(week, [group(12), group(14), group(11)]).slice(-2)).toEqual([2, 4]);
  });
});

describe('the overview', () => {
  it('of an empty installation is empty, needs nobody, and invents nothing', async () => {
    const overview = await look();
    expect(overview).toMatchObject({ empty: true, matters: [], sources: [], approvals: { open: 0, oldest: null } });
    expect(overview.saved).toMatchObject({ total: { minutes: 0, simulated: 0 }, upto: null, top: [] });
    const nobody = { people: null, others: 0 };
    expect(overview.times).toEqual({ decide: null, acknowledge: nobody, close: null, open_cases: 0, unowned_cases: 0 });
    expect(overview.alerts).toMatchObject({ acknowledge: nobody, resolve: null });
  });

  it('shows only the parts that the caller may see', async () => {
    await run('r1', { status: 'failed', ended_at: clock.now() });
    await put(row('switches', { id: 'global', engaged: true, reason: 'r', principal: 'p', at: 1 }));
    const overview = await look(['run:read']);
    expect(overview.runs).not.toBeNull();
    for (const part of ['alerts', 'times', 'approvals', 'effects', 'sources', 'connections'] as const) {
      expect(overview[part], part).toBeNull();
    }
    expect(overview.matters.map(({ kind }) => kind)).toEqual(['runs_failed']);
    expect((await look([])).matters).toEqual([]);
  });

  it('puts what is urgent first', async () => {
    await run('r1', { status: 'failed', ended_at: clock.now() });
    await put(
      row('effects', {
        id: 'e1',
        key: '1',
        state: 'unknown',
        ended_at: null,
        created_at: 1,
        connector: 'c',
        action: 'a',
        target: '',
        effect: 'contain',
        undo_of: '',
        lease_until: null,
        connection: 'x',
      }),
      row('effects', {
        id: 'e2',
        key: '2',
        state: 'undo_failed',
        ended_at: null,
        created_at: 1,
        connector: 'c',
        action: 'a',
        target: '',
        effect: 'contain',
        undo_of: '',
        lease_until: null,
        connection: 'x',
      }),
      row('breakers', { id: 'storms', state: 'open', reason: 'too much', at: 5, item: '' }),
      row('deliveries', { id: 'd', state: 'dead', topic: 't', error: 'no', at: 7 }),
      row('inbox_items', { id: 'i', status: 'open', created_at: clock.now() - HOUR, due_at: null, text: 'May it?' }),
      row('alerts', { id: 'a', status: 'new', severity: 5, title: 'Bad', created_at: clock.now() - 2 * HOUR }),
      row('cases', {
        ...{ id: 'c', status: 'open', owner: null, closed_at: null, severity: 4, title: 'Worse' },
        created_at: clock.now() - 2 * HOUR,
      }),
    );
    expect(await kinds()).toEqual([
      'outcome_unknown now',
      'undo_failed now',
      'storm now',
      'approvals_open now',
      'dead_letters soon',
      'runs_failed soon',
      'alerts_waiting soon',
      'cases_waiting soon',
    ]);
    expect((await look()).effects).toEqual({ in_force: [{ class: 'contain', count: 2 }], ending: 0 });
  });

  it('are serious cases without an owner for an hour, and no others', async () => {
    const at = clock.now() - 2 * HOUR;
    const serious = { status: 'open', owner: null, closed_at: null, severity: 4, title: 'C', created_at: at };
    await put(
      row('cases', { ...serious, id: 'waits' }),
      row('cases', { ...serious, id: 'fresh', created_at: clock.now() }),
      row('cases', { ...serious, id: 'small', severity: 3 }),
      row('cases', { ...serious, id: 'taken', owner: 'u' }),
      row('cases', { ...serious, id: 'over', status: 'closed', closed_at: at }),
    );
    const { matters, times } = await look();
    expect(matters).toMatchObject([{ kind: 'cases_waiting', count: 1, ids: ['waits'], since: at, detail: 'C' }]);
    expect(times).toMatchObject({ open_cases: 4, unowned_cases: 3 });
  });

  it('tells of an undo that was lost once: by what it should have ended', async () => {
    const effect = {
      key: 'k',
      ended_at: null,
      created_at: 1,
      connector: 'c',
      action: 'a',
      target: '',
      effect: 'contain',
      lease_until: null,
    };
    await put(
      row('effects', { ...effect, id: 'block', state: 'undo_failed', undo_of: '' }),
      row('effects', { ...effect, id: 'undo', key: 'u', state: 'unknown', undo_of: 'block' }),
    );
    expect((await look()).matters).toMatchObject([{ kind: 'undo_failed', count: 1, ids: ['block'] }]);
  });

  it('presses for a decision only when it has waited or is due soon', async () => {
    const item = (values: object) =>
      row('inbox_items', { id: 'i', status: 'open', created_at: clock.now(), due_at: null, text: '', ...values });
    await put(item({}));
    expect(await kinds()).toEqual(['approvals_open soon']);
    await put({ op: 'delete', table: 'inbox_items', id: 'i' }, item({ due_at: clock.now() + HOUR / 2 }));
    expect(await kinds()).toEqual(['approvals_open now']);
  });

  it('counts runs by how they ended and when, and those that live', async () => {
    const now = clock.now();
    await run('a', { status: 'succeeded', ended_at: now });
    await run('b', { status: 'failed', ended_at: now - 2 * HOUR });
    await run('c', { status: 'cancelled', ended_at: now - 30 * HOUR });
    await run('d', { status: 'succeeded', ended_at: now - 8 * 24 * HOUR });
    await run('e', { status: 'waiting', paused: true });
    await run('f', { status: 'running', site: 'edge' });
    const { runs } = await look();
    const sum = (name: 'succeeded' | 'failed' | 'cancelled', of: 'day' | 'week') =>
      runs?.[of].slices.reduce((all, slice) => all + slice[name], 0);
    expect([sum('succeeded', 'day'), sum('failed', 'day'), sum('cancelled', 'day')]).toEqual([1, 1, 0]);
    expect([sum('succeeded', 'week'), sum('failed', 'week'), sum('cancelled', 'week')]).toEqual([1, 1, 1]);
    expect(runs).toMatchObject({ live: 1, waiting: 1, paused: 1 });
  });

  it('gives the mean time of decisions and cases, and of saved minutes what was simulated', async () => {
    const now = clock.now();
    await put(
      row('inbox_items', { id: '1', status: 'approved', created_at: now - 60_000, decided_at: now, due_at: null }),
      row('inbox_items', { id: '2', status: 'denied', created_at: now - 180_000, decided_at: now, due_at: null }),
      row('inbox_items', { id: '3', status: 'expired', created_at: now - HOUR, decided_at: now, due_at: null }),
      row('cases', { id: 'c', status: 'closed', created_at: now - HOUR, closed_at: now, resolve_ms: HOUR }),
      row('savings', {
        id: 's1',
        hour: now - HOUR,
        playbook: 'p',
        action: 'wall.ban',
        simulated: false,
        steps: 2,
        minutes: 20,
      }),
      row('savings', {
        id: 's2',
        hour: now - 50 * HOUR,
        playbook: 'p',
        action: 'wall.ban',
        simulated: true,
        steps: 1,
        minutes: 10,
      }),
    );
    const { times, saved } = await look();
    expect(times).toEqual({
      decide: { count: 2, mean: 120_000 },
      acknowledge: { people: null, others: 0 },
      close: { count: 1, mean: HOUR, median: HOUR },
      open_cases: 0,
      unowned_cases: 0,
    });
    expect(saved).toMatchObject({
      day: { minutes: 20, simulated: 0 },
      week: { minutes: 30, simulated: 10 },
      top: [{ playbook: 'p', action: 'wall.ban', steps: 3, minutes: 30 }],
    });
  });

  it('is read once for all who look in the same moment', async () => {
    const handler = overviewHandlers({ store, clock }).overview;
    const asked = () => handler({ principal: { ref: 'u', permissions: new Set(['run:read']) } } as never);
    expect((await asked()).runs?.live).toBe(0);
    await run('r', { status: 'running' });
    expect((await asked()).runs?.live).toBe(0);
    clock.advance(250);
    expect((await asked()).runs?.live).toBe(1);
  });
});

describe('runs that failed', () => {
  it('are those of the chart of the day, and since the oldest of them, however many', async () => {
    const oldest = dayOf(clock.now()).from;
    for (let index = 0; index < 9; index += 1) await run(`r${index}`, { status: 'failed', ended_at: oldest + index });
    await run('before', { status: 'failed', ended_at: oldest - 1 });
    const { matters, runs } = await look();
    expect(matters).toMatchObject([{ kind: 'runs_failed', count: 9, since: oldest }]);
    expect(runs?.day.slices.reduce((sum, { failed }) => sum + failed, 0)).toBe(9);
  });
});
