import { describe, expect, it } from 'vitest';
import {
  type Alert,
  alertNotice,
  caseTitleOf,
  changedWords,
  heard,
  inParts,
  MOST_FRESH,
  ownChanges,
  takenBack,
  withNews,
} from './alert-changes.ts';

const before = (status: Alert['status'], inCase: string | null = null) => ({
  status,
  verdict: 'unknown' as const,
  case: inCase,
});
const done = (id: string, previous: ReturnType<typeof before>, status: Alert['status'] = previous.status) => ({
  ...{ id, previous, status, error: null },
});
const failed = (id: string) => ({
  id,
  previous: null,
  status: null,
  error: { code: 'cases.alert_not_found', message: 'There is none.' },
});
const row = (id: string, status: Alert['status'] = 'new') => ({ id, status, verdict: 'unknown', count: 1 }) as Alert;

describe('changedWords', () => {
  it('says what was done, and why some were not', () => {
    const items = [done('a', before('new')), done('b', before('new')), failed('c')];
    expect(changedWords({ items }, { ids: [], status: 'resolved' })).toBe(
      '2 alerts resolved; 1 was not: There is none.',
    );
    expect(changedWords({ items: [items[0] as never] }, { ids: [], verdict: 'benign', case: null })).toBe(
      '1 alert benign, taken out of the case',
    );
  });
});

describe('takenBack', () => {
  it('names what was changed only, once for all that were alike, and nothing for what failed', () => {
    const items = [
      done('a', before('new')),
      done('b', before('in_progress', 'c1')),
      done('c', before('new')),
      failed('d'),
    ];
    expect(takenBack({ items }, { ids: [], status: 'resolved' })).toEqual([
      { ids: ['a', 'c'], status: 'new', reason: 'taken back' },
      { ids: ['b'], status: 'in_progress', reason: 'taken back' },
    ]);
    expect(takenBack({ items }, { ids: [], case: 'c2' })).toEqual([
      { ids: ['a', 'c'], case: null, reason: 'taken back' },
      { ids: ['b'], case: 'c1', reason: 'taken back' },
    ]);
  });

  it('makes those new again that a case or a verdict took in hand', () => {
    const items = [done('a', before('new'), 'in_progress'), done('b', before('resolved'))];
    expect(takenBack({ items }, { ids: [], case: 'c1' })).toEqual([
      { ids: ['a'], case: null, status: 'new', reason: 'taken back' },
      { ids: ['b'], case: null, reason: 'taken back' },
    ]);
  });
});

describe('withNews', () => {
  const rows = [row('a'), row('b')];
  const none = new Map();

  it('changes rows where they stand, and keeps what others resolved', () => {
    const news = new Map([['b', { id: 'b', status: 'resolved' as const, count: 7 }]]);
    expect(withNews(rows, news, none, ['new'])).toMatchObject([{ id: 'a' }, { id: 'b', status: 'resolved', count: 7 }]);
  });

  it('takes out what was resolved here, and brings it back when it is taken back', () => {
    const own = (status: Alert['status']) =>
      new Map(ownChanges({ items: [done('a', before('new'), status)] }, { ids: [] }).map((one) => [one.id, one]));
    expect(withNews(rows, none, own('resolved'), ['new'])).toMatchObject([{ id: 'b' }]);
    expect(withNews(rows, none, own('resolved'), [])).toMatchObject([{ id: 'a', status: 'resolved' }, { id: 'b' }]);
    expect(withNews(rows, none, own('new'), ['new'])).toHaveLength(2);
  });

  it('gives the very same rows when nothing came', () => {
    expect(withNews(rows, none, none, [])).toBe(rows);
  });
});

describe('alertNotice', () => {
  it('knows an alert that has just come in, and ignores what names none', () => {
    expect(alertNotice({ id: 'a', status: 'new', count: 1, rev: 1 })).toMatchObject({ id: 'a', fresh: true });
    expect(alertNotice({ id: 'a', status: 'new', rev: 2 })?.fresh).toBeUndefined();
    expect(alertNotice({ status: 'new' })).toBeUndefined();
  });
});

describe('caseTitleOf', () => {
  it('is the title that they share, or the first and how many more, never longer than a case takes', () => {
    expect(caseTitleOf([{ title: 'x' }, { title: 'x' }])).toBe('x');
    expect(caseTitleOf([{ title: 'x' }, { title: 'y' }, { title: 'z' }])).toBe('x and 2 more');
    expect(caseTitleOf([{ title: 'A'.repeat(900) }, { title: 'y' }]).length).toBeLessThanOrEqual(500);
  });
});

describe('a wish about many alerts', () => {
  it('is asked for in parts that the server takes, each alert once', () => {
    const ids = Array.from({ length: 1_234 }, (_, at) => `a${at}`);
    const parts = inParts({ ids, status: 'resolved', reason: 'noise' });
    expect(parts.map((part) => part.ids.length)).toEqual([500, 500, 234]);
    expect(parts.flatMap((part) => part.ids)).toEqual(ids);
    expect(parts.every(({ status, reason }) => status === 'resolved' && reason === 'noise')).toBe(true);
    expect(inParts({ ids: [], reason: '' })).toEqual([]);
  });
});

describe('news', () => {
  const none = { shown: new Map(), fresh: new Set<string>() };
  const came = (id: string) => ({ id, fresh: true });

  it('counts what came in, and keeps what is said of shown rows', () => {
    const news = heard(none, [came('a'), came('a'), { id: 's', count: 2 }, { id: 'other', count: 3 }], new Set(['s']));
    expect([...news.fresh]).toEqual(['a']);
    expect([...news.shown.values()]).toEqual([{ id: 's', count: 2 }]);
    const more = heard(news, [{ id: 's', status: 'resolved' }], new Set(['s']));
    expect([...more.shown.values()]).toEqual([{ id: 's', count: 2, status: 'resolved' }]);
  });

  it('goes on telling of shown rows when too many have come in to be counted', () => {
    const flood = heard(
      none,
      Array.from({ length: MOST_FRESH + 5 }, (_, at) => came(`f${at}`)),
      new Set(),
    );
    expect(flood.fresh.size).toBe(MOST_FRESH);
    expect(heard(flood, [came('late')], new Set())).toBe(flood);
    expect(heard(flood, [{ id: 's', count: 9 }], new Set(['s'])).shown.get('s')).toMatchObject({ count: 9 });
  });

  it('is the same when nothing new was said', () => {
    expect(heard(none, [{ id: 'other', count: 3 }], new Set())).toBe(none);
  });
});
