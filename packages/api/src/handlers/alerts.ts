import { effectsCausedBy } from '@counterpoint/actions';
import {
  getAlert,
  getCase,
  linkAlert,
  observablesOf,
  retryOnConflict,
  setAlertStatus,
  setAlertVerdict,
  unlinkAlert,
} from '@counterpoint/cases';
import type { AlertEndpointName } from '@counterpoint/contracts';
import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { AlertRow, Change, EffectRow, Store } from '@counterpoint/events';
import { authorise, type Principal } from '@counterpoint/identity';
import { type Normalizer, readAlert } from '@counterpoint/ingest';
import { alertFacets, narrowAlerts } from '../alert-query.ts';
import { errors } from '../errors.ts';
import type { ApiRequest, Handlers } from '../handler-types.ts';
import { occasionOf } from '../occasion.ts';
import { pageOrdered } from '../page-ordered.ts';
import { alertView, knownObservables } from '../views.ts';

/** What the handlers of alerts need. */
export interface AlertServices {
  readonly store: Store;
  readonly clock: Clock;
  /** By id. */
  readonly normalizers: ReadonlyMap<string, Normalizer>;
}

type Group<Names extends AlertEndpointName> = Pick<Handlers<AlertEndpointName>, Names>;

const ORDERS = {
  newest: ['created_at'],
  severity: ['severity', 'created_at'],
  last_seen: ['last_seen'],
  count: ['count'],
} as const;

const MOST_EFFECTS = 200;

function briefEffect(row: EffectRow) {
  const { id, connector, action, effect, target, state, lease_until, ended_at, simulated, created_at } = row;
  return { id, connector, action, effect, target, state, lease_until, ended_at, simulated, created_at };
}

function readingHandlers({
  store,
  normalizers,
}: AlertServices): Group<'listAlerts' | 'alertFacets' | 'getAlert' | 'getAlertReading' | 'getRaw'> {
  return {
    async listAlerts({ query }) {
      const { where } = await narrowAlerts(store, query);
      const { rows, next } = await pageOrdered(store, 'alerts', query, { columns: ORDERS[query.sort], where });
      return { items: rows.map(alertView), next };
    },
    alertFacets: ({ query }) => alertFacets(store, query),
    async getAlert({ params }) {
      const row = await getAlert(store, params.id ?? '');
      const [observables, decisions, inCase, effects] = await Promise.all([
        observablesOf(store, `alert:${row.id}`),
        store.find('ingest_decisions', { where: { alert: row.id }, orderBy: [{ column: 'at' }], limit: 100 }),
        row.case_id === null ? undefined : store.get('cases', row.case_id),
        store.find('effects', {
          where: { trace: row.trace, undo_of: '' },
          orderBy: [{ column: 'created_at', descending: true }],
          limit: MOST_EFFECTS,
        }),
      ]);
      return {
        ...alertView(row),
        finding: row.finding,
        finding_key: row.finding_key,
        raw: row.raw,
        observables: await knownObservables(store, observables),
        decisions: decisions.map(({ decision, reason, raw, item, at }) => ({ decision, reason, raw, item, at })),
        effects: effects.map(briefEffect),
        case: inCase ? { id: inCase.id, title: inCase.title, status: inCase.status } : null,
      };
    },
    async getAlertReading({ params, query }) {
      const { row, ...reading } = await readAlert(store, normalizers, await getAlert(store, params.id ?? ''), query);
      const { id, media_type, received_at, body } = row;
      const fields = reading.fields.map((field) => ({ ...field, places: [...field.places] }));
      return { ...reading, raw: id, media_type, received_at, size: body.length, fields };
    },
    async getRaw({ params }) {
      const row = await store.get('raw_inputs', params.id ?? '');
      if (!row) throw errors.not_found({ kind: 'raw input', id: params.id ?? '' });
      const { id, source, media_type, received_at, state, body } = row;
      return { id, source, media_type, received_at, state, text: new TextDecoder().decode(body) };
    },
  };
}

type Wish = Partial<Pick<ApiRequest<'updateAlerts'>['body'], 'status' | 'verdict' | 'case' | 'reason'>>;
type Step = (row: AlertRow) => Promise<Change> | Change;

/** What is to be done with one alert, step by step: each is a commit of its own, on the row as it stands then. */
function stepsOf({ store, clock }: AlertServices, wish: Wish, principal: Principal): readonly Step[] {
  const { status, verdict, case: target, reason } = wish;
  const occasion = (row: AlertRow) => occasionOf(principal, clock.now(), row.trace);
  const steps: (Step | undefined)[] = [
    verdict && ((row) => setAlertVerdict(occasion(row), row, verdict, reason)),
    target === null ? (row) => unlinkAlert(occasion(row), row) : undefined,
    target ? async (row) => linkAlert(occasion(row), row, await getCase(store, target)) : undefined,
    // Last: a verdict or a case sets a status, too, and one that is named is meant.
    status && ((row) => setAlertStatus(occasion(row), row, status, reason)),
  ];
  return steps.filter((step) => step !== undefined);
}

/** The alert before and after. */
async function perform({ store }: AlertServices, id: string, steps: readonly Step[]) {
  const before = await getAlert(store, id);
  for (const step of steps) {
    await retryOnConflict(async () => {
      const change = await step(await getAlert(store, id));
      if (Object.keys(change).length > 0) await store.commit(change);
    });
  }
  return { before, after: await getAlert(store, id) };
}

async function performed(services: AlertServices, id: string, steps: readonly Step[]) {
  try {
    const { before, after } = await perform(services, id, steps);
    const { status, verdict, case_id } = before;
    return { id, previous: { status, verdict, case: case_id }, status: after.status, error: null };
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return { id, previous: null, status: null, error: { code: error.code, message: error.message } };
  }
}

function changingHandlers(services: AlertServices): Group<'updateAlert' | 'updateAlerts'> {
  const { store } = services;
  return {
    async updateAlert({ params, body, principal }) {
      const id = params.id ?? '';
      const { after } = await perform(services, id, stepsOf(services, body, principal));
      const caused = (await effectsCausedBy(store, `alert:${id}`)).map((effect) => ({
        effect: effect.id,
        action: `${effect.connector}.${effect.action}`,
        target: effect.target,
        state: effect.state,
      }));
      return { ...alertView(after), caused };
    },
    async updateAlerts({ body, principal }) {
      if (body.case !== undefined) authorise(principal, 'case:write');
      // A case that does not exist is one mistake, not one for each alert.
      if (body.case) await getCase(store, body.case);
      const steps = stepsOf(services, body, principal);
      return { items: await Promise.all([...new Set(body.ids)].map((id) => performed(services, id, steps))) };
    },
  };
}

/** Performs the operations on alerts and raw inputs. */
export function alertHandlers(services: AlertServices): Handlers<AlertEndpointName> {
  return { ...readingHandlers(services), ...changingHandlers(services) };
}
