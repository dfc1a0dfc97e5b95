import { stableId } from '@counterpoint/core';
import {
  type EventEnvelope,
  type OutboxRow,
  type RowWrite,
  type SubscriptionRow,
  signalWrite,
} from '@counterpoint/events';
import type { Command, Happening } from '../interpreter/happening.ts';
import { keysOfEvent } from '../steps/subscription-key.ts';
import type { ActiveRun } from './active-run.ts';
import { report, type Worker } from './worker.ts';

type Subscribe = Extract<Command, { kind: 'subscribe' | 'catch_up' }>;
type Arrived = Extract<Happening, { kind: 'arrived' }>;

/** Rows that are read, or signals that are written, at a time. */
const PAGE = 200;

/** The stored id of a subscription. */
function subscriptionId(run: string, address: string, name: string): string {
  return stableId('subscription', run, address, name);
}

/** The write of a subscription, for the commit of the decision that wants it. @param at Unix milliseconds */
export function subscribing(run: string, command: Extract<Command, { kind: 'subscribe' }>, at: number): RowWrite {
  const { kind: _, address, name, ...wish } = command;
  const row = { id: subscriptionId(run, address, name), run, address, name, ...wish, created_at: at };
  return { op: 'put', table: 'subscriptions', row };
}

/** The removal of a subscription, for the commit of the decision that no longer wants it. */
export function unsubscribing(run: string, { address, name }: Extract<Command, { kind: 'unsubscribe' }>): RowWrite {
  return { op: 'delete', table: 'subscriptions', id: subscriptionId(run, address, name) };
}

/**
 * Hands an event to the runs that wait for its topic, each as a signal. Only those are looked at whose condition the
 * event may meet; each decides itself whether it does. Safe to repeat: a signal exists once for event and subscription.
 */
export async function announce(worker: Worker, envelope: EventEnvelope): Promise<void> {
  if (worker.awaited && !(await worker.awaited.mayBeAwaited(envelope.type))) return;
  const [every, ...keys] = new Set(keysOfEvent(envelope.data));
  await announceTo(worker, envelope, every ?? '');
  for (let from = 0; from < keys.length; from += PAGE) {
    await announceTo(worker, envelope, { in: keys.slice(from, from + PAGE) });
  }
}

/** @param key of the subscriptions that are meant */
async function announceTo(
  worker: Worker,
  envelope: EventEnvelope,
  key: string | { readonly in: readonly string[] },
): Promise<void> {
  const { store, clock } = worker.options;
  const at = Date.parse(envelope.time);
  let after: readonly string[] | undefined;
  for (;;) {
    // In the order of the index, so that what is found need not be sorted.
    const found: readonly SubscriptionRow[] = await store.find('subscriptions', {
      where: { topic: envelope.type, key },
      orderBy: [{ column: 'key' }],
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    const rows = found
      .filter(({ since }) => since <= at)
      .map((subscription) => signalOf(subscription, envelope, at, clock.now()));
    if (rows.length > 0) await store.commit({ rows });
    const last = found.at(-1);
    if (!last || found.length < PAGE) return;
    after = [last.key, last.id];
  }
}

function signalOf(subscription: SubscriptionRow, { id, data }: EventEnvelope, at: number, now: number): RowWrite {
  const { run, address, name } = subscription;
  const happening: Arrived = { kind: 'arrived', address, name, event: { id, at, data } };
  return signalWrite(run, stableId('arrived', subscription.id, id), { ...happening }, now);
}

/**
 * Looks up what came since the moment from which events count, so that none falls between that and the commit of the
 * subscription: what comes later finds the subscription. An event that comes both ways does no harm.
 */
export function catchUp(worker: Worker, run: ActiveRun, wish: Subscribe): void {
  const done = eventsSince(worker, run, wish).catch((error: unknown) => {
    report(worker, 'store', run.row.id, error);
    // Asked again after a while: without it an event might be missed.
    worker.options.clock.after(1_000, () => {
      if (isWaiting(run, wish)) catchUp(worker, run, wish);
    });
  });
  worker.underWay.add(done);
  void done.finally(() => worker.underWay.delete(done));
}

async function eventsSince(worker: Worker, run: ActiveRun, wish: Subscribe): Promise<void> {
  const { address, name, topic, key, since } = wish;
  let after: readonly (string | number)[] | undefined;
  while (isWaiting(run, wish)) {
    const found: readonly OutboxRow[] = await worker.options.store.find('outbox', {
      where: { topic, at: { gte: since } },
      orderBy: [{ column: 'at' }],
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    for (const { id, at, envelope } of found) {
      const { data } = envelope as unknown as EventEnvelope;
      if (key !== '' && !keysOfEvent(data).includes(key)) continue;
      worker.post(run, { kind: 'arrived', address, name, event: { id, at, data } });
    }
    const last = found.at(-1);
    if (!last || found.length < PAGE) return;
    after = [last.at, last.id];
  }
}

function isWaiting(run: ActiveRun, { address, name }: Subscribe): boolean {
  return !run.gone && run.state.open.get(address)?.conditions?.[name] !== undefined;
}
