import { statusOf } from '../interpreter/state.ts';
import type { ActiveRun } from './active-run.ts';
import { createHanded, type Handed } from './handed.ts';
import { isTrouble, reportProblem } from './insist.ts';
import { isWatchful } from './keep-doing.ts';
import { append, createLanes, type Lane, laneOf, markUnread, type QueuedRun, takeFirst } from './queue.ts';
import { countWaiting, hasStrangers, refill, strangers } from './refill.ts';
import { createSlots, URGENT } from './slots.ts';
import { attend } from './wakes.ts';
import { report, type Worker } from './worker.ts';

/** Decides which stored runs get their turn, within the limits of runs that work at the same time. */
export interface Schedule {
  /** Runs that are known to wait for their turn, in memory or in the store. */
  readonly queued: number;
  /** Whether a new run may begin at once, without overtaking one that waits. */
  free(playbook: string, priority: number): boolean;
  /** Counts a run against the limits. */
  hold(run: ActiveRun): void;
  release(run: ActiveRun): void;
  /** A run was put in the store that waits for its turn. */
  enqueue(run: QueuedRun): void;
  /** Gives its turn to a run that somebody began and nobody works on. */
  takeUp(run: QueuedRun): void;
  /** How many more runs of a priority the queue of all processes may hand over now. */
  room(priority: number): number;
  /** Works on a run that the queue of all processes has handed over; resolves with what became of it. */
  handed(run: QueuedRun): Promise<'done' | 'again'>;
  /** Looks for queued runs in the store that this process was not told of. */
  look(): Promise<void>;
}

/** How long the queue rests when the store could not be read, in milliseconds. */
const READ_AGAIN = 1_000;

/**
 * Makes the schedule of a worker. Nothing is known at first of what the store holds.
 *
 * @param onRoom is called when there may be room for more
 */
export function createSchedule(worker: Worker, onRoom: () => void): Schedule {
  return new LaneSchedule(worker, onRoom);
}

class LaneSchedule implements Schedule {
  readonly #worker: Worker;
  readonly #slots;
  readonly #lanes: readonly Lane[];
  /** Runs that were begun before; they go first, and are not found among the queued ones of the store. */
  readonly #begun = createLanes(false);
  /** Runs that have their slot and are being read. */
  readonly #starting = new Set<string>();
  /** Runs that could not be read, for a reason that does not go away by itself; they wait for the next start. */
  readonly #unreadable = new Set<string>();
  /** Runs that the queue of all processes has handed over. */
  readonly #handed: Handed;
  readonly #onRoom: () => void;
  /** How many wait only in the store, as far as is known. */
  #behind = 0;
  #reading: Promise<void> | undefined;
  #resting = false;

  constructor(worker: Worker, onRoom: () => void) {
    this.#worker = worker;
    this.#onRoom = onRoom;
    this.#handed = createHanded(worker.options.clock);
    this.#slots = createSlots(worker.limits);
    this.#lanes = createLanes(!worker.options.submitOnly);
  }

  get queued(): number {
    return this.#behind + this.#known();
  }

