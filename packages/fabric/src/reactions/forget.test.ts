import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, type Rig, reactionText } from './testing/rig.ts';

const KEYED = 'idempotency: { key: event.what, ttl: 7d }\n';
const outcomes = async (rig: Rig) => (await rig.outcomes()).map(({ outcome }) => outcome);

async function keyed(more = '', trusting = {}): Promise<Rig> {
  const rig = await createRig(createMemoryStore(), { trusting });
  await rig.publish(reactionText(KEYED + more));
  return rig;
}

describe('a key whose event turned out to be wrong', () => {
  it('is acted on again when it is said again', async () => {
    const rig = await keyed();
    const wrong = await rig.announce({ what: 'x' });
    await rig.give(wrong);
    await rig.give({ what: 'x' });
    expect(await outcomes(rig)).toEqual(['duplicate']);
    expect(await rig.reactions.forget({ events: [wrong.id], runs: [] })).toBe(1);
    await rig.give({ what: 'x' });
    expect(rig.sent).toHaveLength(2);
    await rig.give({ what: 'x' });
    expect(await outcomes(rig)).toEqual(['duplicate', 'duplicate']);
  });

  it('is acted on again by a process that did not take it back itself', async () => {
    const rig = await keyed();
    const wrong = await rig.announce({ what: 'x' });
    await rig.give(wrong, { what: 'x' });
    const other = await rig.again();
    await other.reactions.forget({ events: [wrong.id], runs: [] });
    await rig.give({ what: 'x' });
    expect(rig.sent).toHaveLength(2);
  });

  it('stays as it is where another event was acted on since, and when that is repeated', async () => {
    const rig = await keyed();
    const wrong = await rig.announce({ what: 'x' });
    await rig.give(wrong);
    await rig.reactions.forget({ events: [wrong.id], runs: [] });
    await rig.give({ what: 'x' });
    expect(await rig.reactions.forget({ events: [wrong.id], runs: [] })).toBe(0);
    await rig.give({ what: 'x' });
    expect(rig.sent).toHaveLength(2);
  });

  it('does not start the wrong event itself again when that comes once more', async () => {
    const rig = await keyed();
    const wrong = await rig.announce({ what: 'x' });
    await rig.give(wrong);
    await rig.reactions.forget({ events: [wrong.id], runs: [] });
    await rig.give(wrong);
    expect(rig.sent).toHaveLength(1);
    await rig.give({ what: 'x' });
    expect(rig.sent).toHaveLength(2);
  });

  it('is free again too when only the run of one reaction is taken back; those of others are not', async () => {
    const rig = await keyed();
    await rig.publish(reactionText(KEYED, '', 'other'));
    await rig.give({ what: 'x' });
    const [run] = await rig.runs();
    expect(await rig.reactions.forget({ events: [], runs: [run?.id ?? ''] })).toBe(1);
    await rig.give({ what: 'x' });
    expect(await rig.runs()).toHaveLength(2);
    expect(await rig.runs('other')).toHaveLength(1);
  });

  it('no longer counts its publisher among the sources', async () => {
    const rig = await keyed('subscribe: { topic: seen.v1, trust: { publishers: [a, b, c], sources: 2 } }\n', {
      ...{ a: ['>'], b: ['>'], c: ['>'] },
    });
    const from = (participant: string) => rig.announce({ what: 'x' }, { participant });
    const wrong = await from('a');
    await rig.give(wrong);
    expect(await rig.reactions.forget({ events: [wrong.id], runs: [] })).toBe(1);
    await rig.give(await from('b'));
    expect(rig.sent).toEqual([]);
    const confirmed = await from('c');
    await rig.give(confirmed);
    expect(rig.sent).toHaveLength(1);
    // What b said still stands; c has to be told by another.
    await rig.reactions.forget({ events: [confirmed.id], runs: [] });
    await rig.give(await from('b'));
    expect(rig.sent).toHaveLength(1);
    await rig.give(await from('a'));
    expect(rig.sent).toHaveLength(2);
  });
});
