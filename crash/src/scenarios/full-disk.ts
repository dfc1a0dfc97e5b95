import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSession } from '../check/check.ts';
import { violation } from '../check/violation.ts';
import { loadOn, pause } from '../driver/load.ts';
import { openSession, type Session } from '../driver/session.ts';
import { createWorld } from '../driver/world.ts';
import { createRandom } from '../random.ts';
import { addFigures, type Scenario, type ScenarioOptions } from './scenario.ts';

const ROUNDS = 3;
/** What is left free at first, so that it runs out under load. */
const LEFT = 400_000;

/** Mounts a small disk; says why not where that is impossible. */
function mountSmallDisk(place: string): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may mount a small disk';
  mkdirSync(place, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', place], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `a small disk cannot be mounted here: ${String(error).split('\n')[0]}`;
  }
}

function fill(place: string): void {
  const { bavail, bsize } = statfsSync(place);
  try {
    writeFileSync(join(place, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - LEFT)));
  } catch {
    // The server was faster: the disk is full already.
  }
}

/** The disk runs full under load, a kill comes while it is full, and then there is space again. */
async function fillAndFree(session: Session, place: string, options: ScenarioOptions): Promise<void> {
  const random = createRandom(options.seed);
  await session.start();
  let next = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const load = loadOn(session, random, next, () => [session.url]);
    await pause(1_000);
    const from = Date.now();
    fill(place);
    await pause(3_000);
    if (round > 1) await session.kill();
    rmSync(join(place, 'ballast'));
    session.hurt(from, Date.now() + 2_000);
    if (round > 1) await session.start();
    next = await load.stop();
    options.say(`full ${round} of ${ROUNDS} times`);
  }
  await session.settle(options.patience);
}

/** No space left on the device: nothing is told that is not durable, and everything goes on when there is space. */
export const fullDisk: Scenario = {
  name: 'disk',
  title: 'the disk runs full under load, and a process is killed while it is full',
  async run(options) {
    const data = join(options.folder, 'data');
    const skipped = mountSmallDisk(data);
    if (skipped !== undefined) return { name: this.name, skipped, notes: [], violations: [], figures: addFigures([]) };
    try {
      const world = await createWorld({ folder: options.folder, break: options.break });
      const session = openSession(world);
      try {
        await fillAndFree(session, data, options);
      } finally {
        await session.close();
        world.close();
      }
      const { violations, figures } = await checkSession(session);
      const full = readFileSync(join(options.folder, 'server.log'), 'utf8').includes(
        'disk that holds the data directory is full',
      );
      const found = full ? [] : [violation('suite', 'the server never found its disk full')];
      return { name: this.name, notes: [], figures, violations: [...found, ...violations] };
    } finally {
      execFileSync('umount', [data]);
    }
  },
};
