import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import type { ActionOutcome, ActionRequest } from '../door.ts';
import { resolveUnknown } from '../resolve-unknown.ts';
import { createWorld, lostAnswer, vendorError, type World } from '../testing/world.ts';

const signal = new AbortController().signal;
const world = () => createWorld(createMemoryStore());
const ofRun = (one: World, patch: Partial<ActionRequest> = {}) =>
  one.request({ run: 'r1', address: 'block', key: 'k1', holder: 'run:r1/block', ...patch });

/** What the engine does: admit, commit, send, commit. */
async function attempt(one: World, request: ActionRequest): Promise<ActionOutcome> {
  const admission = await one.door.admit(request);
  if (admission.kind === 'settled') {
    await one.store.commit(admission.outcome.change);
    return admission.outcome;
  }
  await one.store.commit(admission.change);
  const outcome = await admission.send(signal);
  await one.store.commit(outcome.change);
  return outcome;
}

async function effect(one: World) {
  const rows = (await one.rows('effects')).filter((row) => row.undo_of === '');
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

describe('one key, one effect', () => {
  it('performs once and gives the receipt again', async () => {
    const one = await world();
    const request = ofRun(one);
    const first = await attempt(one, request);
    const second = await attempt(one, { ...request, now: one.clock.now() + 5 });
    expect(second).toMatchObject({ status: 'succeeded', output: (first as { output: object }).output });
    expect(one.product.calls).toEqual(['list', 'block 203.0.113.7 none']);
  });

  it('refuses the key for other arguments', async () => {
    const one = await world();
    await attempt(one, ofRun(one));
    expect(await attempt(one, ofRun(one, { input: { ip: '203.0.113.8' } }))).toMatchObject({
      status: 'failed',
      error: { code: 'actions.key_reused' },
    });
  });

  it('refuses a second request while the first is being sent for a person', async () => {
    const one = await world();
    const request = one.request({ action: 'ticket', input: { text: 'x' }, lease: undefined });
    const admission = await one.door.admit(request);
    if (admission.kind !== 'send') throw new Error('not admitted');
    await one.store.commit(admission.change);
    expect(await attempt(one, request)).toMatchObject({ error: { code: 'actions.in_progress', retryable: true } });
  });

  it('tries again under the same effect after a failure that did not happen', async () => {
    const one = await world();
    one.product.will('block', vendorError('unavailable', 'no'));
    const request = ofRun(one);
    expect(await attempt(one, request)).toMatchObject({ status: 'failed', retryable: true, performed: 'no' });
    expect(await effect(one)).toMatchObject({ state: 'failed', attempts: 1 });
    expect(await one.rows('claims')).toMatchObject([{ ended_at: expect.any(Number) }]);
    expect(await attempt(one, request)).toMatchObject({ status: 'succeeded' });
    expect(await effect(one)).toMatchObject({ state: 'performed', attempts: 2, ended_at: null, error: null });
    expect(await one.rows('claims')).toMatchObject([{ ended_at: null }]);
  });

  it('is not fooled by its own first attempt into taking the state for older than itself', async () => {
    const one = await world();
    one.product.will('block', lostAnswer(one.product, 'block'));
    one.product.will('list', () => ({ ips: [] }), vendorError('unavailable', 'no'));
    const request = ofRun(one);
    expect(await attempt(one, request)).toMatchObject({ status: 'failed', retryable: true, performed: 'maybe' });
    expect(await effect(one)).toMatchObject({ state: 'unknown' });
    expect(await attempt(one, request)).toMatchObject({ status: 'succeeded', output: { already: true } });
    expect(await effect(one)).toMatchObject({ state: 'performed', preexisting: false });
  });

  it('remembers through a refused attempt that an earlier one may have happened', async () => {
    const one = await world();
    one.product.will('block', lostAnswer(one.product, 'block'), vendorError('unavailable', 'no'));
    one.product.will('list', () => ({ ips: [] }), vendorError('unavailable', 'no'), vendorError('unavailable', 'no'));
    const request = ofRun(one);
    await attempt(one, request);
    await attempt(one, request);
    expect(await effect(one)).toMatchObject({ state: 'unknown', error: { performed: 'maybe' } });
    await attempt(one, request);
    expect(await effect(one)).toMatchObject({ state: 'performed', preexisting: false });
  });

  it('records what was so before', async () => {
    const one = await world();
    one.product.blocked.add('203.0.113.7');
    await attempt(one, ofRun(one));
    expect(await effect(one)).toMatchObject({ state: 'performed', preexisting: true });
  });
});

describe('an answer that never came', () => {
  const ticket = (one: World) => ofRun(one, { action: 'ticket', input: { text: 'x' }, lease: undefined });

  it('leaves a non-idempotent action unknown, and it is never sent again by itself', async () => {
    const one = await world();
    one.product.will('ticket', vendorError('timeout', 'maybe'));
    expect(await attempt(one, ticket(one))).toMatchObject({
      status: 'unknown',
      error: { code: 'actions.outcome_unknown' },
    });
    expect(await attempt(one, ticket(one))).toMatchObject({ status: 'unknown' });
    expect(await one.door.reconcile(ticket(one), signal)).toMatchObject({ status: 'unknown' });
    expect(one.product.calls).toEqual(['ticket x']);
  });

  it('of an action that may be repeated has succeeded when the product says at once that it is in force', async () => {
    const one = await world();
    one.product.will('block', lostAnswer(one.product, 'block'));
    expect(await attempt(one, ofRun(one))).toMatchObject({ status: 'succeeded' });
    expect(await effect(one)).toMatchObject({ state: 'performed', inverse: { action: 'unblock' }, preexisting: false });
    expect(one.product.calls).toEqual(['list', 'block 203.0.113.7 none', 'list']);
  });

  it('of an action that may be repeated may still arrive, though the product says that it is not in force yet', async () => {
    const one = await world();
    one.product.will('block', vendorError('timeout', 'maybe'));
    const request = ofRun(one);
    expect(await attempt(one, request)).toMatchObject({ status: 'failed', retryable: true, performed: 'maybe' });
    expect(await effect(one)).toMatchObject({ state: 'unknown', wake_at: one.clock.now() + 30_000 });
    expect(await attempt(one, request)).toMatchObject({ status: 'succeeded' });
  });

  it('is settled by a person, once', async () => {
    const one = await world();
    one.product.will('ticket', vendorError('timeout', 'maybe'));
    await attempt(one, ticket(one));
    const { id } = await effect(one);
    const causality = { principal: 'user:bob', trace: '', cause: '', hop: 0 };
    await expect(
      resolveUnknown(one.context, { effect: id, happened: true, output: { number: 'x' }, causality }),
    ).rejects.toMatchObject({ code: 'actions.invalid_input' });
    await one.store.commit(
      await resolveUnknown(one.context, { effect: id, happened: true, output: { number: 7 }, causality }),
    );
    expect(await attempt(one, ticket(one))).toMatchObject({ status: 'succeeded', output: { number: 7 } });
    await expect(resolveUnknown(one.context, { effect: id, happened: false, causality })).rejects.toMatchObject({
      code: 'actions.not_unknown',
    });
    expect((await one.rows('audit')).at(-1)).toMatchObject({ action: 'effect.resolved', principal: 'user:bob' });
  });

  it('is admitted again when a person says that it did not happen', async () => {
    const one = await world();
    one.product.will('ticket', vendorError('timeout', 'maybe'));
    await attempt(one, ticket(one));
    const causality = { principal: 'user:bob', trace: '', cause: '', hop: 0 };
    await one.store.commit(
      await resolveUnknown(one.context, { effect: (await effect(one)).id, happened: false, causality }),
    );
    expect(await attempt(one, ticket(one))).toMatchObject({ status: 'succeeded' });
  });

  it.each([
    ['happened', true, 'succeeded', 'performed'],
    ['did not happen', false, 'failed', 'failed'],
  ])('is read back: it %s', async (_what, happened, status, state) => {
    const one = await world();
    const isolate = ofRun(one, { action: 'isolate', input: { host: 'web7' } });
    one.product.will('isolate', happened ? lostAnswer(one.product, 'isolate') : vendorError('timeout', 'maybe'));
    expect(await attempt(one, isolate)).toMatchObject({ status: 'unknown' });
    const outcome = await one.door.reconcile(isolate, signal);
    expect(outcome).toMatchObject(status === 'failed' ? { status, performed: 'no', retryable: true } : { status });
    await one.store.commit(outcome.change);
    expect(await effect(one)).toMatchObject({ state });
  });

  it('stays unknown while the product cannot be asked, or answers what cannot be read', async () => {
    const one = await world();
    const isolate = ofRun(one, { action: 'isolate', input: { host: 'web7' } });
    one.product.will('isolate', vendorError('timeout', 'maybe'));
    await attempt(one, isolate);
    one.product.will('list', vendorError('unavailable', 'no'), () => ({ ips: 'many' }));
    expect(await one.door.reconcile(isolate, signal)).toMatchObject({ status: 'unknown' });
    expect(await one.door.reconcile(isolate, signal)).toMatchObject({
      status: expect.stringMatching(/failed|unknown/),
    });
  });
});

describe('reconciling after a crash', () => {
  it('lets what never reached the ledger be admitted', async () => {
    const one = await world();
    expect(await one.door.reconcile(ofRun(one), signal)).toMatchObject({
      status: 'failed',
      performed: 'no',
      retryable: true,
    });
  });

  it('finds what was sent before the crash', async () => {
    const one = await world();
    const admission = await one.door.admit(ofRun(one));
    if (admission.kind !== 'send') throw new Error('not admitted');
    await one.store.commit(admission.change);
    await admission.send(signal);
    const next = await createWorld(one.store, {
      firewall: { product: one.product, connector: one.context.connectors.get('firewall')! },
    });
    const outcome = await next.door.reconcile(ofRun(next), signal);
    expect(outcome).toMatchObject({ status: 'succeeded' });
    await next.store.commit(outcome.change);
    expect(await effect(next)).toMatchObject({ state: 'performed', inverse: { with: { ip: '203.0.113.7' } } });
  });

  it('sends an idempotent action again that cannot be read back, as its own', async () => {
    const one = await world();
    const request = ofRun(one, { action: 'block_for' });
    const admission = await one.door.admit(request);
    if (admission.kind !== 'send') throw new Error('not admitted');
    await one.store.commit(admission.change);
    await admission.send(signal);
    const outcome = await one.door.reconcile(request, signal);
    expect(outcome).toMatchObject({ status: 'failed', performed: 'no', retryable: true });
    await one.store.commit(outcome.change);
    expect(await attempt(one, request)).toMatchObject({ status: 'succeeded' });
    expect(await effect(one)).toMatchObject({ state: 'performed', attempts: 2 });
  });

  it('knows what ended before the crash', async () => {
    const one = await world();
    await attempt(one, ofRun(one));
    expect(await one.door.reconcile(ofRun(one), signal)).toMatchObject({ status: 'succeeded' });
  });

  it('lets reads and our own records be repeated', async () => {
    const one = await world();
    for (const patch of [
      { action: 'list', input: {} },
      { connector: 'util', action: 'hash', input: { text: 'x' } },
    ]) {
      expect(await one.door.reconcile(ofRun(one, patch), signal)).toMatchObject({
        status: 'failed',
        retryable: true,
        performed: 'no',
      });
    }
  });
});

describe('asynchronous actions', () => {
  const scan = (one: World) => ofRun(one, { action: 'scan', input: { ip: '203.0.113.7' }, lease: undefined });

  async function begun(one: World) {
    const pending = await attempt(one, scan(one));
    if (pending.status !== 'pending') throw new Error('not pending');
    return pending;
  }
  async function poll(one: World, pending: { poll: object }): Promise<ActionOutcome> {
    const outcome = await one.door.poll(scan(one), pending.poll as never, signal);
    await one.store.commit(outcome.change);
    return outcome;
  }

  it('are polled until they are done', async () => {
    const one = await world();
    const pending = await begun(one);
    expect(pending).toMatchObject({ at: one.clock.now() + 5_000, poll: { output: { job: 'j1' } } });
    one.product.will(
      'scan_state',
      () => ({ state: 'running' }),
      vendorError('unavailable', 'no'),
      () => ({ state: 'done', open: 3 }),
    );
    expect(await poll(one, pending)).toMatchObject({ status: 'pending' });
    expect(await poll(one, pending)).toMatchObject({ status: 'pending' });
    expect(await poll(one, pending)).toMatchObject({ status: 'succeeded', output: { open: 3 } });
    expect(await effect(one)).toMatchObject({ state: 'performed', receipt: { open: 3 } });
    expect(await poll(one, pending)).toMatchObject({ status: 'succeeded', output: { open: 3 } });
    expect(one.product.calls.at(-1)).toBe('scan_state j1');
  });

  it('fail when the product says so', async () => {
    const one = await world();
    const pending = await begun(one);
    one.product.will('scan_state', () => ({ state: 'broken' }));
    expect(await poll(one, pending)).toMatchObject({ status: 'failed', error: { code: 'actions.completion_failed' } });
    expect(await effect(one)).toMatchObject({ state: 'failed' });
  });

  it('are given up after their time', async () => {
    const one = await world();
    const pending = await begun(one);
    one.clock.advance(60_001);
    one.product.will('scan_state', () => ({ state: 'running' }));
    expect(await poll(one, pending)).toMatchObject({ status: 'failed', error: { code: 'connector.timeout' } });
    expect(await effect(one)).toMatchObject({ state: 'unknown' });
  });

  it('are pending again under the same key', async () => {
    const one = await world();
    await begun(one);
    expect(await attempt(one, scan(one))).toMatchObject({ status: 'pending', poll: { output: { job: 'j1' } } });
    expect(one.product.calls).toEqual(['scan 203.0.113.7']);
  });
});
