import { canonicalJson, type Json, sha256 } from '@counterpoint/core';
import type { AuditEntry } from '@counterpoint/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHAIN_START, chainEntry, rowHash } from './chain.ts';

const entry: AuditEntry = {
  at: 1_767_225_600_000,
  principal: 'user:0198',
  action: 'token.created',
  object: 'token:0199',
  data: { title: 'ci', permissions: ['case:read'] },
  trace: 'a'.repeat(32),
};

describe('chainEntry', () => {
  it('starts at sequence 1 behind 64 zeros', () => {
    const first = chainEntry(CHAIN_START, entry);
    expect(first).toMatchObject({ ...entry, seq: 1, prev: '0'.repeat(64) });
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('links every row to the hash before it', () => {
    const first = chainEntry(CHAIN_START, entry);
    const second = chainEntry(first, entry);
    expect(second.seq).toBe(2);
    expect(second.prev).toBe(first.hash);
    expect(second.hash).not.toBe(first.hash);
  });

  it('hashes the canonical JSON of the row without its hash, also after a round trip through storage', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, fc.jsonValue(), fc.nat(), (principal, action, object, data, at) => {
        const { hash, ...rest } = chainEntry(CHAIN_START, {
          ...entry,
          principal,
          action,
          object,
          data: data as Json,
          at,
        });
        expect(hash).toBe(sha256(canonicalJson(rest)));
        const stored = { ...rest, data: JSON.parse(JSON.stringify(rest.data)) as Json };
        expect(rowHash(stored)).toBe(hash);
      }),
    );
  });

  it('stores lone surrogates the way a database keeps them', () => {
    expect(chainEntry(CHAIN_START, { ...entry, object: 'case:\ud800' }).object).toBe('case:\ufffd');
  });

  it('hashes only the members it knows, whatever else a reader attached to the row', () => {
    const { hash, ...rest } = chainEntry(CHAIN_START, entry);
    expect(rowHash({ ...rest, extra: 1 } as typeof rest)).toBe(hash);
  });
});
