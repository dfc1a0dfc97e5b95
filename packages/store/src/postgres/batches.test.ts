import { type Change, newEvent, type SettingRow } from '@counterpoint/events';
import { describe, expect, it } from 'vitest';
import { batchesOf } from './batches.ts';
import { prepareChange } from './records.ts';

const put = (...ids: string[]): Change => ({
  rows: ids.map((id) => ({ op: 'put', table: 'settings', row: { id, value: null, rev: 1 } satisfies SettingRow })),
});
const claim = (...ids: string[]): Change => ({
  runs: ids.map((id) => ({ op: 'claim', id, epoch: 0, owner: 'w', lease_until: 1 })),
});

/** The batches as text: members of one batch joined, single ones in brackets. */
function cut(changes: readonly Change[], apart: readonly number[] = []): string {
  const prepared = new Map(changes.map((change, index) => [index, prepareChange(change)]));
  return batchesOf(prepared, new Set(apart))
    .map(({ members, single }) => (single ? `[${members.join()}]` : members.join()))
    .join(' ');
}

describe('batchesOf', () => {
  it('joins changes that touch nothing in common', () => {
    expect(cut([put('a'), claim('r1'), put('b', 'c'), claim('r2')])).toBe('0,1,2,3');
  });

  it('begins a new batch where a key comes back, and never reorders', () => {
    expect(cut([put('a'), put('b'), put('a'), put('b'), put('c')])).toBe('0,1 2,3,4');
    expect(cut([claim('r1'), claim('r1'), claim('r1')])).toBe('0 1 2');
  });

  it('sets apart what one statement cannot say: several runs, one key twice, or what is asked', () => {
    expect(cut([put('a'), claim('r1', 'r2'), put('b')])).toBe('0 [1] 2');
    expect(cut([put('a'), put('b', 'b'), put('c'), put('d')])).toBe('0 [1] 2,3');
    expect(cut([put('a'), put('b'), put('c')], [1])).toBe('0 [1] 2');
  });

  it('sees unique keys besides ids', () => {
    const publish = (playbook: string, id: string): Change => ({
      rows: [
        {
          op: 'insert',
          table: 'playbook_versions',
          row: { id, playbook, number: 1, source: '', published_at: 1, principal: 'system' },
        },
      ],
    });
    expect(cut([publish('p', '1'), publish('q', '2'), publish('p', '3')])).toBe('0,1 2');
  });

  it('sees events that come twice', () => {
    const causality = { principal: 'system', trace: '', cause: '', hop: 0 };
    const event = newEvent('alert.created.v1', 's', null, causality, 1);
    expect(cut([{ events: [event] }, { events: [event] }])).toBe('0 1');
  });
});
