import { describe, expect, it } from 'vitest';
import { readUrl } from '../../ui/url-fields.ts';
import { filterOf, isShown, looksObservable, queueState, VIEWS, valueMeant, withAllBelow } from './queue-state.ts';
import { counted } from './words.ts';

const state = (fields: Record<string, unknown>) => readUrl(queueState, fields);

describe('looksObservable', () => {
  it.each([
    '203.0.113.7',
    '203[.]0[.]113[.]7',
    '10.0.0.0/8',
    '2001:db8::1',
    'hxxps://evil[.]example/x?y=1',
    'user[@]evil.example',
    'evil.example',
    'd41d8cd98f00b204e9800998ecf8427e',
    'CVE-2026-1234',
  ])('takes %s for a value', (text) => expect(looksObservable(text)).toBe(true));

  it.each(['brute force', 'ssh', '', 'T1110', 'a b.example', '019a2b3c', 'rule 5763'])('takes %s for words', (text) =>
    expect(looksObservable(text)).toBe(false),
  );
});

describe('valueMeant', () => {
  it.each([
    ['203.0.113.7', 'value'],
    ['203.0.113.', 'beginning'],
    ['203[.]0', undefined],
    ['203[.]0[.]113', 'beginning'],
    ['10.0.0.0/8', 'beginning'],
    ['10.0.0.0/9', 'value'],
    ['4421abcd0011', 'beginning'],
    ['202611221754', undefined],
    ['bad*', 'beginning'],
    ['*.evil[.]example', 'below'],
    ['.evil.example', 'below'],
    ['*', undefined],
    ['...', undefined],
    ['ssh *', undefined],
  ])('of %s is %s', (text, meant) => expect(valueMeant(text)).toBe(meant));

  it('can be widened from a domain to all below it', () => {
    expect(withAllBelow('evil[.]example')).toBe('*.evil.example');
    expect(withAllBelow('203.0.113.7')).toBeUndefined();
    expect(withAllBelow('*.evil.example')).toBeUndefined();
  });
});

describe('filterOf', () => {
  it('shows what is to do unless something else is asked for', () => {
    expect(filterOf(state({}), 0)).toEqual({ status: 'new,in_progress' });
    expect(filterOf(state({ severity: ['high'] }), 0)).toEqual({ status: 'new,in_progress', severity: 'high' });
    expect(filterOf(state({ all: true }), 0)).toEqual({});
    expect(filterOf(state({ status: 'resolved,suppressed' }), 0)).toEqual({ status: 'resolved,suppressed' });
    expect(filterOf(state({ case: 'c1' }), 0)).toEqual({ case: 'c1' });
  });

  it('searches values as values, and words as words, and lets people mean the other', () => {
    expect(filterOf(state({ q: 'evil[.]example' }), 0)).toEqual({ observable: 'evil.example' });
    expect(filterOf(state({ q: 'evil.example', words: true }), 0)).toEqual({ q: 'evil.example' });
    expect(filterOf(state({ q: 'ssh', observable: '203.0.113.7' }), 0)).toEqual({
      q: 'ssh',
      observable: '203.0.113.7',
    });
  });

  it('asks the same question for a whole minute', () => {
    const now = 1_800_000_000_000;
    expect(filterOf(state({ within: '1h' }), now)).toEqual(filterOf(state({ within: '1h' }), now + 59_000));
  });

  it('drops what somebody mistyped in the address', () => {
    expect(queueState.status(7)).toBeUndefined();
  });
});

describe('views', () => {
  it('are recognised when they are shown', () => {
    expect(VIEWS.filter(({ state: view }) => isShown(view, state({}))).map(({ title }) => title)).toEqual(['To do']);
    expect(isShown({ all: true }, state({ all: true }))).toBe(true);
    expect(isShown({}, state({ q: 'x' }))).toBe(false);
  });
});

describe('counted', () => {
  it('says how many rows a choice would leave', () => {
    const choices = [
      { value: 'high', label: 'High' },
      { value: 'low', label: 'Low' },
    ];
    expect(counted(choices, [{ value: 'high', count: 1200 }]).map(({ label }) => label)).toEqual([
      'High (1,200)',
      'Low (0)',
    ]);
    expect(counted(choices, undefined)).toBe(choices);
  });
});
