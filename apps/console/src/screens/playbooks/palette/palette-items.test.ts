import { describe, expect, test } from 'vitest';
import { readNewStep, writeNewStep } from './new-step.ts';
import { findItems, paletteItems } from './palette-items.ts';

const connector = {
  id: 'fortigate',
  title: 'FortiGate',
  vendor: 'Fortinet',
  description: '',
  version: '1',
  builtin: false,
  kind: 'product' as const,
  grade: null,
  capabilities: ['block_ip'],
  actions: [{ name: 'ban_ip', title: 'Ban an address', effect: 'contain' }],
  connections: { total: 1, enabled: 1, failing: 0 },
};
const items = paletteItems('playbook', [connector, { ...connector, id: 'nftables', title: 'nftables' }], []);

describe('the palette of steps', () => {
  test.each([
    ['ban', ['fortigate.ban_ip', 'nftables.ban_ip']],
    ['block', ['capability:block_ip']],
    ['forti ban', ['fortigate.ban_ip']],
    ['for each', ['foreach']],
    ['no such thing', []],
  ])('%j finds %j', (search, ids) => {
    expect(findItems(items, search).map((item) => item.id)).toEqual(ids);
  });

  test('an empty search finds everything', () => {
    expect(findItems(items, ' ')).toHaveLength(items.length);
  });

  test('a capability is named once, with all who provide it', () => {
    const found = items.filter((item) => item.id === 'capability:block_ip');
    expect(found.map((item) => item.about)).toEqual(['Through whichever of FortiGate, nftables is connected']);
  });

  test('a reaction is offered no step that it cannot have', () => {
    const kinds = paletteItems('reaction', [connector], []).map((item) => item.step.kind);
    expect(new Set(kinds)).toEqual(new Set(['set', 'publish', 'action']));
  });

  test('what is dragged arrives, and nothing else is taken for a step', () => {
    expect(readNewStep(writeNewStep({ kind: 'wait' }))).toEqual({ kind: 'wait' });
    for (const text of ['', 'move:a', '[]', '7', 'null']) expect(readNewStep(text)).toBeUndefined();
  });
});
