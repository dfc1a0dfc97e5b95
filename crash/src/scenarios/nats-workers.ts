import type { NatsServer, PostgresServer } from '@counterpoint/testing';
import { checkSession } from '../check/check.ts';
import { type Violation, violation } from '../check/violation.ts';
import { checkSenders, takeoverTime } from '../check/zombies.ts';
import { loadUpTo, pause } from '../driver/load.ts';
import { openSession, type Session } from '../driver/session.ts';
import type { Starting } from '../driver/subject-process.ts';
import { createWorld, type World } from '../driver/world.ts';
import { createRandom, type Random } from '../random.ts';
import { quantile } from '../report.ts';
import { ANY_PLAYBOOK } from '../subject/deadly.ts';
import { failpoints } from '../subject/failpoints.ts';
import { withPostgresAndNats } from './postgres.ts';
import type { Scenario, ScenarioOptions, ScenarioResult } from './scenario.ts';

const NAMES = ['worker-a', 'worker-b', 'worker-c'] as const;
/** So few that runs wait in the queue, and are given back. */
const WORKER = { 'server.roles': 'worker', 'engine.max_active_runs': '30', 'engine.reserved_runs': '5' };
/** Between two blows, in milliseconds. */
const REST = { shortest: 50, longest: 1_500 };
/** How long something may be away or stand still, in milliseconds. */
const AWAY = { shortest: 100, longest: 3_000 };
const STILL = 8_000;
/** How long a process may take to come to a failpoint, in milliseconds. */
const REACHED = 3_000;
/** How soon the runs of a dead process must go on elsewhere, in milliseconds, and so be late no more. */
const ELSEWHERE = 10_000;
/** Of so many workers that are killed some have runs; of fewer it may happen that none has. */
const ENOUGH = 10;
/** For how long things may be late after what all of them need was away, in milliseconds. */
const AFTER = 6_000;

type Blow = 'worker' | 'failpoint' | 'still' | 'api' | 'nats' | 'postgres';

/** Of a hundred blows, so many of each. */
const SHARES: readonly (readonly [Blow, number])[] = [
  ['worker', 40],
  ['failpoint', 25],
  ['still', 3],
  ['api', 10],
  ['nats', 14],
  ['postgres', 8],
];

interface Crew {
  readonly session: Session;
  readonly world: World;
  readonly random: Random;
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  readonly workers: Map<string, Starting>;
  /** Workers that were killed, and when. */
  readonly dead: { readonly worker: string; readonly at: number }[];
  readonly blows: Map<Blow, number>;
}

function drawBlow(random: Random): Blow {
  let left = random.next() * 100;
  for (const [blow, share] of SHARES) {
    left -= share;
    if (left < 0) return blow;
  }
  return 'worker';
}

function startWorker({ world, workers }: Crew, name: string): void {
  workers.set(name, world.start(name, WORKER));
}

/** Kills a worker at once, or where it gets to a failpoint, and starts another in its place. */
async function killWorker(crew: Crew, name: string, atFailpoint: boolean): Promise<void> {
  const starting = crew.workers.get(name);
  if (!starting) return;
  const { random, session } = crew;
  if (atFailpoint) {
    const subject = await Promise.race([starting.ready.catch(() => undefined), pause(REACHED)]);
    const order = {
      order: 'arm',
      failpoint: random.pick(failpoints).name,
      moment: random.pick(['before', 'after'] as const),
      playbook: ANY_PLAYBOOK,
    } as const;
    if (subject) await Promise.race([subject.order(order), starting.gone, pause(REACHED)]);
    await Promise.race([starting.gone, pause(REACHED)]);
  }
  const at = Date.now();
  session.hurt(at, at + ELSEWHERE);
  starting.signal('SIGKILL');
  const gone = await starting.gone;
  const worker = await starting.ready.then(
    (subject) => subject.worker,
    () => undefined,
  );
  if (worker !== undefined) crew.dead.push({ worker, at: Math.min(at, gone) });
  startWorker(crew, name);
}

async function standStill({ session, workers }: Crew, name: string): Promise<void> {
  const starting = workers.get(name);
  const at = Date.now();
  session.hurt(at, at + STILL + ELSEWHERE);
  starting?.signal('SIGSTOP');
  await pause(STILL);
  starting?.signal('SIGCONT');
}

