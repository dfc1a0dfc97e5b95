import { ConnectorError } from '@counterpoint/connector-kit';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { connectionRow, createWorld, drain } from './testing/world.ts';

const SECRET = 'canary/secret+value=1';
const world = () => createWorld(createMemoryStore());

describe('calling an action', () => {
  it('resolves the only enabled connection, else names what there is', async () => {
    const one = await world();
    await one.store.commit({ rows: [{ op: 'insert', table: 'connections', row: connectionRow({ id: 'fw2' }) }] });
    expect(await one.perform()).toMatchObject({
      status: 'failed',
      error: { code: 'actions.several_connections', message: expect.stringContaining('fw1, fw2') },
    });
    expect(await one.perform({ connection: 'fw2' })).toMatchObject({ status: 'succeeded' });
    expect(await one.perform({ connection: 'fw9' })).toMatchObject({ error: { code: 'actions.connection_unknown' } });
    for (const id of ['fw1', 'fw2']) {
      await one.store.commit({
        rows: [{ op: 'put', table: 'connections', row: connectionRow({ id, enabled: false }) }],
      });
    }
    expect(await one.perform({ connection: 'fw2' })).toMatchObject({ error: { code: 'actions.connection_disabled' } });
    expect(await one.perform()).toMatchObject({ error: { code: 'actions.no_connection' } });
  });

  it('takes a real connection before those of the lab', async () => {
    const one = await world();
    const lab = connectionRow({ id: 'fw1', simulated: true });
    const real = connectionRow({ id: 'fw2', simulated: false });
    await one.store.commit({
      rows: [
        { op: 'put', table: 'connections', row: lab },
        { op: 'insert', table: 'connections', row: real },
      ],
    });
    const outcome = await one.perform();
    expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(await one.store.get('effects', outcome.effect ?? '')).toMatchObject({ connection: 'fw2' });
  });

  it('never uses the connection of another connector', async () => {
    const one = await world();
    await one.store.commit({
      rows: [{ op: 'insert', table: 'connections', row: connectionRow({ id: 'mail', connector: 'mail' }) }],
    });
    expect(await one.perform({ connection: 'mail' })).toMatchObject({ error: { code: 'actions.connection_unknown' } });
  });

  it.each(['action:contain', 'connection:use'])('needs the permission %s', async (missing) => {
    const one = await world();
    let opened = 0;
    const guarded = await createWorld(one.store, { openSecret: async () => String(++opened) });
    const permissions = new Set([...one.request().permissions].filter((permission) => permission !== missing));
    expect(await guarded.perform({ permissions })).toMatchObject({
      status: 'failed',
      performed: 'no',
      error: { code: 'actions.forbidden', message: expect.stringContaining(missing) },
    });
    expect(opened).toBe(0);
    expect(await one.rows('audit')).toMatchObject([{ action: 'action.refused' }]);
  });

  it.each([
    [{}, /required property 'ip'/],
    [{ ip: 7 }, /must be string/],
    [{ ip: '203.0.113.7', extra: 1 }, /additional properties \(extra\)/],
  ])('refuses the input %j and converts nothing', async (input, message) => {
    const one = await world();
    expect(await one.perform({ input })).toMatchObject({
      error: { code: 'actions.invalid_input', message: expect.stringMatching(message) },
    });
  });

  it('gives up after its time-out, also on a product that never answers', async () => {
    const one = await world();
    one.product.will('list', () => new Promise(() => {}));
    const outcome = one.perform({ action: 'list', input: {}, timeout: 1_000 });
    await drain();
    one.clock.advance(1_000);
    expect(await outcome).toMatchObject({ status: 'failed', retryable: true, error: { code: 'connector.timeout' } });
  });

  it('is not sent when it is given up before', async () => {
    const one = await world();
    const aborted = AbortSignal.abort();
    const outcome = await one.door.perform(one.request(), aborted);
    expect(outcome).toMatchObject({ status: 'failed', performed: 'no' });
    expect(one.product.blocked.size).toBe(0);
  });

  it.each(['block', 'list'])('is not sent when somebody else has the work by then: %s', async (action) => {
    const one = await world();
    const row = connectionRow({ secrets: { token: 's1' } });
    await one.store.commit({ rows: [{ op: 'put', table: 'connections', row }] });
    let mine = true;
    const slow = await createWorld(one.store, {
      openSecret: async () => {
        mine = false;
        return SECRET;
      },
    });
    const seen: string[] = [];
    slow.product.will(action, () => {
      seen.push(action);
      return {};
    });
    const admission = await slow.door.admit(slow.request(action === 'list' ? { action, input: {} } : {}));
    if (admission.kind !== 'send') throw new Error('it is not to be sent');
    await one.store.commit(admission.change);
    const outcome = await admission.send(new AbortController().signal, () => mine);
    expect(outcome).toMatchObject({ status: 'failed', performed: 'no', error: { code: 'connector.unavailable' } });
    expect(seen).toEqual([]);
  });

  it('records an answer of the wrong form, and does not pass it on', async () => {
    const one = await world();
    one.product.will('ticket', () => ({ number: 'seven' }));
    const outcome = await one.perform({ action: 'ticket', input: { text: 'x' } });
    expect(outcome).toMatchObject({ status: 'unknown', error: { details: { code: 'connector.bad_response' } } });
    expect(await one.rows('effects')).toMatchObject([{ state: 'unknown', receipt: { number: 'seven' } }]);
  });

  it('refuses an answer beyond the limit', async () => {
    const one = await world();
    const small = { ...one.context, limits: { ...one.context.limits, outputBytes: 100 } };
    const { createDoor } = await import('./create-door.ts');
    one.product.will('list', () => ({ ips: ['x'.repeat(200)] }));
    const outcome = await createDoor(small).perform(
      one.request({ action: 'list', input: {} }),
      new AbortController().signal,
    );
    expect(outcome).toMatchObject({
      error: { code: 'connector.bad_response', message: expect.stringContaining('larger than 100') },
    });
  });

  it('takes a defect of a connector for a lost answer', async () => {
    const one = await world();
    one.product.will('ticket', () => {
      throw new TypeError('x is undefined');
    });
    expect(await one.perform({ action: 'ticket', input: { text: 'x' } })).toMatchObject({ status: 'unknown' });
  });
});

