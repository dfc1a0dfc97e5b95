import { describe, expect, it } from 'vitest';
import { effectsState, queryOf } from './effects-state.ts';

describe('the state of the list of changes', () => {
  it('asks for what is in force unless told', () => {
    expect(queryOf(effectsState.parse({}), 0)).toMatchObject({ in_force: 'true', q: undefined, sort: 'newest' });
    expect(queryOf(effectsState.parse({ view: 'all', sort: 'ends' }), 0)).toMatchObject({
      in_force: undefined,
      sort: 'newest',
    });
  });

  it('takes one class or several', () => {
    expect(queryOf(effectsState.parse({ class: 'contain' }), 0).class).toBe('contain');
    expect(queryOf(effectsState.parse({ class: ['contain', 'change'] }), 0).class).toBe('contain,change');
    expect(queryOf(effectsState.parse({ class: [] }), 0).class).toBeUndefined();
  });

  it('asks the same within a minute', () => {
    const state = effectsState.parse({ ends: 'hour' });
    expect(queryOf(state, 60_001).until_before).toBe(queryOf(state, 119_000).until_before);
    expect(queryOf(state, 60_001).until_before).toBe(120_000 + 3_600_000);
    expect(queryOf(effectsState.parse({ ends: 'never' }), 0)).toMatchObject({
      lasting: 'true',
      until_before: undefined,
    });
  });
});
