import { describe, expect, it } from 'vitest';
import { readUrl } from '../../ui/url-fields.ts';
import { effectsState, queryOf } from './effects-state.ts';

describe('the state of the list of changes', () => {
  it('asks for what is in force unless told', () => {
    expect(queryOf(readUrl(effectsState, {}), 0)).toMatchObject({ in_force: 'true', q: undefined, sort: 'newest' });
    expect(queryOf(readUrl(effectsState, { view: 'all', sort: 'ends' }), 0)).toMatchObject({
      in_force: undefined,
      sort: 'newest',
    });
  });

  it('takes one class or several', () => {
    expect(queryOf(readUrl(effectsState, { class: 'contain' }), 0).class).toBe('contain');
    expect(queryOf(readUrl(effectsState, { class: ['contain', 'change'] }), 0).class).toBe('contain,change');
    expect(queryOf(readUrl(effectsState, { class: [] }), 0).class).toBeUndefined();
  });

  it('asks the same within a minute', () => {
    const state = readUrl(effectsState, { ends: 'hour' });
    expect(queryOf(state, 60_001).until_before).toBe(queryOf(state, 119_000).until_before);
    expect(queryOf(state, 60_001).until_before).toBe(120_000 + 3_600_000);
    expect(queryOf(readUrl(effectsState, { ends: 'never' }), 0)).toMatchObject({
      lasting: 'true',
      until_before: undefined,
    });
  });
});
