import { checkSession } from '../check/check.ts';
import { loadUpTo } from '../driver/load.ts';
import { openSession, type Session } from '../driver/session.ts';
import { createWorld } from '../driver/world.ts';
import { createRandom, type Random } from '../random.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

const SHORTEST = 50;
const LONGEST = 2_000;

/** Kills a server again and again: two of three once it works, the third while it may still be recovering. */
async function killOften(session: Session, random: Random, kills: number): Promise<void> {
  while (session.kills.length < kills) {
    const starting = session.start();
    if (random.next() > 1 / 3) await starting;
    await new Promise((resolve) => setTimeout(resolve, random.between(SHORTEST, LONGEST)));
    await session.kill();
  }
  await session.start();
}

/** SIGKILL at moments that chance picks, under load, also while the server recovers from the one before. */
export const randomKills: Scenario = {
  name: 'random',
  title: 'random kills under load',
  async run({ folder, seed, kills, runs, break: how, patience, say }: ScenarioOptions) {
    const random = createRandom(seed);
    const world = await createWorld({ folder, break: how });
    const session = openSession(world);
    const began = Date.now();
    const progress = setInterval(() => {
      const { length } = session.acknowledged;
      say(
        `${session.kills.length} of ${kills} kills, ${length} of ${runs} runs, ${Math.round((Date.now() - began) / 1000)} s`,
      );
    }, 15_000);
    const allowed = (): number => Math.ceil((runs * (session.kills.length + 1)) / (kills + 1));
    try {
      await Promise.all([loadUpTo(session, createRandom(seed + 1), runs, allowed), killOften(session, random, kills)]);
      await session.settle(patience);
    } finally {
      clearInterval(progress);
      await session.close();
      world.close();
    }
    return { name: this.name, notes: [], ...(await checkSession(session)) };
  },
};
