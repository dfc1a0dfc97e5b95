import type { Connector } from '@counterpoint/connector-kit';
import { describe, expect, it } from 'vitest';
import { createMembers, says, session } from '../testing/members.ts';
import { keepOffers } from './offers.ts';

async function withOffers(wish: Parameters<typeof createMembers>[0] = {}) {
  const members = await createMembers(wish);
  const connectors = new Map<string, Connector>();
  let compiled = 0;
  const stop = await keepOffers({
    ...members,
    connectors,
    isShipped: (id) => id === 'fortigate',
    onChanged: () => {
      compiled += 1;
    },
  });
  return { ...members, connectors, stop, compiled: () => compiled };
}

describe('what participants offer', () => {
  it('is a connector as soon as they join', async () => {
    const { let: letIn, participants, connectors, compiled } = await withOffers();
    await letIn('dns');
    expect([...connectors.keys()]).toEqual(['fabric']);
    const before = compiled();
    await participants.join('dns', session('1'), says('dns'));
    expect([...connectors.keys()]).toEqual(['fabric', 'dns']);
    expect(compiled()).toBe(before + 1);
  });
});
