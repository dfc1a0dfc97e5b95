import { describe, expect, it } from 'vitest';
import { readUrl } from '../../../ui/url-fields.ts';
import { isNarrowed, listState, queryOf, searchOf } from './list-state.ts';

describe('the search of runs', () => {
  it.each([
    ['connector.unavailable', { error_code: 'connector.unavailable' }],
    ['203.0.113.7', { observable: '203.0.113.7' }],
    ['203[.]0[.]113[.]7', { observable: '203[.]0[.]113[.]7' }],
    ['own.not_today', { error_code: 'own.not_today' }],
    ['login.ru', { observable: 'login.ru' }],
    ['evil.example', { observable: 'evil.example' }],
    ['ada@corp.example', { observable: 'ada@corp.example' }],
    ['hxxp://x.test/a', { observable: 'hxxp://x.test/a' }],
    ['d41d8cd98f00b204e9800998ecf8427e', { observable: 'd41d8cd98f00b204e9800998ecf8427e' }],
    ['2001:db8::1', { observable: '2001:db8::1' }],
    ['brute force', { q: 'brute force' }],
    ['brute', { q: 'brute' }],
    ['0199a', { q: '0199a' }],
    ['  ', {}],
  ])('takes %j for what it looks like', (text, means) => {
    expect(searchOf(text)).toEqual(means);
  });
});

describe('the state of the list', () => {
  it('becomes a question to the server', () => {
    const state = readUrl(listState, {
      status: 'failed,waiting',
      trigger: ['alert'],
      span: 'hour',
      playbook: 'p',
      case: 'c',
    });
    expect(queryOf(state, 10_000_000)).toEqual({
      limit: 100,
      status: 'failed,waiting',
      trigger_kind: 'alert',
      playbook: 'p',
      case: 'c',
      since: 6_400_000,
    });
  });

  it('is narrowed by anything but nothing', () => {
    expect(isNarrowed(readUrl(listState, {}))).toBe(false);
    expect(isNarrowed(readUrl(listState, { status: [] }))).toBe(false);
    expect(isNarrowed(readUrl(listState, { q: 'x' }))).toBe(true);
    expect(readUrl(listState, { q: 42 }).q).toBe('42');
  });
});
