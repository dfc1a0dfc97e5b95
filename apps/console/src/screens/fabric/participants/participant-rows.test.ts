import { describe, expect, it } from 'vitest';
import { nameOfCredential, patternsOf, stateOfCredential } from './participant-rows.ts';

const credential = {
  ...{ id: 'c-1', kind: 'token' as const, detail: { title: 'laptop' }, not_before: 10, not_after: null },
  ...{ revoked_at: null, used_at: null, created_at: 10 },
};

describe('credentials', () => {
  it('are called by their title, their subject or their id', () => {
    expect(nameOfCredential(credential)).toBe('laptop');
    expect(nameOfCredential({ ...credential, kind: 'certificate', detail: { subject: 'CN=tie' } })).toBe('CN=tie');
    expect(nameOfCredential({ ...credential, detail: null })).toBe('c-1');
  });

  it('count, or do not any more', () => {
    expect(stateOfCredential(credential, 20).word).toBe('valid');
    expect(stateOfCredential({ ...credential, not_after: 20 }, 20).word).toBe('expired');
    expect(stateOfCredential({ ...credential, revoked_at: 15, not_after: 20 }, 30).word).toBe('revoked');
    expect(stateOfCredential({ ...credential, not_before: 600_000 }, 5).word).toBe('not valid yet');
  });

  it('count from the first moment, also where the clock of the browser is a little behind', () => {
    expect(stateOfCredential({ ...credential, not_before: 30_000 }, 5).word).toBe('valid');
  });
});

describe('patterns', () => {
  it('stand one on a line, or with commas', () => {
    expect(patternsOf(' verdict.url.v1\n\nverdict.>, mqtt.*  mqtt.* ')).toEqual([
      'verdict.url.v1',
      'verdict.>',
      'mqtt.*',
    ]);
    expect(patternsOf('  ')).toEqual([]);
  });
});
