import { isCounterpointError } from '@counterpoint/core';
import { type Change, type ClaimRow, causalityOf, causedBy, type EffectRow } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { resumeExtension } from '../extend-effect.ts';
import { extensionWasLost } from '../extension-turn.ts';
import { caseOfClaim, claimsOf } from '../ledger/claims.ts';
import { LOST_AFTER } from '../ledger/conclude.ts';
import { STANDING_STATES } from '../ledger/effect-row.ts';
import type { UndoResult } from './carry-out.ts';
import { closesCase, endClaimsOfClosedCases } from './closed-cases.ts';
import { isTended, type StepCheck, settleOrphan } from './orphans.ts';
import { resumeUndo, undoEffect } from './undo-effect.ts';

/**
 * Ends leases and undoes what nobody claims any more; also looks after undos that were cut off, and after calls whose
 * answer never came and that no run waits for any more.
 */
export interface LeaseKeeper {
  /** Does what was left from before and waits for what comes due; resolves when the former is done. Never rejects. */
  start(): Promise<void>;
  /** Stops waiting; resolves when what is being undone has ended. */
  stop(): Promise<void>;
  /** Does everything that is due now, and resolves when it is done. */
  settle(): Promise<void>;
}

/** What goes wrong while keeping leases and that people should know. */
export interface Alarm {
  /** Undefined: the store itself failed. */
  readonly effect: EffectRow | undefined;
  readonly error: unknown;
}

/** What a {@link LeaseKeeper} is given. */
export interface LeaseKeeperOptions {
  readonly context: DoorContext;
  /**
   * This process is the only one on its store (data-directory lock): undos that are under way when it starts are its own
   * from before a crash and are taken up at once instead of after their time-out. Default false.
   */
  readonly alone?: boolean;
  /**
   * Whether the step that asked for an effect is still open in its run, which has not ended: then the run finds out by
   * itself what became of it. Default: as long as the run has not ended.
   */
  readonly stepIsOpen?: StepCheck;
  /** Told of every undo that failed; it is tried again all the same. */
  readonly onAlarm?: (alarm: Alarm) => void;
}

/** How long until the store is asked again when nothing is due: finds what other processes left. Milliseconds. */
const LOOK_AGAIN = 10_000;
/** The pause after something that is due could not be done, in milliseconds. */
const PAUSE = 5_000;
const BATCH = 100;
const AT_ONCE = 8;

/** Makes a {@link LeaseKeeper}. Several processes may run one each; revisions keep them apart. */
export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { context } = options;
  const { store, clock } = context;
  let cancel = () => {};
  let stopListening = () => {};
  let waiting = false;
  /** When the timer is set for; while it works, the earliest thing that was committed meanwhile. */
  let next = Number.POSITIVE_INFINITY;
  let working = 0;
  let tail: Promise<void> = Promise.resolve();
  const tended: Tended = new Map();

  const arm = (at: number): void => {
    cancel();
    next = at;
    if (waiting) cancel = clock.after(Math.max(0, at - clock.now()), wake);
  };

  const wake = (): Promise<void> => {
    tail = tail.then(work);
    return tail;
  };

  const work = async (): Promise<void> => {
    cancel();
    working += 1;
    next = Number.POSITIVE_INFINITY;
    let look = clock.now() + PAUSE;
    try {
      await endClaimsOfClosedCases(context);
      const { stuck, upTo } = await settleDue(options, tended);
      look = stuck ? clock.now() + PAUSE : await nextLook(context, upTo);
    } catch (error) {
      // Without the store nothing can be decided; look again when it may be back.
      options.onAlarm?.({ effect: undefined, error });
    }
    working -= 1;
    arm(Math.min(look, next));
  };

  const onCommitted = (change: Change): void => {
    const due = touchesSwitch(change) || closesCase(change) ? clock.now() : earliestWake(change);
    if (due >= next) return;
    if (working > 0) next = due;
    else arm(due);
  };

  return {
    async start() {
      waiting = true;
      stopListening = store.onCommitted(onCommitted);
      // Those that cannot be read now are taken up after their time-out.
      if (options.alone) await takeUpUndos(options).catch((error) => options.onAlarm?.({ effect: undefined, error }));
      await wake();
    },
    async stop() {
      waiting = false;
      cancel();
      stopListening();
      await tail;
    },
    settle: wake,
  };
}

function earliestWake(change: Change): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const write of change.rows ?? []) {
    if (write.table !== 'effects' || write.op === 'delete' || write.row.wake_at === null) continue;
    earliest = Math.min(earliest, write.row.wake_at);
  }
  return earliest;
}

function touchesSwitch(change: Change): boolean {
  return change.rows?.some((write) => write.table === 'switches') ?? false;
}

