import type { CallArguments } from '@counterpoint/sdk';
import { z } from 'zod';

const list = z.union([z.array(z.string()), z.string().transform((one) => [one])]).optional();

/** What the list of changes shows, as it stands in the address. */
export const effectsState = z.object({
  view: z.enum(['force', 'ended', 'all']).default('force'),
  q: z.string().default(''),
  class: list,
  state: list,
  connector: z.string().optional(),
  site: z.string().optional(),
  simulated: z.enum(['true', 'false']).optional(),
  ends: z.enum(['hour', 'day', 'never']).optional(),
  run: z.string().optional(),
  case: z.string().optional(),
  sort: z.enum(['newest', 'ends']).default('newest'),
});

/** The state of the list of changes. */
export type EffectsState = z.output<typeof effectsState>;

const HOUR = 3_600_000;
const MINUTE = 60_000;
const STRETCH = { hour: HOUR, day: 24 * HOUR } as const;

type Query = NonNullable<CallArguments<'listEffects'>['query']>;

/** What is asked of the server. Times are rounded to the minute, so that the same list is not asked for anew all the time. */
export function queryOf(state: EffectsState, now: number): Query {
  const { view, q, class: classes, state: states, connector, site, simulated, ends, run, case: ofCase, sort } = state;
  const many = (values: readonly string[] | undefined) => (values?.length ? values.join(',') : undefined);
  const until = ends === 'hour' || ends === 'day' ? Math.ceil(now / MINUTE) * MINUTE + STRETCH[ends] : undefined;
  return {
    limit: 100,
    in_force: view === 'force' ? 'true' : view === 'ended' ? 'false' : undefined,
    q: q === '' ? undefined : q,
    class: many(classes),
    state: many(states),
    connector,
    site,
    simulated,
    until_before: until,
    lasting: ends === 'never' ? 'true' : undefined,
    run,
    case: ofCase,
    sort: view === 'force' ? sort : 'newest',
  };
}
