import type { ConnectorManifest } from '@counterpoint/connector-kit';
import type { ConnectionRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createCapabilityBinder } from './capability-binder.ts';

const manifest = (id: string) => ({ id, capabilities: { block_ip: 'block' } }) as unknown as ConnectorManifest;

const connection = (id: string, simulated = false): ConnectionRow => ({
  ...{ id, connector: id, title: id, simulated },
  config: {},
  secrets: {},
  network: 'private',
  allowed_hosts: [],
  site: '',
  enabled: true,
  created_at: 1,
  updated_at: 1,
  rev: 1,
});

async function binderOf(rows: readonly ConnectionRow[], away: ReadonlySet<string>, participants: readonly string[]) {
  const store = createMemoryStore();
  await store.commit({ rows: rows.map((row) => ({ op: 'insert', table: 'connections', row })) });
  const connectors = new Map(
    rows.map(({ id }) => [
      id,
      participants.includes(id)
        ? { manifest: manifest(id), available: () => !away.has(id) }
        : { manifest: manifest(id) },
    ]),
  );
  return createCapabilityBinder(store, connectors);
}

describe('who provides a capability', () => {
  it('is a product before a participant, and a real one before a simulated one', async () => {
    const rows = [connection('a_tool'), connection('fortigate'), connection('lab_wall', true)];
    const binder = await binderOf(rows, new Set(), ['a_tool']);
    expect(binder.bind('block_ip')?.connection).toBe('fortigate');
    expect(binder.bindAll('block_ip').map((one) => one.connection)).toEqual(['a_tool', 'fortigate']);
  });

  it('is a real one at the site of who asks before all others', async () => {
    const rows = [connection('a_tool'), connection('fortigate'), connection('b_tool'), connection('lab_wall', true)];
    const binder = await binderOf(rows, new Set(), ['a_tool', 'b_tool']);
    const at = (near: string) => binder.bind('block_ip', ({ id }) => id === near)?.connection;
    expect([at('b_tool'), at('fortigate'), at('lab_wall'), at('nothing')]).toEqual([
      'b_tool',
      'fortigate',
      'fortigate',
      'fortigate',
    ]);
  });

  it('is nobody who is away', async () => {
    const away = new Set(['a_tool']);
    const binder = await binderOf([connection('a_tool'), connection('b_tool')], away, ['a_tool', 'b_tool']);
    expect(binder.bind('block_ip')?.connection).toBe('b_tool');
    away.add('b_tool');
    expect(binder.bind('block_ip')).toBeUndefined();
    expect(binder.bindAll('block_ip')).toEqual([]);
    away.delete('a_tool');
    expect(binder.bind('block_ip')?.connection).toBe('a_tool');
  });
});