/** When the next one after `upTo` is due; soon enough all the same to see what other processes leave. */
async function nextLook({ store, clock }: DoorContext, upTo: number): Promise<number> {
  const [next] = await store.find('effects', {
    where: { state: { in: STANDING_STATES }, wake_at: { gt: upTo }, site: '' },
    orderBy: [{ column: 'wake_at' }],
    limit: 1,
  });
  return Math.min(next?.wake_at ?? Number.POSITIVE_INFINITY, clock.now() + LOOK_AGAIN);
}

/**
 * Effects that are due and that their runs look after by themselves, by id and revision, and until when that is taken for
 * granted. Kept in memory: a write would come in the way of the run's own.
 */
type Tended = Map<string, number>;

const versionOf = ({ id, rev }: EffectRow): string => `${id}/${rev}`;

/** What doing all that is due came to. */
interface Settled {
  /** Some of it could not be done and is still due. */
  readonly stuck: boolean;
  /** All that is due up to this moment was seen (Unix ms). */
  readonly upTo: number;
}

/** Does what is due, oldest first, page by page, until nothing new comes up. */
async function settleDue(options: LeaseKeeperOptions, tended: Tended): Promise<Settled> {
  const { store, clock } = options.context;
  for (const [version, until] of tended) if (until <= clock.now()) tended.delete(version);
  const seen = new Set<string>();
  for (;;) {
    const upTo = clock.now();
    let [stuck, found] = [false, false];
    let after: readonly [number, string] | undefined;
    do {
      const due = await dueUpTo(store, upTo, after);
      const left = due.filter((row) => !tended.has(versionOf(row)));
      const fresh = left.filter((row) => !seen.has(versionOf(row)));
      stuck ||= fresh.length < left.length;
      found ||= fresh.length > 0;
      for (let index = 0; index < fresh.length; index += AT_ONCE) {
        await Promise.all(fresh.slice(index, index + AT_ONCE).map((row) => settleOne(options, row, tended)));
      }
      for (const row of fresh) seen.add(versionOf(row));
      const last = due.length === BATCH ? due.at(-1) : undefined;
      after = last && [last.wake_at ?? 0, last.id];
    } while (after);
    if (!found) return { stuck, upTo };
  }
}

function dueUpTo(
  store: DoorContext['store'],
  upTo: number,
  after: readonly [number, string] | undefined,
): Promise<readonly EffectRow[]> {
  return store.find('effects', {
    where: { state: { in: STANDING_STATES }, wake_at: { lte: upTo }, site: '' },
    orderBy: [{ column: 'wake_at' }],
    limit: BATCH,
    ...(after ? { after } : {}),
  });
}

async function settleOne(options: LeaseKeeperOptions, row: EffectRow, tended: Tended): Promise<void> {
  try {
    const result = await attend(options, row);
    if (result === 'tended') tended.set(versionOf(row), options.context.clock.now() + LOST_AFTER);
    // An engaged switch is no failure: somebody wants it so.
    else if (result?.kind === 'failed' && result.error.code !== 'guard.switch_engaged') {
      options.onAlarm?.({ effect: row, error: result.error });
    }
  } catch (error) {
    // Somebody else changed it first, and so looks after it.
    if (!isCounterpointError(error, 'events.conflict')) options.onAlarm?.({ effect: row, error });
  }
}

async function attend(options: LeaseKeeperOptions, row: EffectRow): Promise<UndoResult | 'tended' | undefined> {
  const { context, stepIsOpen = async () => true } = options;
  switch (row.state) {
    case 'performed':
    case 'undo_failed':
      if ((await extensionWasLost(context, row.id)) && (await resumeExtension(context, row))) return undefined;
      return undoEffect(context, {
        effect: row.id,
        ends: () => false,
        occasion: 'lease',
        reason: await whyItEnds(context, row),
        causality: causedBy(causalityOf(row), `effect:${row.id}`, 'system'),
      });
    case 'undoing':
      return resumeUndo(context, row.id);
    default:
      if (await isTended(context, row, stepIsOpen)) return 'tended';
      await settleOrphan(context, row);
      return undefined;
  }
}

/** Why nobody claims an effect any more: the reason of the claim that ended last. */
async function whyItEnds({ store, clock }: DoorContext, row: EffectRow): Promise<string> {
  const end = (claim: ClaimRow): number => claim.ended_at ?? claim.until ?? clock.now();
  const [last] = [...(await claimsOf(store, row.id))].sort((a, b) => end(b) - end(a));
  const ofCase = last && last.ended_at !== null ? caseOfClaim(last) : undefined;
  return ofCase === undefined ? 'its lease ended' : `the case ${ofCase} was closed`;
}

async function takeUpUndos(options: LeaseKeeperOptions): Promise<void> {
  const { context } = options;
  const rows = await context.store.find('effects', { where: { state: 'undoing', site: '' }, limit: 10_000 });
  for (const row of rows) await settleOne(options, { ...row, state: 'undoing' }, new Map());
}
