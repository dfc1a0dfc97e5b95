import type { PostgresServer } from '@counterpoint/testing';
import { checkSession } from '../check/check.ts';
import { loadOn, pause } from '../driver/load.ts';
import { openSession } from '../driver/session.ts';
import { createWorld } from '../driver/world.ts';
import { createRandom } from '../random.ts';
import { withPostgres } from './postgres.ts';
import type { Scenario, ScenarioOptions, ScenarioResult } from './scenario.ts';

const ROUNDS = 3;

async function restartOften(options: ScenarioOptions, server: PostgresServer): Promise<ScenarioResult> {
  const random = createRandom(options.seed);
  const world = await createWorld({ folder: options.folder, break: options.break, storeUrl: server.url });
  const session = openSession(world);
  try {
    await session.start();
    let next = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      const load = loadOn(session, random, next, () => [session.url]);
      await pause(2_000);
      const from = Date.now();
      server.crashAndRestart();
      session.hurt(from, Date.now() + 5_000);
      await pause(2_000);
      next = await load.stop();
      options.say(`crashed ${round} of ${ROUNDS} times`);
    }
    await session.settle(options.patience);
  } finally {
    await session.close();
    world.close();
  }
  return { name: 'postgres', notes: [], ...(await checkSession(session)) };
}

/** PostgreSQL crashes and comes back under load; the server goes on by itself. */
export const postgresRestart: Scenario = {
  name: 'postgres',
  title: 'PostgreSQL crashes and starts again, under load',
  run: (options) => withPostgres('postgres', (server) => restartOften(options, server)),
};
