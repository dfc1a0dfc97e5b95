import { type Clock, isCounterpointError, newTraceId } from '@counterpoint/core';
import type { ScheduleRow, Store } from '@counterpoint/events';
import { nextFire } from '@counterpoint/playbook';
import type { PlanSource, PublishedTrigger, ScheduleTrigger } from '../playbooks/published.ts';
import type { StartedRun } from '../worker/parts.ts';
import type { StartRequest } from '../worker/start.ts';
import { dueFires } from './due-fires.ts';

const TICK = 1_000;
const PAGE = 500;

/** What {@link createScheduler} needs. */
export interface SchedulerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly plans: Pick<PlanSource, 'schedules' | 'byVersion'>;
  /** As that of the engine: one run per trigger and key. */
  readonly startRun: (request: StartRequest) => Promise<StartedRun>;
  /** Told of a schedule that could not start a run, and of a store that could not be read. */
  readonly onProblem?: (schedule: string, error: unknown) => void;
}

/** Starts the runs of schedule triggers. One process at a time lets it run; two at once would still start each run once. */
export interface Scheduler {
  start(): void;
  /** Starts nothing more, and waits for what is being started. */
  stop(): Promise<void>;
  /** Starts what is due now. */
  tick(): Promise<void>;
}

type Scheduled = PublishedTrigger<ScheduleTrigger>;

/**
 * Makes the scheduler. Where each schedule stands is stored, so that downtime is made up for as its trigger says. The key
 * of a run is the moment it is for: whatever happens in between (a crash, a clock that is set back, two schedulers), a
 * moment starts one run. A new schedule begins with the first moment after it was published.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { clock } = options;
  let stopped = true;
  let disarm = (): void => undefined;
  let working: Promise<void> = Promise.resolve();

  const arm = (): void => {
    disarm = clock.after(TICK, () => {
      working = round(options)
        .catch((error: unknown) => options.onProblem?.('', error))
        .then(() => {
          if (!stopped) arm();
        });
    });
  };
  return {
    start() {
      if (!stopped) return;
      stopped = false;
      arm();
    },
    async stop() {
      stopped = true;
      disarm();
      await working;
    },
    tick: () => round(options),
  };
}

async function round(options: SchedulerOptions): Promise<void> {
  const wanted = new Map<string, Scheduled>();
  for (const one of await options.plans.schedules()) wanted.set(`${one.published.plan.id}/${one.trigger.id}`, one);
  const rows = new Map((await storedSchedules(options.store)).map((row) => [row.id, row]));
  for (const id of rows.keys()) {
    if (!wanted.has(id)) await options.store.commit({ rows: [{ op: 'delete', table: 'schedules', id }] });
  }
  for (const [id, scheduled] of wanted) {
    try {
      await keep(options, id, scheduled, rows.get(id));
    } catch (error) {
      // Somebody else keeps the schedule at the same time: what stands there now is seen with the next round.
      if (!isCounterpointError(error, 'events.conflict')) options.onProblem?.(id, error);
    }
  }
}

async function storedSchedules(store: Store): Promise<readonly ScheduleRow[]> {
  const all: ScheduleRow[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await store.find('schedules', { limit: PAGE, ...(last ? { after: [last.id] } : {}) });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** Starts what is due of one schedule, and writes down where it stands. */
async function keep(
  options: SchedulerOptions,
  id: string,
  scheduled: Scheduled,
  row: ScheduleRow | undefined,
): Promise<void> {
  const now = options.clock.now();
  const { plan } = scheduled.published;
  if (!row) {
    const { id: playbook, version } = plan;
    const first = { id, playbook, trigger: scheduled.trigger.id, version, ...standingAt(scheduled, now), rev: 1 };
    await options.store.commit({ rows: [{ op: 'insert', table: 'schedules', row: first }] });
    return;
  }
  if (row.version !== plan.version) {
    const anew = (await isAnother(options, row, scheduled)) ? standingAt(scheduled, now) : {};
    await update(options, { ...row, ...anew, version: plan.version });
    return;
  }
  // Behind a clock that was set back, moments come again; their runs exist already.
  const last = Math.min(row.last_at ?? now, now);
  if (last === row.last_at && (row.next_at === null || row.next_at > now)) return;
  for (const at of dueFires(scheduled.trigger, last, now)) await fire(options, scheduled, id, at);
  await update(options, { ...row, ...standingAt(scheduled, now) });
}

function standingAt({ trigger }: Scheduled, now: number): Pick<ScheduleRow, 'next_at' | 'last_at'> {
  return { next_at: nextFire(trigger.cron, trigger.timeZone, now) ?? null, last_at: now };
}

/** Whether the version that a row stands for fired at other times. */
async function isAnother({ plans }: SchedulerOptions, row: ScheduleRow, { trigger }: Scheduled): Promise<boolean> {
  try {
    const { plan } = await plans.byVersion(row.version);
    const before = plan.triggers.find(
      (one): one is ScheduleTrigger => one.kind === 'schedule' && one.id === trigger.id,
    );
    return before?.cron !== trigger.cron || before.timeZone !== trigger.timeZone;
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return true;
  }
}

async function update({ store }: SchedulerOptions, row: ScheduleRow): Promise<void> {
  await store.commit({ rows: [{ op: 'update', table: 'schedules', row: { ...row, rev: row.rev + 1 } }] });
}

/** Starts the run of one moment. What stands in the way for good is told and passed over. @throws what may work later */
async function fire(options: SchedulerOptions, { published, trigger }: Scheduled, id: string, at: number) {
  const scheduled_at = new Date(at).toISOString();
  const { plan } = published;
  try {
    await options.startRun({
      playbook: plan.id,
      trigger: { kind: 'schedule', id: trigger.id, key: scheduled_at },
      event: { scheduled_at },
      causality: { principal: `playbook:${plan.id}`, trace: newTraceId(), cause: `schedule:${id}`, hop: 0 },
    });
  } catch (error) {
    if (!isCounterpointError(error) || error.retryable || error.code.startsWith('events.')) throw error;
    options.onProblem?.(id, error);
    const data = { trigger: trigger.id, code: error.code, message: error.message, cause: `schedule:${id}` };
    const principal = `playbook:${plan.id}`;
    const audit = { at: options.clock.now(), principal, action: 'trigger.failed', object: principal, data };
    await options.store.commit({ audit: [{ ...audit, trace: newTraceId() }] });
  }
}
