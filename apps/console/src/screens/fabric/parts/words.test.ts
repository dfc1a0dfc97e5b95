import { describe, expect, it } from 'vitest';
import { graphOf } from '../map/map-graph.ts';
import { small } from '../map/testing.ts';
import { consumerWords, counted, nameOf, reasonWords, sentenceOf, stormSubject, whatIfSummary } from './words.ts';

const taker = (would: 'act' | 'ask' | 'observe' | 'start' | 'ignore' | 'refuse') => ({
  kind: 'reaction' as const,
  id: 'r',
  would,
  reason: '',
  steps: [],
});
const summary = (...would: Parameters<typeof taker>[0][]) => whatIfSummary({ problem: '', takers: would.map(taker) });

describe('words', () => {
  it('count with the noun', () => {
    expect([counted(1, 'event'), counted(1_234, 'event')]).toEqual(['1 event', '1,234 events']);
  });

  it('tell an edge as a sentence', () => {
    const { nodes } = graphOf(small);
    const name = (id: string) => nameOf(nodes.find((node) => node.id === id) ?? { id, kind: 'server' });
    expect(
      sentenceOf({ kind: 'publish', conditional: true }, name('participant:sandbox'), name('topic:verdict.url.v1')),
    ).toBe('participant sandbox publishes topic verdict.url.v1');
    expect(sentenceOf({ kind: 'trigger', conditional: true }, 'topic a.v1', 'playbook B')).toBe(
      'topic a.v1 starts playbook B, under a condition',
    );
  });

  it('tell what would happen', () => {
    expect(whatIfSummary({ problem: 'no such topic', takers: [] })).toBe('It could not be published.');
    expect(summary()).toContain('no reaction and no playbook takes this topic');
    expect(summary('ignore', 'refuse')).toBe('Nothing would happen: 2 takers would look at it and leave it.');
    expect(summary('act', 'start', 'ask', 'observe', 'ignore')).toBe(
      '5 reactions and playbooks take it: 2 of them would act, 1 would ask people, 1 would only observe.',
    );
  });

  it('tell why', () => {
    expect(reasonWords('untrusted')).toContain('not believed');
    expect(reasonWords('flood:names')).toBe('names publishes too much: a storm breaker is open');
    expect([reasonWords('its own words'), reasonWords('toString')]).toEqual(['its own words', 'toString']);
  });

  it('tell what a consumer and a storm breaker are about', () => {
    expect(consumerWords('reactions')).toContain('reactions');
    expect(consumerWords('participant:sandbox/detonation')).toBe('Subscription detonation of participant sandbox');
    expect(consumerWords('toString')).toBe('A durable subscription');
    expect(stormSubject('ban')).toEqual({ ref: 'reaction:ban', words: 'Reaction ban' });
    expect(stormSubject('p@dxl.a')).toEqual({ ref: 'participant:p', words: 'Participant p on dxl.a' });
  });
});
