import { describe, expect, it } from 'vitest';
import type { Happening } from '../interpreter/happening.ts';
import { planOf, playbookText } from '../testing/rig.ts';
import { simulate } from '../testing/simulate.ts';

const OUTPUTS = `outputs: { w: "\${{ steps.?w }}", status: "\${{ outcome.w.status }}" }`;

function plan(wait: string, head = OUTPUTS, more = '') {
  return planOf(playbookText(`  - { id: w, wait: ${wait}, on_failure: continue${more} }`, head));
}

function event(data: object, name = '', at = 5_000): Happening {
  return { kind: 'arrived', address: 'w', name, event: { id: `e${at}`, at, data: data as never } };
}

describe('wait', () => {
  it('ends when its time has passed, and says which kind of condition it was', () => {
    const { state, commands } = simulate(plan('{ for: 2s }'));
    expect(state.ending?.outputs).toEqual({ w: { first: 'for' }, status: 'succeeded' });
    expect(commands).toContainEqual({ kind: 'set_timer', address: 'w', timer: 'wait', due: 3_000 });
    expect(commands).toContainEqual({ kind: 'clear_timer', address: 'w', timer: 'wait' });
  });

  it('is never ended early by a timer that comes before its time', () => {
    const early: Happening = { kind: 'timer_due', address: 'w', timer: 'wait' };
    const { state, commands } = simulate(plan('{ for: 1h }'), { inject: { 2: early }, stopAfter: 2 });
    expect(state.open.get('w')?.status).toBe('waiting');
    expect(commands.filter(({ kind }) => kind === 'set_timer')).toHaveLength(2);
  });

  it.each([
    ['5', { first: 'until' }],
    ['\'"1970-01-01T00:00:00Z"\'', { first: 'until' }],
  ])('ends at once when the time %s is past, without waiting for anything', (until, w) => {
    const { state, commands, decisions } = simulate(plan(`{ until: ${until} }`));
    expect(state.ending?.outputs).toMatchObject({ w });
    expect([decisions, commands]).toEqual([1, []]);
  });

  it.each([
    ['\'"soon"\'', 'wait_time_invalid'],
    ['null', 'wait_time_invalid'],
    ['"[1]"', 'wait_time_invalid'],
    ['9007199254740991', 'wait_time_invalid'],
    ['\'"9999-01-01"\'', 'wait_time_invalid'],
    ['0.0 / 0.0', 'division_by_zero'],
  ])('fails on the time %s', (until, e) => {
    const { state } = simulate(plan(`{ until: ${until} }`, `outputs: { e: "\${{ outcome.w.error.name }}" }`));
    expect(state.ending?.outputs).toEqual({ e });
  });

  it('waits for the first event that matches, and drops those that do not', () => {
    const condition = '{ topic: mail.reported.v1, match: candidate.id == inputs.id }';
    const inputs = { id: 'T-7' };
    const head = `inputs: { id: { type: string } }\n${OUTPUTS}`;
    const first = simulate(plan(condition, head), {
      inputs,
      inject: { 2: event({ id: 'T-8' }), 3: event({}) },
      stopAfter: 3,
    });
    expect(first.state.open.get('w')?.status).toBe('waiting');
    expect(first.commands).toEqual([
      { kind: 'subscribe', address: 'w', name: '', topic: 'mail.reported.v1', key: '["id"]="T-7"', since: 1_000 },
    ]);
    const { state, commands } = simulate(plan(condition, head), {
      inputs,
      inject: { 2: event({ id: 'T-7', by: 'ada' }) },
    });
    expect(state.ending?.outputs).toEqual({
      w: { first: 'topic', event: { id: 'T-7', by: 'ada' } },
      status: 'succeeded',
    });
    expect(commands).toContainEqual({ kind: 'unsubscribe', address: 'w', name: '' });
  });

  it('counts events from now on, or from the start of the run', () => {
    const old = event({}, '', 10);
    const now = simulate(plan('{ topic: mail.reported.v1 }'), { inject: { 2: old }, stopAfter: 2 });
    expect(now.state.open.has('w')).toBe(true);
    const since = simulate(plan('{ topic: mail.reported.v1, since: run_start }'), { inject: { 2: old } });
    expect(since.state.ending?.outputs).toMatchObject({ w: { first: 'topic' } });
  });

  it('fails with timed_out when the event does not come in time', () => {
    const head = `outputs: { e: "\${{ outcome.w.error.name }}" }`;
    const { state } = simulate(plan('{ topic: mail.reported.v1, timeout: 2s }', head));
    expect(state.ending?.outputs).toEqual({ e: 'timed_out' });
  });

  it('goes on at the first of several conditions, and forgets the others', () => {
    const several = '{ any: { reply: { topic: mail.reported.v1 }, other: { topic: b.c.v1 }, late: { for: 1h } } }';
    const { state, commands } = simulate(plan(several), { inject: { 2: event({ n: 1 }, 'other') } });
    expect(state.ending?.outputs).toEqual({ w: { first: 'other', event: { n: 1 } }, status: 'succeeded' });
    const removed = commands.filter(({ kind }) => kind === 'unsubscribe' || kind === 'clear_timer');
    expect(removed).toEqual([
      { kind: 'clear_timer', address: 'w', timer: 'wait' },
      { kind: 'unsubscribe', address: 'w', name: 'reply' },
      { kind: 'unsubscribe', address: 'w', name: 'other' },
    ]);
    expect(simulate(plan(several)).state.ending?.outputs).toMatchObject({ w: { first: 'late' } });
  });

  it('removes its timer and subscriptions when it is cancelled or runs out of time', () => {
    const several = '{ any: { reply: { topic: mail.reported.v1 }, late: { for: 1h } } }';
    const cancel: Happening = { kind: 'cancel', principal: 'user:ada', reason: 'enough' };
    for (const [happening, more] of [
      [cancel, ''],
      [{ kind: 'timer_due', address: 'w', timer: 'timeout' } as const, ', timeout: 1s'],
    ] as const) {
      const { commands, state } = simulate(plan(several, '', more), { inject: { 2: happening }, stopAfter: 2 });
      expect(commands.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['unsubscribe', 'clear_timer']));
      expect([state.phase, state.open.size]).toEqual(['ended', 0]);
    }
  });

  it('looks events up again after a crash', () => {
    const condition = plan('{ topic: mail.reported.v1 }');
    const before = simulate(condition, { stopAfter: 1 });
    const { commands } = simulate(condition, { from: before.state, stopAfter: 1 });
    expect(commands).toMatchObject([{ kind: 'catch_up', address: 'w', topic: 'mail.reported.v1', since: 1_000 }]);
  });
});
