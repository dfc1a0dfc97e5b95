import { isCounterpointError } from '@counterpoint/core';
import type { DutyRow } from '@counterpoint/events';
import type { Foundations } from './foundations.ts';

/** Work that one process at a time does for all that share a store. */
export interface Duty {
  readonly name: string;
  /** Begins it, and gives the way to end it. What it does must be harmless for a moment when two processes do it. */
  begin(): Promise<() => Promise<void> | void>;
}

/** What keeping duties needs. */
export interface DutyOptions extends Pick<Foundations, 'store' | 'clock' | 'log'> {
  /** Unique among the processes that share the store. */
  readonly worker: string;
  /** Nobody else uses the store: everything is begun at once, and nothing is written about it. */
  readonly alone: boolean;
}

/** How long a duty stays with its owner without being renewed, in milliseconds. */
const LEASE = 6_000;
/** How long an owner trusts that, and how long others watch a lease that has run out before they believe it. */
const TRUST = LEASE / 2;
const ROUND = 750;

interface Held {
  readonly duty: Duty;
  readonly end: () => Promise<void> | void;
  rev: number;
  /** Until when it is surely ours, on the clock that does not jump. */
  until: number;
}

interface Sighting {
  readonly rev: number;
  readonly since: number;
}

interface Keeping {
  readonly options: DutyOptions;
  readonly held: Map<string, Held>;
  /** Leases of others that have run out by the wall clock, and since when they stand so. */
  readonly seen: Map<string, Sighting>;
}

/**
 * Does the duties of a process: all of them when it is alone, else those that no other process does. Each is a row with
 * an owner and a lease; when the owner is gone, another takes the duty over within about {@link LEASE} and a half.
 * Gives the way to stop, which hands the duties back.
 */
export async function keepDuties(options: DutyOptions, duties: readonly Duty[]): Promise<() => Promise<void>> {
  const keeping: Keeping = { options, held: new Map(), seen: new Map() };
  if (options.alone) {
    for (const duty of duties) keeping.held.set(duty.name, { duty, end: await duty.begin(), rev: 0, until: 0 });
    return () => endAll(keeping);
  }
  let stopped = false;
  let disarm = () => {};
  let round: Promise<void> = Promise.resolve();
  const next = (): void => {
    round = Promise.all(duties.map((duty) => attend(keeping, duty))).then(() => {
      if (!stopped) disarm = options.clock.after(ROUND, next);
    });
  };
  next();
  await round;
  return async () => {
    stopped = true;
    disarm();
    await round;
    await endAll(keeping);
  };
}

/** Renews a duty that is held, or takes one that nobody does. Never fails: the next round tries again. */
async function attend(keeping: Keeping, duty: Duty): Promise<void> {
  const { store, clock, log } = keeping.options;
  const held = keeping.held.get(duty.name);
  try {
    if (held) await renew(keeping, held);
    else if (await mayTake(keeping, await store.get('duties', duty.name))) await take(keeping, duty);
  } catch (error) {
    const lost = isCounterpointError(error, 'events.conflict');
    if (!lost) log.warn({ duty: duty.name, err: String(error) }, 'a duty could not be looked after; it is tried again');
    if (held && (lost || clock.monotonic() >= held.until)) await giveUp(keeping, held);
  }
}

async function mayTake({ options, seen }: Keeping, row: DutyRow | undefined): Promise<boolean> {
  const { clock } = options;
  if (!row || row.owner === '') return true;
  if (row.until >= clock.now()) {
    seen.delete(row.id);
    return false;
  }
  // The wall clock of one of the machines may have been set: an owner that is alive renews it meanwhile.
  const before = seen.get(row.id);
  if (before?.rev === row.rev) return clock.monotonic() - before.since >= TRUST;
  seen.set(row.id, { rev: row.rev, since: clock.monotonic() });
  return false;
}

async function write({ options }: Keeping, id: string, rev: number): Promise<number> {
  const { store, clock, worker: owner } = options;
  const asked = clock.monotonic();
  const row = { id, owner, until: clock.now() + LEASE, rev: rev + 1 };
  await store.commit({
    rows: [rev === 0 ? { op: 'insert', table: 'duties', row } : { op: 'update', table: 'duties', row }],
  });
  return asked + TRUST;
}

async function take(keeping: Keeping, duty: Duty): Promise<void> {
  const { store, log } = keeping.options;
  const rev = (await store.get('duties', duty.name))?.rev ?? 0;
  const until = await write(keeping, duty.name, rev);
  keeping.seen.delete(duty.name);
  const end = await duty.begin();
  keeping.held.set(duty.name, { duty, end, rev: rev + 1, until });
  log.info({ duty: duty.name }, 'this process does a duty now');
}

async function renew(keeping: Keeping, held: Held): Promise<void> {
  if (keeping.options.clock.monotonic() < held.until - (TRUST * 2) / 3) return;
  held.until = await write(keeping, held.duty.name, held.rev);
  held.rev += 1;
}

async function giveUp({ held, options }: Keeping, one: Held): Promise<void> {
  held.delete(one.duty.name);
  options.log.warn({ duty: one.duty.name }, 'another process does this duty now');
  await one.end();
}

async function endAll({ held, options }: Keeping): Promise<void> {
  for (const { duty, end, rev } of [...held.values()].reverse()) {
    await end();
    if (options.alone) continue;
    const row = { id: duty.name, owner: '', until: 0, rev: rev + 1 };
    await options.store.commit({ rows: [{ op: 'update', table: 'duties', row }] }).catch(() => undefined);
  }
  held.clear();
}
