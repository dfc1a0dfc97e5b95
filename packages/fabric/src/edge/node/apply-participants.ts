import { type Clock, hashJson } from '@counterpoint/core';
import type { CredentialRow, ParticipantRow, RowWrite, Store } from '@counterpoint/events';
import type { BundledParticipant } from '../bundle.ts';

const MANY = 10_000;

function rowOf(
  { id, title, publish, subscribe, trust }: BundledParticipant,
  site: string,
  before: ParticipantRow | undefined,
  now: number,
): ParticipantRow {
  const rights = { publish, subscribe, offer: [], invoke: [] };
  const fresh = { declaration: null, state: 'offline', nodes: [], joined_at: null, seen_at: null } as const;
  return {
    ...(before ?? { ...fresh, created_at: now }),
    ...{ id, title, kind: 'token', site, rights, trust, enabled: true },
    rev: (before?.rev ?? 0) + 1,
  };
}

const same = (one: ParticipantRow | undefined, other: ParticipantRow): boolean =>
  one !== undefined && hashJson({ ...one, rev: 0 } as never) === hashJson({ ...other, rev: 0 } as never);

/** Lets in at a node who its bundle names, with their tokens, and keeps out everybody else. */
export async function applyParticipants(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  participants: readonly BundledParticipant[],
  site: string,
): Promise<void> {
  const now = clock.now();
  const standing = new Map((await store.find('participants', { limit: MANY })).map((row) => [row.id, row]));
  const known = new Map((await store.find('credentials', { limit: MANY })).map((row) => [row.id, row]));
  const rows: RowWrite[] = [];
  for (const one of participants) {
    const row = rowOf(one, site, standing.get(one.id), now);
    if (!same(standing.get(one.id), row)) rows.push({ op: 'put', table: 'participants', row });
    standing.delete(one.id);
    for (const { id, hash, not_after } of one.tokens) {
      const times = { not_before: 0, not_after, revoked_at: null, used_at: null, created_at: now };
      const token: CredentialRow = {
        id,
        participant: one.id,
        kind: 'token',
        hash,
        detail: { title: '' },
        ...times,
        rev: 1,
      };
      if (!known.delete(id)) rows.push({ op: 'insert', table: 'credentials', row: token });
    }
  }
  for (const row of standing.values()) {
    if (row.enabled) rows.push({ op: 'put', table: 'participants', row: { ...row, enabled: false, rev: row.rev + 1 } });
  }
  for (const id of known.keys()) rows.push({ op: 'delete', table: 'credentials', id });
  if (rows.length > 0) await store.commit({ rows });
}
