import { describe, expect, it } from 'vitest';
import { isPerson, timelineOf, whoIs } from './timeline.ts';

type Entries = Parameters<typeof timelineOf>[0];
type Runs = Parameters<typeof timelineOf>[1];
type Effects = Parameters<typeof timelineOf>[2];

const entry = (id: string, kind: string, at: number, data: unknown = null) => ({
  id,
  kind,
  at,
  text: id,
  data,
  principal: 'user:u1',
});
const run = (id: string, at: number, ended: number | null, status = 'succeeded') => ({
  id,
  title: 'P',
  playbook: 'p',
  status,
  created_at: at,
  ended_at: ended,
});
const effect = (id: string, at: number, ended: number | null, state: string) => ({
  ...{ id, connector: 'fw', action: 'ban_ip', target: 'ipv4-addr:203.0.113.7', state, principal: 'playbook:p' },
  ...{ created_at: at, performed_at: at, ended_at: ended },
});

const build = (entries: object[], runs: object[] = [], effects: object[] = [], complete = true) =>
  timelineOf(entries as unknown as Entries, runs as unknown as Runs, effects as unknown as Effects, complete);

describe('timelineOf', () => {
  it('is one list of people and machine, newest first', () => {
    const moments = build(
      [entry('note', 'note', 5), entry('opened', 'opened', 1)],
      [run('r', 2, 4)],
      [effect('e', 3, 9, 'undone')],
    );
    expect(moments.map(({ at, words }) => `${at} ${words}`)).toEqual([
      '9 took back',
      '5 noted',
      '4 ended well',
      '3 changed',
      '2 began to run',
      '1 opened the case',
    ]);
  });

  it('keeps what machines did before the oldest line that was read for later', () => {
    const some = [entry('note', 'note', 5)];
    expect(build(some, [run('r', 2, 6)], [], false).map(({ at }) => at)).toEqual([6, 5]);
    expect(build(some, [run('r', 2, 6)], [], true).map(({ at }) => at)).toEqual([6, 5, 2]);
  });

  it('leads to what is told of, and shows how it stands', () => {
    const [moved] = build([entry('a', 'alert_added', 1, { alert: 'a1' })]);
    expect(moved).toMatchObject({ ref: 'alert:a1', kind: 'alert' });
    expect(build([], [run('r', 1, null, 'waiting')])[0]).toMatchObject({ ref: 'run:r', state: 'waiting' });
    expect(build([], [], [effect('e', 1, null, 'performed')])[0]).toMatchObject({
      ref: 'effect:e',
      state: 'performed',
    });
    expect(build([], [], [{ ...effect('e', 1, 2, 'failed'), performed_at: null }])).toMatchObject([
      { words: 'could not change' },
    ]);
    const sent = build([], [], [effect('e', 1, 2, 'performed')]);
    expect(sent.map(({ words, state }) => [words, state])).toEqual([['changed', '']]);
  });

  it('shows kinds of lines that it does not know', () => {
    expect(build([entry('x', 'some_thing', 1)])[0]).toMatchObject({ words: 'some thing', kind: 'state' });
  });
});

describe('who', () => {
  it('is told as people say it', () => {
    const names = new Map([['u1', 'ada']]);
    expect(whoIs('user:u1', names)).toBe('ada');
    expect(whoIs('user:gone', names)).toBe('somebody');
    expect(whoIs('playbook:p', names)).toBe('playbook p');
    expect(whoIs('system', names)).toBe('Counterpoint');
    expect(['user:u', 'token:t', 'source:s', 'playbook:p'].map(isPerson)).toEqual([true, true, false, false]);
  });
});
