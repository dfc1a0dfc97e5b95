import {
  type Change,
  type DeliveryRow,
  type EventEnvelope,
  type LoggedEvent,
  mergeChanges,
} from '@counterpoint/events';
import { attempt, type Failure } from './attempt.ts';
import { afterFailure, behindRow } from './rows.ts';
import { commitSurely, type Held, pump, settle, surely, type Work } from './work.ts';

/** Deliveries that are read at a time. */
const PAGE = 100;

const GONE: Failure = { reason: 'the event is no longer kept', counts: true };

const WAITING = { in: ['retry', 'behind'] } as const;

/** Finds the subjects that an earlier process left waiting, each by its first event. */
export async function loadHeld(work: Work): Promise<void> {
  const { store } = work.context;
  const where = { consumer: work.consumer.name, state: WAITING } as const;
  const orderBy = [{ column: 'subject' }, { column: 'position' }] as const;
  for (let after: readonly (string | number)[] | undefined; ; ) {
    const rows: readonly DeliveryRow[] = await store.find('deliveries', {
      where,
      orderBy,
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    for (const row of rows) if (!work.held.has(row.subject)) hold(work, row.subject, dueOf(row));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = [last.subject, last.position, last.id];
  }
}

/** Finds what other processes asked to be tried again. */
export async function noticeAsked(work: Work): Promise<void> {
  const { store, clock } = work.context;
  const where = { consumer: work.consumer.name, state: 'retry', next_at: { lte: clock.now() } } as const;
  for (const { subject } of await store.find('deliveries', { where, limit: PAGE })) nudge(work, subject);
}

function dueOf({ state, next_at }: DeliveryRow): number {
  return state === 'behind' ? 0 : next_at;
}

/** Lets a subject wait until its first event is due. */
export function hold(work: Work, subject: string, due: number): Held {
  const held: Held = { due, trying: false, arrivals: 0, writing: new Set(), cancel: () => undefined };
  work.held.set(subject, held);
  arm(work, subject, held);
  return held;
}

function arm(work: Work, subject: string, held: Held): void {
  const { clock } = work.context;
  held.cancel();
  const wait = held.due - clock.now();
  if (wait > 0) held.cancel = clock.after(wait, () => tryNow(work, subject, held));
  else tryNow(work, subject, held);
}

/** Tries a subject again now, whatever it waits for. */
export function nudge(work: Work, subject: string): void {
  const held = work.held.get(subject) ?? hold(work, subject, 0);
  held.arrivals += 1;
  tryNow(work, subject, held);
}

/** Tries a held subject, unless that is under way; while one of its events runs, it is for who runs it to call again. */
export function tryNow(work: Work, subject: string, held: Held): void {
  if (held.trying || work.stopped || work.lanes.has(subject)) return;
  held.cancel();
  held.trying = true;
  work.ready.push(() => tryAgain(work, subject, held));
  pump(work);
}

/** Puts events of a subject that waits behind those that are there; they are dealt with as far as the log goes. */
export function fallBehind(work: Work, held: Held, events: readonly LoggedEvent[], change: Change = {}): Promise<void> {
  held.arrivals += 1;
  const rows = events.map((one) => ({ op: 'ensure', table: 'deliveries', row: behindRow(work, one) }) as const);
  const written = commitSurely(work, mergeChanges(change, { rows })).then((done) => {
    held.writing.delete(written);
    if (done) for (const { position } of events) settle(work, position);
  });
  held.writing.add(written);
  return written;
}

/** Works off what waits of a subject, in order, up to an event that is not due; with nothing left it waits no more. */
async function tryAgain(work: Work, subject: string, held: Held): Promise<void> {
  const { store } = work.context;
  while (!work.stopped) {
    await Promise.all(held.writing);
    const { arrivals } = held;
    const where = { consumer: work.consumer.name, subject, state: WAITING } as const;
    const orderBy = [{ column: 'position' }] as const;
    const rows = await surely(work, () => store.find('deliveries', { where, orderBy, limit: PAGE }));
    if (!rows) return;
    if (rows.length === 0 && held.arrivals === arrivals && held.writing.size === 0) {
      work.held.delete(subject);
      return;
    }
    const due = await tryRows(work, rows);
    if (due === undefined) continue;
    held.trying = false;
    held.due = due;
    arm(work, subject, held);
    return;
  }
}

/** Tries deliveries one after the other. Gives when the first that has to wait is due; undefined when all were tried. */
async function tryRows(work: Work, rows: readonly DeliveryRow[]): Promise<number | undefined> {
  const { clock } = work.context;
  const writes: Promise<boolean>[] = [];
  let due: number | undefined;
  for (const row of rows) {
    if (work.stopped) break;
    if (dueOf(row) > clock.now()) due = row.next_at;
    else {
      const outcome = await tryRow(work, row);
      // Not only when all were tried: the next may take its time.
      writes.push(commitSurely(work, outcome.change));
      due = outcome.due;
    }
    if (due !== undefined) break;
  }
  await Promise.all(writes);
  return due;
}

async function tryRow(work: Work, row: DeliveryRow): Promise<{ change: Change; due?: number }> {
  const { consumer, context } = work;
  const event = await surely(work, async () => (await context.lookup(row)) ?? null);
  if (event === undefined) return { change: {} };
  const error = event === null ? GONE : await attemptOf(work, row, event);
  if (error === undefined) return { change: { rows: [{ op: 'delete', table: 'deliveries', id: row.id }] } };
  const last = event === null ? { ...row, attempts: Math.max(row.attempts, consumer.maxAttempts) } : row;
  const failed = afterFailure(work, last, event ?? { trace: '' }, error);
  return { change: failed.change, ...(failed.dead ? {} : { due: failed.row.next_at }) };
}

function attemptOf({ consumer, context }: Work, row: DeliveryRow, event: EventEnvelope): Promise<Failure | undefined> {
  return attempt(consumer, { position: row.position, event }, context.clock, consumer.timeout);
}
