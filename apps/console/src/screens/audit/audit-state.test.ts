import { describe, expect, it } from 'vitest';
import { readUrl } from '../../ui/url-fields.ts';
import { auditState, queryOf, startOfDay, summaryOf } from './audit-state.ts';

describe('the state of the audit log', () => {
  it('asks for whole days', () => {
    const { since, until } = queryOf(readUrl(auditState, { from: '2026-11-22', to: '2026-11-22' }));
    expect(new Date(Number(since)).getDate()).toBe(22);
    expect(Number(until) - Number(since)).toBe(24 * 3_600_000 - 1);
  });

  it('takes what is no day as none', () => {
    expect(startOfDay('tomorrow')).toBeUndefined();
    expect(queryOf(readUrl(auditState, { to: 'x' })).until).toBeUndefined();
  });

  it('leaves out what is empty', () => {
    expect(queryOf(readUrl(auditState, { action: ' ', object: 'effect:1' }))).toMatchObject({
      action: undefined,
      object: 'effect:1',
    });
  });

  it('sums up what is kept beside an entry', () => {
    expect(summaryOf({ reason: 'wrong host', from: 1, nested: {}, empty: '', ok: true, more: 2 })).toBe(
      'reason wrong host · from 1 · ok true',
    );
    expect(summaryOf(null)).toBe('');
  });
});
