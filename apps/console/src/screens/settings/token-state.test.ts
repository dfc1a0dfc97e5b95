import { describe, expect, it } from 'vitest';
import { byNoun, inOrder, tokenState } from './token-state.ts';

describe('a token', () => {
  it('is valid until it expires, to the millisecond, or is revoked', () => {
    expect(tokenState({ expires_at: null, revoked_at: null }, 5)).toBe('valid');
    expect(tokenState({ expires_at: 6, revoked_at: null }, 5)).toBe('valid');
    expect(tokenState({ expires_at: 5, revoked_at: null }, 5)).toBe('expired');
    expect(tokenState({ expires_at: 9, revoked_at: 1 }, 5)).toBe('revoked');
  });
});

describe('tokens', () => {
  it('stand in the order in which people look for them', () => {
    const token = (created_at: number, revoked_at: number | null) => ({ created_at, revoked_at, expires_at: null });
    expect(inOrder([token(1, null), token(3, 4), token(2, null)], 9).map((one) => one.created_at)).toEqual([2, 1, 3]);
  });
});

describe('permissions', () => {
  it('stand by what they are about', () => {
    const items = ['case:read', 'case:write', 'run:read'].map((permission) => ({ permission }));
    expect([...byNoun(items).keys()]).toEqual(['case', 'run']);
    expect(byNoun(items).get('case')).toHaveLength(2);
  });
});
