import { describe, expect, it } from 'vitest';
import { type ParticipantTest, testWords } from './test-words.ts';

const base: ParticipantTest = { outcome: 'answered', asked: 'dns.ping', millis: 12, error: null, sessions: [], at: 0 };
const here = { enabled: true, joined_at: 5 };
const session = (via: ParticipantTest['sessions'][number]['via']) => ({ id: '1', via, heard_at: 0, silence: null });

describe('what a test is told as', () => {
  it('is the time of an answer, also of an error', () => {
    expect(testWords(base, here)).toMatchObject({ tone: 'good', text: 'It answered in 12 ms.' });
    const error = { code: 'fabric.service_failed', message: 'No.', help: '' };
    expect(testWords({ ...base, millis: 2_345, error }, here)).toMatchObject({ tone: 'warn' });
    expect(testWords({ ...base, millis: 2_345, error }, here).text).toContain('2.3 s');
    expect(testWords({ ...base, outcome: 'silent', millis: 5_000 }, here)).toMatchObject({ tone: 'bad' });
  });

  it('says why nothing was asked, never that all is well', () => {
    for (const via of ['http', 'mqtt', 'dxl'] as const) {
      const { tone, more } = testWords({ ...base, outcome: 'unasked', sessions: [session(via)] }, here);
      expect(tone).toBe('calm');
      expect(more.toLowerCase()).toContain(via);
    }
    expect(testWords({ ...base, outcome: 'unasked' }, here).text).toContain('another process');
  });

  it('tells the ways of being away apart', () => {
    const away = { ...base, outcome: 'away' } as const;
    const texts = [
      testWords(away, here),
      testWords(away, { enabled: false, joined_at: 5 }),
      testWords(away, { enabled: true, joined_at: null }),
    ].map(({ text }) => text);
    expect(new Set(texts).size).toBe(3);
  });
});
