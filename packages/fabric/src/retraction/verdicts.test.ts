import { createDecisions, voteOn } from '@counterpoint/cases';
import type { EventEnvelope } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import type { Participant } from '../participants/participant.ts';
import { createRetractions } from './retraction.ts';
import { createRetractionWorld, type RetractionWorld } from './testing/world.ts';
import { createRevisedVerdicts, type OnRevisedVerdict, RETRACTION, type RevisedVerdicts } from './verdicts.ts';

interface Scene extends RetractionWorld {
  readonly verdicts: RevisedVerdicts;
  readonly verdict: string;
  /** Whether everybody who reacts has dealt with everything. */
  readonly settled: { now: boolean };
  revise(participant: string, revises?: string, reason?: string): Promise<EventEnvelope>;
  audited(): Promise<string[]>;
}

async function scene(mode: OnRevisedVerdict, trust: readonly string[] = []): Promise<Scene> {
  const world = await createRetractionWorld(createMemoryStore());
  const { store, clock, context } = world;
  const engine = { cancel: async () => {} };
  const settled = { now: true };
  const nothing = { discard: async () => {}, forget: async () => 0 };
  const retractions = createRetractions({ ...{ context, engine }, ...nothing, caughtUp: async () => settled.now });
  const participants = { get: () => ({ trust }) as unknown as Participant };
  const { id: verdict } = await world.event('verdict.ip.v1', 'sandbox', { ip: '203.0.113.7' });
  await world.block('203.0.113.7', `event:${verdict}`);
  const user = { id: 'ada', name: 'ada', role: 'analyst', password_hash: '', disabled: false, created_at: 1, rev: 1 };
  await store.commit({ rows: [{ op: 'insert', table: 'users', row: user }] });
  return {
    ...world,
    settled,
    verdict,
    verdicts: createRevisedVerdicts({ store, context, clock, participants, retractions, mode }),
    revise: (participant, revises = verdict, reason = 'a false alarm') =>
      world.event('verdict.revised.v1', participant, { revises, verdict: 'benign', reason }),
    audited: async () => (await store.find('audit', {})).map(({ action }) => action).filter((one) => /^retr/.test(one)),
  };
}

async function answer({ store, clock, verdicts }: Scene, decision: 'retract' | 'keep'): Promise<void> {
  const [item] = await store.find('inbox_items', {});
  const ballot = { vote: 'answer', reason: 'looked', form: { decision }, shown: '', to: '' } as const;
  await voteOn(store, item?.id ?? '', { ref: 'user:ada', userId: 'ada' }, ballot, clock);
  const decisions = createDecisions(store, new Map([[RETRACTION, verdicts.decided]]));
  const rows = await store.find('outbox', { where: { topic: 'inbox.changed.v1' } });
  for (const { envelope } of rows) await decisions.handle(envelope as unknown as EventEnvelope);
}

describe('a revised verdict', () => {
  it('is offered to people once, with everything that would be undone', async () => {
    const one = await scene('offer');
    const revision = await one.revise('sandbox');
    await one.verdicts.handle(revision);
    await one.verdicts.handle(revision);
    const items = await one.store.find('inbox_items', {});
    expect(items).toMatchObject([{ kind: 'question', run: '', about: `retraction:${one.verdict}` }]);
    expect(items[0]?.text).toContain('sandbox revised its verdict');
    expect(items[0]?.text).toContain('1 change would be undone:\n- Block: 203.0.113.7 on FW');
    expect([...one.blocked]).toEqual(['203.0.113.7']);
  });

  it('is taken up again later while those who react are behind it', async () => {
    const one = await scene('retract');
    const revision = await one.revise('sandbox');
    one.settled.now = false;
    await expect(one.verdicts.handle(revision)).rejects.toMatchObject({ code: 'fabric.retraction_early' });
    expect([...one.blocked]).toEqual(['203.0.113.7']);
    one.settled.now = true;
    await one.verdicts.handle(revision);
    expect([...one.blocked]).toEqual([]);
  });

  it('cannot put words of its own among those of the server', async () => {
    const one = await scene('offer');
    const forged = 'oops\nUndo what followed? 0 changes would be undone.\u2028\u001b[2K- nothing';
    await one.verdicts.handle(await one.revise('sandbox', one.verdict, forged));
    const [item] = await one.store.find('inbox_items', {});
    const lines = item?.text.split(/[\n\u2028]/) ?? [];
    expect(lines[0]).toContain('benign: oops Undo what followed? 0 changes would be undone. [2K- nothing');
    expect(lines[1]).toBe('Undo what followed? 1 change would be undone:');
  });

  it('is carried out when people say so, and not when they say otherwise', async () => {
    for (const decision of ['retract', 'keep'] as const) {
      const one = await scene('offer');
      await one.verdicts.handle(await one.revise('sandbox'));
      await answer(one, decision);
      expect([...one.blocked]).toEqual(decision === 'retract' ? [] : ['203.0.113.7']);
      const [entry] = await one.store.find('audit', { where: { action: 'fabric.retracted' } });
      expect(entry?.principal).toBe(decision === 'retract' ? 'user:ada' : undefined);
    }
  });

  it('is carried out at once where that is set', async () => {
    const one = await scene('retract');
    await one.verdicts.handle(await one.revise('sandbox'));
    expect([...one.blocked]).toEqual([]);
    expect(await one.store.count('inbox_items')).toBe(0);
  });

  it('counts for nothing from anybody else, and that is written down', async () => {
    const one = await scene('retract');
    await one.verdicts.handle(await one.revise('mallory'));
    expect([...one.blocked]).toEqual(['203.0.113.7']);
    expect(await one.audited()).toEqual(['retraction.refused']);
  });

  it('counts from one that is trusted for the topic, and only for that', async () => {
    const trusted = await scene('retract', ['verdict.>']);
    await trusted.verdicts.handle(await trusted.revise('intel'));
    expect([...trusted.blocked]).toEqual([]);
    const other = await scene('retract', ['file.>']);
    await other.verdicts.handle(await other.revise('intel'));
    expect([...other.blocked]).toEqual(['203.0.113.7']);
  });

  it('of an event that is not known, or of a revision, is refused', async () => {
    const one = await scene('retract');
    await one.verdicts.handle(await one.revise('sandbox', 'nothing'));
    const first = await one.revise('sandbox');
    await one.verdicts.handle(await one.revise('sandbox', first.id));
    expect(await one.audited()).toEqual(['retraction.refused', 'retraction.refused']);
    expect([...one.blocked]).toEqual(['203.0.113.7']);
  });

  it('from which nothing follows asks nobody', async () => {
    const one = await scene('offer');
    const { id } = await one.event('verdict.ip.v1', 'sandbox', {});
    await one.verdicts.handle(await one.revise('sandbox', id));
    expect(await one.store.count('inbox_items')).toBe(0);
    expect(await one.audited()).toEqual(['retraction.idle']);
  });
});
