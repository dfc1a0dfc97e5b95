import { join } from 'node:path';
import { type DurableLog, openDurableLog } from '../durable-log.ts';
import { type Acknowledged, type Delivery, deliver } from './client.ts';
import { createPerson, type Person } from './person.ts';
import { createSampler, type Sampler } from './sampler.ts';
import type { Starting, Subject } from './subject-process.ts';
import type { World } from './world.ts';

/** A time in which no server was up, in Unix milliseconds. */
export interface Downtime {
  readonly from: number;
  readonly to: number;
}

/** One server process after another on one installation, with a client that goes on and people who answer. */
export interface Session {
  readonly world: World;
  readonly acknowledged: readonly Acknowledged[];
  readonly person: Person;
  readonly sampler: Sampler;
  /** Moments at which a process was killed. */
  readonly kills: readonly number[];
  readonly downtimes: readonly Downtime[];
  /** Times in which this process itself did not get to run: the machine had no time for anybody. */
  readonly stalls: readonly Downtime[];
  /** Milliseconds from the start of a process until it took in work, for those that lived so long. */
  readonly recoveries: readonly number[];
  /** Where the server is now; undefined while there is none. */
  readonly url: string | undefined;
  /** Starts a server; resolves when it takes in work, or with undefined when it was gone before. */
  start(): Promise<Subject | undefined>;
  /** The process that was started last. */
  readonly current: Starting | undefined;
  kill(): Promise<void>;
  /** The process has ended by a failpoint of its own. */
  died(at: number): void;
  /** Something else than the current process stood still or died; until when nobody can be blamed for being late. */
  hurt(at: number, until: number): void;
  /** @param urlNow where to send it; default: where the server is now */
  deliver(delivery: Delivery, urlNow?: () => string | undefined): Promise<Acknowledged>;
  /** Resolves when everything has ended that can; false when that was not within `patience` milliseconds. */
  settle(patience: number): Promise<boolean>;
  close(): Promise<void>;
}

const TICK = 100;

/**
 * How long nothing must be left to do until everything has ended, in milliseconds: the figures are not read in one moment,
 * and with several processes an input whose taker is gone is decided on after seven seconds.
 */
const QUIET = { alone: 1_000, shared: 8_000 };

class LiveSession implements Session {
  readonly world: World;
  readonly acknowledged: Acknowledged[] = [];
  readonly person: Person;
  readonly sampler: Sampler;
  readonly kills: number[] = [];
  readonly downtimes: Downtime[] = [];
  readonly stalls: Downtime[] = [];
  readonly recoveries: number[] = [];
  url: string | undefined;
  current: Starting | undefined;
  readonly #log: DurableLog<Acknowledged>;
  readonly #looking: NodeJS.Timeout;
  readonly #listening: NodeJS.Timeout;
  #downSince = Date.now();

  constructor(world: World) {
    this.world = world;
    this.person = createPerson(world);
    this.sampler = createSampler(world);
    this.#log = openDurableLog(join(world.folder, 'client.jsonl'));
    this.#listening = this.#listen();
    let busy = false;
    this.#looking = setInterval(() => {
      if (busy) return;
      busy = true;
      void this.#look().finally(() => {
        busy = false;
      });
    }, 700);
  }

  #listen(): NodeJS.Timeout {
    let last = Date.now();
    return setInterval(() => {
      const now = Date.now();
      if (now - last > 2 * TICK) this.stalls.push({ from: last + TICK, to: now });
      last = now;
    }, TICK);
  }

  async #look(): Promise<void> {
    const { url } = this;
    if (url === undefined) return;
    // The server may be killed at any moment.
    await Promise.allSettled([this.person.look(url), this.sampler.look(url)]);
  }

  async start(): Promise<Subject | undefined> {
    const starting = this.world.start();
    this.current = starting;
    const subject = await Promise.race([starting.ready, starting.gone.then(() => undefined)]).catch(() => undefined);
    if (!subject || this.current !== starting) return undefined;
    this.url = subject.url;
    this.downtimes.push({ from: this.#downSince, to: subject.readyAt });
    this.recoveries.push(subject.readyAt - subject.spawnedAt);
    return subject;
  }

  async kill(): Promise<void> {
    const { current } = this;
    if (!current) return;
    const at = Date.now();
    current.signal('SIGKILL');
    await current.gone;
    this.died(at);
  }

  died(at: number): void {
    this.kills.push(at);
    if (this.url !== undefined) this.#downSince = at;
    this.url = undefined;
    this.current = undefined;
  }

  hurt(at: number, until: number): void {
    this.kills.push(at);
    this.downtimes.push({ from: at, to: until });
  }

  async deliver(delivery: Delivery, urlNow = () => this.url): Promise<Acknowledged> {
    const line = await deliver(this.world, this.#log, delivery, urlNow);
    this.acknowledged.push(line);
    return line;
  }

  async settle(patience: number): Promise<boolean> {
    const end = Date.now() + patience;
    const quiet = this.world.storeUrl === undefined ? QUIET.alone : QUIET.shared;
    for (let since = Date.now(); ; ) {
      const { url } = this;
      const settled = url !== undefined && (await this.#isSettled(url).catch(() => false));
      if (!settled) since = Date.now();
      else if (Date.now() - since >= quiet) return true;
      if (Date.now() > end) return false;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async #isSettled(url: string): Promise<boolean> {
    const client = this.world.client(url);
    const { counts } = await client.status();
    return [counts.unfinished_runs, counts.events_waiting, counts.changes_in_force].every((count) => count === 0);
  }

  async close(): Promise<void> {
    clearInterval(this.#looking);
    clearInterval(this.#listening);
    const { current } = this;
    this.current = undefined;
    this.url = undefined;
    current?.signal('SIGTERM');
    await current?.gone;
    this.#log.close();
  }
}

/** Begins a {@link Session}; no server runs yet. */
export function openSession(world: World): Session {
  return new LiveSession(world);
}