describe('secrets', () => {
  const withSecret = async () => {
    const store = createMemoryStore();
    await store.commit({
      rows: [{ op: 'insert', table: 'connections', row: connectionRow({ secrets: { token: 's1' } }) }],
    });
    const purposes: string[] = [];
    const one = await createWorld(store, {
      openSecret: async (id, purpose) => {
        purposes.push(`${id}: ${purpose}`);
        return SECRET;
      },
    });
    return { one, purposes };
  };

  it('are opened for the call only, with its purpose', async () => {
    const { one, purposes } = await withSecret();
    let seen: unknown;
    one.product.will('block', (call) => {
      seen = call.connection.secrets;
      return { rule: 'r' };
    });
    await one.perform();
    expect(seen).toEqual({ token: SECRET });
    expect(purposes).toEqual(['s1: firewall.list through fw1', 's1: firewall.block through fw1']);
  });

  it('are in no output, error, ledger row or audit entry, in whatever encoding', async () => {
    const { one } = await withSecret();
    const forms = [
      SECRET,
      encodeURIComponent(SECRET),
      Buffer.from(SECRET).toString('base64'),
      Buffer.from(SECRET).toString('hex'),
    ];
    const outcomes: unknown[] = [];
    for (const [index, form] of forms.entries()) {
      const ip = `203.0.113.${index}`;
      one.product.will('block', () => ({ rule: form, [form]: form }));
      outcomes.push(await one.perform({ input: { ip } }));
      one.product.will('ticket', () => {
        const cause = new Error(`socket said ${form}`);
        throw new ConnectorError(
          'forbidden',
          { connector: 'Firewall', reason: form },
          { performed: 'no', cause, details: { form } },
        );
      });
      const refused = await one.perform({ action: 'ticket', input: { text: 'x' } });
      const error = (refused as { error: Error }).error;
      outcomes.push([error.message, error.stack, String(error.cause), (error as { details?: unknown }).details]);
    }
    const everything = JSON.stringify([outcomes, await one.rows('effects'), await one.rows('audit')]);
    for (const form of forms) expect(everything).not.toContain(form);
    expect(everything).toContain('[redacted]');
  });

  it('that cannot be opened end the call before it is sent', async () => {
    const { one } = await withSecret();
    const locked = await createWorld(one.store);
    expect(await locked.perform()).toMatchObject({ status: 'failed', performed: 'no' });
    expect(locked.product.calls).toEqual([]);
    expect(await locked.rows('effects')).toMatchObject([{ state: 'failed' }]);
  });
});
