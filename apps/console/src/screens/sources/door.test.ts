import { describe, expect, it } from 'vitest';
import { doorWords } from './door.ts';

const last = {
  at: 5,
  code: 'ingest.unauthenticated',
  reason: 'The request was not accepted: it carries no token.',
  address: '10.0.0.1',
};
const wrong = (hour: number, day: number, code = 'ingest.unauthenticated') => ({ code, hour, day });

describe('what a source refused at its door', () => {
  it('is told for the last hour, else for the day, and not at all after that', () => {
    const told = (counts: ReturnType<typeof wrong>[]) =>
      doorWords({ auth: 'token', turned_away: { counts, last } })?.summary;
    expect(told([wrong(12, 40)])).toBe('12 posts with a wrong token in the last hour');
    expect(told([wrong(1, 1)])).toBe('1 post with a wrong token in the last hour');
    expect(told([wrong(0, 1_040)])).toBe('1,040 posts with a wrong token in the last 24 hours');
    expect(told([wrong(0, 9), wrong(2, 2, 'core.body_too_large')])).toBe(
      '2 posts that were too large in the last hour',
    );
    expect(told([])).toBeUndefined();
    expect(doorWords({ auth: 'token', turned_away: { counts: [], last: null } })).toBeUndefined();
  });

  it('says what to do by what proves the sender, and knows a token from before', () => {
    const counts = [wrong(1, 1)];
    const advice = (auth: 'token' | 'signature', reason = last.reason) =>
      doorWords({ auth, turned_away: { counts, last: { ...last, reason } } })?.advice;
    expect(advice('token')).toMatch(/which token the tool sends/);
    expect(advice('signature')).toMatch(/clock/);
    expect(advice('token', 'it carries the token that the source had before its last new one')).toMatch(/new one/);
  });

  it('has words for what it does not know', () => {
    const told = doorWords({
      auth: 'token',
      turned_away: { counts: [wrong(3, 3, 'x.y')], last: { ...last, code: 'x.y', reason: 'So it is.' } },
    });
    expect(told).toMatchObject({ summary: '3 posts refused for another reason in the last hour', reason: 'So it is' });
  });
});
