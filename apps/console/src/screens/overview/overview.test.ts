import { describe, expect, it } from 'vitest';
import { savedTime } from '../../ui/saved-time.ts';
import { endedIn, simulatedShare } from './figures.ts';
import { type Matter, shownMatter } from './matters.ts';

const KINDS = [
  'switch_engaged',
  'approvals_open',
  'outcome_unknown',
  'undo_failed',
  'storm',
  'account_broken',
  'connection_failing',
  'dead_letters',
  'runs_failed',
  'source_silent',
  'alerts_waiting',
  'cases_waiting',
] as const satisfies readonly Matter['kind'][];

const matter = (kind: Matter['kind'], ids: string[], count = ids.length): Matter => ({
  ...{ kind, urgency: 'now', count, since: null, ids, detail: '' },
});

describe('what needs somebody', () => {
  it.each(KINDS)('%s says how many, and leads somewhere', (kind) => {
    for (const count of [1, 12]) {
      const { title, path, verb } = shownMatter(matter(kind, ['a/b'], count));
      expect(title).toMatch(kind === 'switch_engaged' ? /kill switch/ : new RegExp(`\\b${count}\\b`));
      expect(path).toMatch(/^\/[a-z]/);
      expect(verb).not.toBe('');
    }
  });

  it('leads to the one thing when there is one only, with its id written safely', () => {
    expect(shownMatter(matter('runs_failed', ['a/b?c'])).path).toBe('/runs/a%2Fb%3Fc');
    expect(shownMatter(matter('runs_failed', ['a', 'b'])).path).toBe('/runs?status=failed');
  });

  it('says of the global kill switch what it means', () => {
    expect(shownMatter(matter('switch_engaged', ['global'])).title).toMatch(/nothing new is done/);
  });
});

describe('how runs ended', () => {
  const slice = { at: 0, succeeded: 0, failed: 0, cancelled: 0 };

  it('counts failures among what was judged', () => {
    expect(
      endedIn([
        { ...slice, succeeded: 3, cancelled: 9 },
        { ...slice, failed: 1 },
      ]),
    ).toEqual({ ended: 13, failed: 1, rate: 25 });
    expect(endedIn([slice])).toEqual({ ended: 0, failed: 0, rate: null });
  });

  it('never shows something as nothing, nor nearly all as all', () => {
    expect(endedIn([{ ...slice, succeeded: 9_999, failed: 1 }]).rate).toBe(1);
    expect(endedIn([{ ...slice, succeeded: 1, failed: 9_999 }]).rate).toBe(99);
  });
});

describe('time saved', () => {
  it.each([
    [0, '0 min'],
    [35, '35 min'],
    [120, '2 h'],
    [270, '4.5 h'],
    [1_439, '24 h'],
    [1_536, '3.2 working days'],
    [60_000, '125 working days'],
  ])('%i minutes is %s', (minutes, text) => expect(savedTime(minutes)).toBe(text));
});

describe('how much of saved time is not real', () => {
  it('is all, a part, or nothing to speak of', () => {
    expect(simulatedShare({ minutes: 31, simulated: 31 }, 'simulated')).toBe('all of it simulated');
    expect(simulatedShare({ minutes: 222, simulated: 42 }, 'simulated')).toBe('42 min of it simulated');
    expect(simulatedShare({ minutes: 222, simulated: 0 }, 'simulated')).toBeUndefined();
  });
});
