import { enumerated } from './enumerated.ts';
import { randomKills } from './random-kills.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, in the order in which they run. */
export const scenarios: readonly Scenario[] = [enumerated, randomKills];