  free(playbook: string, priority: number): boolean {
    if (this.#worker.options.submitOnly || !this.#slots.fits(playbook, priority)) return false;
    return this.#lanes.every((lane) => lane.priority < priority || !(lane.window.size > 0 || this.#wantsReading(lane)));
  }

  hold(run: ActiveRun): void {
    run.holdsSlot = true;
    this.#slots.take(run.row.playbook);
  }

  release(run: ActiveRun): void {
    this.#handed.answer(run.row.id, 'done');
    if (!run.holdsSlot) {
      // It may have ended, cancelled, while it waited for its turn.
      if (run.gone && !run.leaving) laneOf(this.#lanes, run.row.priority).window.delete(run.row.id);
      return;
    }
    run.holdsSlot = false;
    this.#slots.give(run.row.playbook);
    this.#pump();
    this.#onRoom();
  }

  enqueue(queued: QueuedRun): void {
    const lane = laneOf(this.#lanes, queued.priority);
    if (this.#worker.options.workQueue) {
      if (this.free(queued.playbook, queued.priority)) lane.window.set(queued.run, queued);
      else this.#worker.offer(queued);
      this.#pump();
      return;
    }
    const before = lane.window.size;
    append(lane, queued);
    if (lane.window.size === before) this.#behind += 1;
    this.#pump();
  }

  takeUp(queued: QueuedRun): void {
    if (this.#starting.has(queued.run) || this.#worker.runs.has(queued.run)) return;
    laneOf(this.#begun, queued.priority).window.set(queued.run, queued);
    this.#pump();
  }

  room(priority: number): number {
    if (this.#resting || this.#worker.stopping) return 0;
    const before = this.#lanes.filter((lane) => lane.priority >= priority);
    const fits = ({ playbook }: QueuedRun): boolean => this.#slots.fits(playbook, priority);
    const waiting = before.reduce((sum, { window }) => sum + [...window.values()].filter(fits).length, 0);
    // One urgent run more stands ready, so that it has the next place that is free.
    return this.#slots.room(priority) - waiting + (priority >= URGENT ? 1 : 0);
  }

  async handed(queued: QueuedRun): Promise<'done' | 'again'> {
    const { stopping, runs } = this.#worker;
    if (stopping) return 'again';
    const here = runs.get(queued.run);
    if (here?.begun) await attend(this.#worker, here);
    if (here?.begun || this.#starting.has(queued.run) || this.#unreadable.has(queued.run)) return 'done';
    const { playbook, priority } = queued;
    if (!this.#slots.fits(playbook, priority) && this.#handed.enough(playbook)) return 'again';
    const outcome = this.#handed.hold(queued, laneOf(this.#lanes, priority));
    this.#pump();
    return outcome;
  }

  async look(): Promise<void> {
    if (!this.#readsStore()) return this.#offerStrangers();
    for (const lane of this.#lanes) {
      const idle = !lane.unread && lane.window.size === 0;
      if (idle && (await hasStrangers(this.#worker, lane, this.#passedOver()))) markUnread(lane);
    }
    this.#pump();
    while (this.#reading) await this.#reading;
  }

  /** Whether queued runs are looked for in the store: where no queue hands them over, or nobody can be sure that it does. */
  #readsStore(): boolean {
    return !this.#worker.options.workQueue || isWatchful(this.#worker);
  }

  /** What is queued in the store, and perhaps not in the queue, is offered once more: there it is held once. */
  async #offerStrangers(): Promise<void> {
    for (const lane of this.#lanes) {
      for (const queued of await strangers(this.#worker, lane, this.#passedOver())) this.#worker.offer(queued);
    }
  }

  /** Begins what there is room for: first by priority, then by age. */
  #pump(): void {
    if (this.#resting || this.#worker.stopping || this.#worker.options.submitOnly) return;
    for (const lane of this.#lanes) {
      const { priority } = lane;
      const begun = laneOf(this.#begun, priority);
      const fits = ({ playbook }: QueuedRun): boolean => this.#slots.fits(playbook, priority);
      while (this.#slots.open(priority)) {
        const again = takeFirst(begun, () => true);
        const next = again ?? takeFirst(lane, fits);
        if (!next) break;
        this.#start(next, again === undefined ? lane : begun);
      }
      if (this.#slots.open(priority) && this.#wantsReading(lane)) {
        // Lower ones wait until it is known what there is of this priority.
        this.#read(lane);
        return;
      }
    }
  }

  #wantsReading({ unread, leftOut, priority }: Lane): boolean {
    return (
      unread &&
      this.#readsStore() &&
      (leftOut.size === 0 || [...leftOut].some((one) => this.#slots.fits(one, priority)))
    );
  }

  #start(queued: QueuedRun, from: Lane): void {
    this.#slots.take(queued.playbook);
    this.#starting.add(queued.run);
    this.#track(this.#begin(queued, from), () => {
      this.#starting.delete(queued.run);
      this.#slots.give(queued.playbook);
    });
  }

  async #begin(queued: QueuedRun, from: Lane): Promise<void> {
    const worker = this.#worker;
    try {
      const run = await worker.wakes.load(queued.run);
      if (!run || run.gone) this.#handed.answer(queued.run, 'done');
      if (!run || run.gone || run.holdsSlot) return;
      if (!run.begun || statusOf(run.state) !== 'waiting') this.hold(run);
      if (!run.begun) worker.post(run, { kind: 'start' });
      await attend(worker, run);
      if (!run.holdsSlot) this.#handed.answer(queued.run, 'done');
    } catch (error) {
      reportProblem(worker, queued.run, error);
      if (!isTrouble(error)) {
        this.#unreadable.add(queued.run);
        this.#handed.answer(queued.run, 'done');
        return;
      }
      // Claimed already, or begun by somebody before: nobody would find it in the store.
      if (!this.#handed.answer(queued.run, 'again')) from.window.set(queued.run, queued);
      this.#rest();
    }
  }

  #read(lane: Lane): void {
    if (this.#reading) return;
    const reading = refill(this.#worker, lane, this.#slots, this.#passedOver())
      .then(() => this.#countBehind())
      .catch((error: unknown) => {
        report(this.#worker, 'store', '', error);
        this.#rest();
      });
    this.#reading = this.#track(reading, () => {
      this.#reading = undefined;
    });
  }

  #passedOver(): ReadonlySet<string> {
    return this.#unreadable.size === 0 ? this.#starting : new Set([...this.#starting, ...this.#unreadable]);
  }

  #known(): number {
    return this.#lanes.reduce((sum, { window }) => sum + window.size, this.#starting.size);
  }

  async #countBehind(): Promise<void> {
    const unread = this.#lanes.some((lane) => lane.unread);
    this.#behind = unread ? Math.max(0, (await countWaiting(this.#worker)) - this.#known()) : 0;
  }

  /** Keeps a promise among what is under way; when it is done, there may be room for more. */
  #track(work: Promise<void>, done: () => void): Promise<void> {
    const { underWay } = this.#worker;
    const tracked = work.finally(() => {
      underWay.delete(tracked);
      done();
      this.#pump();
      this.#onRoom();
    });
    underWay.add(tracked);
    return tracked;
  }

  #rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#worker.options.clock.after(READ_AGAIN, () => {
      this.#resting = false;
      this.#pump();
    });
  }
}
