import { checkSession } from '../check/check.ts';
import { type Violation, violation } from '../check/violation.ts';
import { checkSenders, takenBetween, takeoverTime } from '../check/zombies.ts';
import { newDelivery } from '../driver/client.ts';
import { loadOn, pause } from '../driver/load.ts';
import { openSession, type Session } from '../driver/session.ts';
import type { Subject } from '../driver/subject-process.ts';
import { createWorld } from '../driver/world.ts';
import { createRandom, type Random } from '../random.ts';
import { outlasting } from '../workload/kinds.ts';
import { withPostgres } from './postgres.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

/** How long an ownership lasts in this scenario, so that standing still for longer takes little time. */
const LEASE = 3_000;
const ROUNDS = 3;
/** Runs of the process that is to stand still, which others have not ended when it wakes up. */
const OUTLASTING = 10;
/** How soon the runs of a dead process must go on elsewhere, in milliseconds. */
const ELSEWHERE = 10_000;

/** Two servers under load; the second stands still for longer than its ownerships last, and wakes up again. */
async function standStill(
  session: Session,
  other: Subject,
  random: Random,
  first: number,
  found: Violation[],
): Promise<number> {
  const home = session.url ?? '';
  let urls = [home, other.url];
  const numbers = Array.from({ length: OUTLASTING }, (_, index) => first + index);
  const load = loadOn(session, random, first + OUTLASTING, () => urls);
  await pause(1_000);
  await Promise.all(numbers.map((number) => session.deliver(newDelivery(outlasting, number, random), () => other.url)));
  await pause(500);
  urls = [home];
  const stopped = Date.now();
  session.hurt(stopped, stopped + 3 * LEASE);
  other.signal('SIGSTOP');
  const before = session.acknowledged.length;
  await pause(LEASE * 2.5);
  const taken = session.acknowledged.length - before;
  if (taken < 10) found.push(violation('zombie', `while the other stood still only ${taken} webhooks were taken in`));
  const woken = Date.now();
  const elsewhere = takenBetween(session.world, other.worker, stopped, woken);
  const outlasted = session.acknowledged.filter(({ kind, run }) => kind === outlasting.name && elsewhere.has(run));
  if (outlasted.length === 0) found.push(violation('suite', 'no run was taken over that goes on when the other wakes'));
  session.hurt(woken, woken + 3 * LEASE);
  other.signal('SIGCONT');
  await pause(1_500);
  return load.stop();
}

async function hurtBoth({ folder, seed, break: how, patience, say }: ScenarioOptions, storeUrl: string) {
  const random = createRandom(seed);
  const world = await createWorld({ folder, break: how, storeUrl, leaseMillis: LEASE });
  const session = openSession(world);
  const notes: string[] = [];
  const found: Violation[] = [];
  try {
    await session.start();
    const other = await world.start('other').ready;
    let next = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      next = await standStill(session, other, random, next, found);
      say(`stood still ${round} of ${ROUNDS} times`);
    }
    const died = Date.now();
    session.hurt(died, died + 3 * LEASE);
    other.signal('SIGKILL');
    await session.settle(patience);
  } finally {
    await session.close();
    world.close();
  }
  found.push(...checkSenders(world));
  const { violations, figures } = await checkSession(session);
  return { name: 'zombie', notes, figures, violations: [...found, ...violations] };
}

/** SIGSTOP for longer than an ownership lasts, then SIGCONT: what wakes up neither writes nor sends. */
export const zombie: Scenario = {
  name: 'zombie',
  title: 'a process that stands still and wakes up, with two on one PostgreSQL',
  run: (options) => withPostgres('zombie', ({ url }) => hurtBoth(options, url)),
};

async function killOne({ folder, seed, break: how, patience }: ScenarioOptions, storeUrl: string) {
  const random = createRandom(seed);
  const world = await createWorld({ folder, break: how, storeUrl });
  const session = openSession(world);
  let died = 0;
  let worker = '';
  try {
    await session.start();
    const other = await world.start('other').ready;
    worker = other.worker;
    let urls = [session.url ?? '', other.url];
    const load = loadOn(session, random, 0, () => urls);
    await pause(3_000);
    died = Date.now();
    session.hurt(died, died + ELSEWHERE);
    other.signal('SIGKILL');
    urls = [session.url ?? ''];
    await pause(2_000);
    await load.stop();
    await session.settle(patience);
  } finally {
    await session.close();
    world.close();
  }
  const { violations, figures } = await checkSession(session);
  const took = takeoverTime(world, worker, died);
  const notes = [took === undefined ? 'it owned nothing when it died' : `its runs went on elsewhere within ${took} ms`];
  const late: Violation[] = [];
  if (took === undefined) late.push(violation('suite', 'the process that was killed owned no run'));
  else if (took > ELSEWHERE)
    late.push(violation('zombie', `the runs of a killed process went on elsewhere after ${took} ms only`));
  return { name: 'takeover', notes, figures, violations: [...late, ...checkSenders(world), ...violations] };
}

/** SIGKILL of one of two processes on one PostgreSQL: its runs go on in the other. */
export const takeover: Scenario = {
  name: 'takeover',
  title: 'one of two on one PostgreSQL is killed',
  run: (options) => withPostgres('takeover', ({ url }) => killOne(options, url)),
};
