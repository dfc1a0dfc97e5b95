import { retryOnConflict } from '@counterpoint/cases';
import type { IntegrationEndpointName } from '@counterpoint/contracts';
import { type Clock, type Json, newTraceId, parseDuration } from '@counterpoint/core';
import type { SourceRow, Store } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import {
  createSource,
  type Normalizer,
  rotateSource,
  sourceCounts,
  tryIngest,
  updateSource,
} from '@counterpoint/ingest';
import type { Vault } from '@counterpoint/vault';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';

/** What the handlers of ingest sources need. */
export interface SourceServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  /** Base URL that webhooks are shown with. */
  readonly baseUrl: () => string;
}

type Names = 'listSources' | 'createSource' | 'updateSource' | 'rotateSource' | 'tryIngest';

/** Performs the operations on ingest sources. */
export function sourceHandlers(services: SourceServices): Pick<Handlers<IntegrationEndpointName>, Names> {
  const { store, clock, vault, normalizers } = services;
  const contextFor = (principal: Principal) => ({
    vault,
    normalizers,
    by: { principal: principal.ref, trace: newTraceId() },
    now: clock.now(),
  });
  const view = async ({ id, title, kind, normalizer, auth, dedup_window, enabled, simulated }: SourceRow) => {
    const counts = await sourceCounts(store, id);
    return { id, title, kind, normalizer, auth: auth.kind, dedup_window, enabled, simulated, counts };
  };
  const existing = async (id: string): Promise<SourceRow> => {
    const row = await store.get('sources', id);
    if (!row) throw errors.not_found({ kind: 'source', id });
    return row;
  };
  return {
    async listSources() {
      const rows = await store.find('sources', { limit: 500 });
      return { items: await Promise.all(rows.map(view)) };
    },
    async createSource({ body, principal }) {
      const { dedup_window, ...rest } = body;
      const request = { ...rest, dedupWindow: parseDuration(dedup_window) };
      const { row, secret, change } = createSource(request, contextFor(principal));
      await store.commit(change);
      return { source: await view(row), secret, url: `${services.baseUrl()}/hooks/${row.id}` };
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
        await store.commit(updateSource(await existing(params.id ?? ''), patch, contextFor(principal)).change);
      });
      return view(await existing(params.id ?? ''));
    },
    async rotateSource({ params, principal }) {
      return retryOnConflict(async () => {
        const { secret, change } = rotateSource(await existing(params.id ?? ''), contextFor(principal));
        await store.commit(change);
        return { secret };
      });
    },
    async tryIngest({ body }) {
      const report = tryIngest(body.text, { normalizers, normalizer: body.normalizer, now: clock.now() });
      return report as unknown as Json;
    },
  };
}
