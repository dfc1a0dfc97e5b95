import type { Door, DoorContext } from '@counterpoint/actions';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { membersOn } from '../testing/members.ts';
import { createInvoker } from './invoker.ts';

async function invokerOf() {
  const members = await membersOn(createMemoryStore());
  await members.let('mail', {}, 'zurich');
  const sites: string[] = [];
  const performed: Parameters<Door['perform']>[0][] = [];
  const manifest = { actions: { ban_ip: { effect: 'contain' } } };
  const invoker = createInvoker({
    ...members,
    registry: members.services,
    door: {
      perform: async (request: Parameters<Door['perform']>[0]) => {
        performed.push(request);
        return { status: 'succeeded', output: { done: true } };
      },
    } as unknown as Door,
    context: { connectors: new Map([['fw', { manifest }]]), builtins: new Map() } as unknown as DoorContext,
    bind: (_capability, site) => {
      sites.push(site);
      return { connector: 'fw', action: 'ban_ip', connection: `fw_${site}` };
    },
  });
  return { invoker, performed, sites };
}

describe('what a participant asks of an action', () => {
  it('stays for whole milliseconds, one at least, whatever fraction it says', async () => {
    const { invoker, performed } = await invokerOf();
    for (const lease of [0.1, 1_000.01, 60_000]) {
      await invoker.invokeFor('mail', { service: 'fw.ban_ip', payload: {}, key: `${lease}`, timeout: 1_000, lease });
    }
    expect(performed.map(({ lease }) => lease)).toEqual([1, 1_000, 60_000]);
    expect(performed.map(({ holder }) => holder)).toEqual(Array(3).fill('participant:mail'));
  });

  it('goes to who provides the capability at its site, whatever site that is', async () => {
    const { invoker, performed, sites } = await invokerOf();
    const wish = { service: 'capability:block_ip', payload: {}, key: 'k', timeout: 1_000, lease: 60_000 };
    await invoker.invokeFor('mail', wish);
    await invoker.invokeFor('mail', { ...wish, key: 'l', site: 'lima' });
    expect(performed.map(({ connection }) => connection)).toEqual(['fw_zurich', 'fw_lima']);
    expect(new Set(sites)).toEqual(new Set(['zurich', 'lima']));
  });
});
