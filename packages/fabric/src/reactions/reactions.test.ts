import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, reactionText } from './testing/rig.ts';

const told = (rows: readonly { outcome: string; reason: string }[]) =>
  rows.map(({ outcome, reason }) => (reason === '' ? outcome : `${outcome}/${reason}`));

describe('a reaction in mode act', () => {
  it('starts a run with the event, its subject and its trace, and acts', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText());
    const event = await rig.announce({ what: 'x' }, { subject: 'host:1', hop: 3 });
    await rig.give(event);
    expect(await rig.runs()).toMatchObject([
      {
        playbook: 'r',
        status: 'succeeded',
        principal: 'reaction:r',
        trace: event.trace,
        cause: `event:${event.id}`,
        hop: 3,
        ask: false,
        inputs: { event_id: event.id, subject: 'host:1', participant: 'server' },
      },
    ]);
    expect(rig.sent).toMatchObject([{ action: 'note', input: { what: 'x' }, ask: false }]);
    expect(await rig.outcomes()).toEqual([]);
  });

  it('is one run for one event, however often it comes', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText());
    const event = await rig.announce({ what: 'x' });
    await rig.give(event, event);
    await rig.give(event);
    expect(await rig.runs()).toHaveLength(1);
  });

  it('passes over what its condition does not meet, and says where that cannot be told', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText(`subscribe: { topic: seen.v1, when: 'event.what == "x"' }`));
    await rig.give({ what: 'y' }, {});
    expect(await rig.runs()).toEqual([]);
    expect(told(await rig.outcomes())).toEqual(['refused/condition_failed']);
  });

  it('is simulated when the event says so of itself or of what it is about', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText());
    await rig.give({ what: 'a', simulated: true });
    await rig.give({ what: 'b', alert: { simulated: true } });
    await rig.give({ what: 'c' });
    expect((await rig.runs()).map(({ simulated }) => simulated)).toEqual([true, true, false]);
  });

  it('publishes with the subject of the event, and tells what failed', async () => {
    const rig = await createRig(createMemoryStore());
    const tail = `publish: { topic: noted.v1, data: { what: "\${{ event.what }}" } }\non_error: { publish: control.failed.v1 }\n`;
    await rig.publish(reactionText('', tail));
    const broken = `do: [{ id: a, fail: no luck }]\n`;
    await rig.publish(reactionText('', `${broken}on_error: { publish: control.failed.v1 }\n`, 'broken'));
    const event = await rig.announce({ what: 'x' }, { subject: 'host:1' });
    await rig.give(event);
    const events = (await rig.store.find('outbox', {})).map(({ envelope }) => envelope);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'noted.v1', subject: 'host:1', data: { what: 'x' }, hop: 2, trace: event.trace }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'control.failed.v1',
        subject: 'host:1',
        data: { reason: 'no luck', code: 'engine.failed_by_playbook', step: 'a', event: event.id, reaction: 'broken' },
      }),
    );
  });

  it('is not a trigger', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText());
    expect(await rig.engine.handleEvent(await rig.announce({ what: 'x' }))).toEqual([]);
  });
});

describe('a reaction in mode ask', () => {
  it('starts a run whose effects wait for people', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText('mode: ask'));
    await rig.give({ what: 'x' });
    expect(await rig.runs()).toMatchObject([{ ask: true }]);
    expect(rig.sent).toMatchObject([{ ask: true }]);
  });
});

describe('a reaction in mode observe', () => {
  const run = { status: 'succeeded', error: undefined, outputs: null, steps: [] } as const;
  const call = {
    kind: 'action',
    connector: 'fw',
    action: 'block',
    lease: null,
    guard: null,
    answer: 'example',
  } as const;
  const rest = { output: null, error: null, with: { what: 'x' } };
  const dry = {
    run,
    calls: [
      { ...call, ...rest, address: 'look', name: 'fw.look', action: 'look', effect: 'read', target: '' },
      { ...call, ...rest, address: 'block', name: 'fw.block', effect: 'contain', target: 'host:x' },
    ],
    questions: [],
    published: [],
    undone: [],
  } as const;

  it('writes down what it would do besides reading, and does not do it', async () => {
    const rig = await createRig(createMemoryStore(), { rehearse: async () => dry });
    await rig.publish(reactionText('mode: observe'));
    await rig.give({ what: 'x' });
    expect(await rig.outcomes()).toMatchObject([
      {
        outcome: 'observed',
        would: [
          { step: 'block', name: 'fw.block', connector: 'fw', action: 'block', target: 'host:x', with: { what: 'x' } },
        ],
      },
    ]);
    expect([await rig.runs(), rig.sent]).toEqual([[], []]);
  });

  it('does not keep a key from being acted on once it may act', async () => {
    const rig = await createRig(createMemoryStore(), { rehearse: async () => dry });
    const key = 'idempotency: { key: event.what, ttl: 7d }';
    await rig.publish(reactionText(`mode: observe\n${key}`));
    await rig.give({ what: 'x' }, { what: 'x' });
    expect(told(await rig.outcomes()).sort()).toEqual(['duplicate', 'observed']);
    await rig.publish(reactionText(key));
    await rig.give({ what: 'x' });
    expect(await rig.runs()).toHaveLength(1);
  });
});

