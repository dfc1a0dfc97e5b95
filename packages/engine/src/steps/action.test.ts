import { describe, expect, it } from 'vitest';
import type { Command, Settled } from '../interpreter/happening.ts';
import { planOf, playbookText } from '../testing/rig.ts';
import { failed, simulate } from '../testing/simulate.ts';

const step = (more: string) =>
  planOf(
    playbookText(
      `  - { id: a, action: fake.block, with: { ip: "\${{ inputs.ip }}" }${more} }`,
      'inputs: { ip: { type: string } }',
    ),
  );
const inputs = { ip: '192.0.2.1' };
const timers = (commands: readonly Command[]) =>
  commands.flatMap((one) => (one.kind === 'set_timer' && one.timer === 'retry' ? [one.due] : []));
const success: Settled = { status: 'succeeded', output: { ok: true } };

/** Answers one after the other; the last again and again. */
function script(...answers: Settled[]) {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)] as Settled;
}

describe('action: retry', () => {
  const retry = ', retry: { attempts: 4, delay: 2s, backoff: 2, on: [rate_limited, unavailable] }';

  it('tries again with growing delays, with the same frozen input, and succeeds', () => {
    const answer = script(failed('unavailable'), failed('rate_limited'), success);
    const { state, performed, commands, entries } = simulate(step(retry), { inputs, answer });
    expect(performed).toEqual(['a#1', 'a#2', 'a#3']);
    // Decided at 2,000 and at 4,000 (the simulation's clock moves on a second with each decision).
    expect(timers(commands)).toEqual([2_000 + 2_000, 4_000 + 4_000]);
    const started = entries.flatMap((one) => (one.kind === 'step_started' ? [one.data] : []));
    expect(started.map(({ input }) => input)).toEqual([inputs, inputs, inputs]);
    expect(state.root.outputs.a).toEqual({ ok: true });
  });

  it('waits at least as long as the other side asks for', () => {
    const answer = script(failed('rate_limited', { retryAfter: 60_000 }), success);
    expect(timers(simulate(step(retry), { inputs, answer }).commands)).toEqual([62_000]);
  });

  it('gives up after the last attempt, and with an error that is not named', () => {
    expect(simulate(step(retry), { inputs, answer: script(failed('unavailable')) }).performed).toHaveLength(4);
    const once = simulate(step(retry), { inputs, answer: script(failed('not_found', { retryable: true })) });
    expect(once.performed).toHaveLength(1);
  });

  it('never sends again what may have been carried out, even when its error is named', () => {
    const lost = failed('unavailable', { performed: 'maybe', retryable: false });
    expect(simulate(step(retry), { inputs, answer: script(lost) }).performed).toEqual(['a#1']);
  });

  it('without names tries every retryable error again', () => {
    const plain = ', retry: { attempts: 3, delay: 1s }';
    const tries = (retryable: boolean) =>
      simulate(step(plain), { inputs, answer: script(failed('conflict', { retryable })) }).performed.length;
    expect([tries(true), tries(false)]).toEqual([3, 1]);
  });
});

describe('action: unknown outcomes', () => {
  const unknown = (asked: boolean): Settled => ({ status: 'unknown', error: failedError, asked });
  const failedError = { code: 'connector.timeout', name: 'timeout', message: 'no answer', step: 'a' };
  const retry = ', retry: { attempts: 4, delay: 2s }';

  it('asks what happened, and never sends again by itself', () => {
    const { performed, commands, state } = simulate(step(retry), {
      inputs,
      answer: script(unknown(false), unknown(true)),
    });
    expect(performed).toEqual(['a#1']);
    expect(commands.filter((one) => one.kind === 'reconcile')).toHaveLength(1);
    expect(state.phase).toBe('main');
    expect(state.open.get('a')).toMatchObject({ status: 'unknown', asked: true });
  });

  it('goes on when asking tells that it happened, and tries again when it surely did not', () => {
    const happened = simulate(step(retry), { inputs, answer: script(unknown(false), success) });
    expect(happened.performed).toEqual(['a#1']);
    expect(happened.state.ending?.status).toBe('succeeded');
    const not = failed('unavailable', { retryable: true });
    const again = simulate(step(retry), { inputs, answer: script(unknown(false), not, success) });
    expect(again.performed).toEqual(['a#1', 'a#2']);
  });

  it('lets a person say what happened, once', () => {
    const say = (happened: boolean) =>
      simulate(step(retry), {
        inputs,
        answer: script(unknown(false), unknown(true), success),
        inject: {
          4: { kind: 'resolved', address: 'a', happened, output: { by: 'hand' } },
          5: { kind: 'resolved', address: 'a', happened: !happened, output: { by: 'another hand' } },
        },
      });
    expect(say(true).state.root.outputs.a).toEqual({ by: 'hand' });
    expect(say(true).performed).toEqual(['a#1']);
    expect(say(false).performed).toEqual(['a#1', 'a#2']);
    expect(say(false).state.ending?.status).toBe('succeeded');
  });
});

describe('action: recheck, time-out, asynchronous completion', () => {
  it('skips the step when what it relied on no longer holds', () => {
    const { state, performed } = simulate(step(', recheck: inputs.ip != "192.0.2.1"'), { inputs });
    expect(performed).toEqual([]);
    expect(state.root.outcomes.a).toEqual({ status: 'skipped' });
  });

  it('rechecks before every attempt', () => {
    const plan = step(', recheck: now() < 3500, retry: { attempts: 3, delay: 1s }');
    const { state, performed } = simulate(plan, { inputs, answer: script(failed('unavailable', { retryable: true })) });
    expect(performed).toEqual(['a#1', 'a#2']);
    expect(state.root.outcomes.a?.status).toBe('skipped');
  });

  it('asks after asynchronous work until it is done', () => {
    const pending: Settled = { status: 'pending', poll: { job: 7 }, due: 5_000 };
    const { commands, state, performed } = simulate(step(''), { inputs, answer: script(pending, pending, success) });
    expect(performed).toEqual(['a#1']);
    const polls = commands.flatMap((one) => (one.kind === 'poll' ? [one.poll] : []));
    expect(polls).toEqual([{ job: 7 }, { job: 7 }]);
    expect(state.root.outcomes.a?.status).toBe('succeeded');
  });

  it('lets the answer of a call decide after its time is up, and does not try again', () => {
    const inject = { 2: { kind: 'timer_due', address: 'a', timer: 'timeout' } } as const;
    const answer = script(failed('timeout', { retryable: true }));
    const plan = step(', timeout: 5s, retry: { attempts: 9, delay: 1s }');
    const { performed, commands, state } = simulate(plan, { inputs, answer, inject });
    expect(performed).toEqual(['a#1']);
    expect(commands.some((one) => one.kind === 'abort')).toBe(true);
    expect(state.ending?.error?.name).toBe('timeout');
  });

  it('fails a step that waits for its next attempt when its time is up', () => {
    const inject = { 3: { kind: 'timer_due', address: 'a', timer: 'timeout' } } as const;
    const answer = script(failed('unavailable', { retryable: true }));
    const { state, performed } = simulate(step(', timeout: 5s, retry: { attempts: 9, delay: 1s }'), {
      inputs,
      answer,
      inject,
    });
    expect(performed).toEqual(['a#1']);
    expect(state.ending?.error).toMatchObject({ code: 'engine.timeout', step: 'a' });
  });
});
