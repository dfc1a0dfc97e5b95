import { effectsCausedBy } from '@counterpoint/actions';
import {
  addNote,
  assessCase,
  enrichmentsOf,
  getAlert,
  getCase,
  observablesOf,
  retryOnConflict,
  setAlertStatus,
  setAlertVerdict,
  setCaseStatus,
  setCaseSummary,
} from '@counterpoint/cases';
import type { AlertEndpointName } from '@counterpoint/contracts';
import type { Clock } from '@counterpoint/core';
import type { AlertRow, CaseRow, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { occasionOf } from '../occasion.ts';
import { conditions, pageRows } from '../paging.ts';
import { alertView, caseView, entryView, observableView } from '../views.ts';

const NEWEST = { column: 'created_at', key: 'id' } as const;

/** What the handlers of alerts and cases need. */
export interface AlertServices {
  readonly store: Store;
  readonly clock: Clock;
}

type Group<Names extends AlertEndpointName> = Pick<Handlers<AlertEndpointName>, Names>;

function alertHandlers({ store, clock }: AlertServices): Group<'listAlerts' | 'getAlert' | 'updateAlert' | 'getRaw'> {
  return {
    async listAlerts({ query }) {
      const where = conditions<AlertRow>({ status: query.status, source: query.source });
      const { rows, next } = await pageRows(store, 'alerts', query, { ...NEWEST, where });
      return { items: rows.map(alertView), next };
    },
    async getAlert({ params }) {
      const row = await getAlert(store, params.id ?? '');
      const [observables, decisions] = await Promise.all([
        observablesOf(store, `alert:${row.id}`),
        store.find('ingest_decisions', { where: { alert: row.id }, orderBy: [{ column: 'at' }], limit: 100 }),
      ]);
      return {
        ...alertView(row),
        finding: row.finding,
        finding_key: row.finding_key,
        raw: row.raw,
        observables: observables.map(observableView),
        decisions: decisions.map(({ decision, reason, raw, at }) => ({ decision, reason, raw, at })),
      };
    },
    async updateAlert({ params, body, principal }) {
      const id = params.id ?? '';
      for (const kind of ['status', 'verdict'] as const) {
        await retryOnConflict(async () => {
          const row = await getAlert(store, id);
          const occasion = occasionOf(principal, clock.now(), row.trace);
          if (kind === 'status' && body.status)
            await store.commit(setAlertStatus(occasion, row, body.status, body.reason));
          if (kind === 'verdict' && body.verdict)
            await store.commit(setAlertVerdict(occasion, row, body.verdict, body.reason));
        });
      }
      const caused = (await effectsCausedBy(store, `alert:${id}`)).map((effect) => ({
        effect: effect.id,
        action: `${effect.connector}.${effect.action}`,
        target: effect.target,
        state: effect.state,
      }));
      return { ...alertView(await getAlert(store, id)), caused };
    },
    async getRaw({ params }) {
      const row = await store.get('raw_inputs', params.id ?? '');
      if (!row) throw errors.not_found({ kind: 'raw input', id: params.id ?? '' });
      const { id, source, media_type, received_at, state, body } = row;
      return { id, source, media_type, received_at, state, text: new TextDecoder().decode(body) };
    },
  };
}

function caseHandlers({ store, clock }: AlertServices): Group<'listCases' | 'getCase' | 'addNote' | 'updateCase'> {
  return {
    async listCases({ query }) {
      const where = conditions<CaseRow>({ status: query.status });
      const { rows, next } = await pageRows(store, 'cases', query, { ...NEWEST, where });
      return { items: rows.map(caseView), next };
    },
    async getCase({ params }) {
      const row = await getCase(store, params.id ?? '');
      const [entries, alerts, observables] = await Promise.all([
        store.find('case_entries', { where: { case_id: row.id }, orderBy: [{ column: 'at' }], limit: 500 }),
        store.find('alerts', { where: { case_id: row.id }, orderBy: [{ column: 'created_at' }], limit: 500 }),
        observablesOf(store, `case:${row.id}`),
      ]);
      const enriched = observables.map(async (observable) => {
        const found = await enrichmentsOf(store, observable.id);
        const enrichments = found.map(({ source, verdict, score, data, at }) => ({ source, verdict, score, data, at }));
        return { ...observableView(observable), enrichments };
      });
      return {
        ...caseView(row),
        entries: entries.map(entryView),
        alerts: alerts.map(alertView),
        observables: await Promise.all(enriched),
      };
    },
    async addNote({ params, body, principal }) {
      const row = await getCase(store, params.id ?? '');
      const change = addNote(occasionOf(principal, clock.now(), row.trace), row.id, body.text);
      await store.commit(change);
      const write = change.rows?.[0];
      if (write?.op !== 'ensure' || write.table !== 'case_entries')
        throw errors.not_found({ kind: 'note', id: row.id });
      return entryView(write.row);
    },
    async updateCase({ params, body, principal }) {
      const id = params.id ?? '';
      const changes = [
        body.status && ((row, occasion) => setCaseStatus(occasion, row, body.status ?? 'open', body.reason)),
        body.verdict && ((row, occasion) => assessCase(occasion, row, { verdict: body.verdict ?? 'unknown' })),
        body.summary !== undefined && ((row, occasion) => setCaseSummary(occasion, row, body.summary ?? '')),
      ] satisfies (CaseStep | false | '' | undefined)[];
      for (const step of changes) {
        if (!step) continue;
        await retryOnConflict(async () => {
          const row = await getCase(store, id);
          await store.commit(step(row, occasionOf(principal, clock.now(), row.trace)));
        });
      }
      return caseView(await getCase(store, id));
    },
  };
}

type CaseStep = (
  row: Parameters<typeof setCaseStatus>[1],
  occasion: Parameters<typeof setCaseStatus>[0],
) => ReturnType<typeof setCaseStatus>;

/** Performs the operations on alerts, cases and raw inputs. */
export function alertAndCaseHandlers(services: AlertServices): Handlers<AlertEndpointName> {
  return { ...alertHandlers(services), ...caseHandlers(services) };
}
