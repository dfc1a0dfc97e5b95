import type { CallArguments } from '@counterpoint/sdk';
import { oneOf, several, text, type UrlState } from '../../ui/url-fields.ts';

/** What the list of changes shows, as it stands in the address. */
export const effectsState = {
  view: oneOf(['force', 'ended', 'all'], 'force'),
  q: text(''),
  class: several(),
  state: several(),
  connector: text(),
  site: text(),
  simulated: oneOf(['true', 'false']),
  ends: oneOf(['hour', 'day', 'never']),
  run: text(),
  case: text(),
  sort: oneOf(['newest', 'ends'], 'newest'),
};

/** The state of the list of changes. */
export type EffectsState = UrlState<typeof effectsState>;

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
