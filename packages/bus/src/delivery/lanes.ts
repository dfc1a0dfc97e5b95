import type { LoggedEvent } from '@counterpoint/events';
import { attempt, type Failure } from './attempt.ts';
import { fallBehind, hold, tryNow } from './held.ts';
import { afterFailure, behindRow } from './rows.ts';
import { commitSurely, pump, settle, type Work } from './work.ts';

/** So many events may wait before no more are taken. */
const MOST_WAITING = 5_000;

/** Whether there is room for more events. */
export function hasRoom({ waiting, stopped }: Work): boolean {
  return !stopped && waiting < MOST_WAITING;
}

/** Notes that nothing up to a position concerns the consumer any more. */
export function pass(work: Work, position: number): void {
  if (position <= work.taken) return;
  work.taken = position;
  work.onProgress();
}

/** Takes an event; those of a position that was taken before are left out. */
export function take(work: Work, logged: LoggedEvent): void {
  if (logged.position <= work.taken || work.stopped) return;
  work.taken = logged.position;
  work.open.add(logged.position);
  const { subject } = logged.event;
  const held = work.held.get(subject);
  if (held) {
    void fallBehind(work, held, [logged]);
    return;
  }
  work.waiting += 1;
  const lane = work.lanes.get(subject);
  if (lane) {
    lane.push(logged);
    return;
  }
  const opened = [logged];
  work.lanes.set(subject, opened);
  work.ready.push(() => runLane(work, subject, opened));
  pump(work);
}

/** Delivers the events of one subject, one after the other, up to the first that has to be tried again. */
async function runLane(work: Work, subject: string, lane: LoggedEvent[]): Promise<void> {
  const { consumer, context } = work;
  let failed: { readonly logged: LoggedEvent; readonly error: Failure } | undefined;
  while (!failed && !work.stopped && !work.held.has(subject)) {
    const logged = lane.shift();
    if (!logged) break;
    work.waiting -= 1;
    const error = await attempt(consumer, logged, context.clock, consumer.timeout);
    if (error === undefined) settle(work, logged.position);
    else if (!(await wroteOff(work, logged, error))) failed = { logged, error };
  }
  if (work.stopped) return;
  work.lanes.delete(subject);
  if (failed) await holdBack(work, lane, failed.logged, failed.error);
  else stepAside(work, subject, lane);
}

/** Writes down an event whose last attempt has failed. False when it has attempts left. */
async function wroteOff(work: Work, logged: LoggedEvent, error: Failure): Promise<boolean> {
  const { dead, change } = afterFailure(work, behindRow(work, logged), logged.event, error);
  if (dead && (await commitSurely(work, change))) settle(work, logged.position);
  return dead;
}

/** Lets a subject wait for an event that failed, with everything behind it. */
function holdBack(work: Work, lane: LoggedEvent[], logged: LoggedEvent, error: Failure): Promise<void> {
  const { row, change } = afterFailure(work, behindRow(work, logged), logged.event, error);
  const held = work.held.get(row.subject) ?? hold(work, row.subject, row.next_at);
  return fallBehind(work, held, [logged, ...emptied(work, lane)], change);
}

/** Leaves a subject to a dead event of its that is to be tried again. */
function stepAside(work: Work, subject: string, lane: LoggedEvent[]): void {
  const held = work.held.get(subject);
  if (!held) return;
  const rest = emptied(work, lane);
  if (rest.length > 0) void fallBehind(work, held, rest);
  tryNow(work, subject, held);
}

function emptied(work: Work, lane: LoggedEvent[]): readonly LoggedEvent[] {
  work.waiting -= lane.length;
  return lane.splice(0);
}
