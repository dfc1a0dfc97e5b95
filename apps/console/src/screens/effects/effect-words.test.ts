import { describe, expect, it } from 'vitest';
import {
  countdown,
  driftOf,
  lifeOf,
  lostUndoOf,
  mayBeUndone,
  reasonsInShort,
  stayOf,
  undoneWords,
  type WholeChange,
  wantedWords,
} from './effect-words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const claim = (holder: string) => ({ holder, reason: '', until: null, created_at: 0, ended_at: null });
const lasting = (over: object) => ({ lease_until: null, ended_at: null, state: 'performed', claims: [], ...over });

describe('what an undo takes from whom', () => {
  it('names three, and counts the others', () => {
    expect(wantedWords(['ada', 'brute_force'])).toBe('2 want it in force, and lose it: ada; brute_force');
    expect(wantedWords(['a', 'b', 'c', 'd', 'e'])).toBe('5 want it in force, and lose it: a; b; c; and 2 more');
  });
});

describe('how long a change stays', () => {
  it.each([
    [0, 'now'],
    [-1, 'now'],
    [9_999, '9 s'],
    [4 * MINUTE + 10_000, '4 min 10 s'],
    [HOUR, '1 h'],
    [24 * HOUR - 1, '23 h 59 min'],
    [9 * 24 * HOUR + 3 * HOUR, '9 d 3 h'],
    [24 * HOUR + 5 * MINUTE, '1 d'],
  ])('counts %i ms down as %s', (millis, words) => {
    expect(countdown(millis)).toBe(words);
  });

  it('is told by what ends it', () => {
    expect(stayOf(lasting({}), 0)).toEqual({ text: 'until somebody undoes it', soon: false, lasting: true });
    expect(stayOf(lasting({ claims: [claim('case:1')] }), 0).text).toBe('while its case is open');
    expect(stayOf(lasting({ claims: [claim('case:1')], lease_until: HOUR * 2 }), 0).text).toBe(
      'while its case is open, at most 2 h',
    );
    expect(stayOf(lasting({ lease_until: 30 * MINUTE }), 0)).toMatchObject({ text: '30 min', soon: true });
    expect(stayOf(lasting({ lease_until: 1 }), 2).text).toBe('due now');
    expect(stayOf(lasting({ state: 'held', lease_until: HOUR }), 0).text).toBe('not there yet');
    expect(stayOf(lasting({ state: 'unknown' }), 0)).toMatchObject({ text: 'nobody knows', lasting: false });
    expect(stayOf(lasting({ state: 'undo_failed', lease_until: HOUR }), 0).text).toBe('until it is undone');
    expect(stayOf(lasting({ state: 'undone', ended_at: 0 }), 2 * MINUTE).text).toBe('ended 2 min ago');
    expect(stayOf(lasting({ state: 'performed', ended_at: 0 }), 2 * MINUTE).text).toBe('done 2 min ago');
  });
});

describe('an undo of unknown outcome', () => {
  const undo = (state: string) => ({ id: state, state }) as WholeChange['undos'][number];

  it('is settled by people, but for one of an edge node', () => {
    const undos = [undo('failed'), undo('unknown')];
    expect(lostUndoOf({ site: '', undos })?.id).toBe('unknown');
    expect(lostUndoOf({ site: 'plant', undos })).toBeUndefined();
    expect(lostUndoOf({ site: '', undos: [undo('failed')] })).toBeUndefined();
  });
});