describe('a hop budget', () => {
  it.each([
    ['limits: { max_hops: 2 }', 3],
    ['limits: { max_hops: 50 }', 21],
  ])('refuses what lies too far from its first cause (%s)', async (limits, hop) => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText(limits));
    await rig.give(await rig.announce({ what: 'x' }, { hop }));
    await rig.give(await rig.announce({ what: 'y' }, { hop: hop - 1 }));
    expect(told(await rig.outcomes())).toEqual(['refused/hops']);
    expect(await rig.runs()).toHaveLength(1);
  });
});

describe('trust', () => {
  const block = `do:\n  - { id: block, action: fw.block, with: { what: "\${{ event.what }}" }, lease: { for: 1h } }\n`;

  it('is asked of whoever causes containment: their own list must hold the topic', async () => {
    const rig = await createRig(createMemoryStore(), { trusting: { sandbox: ['seen.*'], intel: ['other.v1'] } });
    await rig.publish(reactionText('', block));
    await rig.publish(reactionText('', '', 'notes'));
    for (const participant of ['sandbox', 'intel', 'nobody', 'server']) {
      await rig.give(await rig.announce({ what: participant }, { participant }));
    }
    expect(rig.sent.filter(({ action }) => action === 'block').map(({ input }) => input.what)).toEqual([
      'sandbox',
      'server',
    ]);
    expect(told(await rig.outcomes())).toEqual(['refused/untrusted', 'refused/untrusted']);
    expect(await rig.runs('notes')).toHaveLength(4);
  });

  it('is what the reaction itself says, where it says so', async () => {
    const rig = await createRig(createMemoryStore(), { trusting: { intel: ['seen.v1'] } });
    await rig.publish(reactionText('subscribe: { topic: seen.v1, trust: { publishers: [sandbox] } }', block));
    await rig.give(await rig.announce({ what: 'x' }, { participant: 'sandbox' }));
    await rig.give(await rig.announce({ what: 'y' }, { participant: 'intel' }));
    expect(rig.sent.map(({ input }) => input.what)).toEqual(['x']);
    expect(told(await rig.outcomes())).toEqual(['refused/untrusted']);
  });

  it('waits for as many sources as the reaction wants', async () => {
    const rig = await createRig(createMemoryStore());
    const head = `subscribe: { topic: seen.v1, trust: { publishers: [a, b, c], sources: 2 } }\nidempotency: { key: event.what, ttl: 1h }`;
    await rig.publish(reactionText(head));
    for (const participant of ['a', 'a', 'b', 'c']) {
      await rig.give(await rig.announce({ what: 'x' }, { participant }));
    }
    expect(told(await rig.outcomes()).sort()).toEqual(['duplicate', 'unconfirmed', 'unconfirmed']);
    expect(await rig.runs()).toHaveLength(1);
  });
});

describe('an idempotency key', () => {
  const head = 'idempotency: { key: event.what, ttl: 1h }';

  it('lets one of two that race start a run', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText(head));
    await rig.give({ what: 'x' }, { what: 'x' }, { what: 'y' });
    expect((await rig.runs()).map(({ event }) => event).sort()).toEqual([{ what: 'x' }, { what: 'y' }]);
    expect(told(await rig.outcomes())).toEqual(['duplicate']);
  });

  it('is forgotten after its time, also over restarts', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText(head));
    await rig.give({ what: 'x' });
    const other = await rig.again();
    await other.give({ what: 'x' });
    expect(await rig.runs()).toHaveLength(1);
    rig.clock.advance(3_600_001);
    await other.give({ what: 'x' });
    expect(await rig.runs()).toHaveLength(2);
  });

  it('is free again when what it stood for came to nothing', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText(head, 'do: [{ id: a, fail: the product is away }]\n'));
    await rig.give({ what: 'x' });
    await rig.give({ what: 'x' });
    expect((await rig.runs()).map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(await rig.outcomes()).toEqual([]);
  });

  it('refuses what has no key', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reactionText('idempotency: { key: valid.url(event.what), ttl: 1h }'));
    await rig.give({ what: 'no address' });
    expect(told(await rig.outcomes())).toEqual(['refused/key']);
  });
});
