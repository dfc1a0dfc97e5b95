import { clockSteps } from './clock-steps.ts';
import { enumerated } from './enumerated.ts';
import { fullDisk } from './full-disk.ts';
import { natsWorkers } from './nats-workers.ts';
import { postgresRestart } from './postgres-restart.ts';
import { randomKills } from './random-kills.ts';
import type { Scenario } from './scenario.ts';
import { takeover, zombie } from './zombie.ts';

/** Every scenario, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  enumerated,
  randomKills,
  zombie,
  takeover,
  clockSteps,
  fullDisk,
  postgresRestart,
  natsWorkers,
];
