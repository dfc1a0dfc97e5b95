import { retryOnConflict } from '@counterpoint/cases';
import type { SourceEndpointName } from '@counterpoint/contracts';
import { type Clock, newTraceId, parseDuration } from '@counterpoint/core';
import type { AlertRow, IngestDecisionRow, SourceRow, Store } from '@counterpoint/events';
import { defang } from '@counterpoint/formats';
import type { Principal } from '@counterpoint/identity';
import { createSource, type Normalizer, rotateSource, tryIngest, updateSource } from '@counterpoint/ingest';
import type { Vault } from '@counterpoint/vault';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { conditions, pageRows } from '../paging.ts';
import { sourceStandings, sourceWindow } from './source-standing.ts';

/** What the handlers of ingest sources need. */
export interface SourceServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  /** Base URL that webhooks are shown with. */
  readonly baseUrl: () => string;
}

type Group<Names extends SourceEndpointName> = Pick<Handlers<SourceEndpointName>, Names>;

const MANY = 500;

async function existing({ store }: SourceServices, id = ''): Promise<SourceRow> {
  const row = await store.get('sources', id);
  if (!row) throw errors.not_found({ kind: 'source', id });
  return row;
}

async function viewsOf({ store, clock, baseUrl }: SourceServices, rows: readonly SourceRow[]) {
  const standings = await sourceStandings(store, rows, clock.now());
  return rows.map((row, index) => {
    const { id, title, kind, normalizer, auth, dedup_window, enabled, simulated, created_at } = row;
    const about = { id, title, kind, normalizer, auth: auth.kind, dedup_window, enabled, simulated, created_at };
    const standing = standings[index] as (typeof standings)[number];
    const { counts, waiting, missing, lastAt, lastDay, week, state, turnedAway } = standing;
    const account = { counts, waiting, missing, last_at: lastAt, last_day: lastDay, week, state };
    const turned_away = { counts: [...(turnedAway?.counts ?? [])], last: turnedAway?.last ?? null };
    return { ...about, url: `${baseUrl()}/hooks/${id}`, ...account, turned_away };
  });
}

async function viewOf(services: SourceServices, row: SourceRow) {
  const [view] = await viewsOf(services, [row]);
  if (!view) throw errors.not_found({ kind: 'source', id: row.id });
  return view;
}

function readingHandlers(
  services: SourceServices,
): Group<'listSources' | 'getSource' | 'listDecisions' | 'listNormalizers'> {
  const { store, clock, normalizers } = services;
  return {
    async listSources() {
      return { items: await viewsOf(services, await store.find('sources', { limit: MANY })) };
    },
    async getSource({ params, query }) {
      const row = await existing(services, params.id);
      const window = await sourceWindow(store, row.id, query.window, clock.now());
      return { ...(await viewOf(services, row)), window };
    },
    async listDecisions({ query, principal }) {
      const where = conditions<IngestDecisionRow>({ source: query.source, decision: query.decision });
      const { rows, next } = await pageRows(store, 'ingest_decisions', query, { column: 'at', key: 'id', where });
      const titles = principal.permissions.has('alert:read') ? await titlesOf(store, rows) : new Map<string, string>();
      return { items: rows.map((row) => decisionView(row, titles, normalizers)), next };
    },
    async listNormalizers() {
      const items = [...normalizers.values()].map(({ id, title, document: { description = '', fallback } }) => ({
        ...{ id, title, description, fallback },
      }));
      return { items: items.toSorted((a, b) => Number(a.fallback) - Number(b.fallback)) };
    },
  };
}

async function titlesOf(store: Store, rows: readonly IngestDecisionRow[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.flatMap(({ alert }) => alert ?? []))];
  if (ids.length === 0) return new Map();
  const alerts: readonly AlertRow[] = await store.find('alerts', { where: { id: { in: ids } }, limit: ids.length });
  return new Map(alerts.map(({ id, title }) => [id, title]));
}

/** The id of a version is `<normaliser>@<hash of its text>`. */
function normalizerView(version: string, normalizers: SourceServices['normalizers']) {
  const id = version.slice(0, version.lastIndexOf('@'));
  return version === '' ? null : { id, version, current: normalizers.get(id)?.version === version };
}

function decisionView(
  row: IngestDecisionRow,
  titles: ReadonlyMap<string, string>,
  normalizers: SourceServices['normalizers'],
) {
  const { id, source, raw, item, decision, reason, alert, at, trace } = row;
  const normalizer = normalizerView(row.normalizer, normalizers);
  return {
    id,
    source,
    raw,
    item,
    decision,
    reason,
    alert,
    title: titles.get(alert ?? '') ?? null,
    at,
    trace,
    normalizer,
  };
}

function changingHandlers(services: SourceServices): Group<'createSource' | 'updateSource' | 'rotateSource'> {
  const { store, clock, vault, normalizers } = services;
  const contextFor = (principal: Principal) => ({
    vault,
    normalizers,
    by: { principal: principal.ref, trace: newTraceId() },
    now: clock.now(),
  });
  return {
    async createSource({ body, principal }) {
      const { dedup_window, ...rest } = body;
      const request = { ...rest, dedupWindow: parseDuration(dedup_window) };
      const { row, secret, change } = createSource(request, contextFor(principal));
      await store.commit(change);
      const source = await viewOf(services, row);
      return { source, secret, url: source.url };
    },
    async updateSource({ params, body, principal }) {
      const { dedup_window, title, normalizer, enabled } = body;
      const patch = {
        ...(title === undefined ? {} : { title }),
        ...(normalizer === undefined ? {} : { normalizer }),
        ...(enabled === undefined ? {} : { enabled }),
        ...(dedup_window === undefined ? {} : { dedup_window: parseDuration(dedup_window) }),
      };
      await retryOnConflict(async () => {
        await store.commit(updateSource(await existing(services, params.id), patch, contextFor(principal)).change);
      });
      return viewOf(services, await existing(services, params.id));
    },
    async rotateSource({ params, principal }) {
      return retryOnConflict(async () => {
        const { secret, change } = rotateSource(await existing(services, params.id), contextFor(principal));
        await store.commit(change);
        return { secret };
      });
    },
  };
}

function tryingHandlers({ normalizers, clock }: SourceServices): Group<'tryIngest'> {
  return {
    async tryIngest({ body }) {
      const report = await tryIngest(body.text, { normalizers, normalizer: body.normalizer, now: clock.now() });
      const items = report.items.map((item) => ({
        ...item,
        input: item.input as never,
        fields: item.fields.map(({ target, from, value }) => ({ target, from, value: value as never })),
        observables: item.observables.map(({ type, value }) => ({
          type,
          value,
          display: defang(value, type as never),
        })),
        issues: item.issues.map((issue) => ({ ...issue })),
        finding: item.finding as never,
      }));
      return { ...report, detected: [...report.detected], items };
    },
  };
}

/** Performs the operations on ingest sources. */
export function sourceHandlers(services: SourceServices): Handlers<SourceEndpointName> {
  return { ...readingHandlers(services), ...changingHandlers(services), ...tryingHandlers(services) };
}