async function strike(crew: Crew, blow: Blow): Promise<void> {
  const { session, random, nats, postgres } = crew;
  const name = random.pick(NAMES);
  const away = random.between(AWAY.shortest, AWAY.longest);
  // A process that starts while what it needs is away ends with an error, and whoever watches over it starts it again.
  if (blow === 'nats' || blow === 'postgres') await Promise.all([...crew.workers.values()].map(({ ready }) => ready));
  const at = Date.now();
  if (blow === 'worker' || blow === 'failpoint') await killWorker(crew, name, blow === 'failpoint');
  else if (blow === 'still') await standStill(crew, name);
  else if (blow === 'api') {
    await session.kill();
    await session.start();
  } else if (blow === 'nats') {
    session.hurt(at, at + away + AFTER);
    await nats.kill();
    await pause(away);
    await nats.restart();
  } else {
    postgres.crashAndRestart();
    session.hurt(at, Date.now() + AFTER);
  }
  crew.blows.set(blow, (crew.blows.get(blow) ?? 0) + 1);
}

/** One blow after the other, until there were enough; at the end everything is up. */
async function strikeOften(crew: Crew, count: number, done: (blows: number) => void): Promise<void> {
  for (let blows = 1; blows <= count; blows++) {
    await pause(crew.random.between(REST.shortest, REST.longest));
    await strike(crew, drawBlow(crew.random));
    done(blows);
  }
  await Promise.all([...crew.workers.values()].map(({ ready }) => ready));
}

/** How long it took until the runs of each killed worker went on elsewhere. */
function takeovers({ world, dead }: Crew): { readonly note: string; readonly found: Violation[] } {
  const times = dead.flatMap(({ worker, at }) => takeoverTime(world, worker, at) ?? []);
  const note = `runs of killed workers went on elsewhere within p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms (${times.length} of ${dead.length} workers had any)`;
  const missed = times.length === 0 && dead.length >= ENOUGH;
  return { note, found: missed ? [violation('suite', 'no worker that was killed owned a run')] : [] };
}

async function run(options: ScenarioOptions, postgres: PostgresServer, nats: NatsServer): Promise<ScenarioResult> {
  const { folder, seed, kills, runs, break: how, patience, say } = options;
  const settings = { 'server.roles': 'api' };
  const world = await createWorld({ folder, break: how, storeUrl: postgres.url, busUrl: nats.url, settings });
  const session = openSession(world);
  const random = createRandom(seed);
  const crew: Crew = { session, world, random, nats, postgres, workers: new Map(), dead: [], blows: new Map() };
  const began = Date.now();
  let blows = 0;
  const progress = setInterval(() => {
    const { length } = session.acknowledged;
    say(`${blows} of ${kills} blows, ${length} of ${runs} runs, ${Math.round((Date.now() - began) / 1000)} s`);
  }, 15_000);
  const allowed = (): number => Math.ceil((runs * (blows + 1)) / (kills + 1));
  try {
    await session.start();
    for (const name of NAMES) startWorker(crew, name);
    const load = loadUpTo(session, createRandom(seed + 1), runs, allowed);
    const striking = strikeOften(crew, kills, (count) => {
      blows = count;
    });
    await Promise.all([load, striking]);
    await session.settle(patience);
  } finally {
    clearInterval(progress);
    for (const worker of crew.workers.values()) worker.signal('SIGTERM');
    await session.close();
    await Promise.all([...crew.workers.values()].map(({ gone }) => gone));
    world.close();
  }
  const { note, found } = takeovers(crew);
  const { violations, figures } = await checkSession(session);
  const dealt = [...crew.blows].map(([blow, count]) => `${blow} ${count}`).join(', ');
  return {
    name: 'nats',
    notes: [`blows: ${dealt}`, note],
    figures,
    violations: [...found, ...checkSenders(world), ...violations],
  };
}

/** An API and several workers on one PostgreSQL and one NATS; each of them is killed, again and again, under load. */
export const natsWorkers: Scenario = {
  name: 'nats',
  title: 'workers, NATS and PostgreSQL are killed at random and at failpoints, under load',
  run: (options) => withPostgresAndNats('nats', (postgres, nats) => run(options, postgres, nats)),
};