describe('the words for a change', () => {
  it('name who did it, and the alert rather than the event behind it', () => {
    const one = (kind: string) => ({ ref: `${kind}:1`, title: kind, kind }) as never;
    expect(reasonsInShort([one('playbook'), one('case'), one('event'), one('alert')])).toEqual([
      one('playbook'),
      one('alert'),
    ]);
    expect(reasonsInShort([one('reaction'), one('event')])).toEqual([one('reaction'), one('event')]);
    expect(reasonsInShort([one('person')])).toEqual([one('person')]);
    const run = { ref: 'run:1/a[0].b', title: 'Respond, step a[0].b', kind: 'playbook' } as const;
    expect(reasonsInShort([run])[0]?.title).toBe('Respond');
    expect(reasonsInShort([])).toEqual([]);
  });

  it('say what was found when it was read back', () => {
    expect(driftOf({ error: { finding: 'gone' } })).toBe('not there any more in the product');
    expect(driftOf({ error: { code: 'x' } })).toBe('');
    expect(driftOf({ error: null })).toBe('');
  });

  it('count what an undo did', () => {
    const failed = [{ effect: 'c', code: 'x', message: 'FortiGate cannot be reached.' }];
    const kept = ['it was so before us', 'it was so before us', 'still claimed by ada'];
    const result = { undone: ['a'], kept: kept.map((reason) => ({ effect: 'b', reason })), failed };
    expect(undoneWords(result)).toEqual({
      what: '1 undone · 3 kept · 1 not undone',
      why: 'Kept: it was so before us (and 1 other reason). FortiGate cannot be reached. It is tried again by itself.',
    });
    const stopped = [{ effect: 'd', code: 'guard.switch_engaged', message: 'It is stopped.' }];
    expect(undoneWords({ undone: [], kept: [], failed: stopped }).why).toBe('It is stopped.');
    expect(undoneWords({ undone: ['a'], kept: [], failed: [] })).toEqual({ what: '1 undone', why: '' });
    expect(undoneWords({ undone: [], kept: [], failed: [] }).what).toBe('There was nothing left to undo');
  });

  it('offer an undo only for what may stand', () => {
    expect(mayBeUndone({ state: 'performed', ended_at: null, undo_of: '' })).toBe(true);
    expect(mayBeUndone({ state: 'undoing', ended_at: null, undo_of: '' })).toBe(false);
    expect(mayBeUndone({ state: 'performed', ended_at: null, undo_of: 'x' })).toBe(false);
    expect(mayBeUndone({ state: 'undone', ended_at: 1, undo_of: '' })).toBe(false);
  });
});

describe('the life of a change', () => {
  const whole = (over: object) =>
    ({
      ...{ state: 'performed', created_at: 1, performed_at: 2, ended_at: null, lease_until: 100 },
      ...{ preexisting: false, claims: [], undos: [], ...over },
    }) as unknown as WholeChange;

  it('has what is to come at its end', () => {
    expect(lifeOf(whole({}), 10).map(({ text, ahead }) => [text, ahead])).toEqual([
      ['Asked for', false],
      ['In force', false],
      ['Its time ends', true],
    ]);
  });

  it('does not end before people let it begin', () => {
    const told = lifeOf(whole({ state: 'held', performed_at: null }), 10).map(({ text }) => text);
    expect(told).toEqual(['Asked for; held for people']);
  });

  it('tells once of claims that end together', () => {
    const claims = ['a', 'b'].map((holder) => ({ holder, created_at: 1, ended_at: 50 }));
    const told = lifeOf(whole({ claims }), 60).filter(({ text }) => text === 'A claim ended');
    expect(told).toHaveLength(1);
  });

  it('says when a failed undo is tried again, and nothing of a time that is over', () => {
    const told = lifeOf(whole({ state: 'undo_failed', wake_at: 90 }), 60).filter(({ ahead }) => ahead);
    expect(told.map(({ text }) => text)).toEqual(['The undo is tried again']);
  });

  it('tells of failed undos and the one that worked', () => {
    const undos = [
      { state: 'performed', created_at: 30, ended_at: 31, principal: 'ada' },
      { state: 'failed', created_at: 20, ended_at: 21, principal: 'ada' },
    ];
    const told = lifeOf(whole({ state: 'undone', ended_at: 31, undos }), 40).map(({ text }) => text);
    expect(told).toEqual(['Asked for', 'In force', 'Undo by ada', 'The undo failed', 'Undo by ada', 'Undone']);
  });

  it('never calls in force what was done and leaves nothing', () => {
    const told = lifeOf(whole({ state: 'performed', ended_at: 12, lease_until: null }), 40).map(({ text }) => text);
    expect(told).not.toContain('In force');
    expect(told.at(-1)).toBe('Done; nothing of it lasts');
  });
});
