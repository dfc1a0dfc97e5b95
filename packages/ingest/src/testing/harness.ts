import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ManualClock, manualClock, sha256 } from '@counterpoint/core';
import type { AlertRow, IngestDecisionRow, SourceRow, Store } from '@counterpoint/events';
import { createIngest, type Ingest, type IngestAnswer, type IngestOptions } from '../ingest.ts';
import type { Normalizer } from '../normalizer/compile.ts';
import { parseNormalizer } from '../normalizer/parse.ts';

const CONTENT = join(import.meta.dirname, '../../../../content/normalizers');
const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** The token of every source that {@link aSource} makes. */
export const TOKEN = 'a-token-for-tests';

/** The normalisers of `content/normalizers`, by id. */
export function shippedNormalizers(): ReadonlyMap<string, Normalizer> {
  const files = readdirSync(CONTENT).filter((file) => file.endsWith('.yaml'));
  const all = files.map((file) => {
    const { normalizer, findings } = parseNormalizer(readFileSync(join(CONTENT, file), 'utf8'));
    if (normalizer === undefined) throw new Error(`${file}: ${JSON.stringify(findings, null, 2)}`);
    return [normalizer.id, normalizer] as const;
  });
  return new Map(all);
}

/** A fixture as text. */
export function fixture(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}

/** A source with a token. */
export function aSource(normalizer: string, patch: Partial<SourceRow> = {}): SourceRow {
  return {
    id: normalizer,
    title: normalizer,
    kind: 'webhook',
    normalizer,
    auth: { kind: 'token', hash: sha256(TOKEN) },
    dedup_window: 3_600_000,
    enabled: true,
    simulated: false,
    created_at: 0,
    updated_at: 0,
    rev: 1,
    ...patch,
  };
}

/** An ingest over a store in memory, with a source for each shipped normaliser. */
export interface Bench {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly ingest: Ingest;
  readonly retries: unknown[];
  /** Sends a body with the token; an object as JSON. */
  send(
    source: string,
    body: unknown,
    options?: { mediaType?: string; headers?: Record<string, string> },
  ): Promise<IngestAnswer>;
  alerts(): Promise<readonly AlertRow[]>;
  decisions(): Promise<readonly IngestDecisionRow[]>;
}

/** Makes a {@link Bench} over an empty store. */
export async function aBench(
  store: Store,
  options: Partial<IngestOptions> = {},
  sources: readonly SourceRow[] = [],
): Promise<Bench> {
  const normalizers = options.normalizers ?? shippedNormalizers();
  const clock = manualClock();
  const retries: unknown[] = [];
  const openSecret = async (id: string) => {
    throw new Error(`no secret ${id}`);
  };
  const onRetry = (error: unknown) => void retries.push(error);
  const ingest = createIngest({ store, clock, normalizers, openSecret, onRetry, ...options });
  const all = [...[...normalizers.keys()].map((id) => aSource(id)), ...sources];
  const rows = all.map((row) => ({ op: 'ensure', table: 'sources', row }) as const);
  await store.commit({ rows });
  return {
    store,
    clock,
    ingest,
    retries,
    async send(id, body, { mediaType = 'application/json', headers = {} } = {}) {
      const source = await store.get('sources', id);
      if (source === undefined) throw new Error(`no source ${id}`);
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      return ingest.receive({
        source,
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
        body: bytes,
        mediaType,
      });
    },
    alerts: () => store.find('alerts', { limit: 100_000 }),
    decisions: () => store.find('ingest_decisions', { limit: 100_000 }),
  };
}

/** How many decisions of each kind there are. */
export function tally(decisions: readonly IngestDecisionRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { decision } of decisions) counts[decision] = (counts[decision] ?? 0) + 1;
  return counts;
}
