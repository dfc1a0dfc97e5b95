import {
  addNote,
  assessCase,
  type CaseOwner,
  casesErrors,
  getAlert,
  getCase,
  linkAlert,
  newCase,
  type Occasion,
  observablesOf,
  openCase,
  retryOnConflict,
  setCaseOwner,
  setCaseStatus,
  setCaseSummary,
} from '@counterpoint/cases';
import type { CaseEndpointName } from '@counterpoint/contracts';
import type { Clock } from '@counterpoint/core';
import {
  type CaseEntryRow,
  type CaseRow,
  type Change,
  mergeChanges,
  type Reader,
  type Store,
} from '@counterpoint/events';
import { severityIds } from '@counterpoint/formats';
import { authorise } from '@counterpoint/identity';
import { narrowCases } from '../alert-query.ts';
import { errors } from '../errors.ts';
import type { ApiRequest, Handlers } from '../handler-types.ts';
import { occasionOf } from '../occasion.ts';
import { pageOrdered } from '../page-ordered.ts';
import { conditions, pageRows } from '../paging.ts';
import { alertView, caseView, entryView, knownObservables } from '../views.ts';

/** What the handlers of cases need. */
export interface CaseServices {
  readonly store: Store;
  readonly clock: Clock;
}

type Group<Names extends CaseEndpointName> = Pick<Handlers<CaseEndpointName>, Names>;

const MANY = 500;
const ORDERS = {
  newest: ['created_at'],
  severity: ['severity', 'created_at'],
  updated: ['updated_at'],
} as const;

/** The observables of a case, then those of its alerts, each once. */
async function observablesOfCase(store: Reader, id: string, alerts: readonly { readonly id: string }[]) {
  const own = await observablesOf(store, `case:${id}`);
  const subjects = alerts.map((alert) => `alert:${alert.id}`);
  const links = await store.find('observable_links', { where: { subject: { in: subjects } }, limit: MANY });
  const known = new Set(own.map((row) => row.id));
  const others = [...new Set(links.map((link) => link.observable))].filter((one) => !known.has(one));
  const rows =
    others.length === 0 ? [] : await store.find('observables', { where: { id: { in: others } }, limit: MANY });
  return knownObservables(store, [...own, ...rows].slice(0, MANY));
}

function readingHandlers({ store }: CaseServices): Group<'listCases' | 'getCase' | 'listCaseEntries' | 'listPeople'> {
  return {
    async listCases({ query }) {
      const { where, cut } = await narrowCases(store, query);
      const { rows, next } = await pageOrdered(store, 'cases', query, { columns: ORDERS[query.sort], where });
      const ids = rows.map((row) => row.id);
      const groups =
        ids.length === 0 ? [] : await store.tally('alerts', { where: { case_id: { in: ids } }, by: ['case_id'] });
      const alerts = new Map(groups.map(({ values: [id], count }) => [id, count]));
      return { items: rows.map((row) => ({ ...caseView(row), alert_count: alerts.get(row.id) ?? 0 })), next, cut };
    },
    async getCase({ params }) {
      const row = await getCase(store, params.id ?? '');
      const [entries, alerts] = await Promise.all([
        store.find('case_entries', {
          where: { case_id: row.id },
          orderBy: [{ column: 'at', descending: true }],
          limit: MANY,
        }),
        store.find('alerts', { where: { case_id: row.id }, orderBy: [{ column: 'created_at' }], limit: MANY }),
      ]);
      return {
        ...caseView(row),
        entries: entries.toSorted((a, b) => a.at - b.at).map(entryView),
        alerts: alerts.map(alertView),
        observables: await observablesOfCase(store, row.id, alerts),
      };
    },
    async listCaseEntries({ params, query }) {
      const row = await getCase(store, params.id ?? '');
      const kind = query.kind && { in: query.kind as CaseEntryRow['kind'][] };
      const where = conditions<CaseEntryRow>({ case_id: row.id, kind });
      const { rows, next } = await pageRows(store, 'case_entries', query, { column: 'at', key: 'id', where });
      return { items: rows.map(entryView), next };
    },
    async listPeople() {
      const rows = await store.find('users', {
        where: { disabled: false },
        orderBy: [{ column: 'name' }],
        limit: MANY,
      });
      return { items: rows.map(({ id, name }) => ({ id, name })) };
    },
  };
}

async function opened(
  { store, clock }: CaseServices,
  { body, principal }: Pick<ApiRequest<'createCase'>, 'body' | 'principal'>,
): Promise<CaseRow> {
  if (body.alerts.length > 0) authorise(principal, 'alert:write');
  const now = clock.now();
  const fresh = occasionOf(principal, now);
  return retryOnConflict(async () => {
    const alerts = await Promise.all([...new Set(body.alerts)].map((id) => getAlert(store, id)));
    // The case belongs to the story of its first alert.
    const occasion = alerts[0] ? { ...fresh, causality: { ...fresh.causality, trace: alerts[0].trace } } : fresh;
    const severity = body.severity && severityIds[body.severity];
    const opening = {
      title: body.title,
      summary: body.summary,
      severity: severity ?? Math.max(0, ...alerts.map((alert) => alert.severity)),
      simulated: alerts.length > 0 && alerts.every((alert) => alert.simulated),
    };
    const row = newCase(occasion, opening);
    const linked = alerts.map((alert) => linkAlert(occasion, alert, row));
    await store.commit(mergeChanges(openCase(occasion, opening), ...linked));
    return row;
  });
}

async function ownerOf(reader: Reader, id: string | null): Promise<CaseOwner | null> {
  if (id === null) return null;
  const user = await reader.get('users', id);
  if (!user) throw casesErrors.owner_invalid({ user: id, reason: 'there is no such user' });
  if (user.disabled) throw casesErrors.owner_invalid({ user: user.name, reason: 'they may not sign in' });
  return user;
}

type Step = (row: CaseRow, occasion: Occasion) => Change;

/** What is to be changed of a case, step by step: each is a commit of its own, on the row as it stands then. */
async function stepsOf(reader: Reader, body: ApiRequest<'updateCase'>['body']): Promise<readonly Step[]> {
  const { status, verdict, severity, summary } = body;
  const owner = body.owner === undefined ? undefined : await ownerOf(reader, body.owner);
  const assessment = {
    ...(verdict && { verdict }),
    ...(severity && { severity: severityIds[severity] }),
  };
  const steps: (Step | undefined | '')[] = [
    owner === undefined ? undefined : (row, occasion) => setCaseOwner(occasion, row, owner),
    verdict || severity ? (row, occasion) => assessCase(occasion, row, assessment) : undefined,
    summary === undefined ? undefined : (row, occasion) => setCaseSummary(occasion, row, summary),
    status && ((row, occasion) => setCaseStatus(occasion, row, status, body.reason)),
  ];
  return steps.filter((step) => step !== undefined && step !== '');
}

function changingHandlers(services: CaseServices): Group<'createCase' | 'addNote' | 'updateCase'> {
  const { store, clock } = services;
  return {
    createCase: async (request) => caseView(await opened(services, request)),
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
      for (const step of await stepsOf(store, body)) {
        await retryOnConflict(async () => {
          const row = await getCase(store, id);
          const change = step(row, occasionOf(principal, clock.now(), row.trace));
          if (Object.keys(change).length > 0) await store.commit(change);
        });
      }
      return caseView(await getCase(store, id));
    },
  };
}

/** Performs the operations on cases. */
export function caseHandlers(services: CaseServices): Handlers<CaseEndpointName> {
  return { ...readingHandlers(services), ...changingHandlers(services) };
}
