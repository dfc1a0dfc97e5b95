import { createDoor, createDoorContext, createGuard, loadPolicy } from '@counterpoint/actions';
import type { ActionManifest, Connector } from '@counterpoint/connector-kit';
import { ConnectorError } from '@counterpoint/connector-kit';
import { defaultLimits, manualClock } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { ledgerHandlers } from './handlers/ledger.ts';

const POLICY =
  'kind: policy/v1\nprotected: { own: [addresses] }\nwidest_prefix: { ipv4: 24, ipv6: 48 }\nlease: { max: 30d }\napproval: { effects: [destroy] }\n';
const permissions = new Set(['action:change', 'connection:use', 'effect:undo']);
const principal = { ref: 'user:ann', userId: 'ann', permissions } as never;
const actions: Record<string, ActionManifest> = {
  ticket: {
    title: 'Open a ticket',
    effect: 'change',
    idempotent: false,
    input: { type: 'object' },
    output: { type: 'object' },
  },
};

/** A product that loses every answer, and a run that asked it. */
async function lostTicket(run: { readonly status: string } | undefined) {
  const store = createMemoryStore();
  const clock = manualClock();
  const manifest = { id: 'desk', title: 'D', vendor: 'A', description: 'D', version: '1.0.0', actions };
  const connector: Connector = {
    manifest: { ...manifest, documentation: 'https://acme.example/docs' } as Connector['manifest'],
    perform: () => {
      throw new ConnectorError('timeout', { connector: 'desk', reason: 'no answer' }, { performed: 'maybe' });
    },
  };
  const row = { id: 'd1', connector: 'desk', title: 'D', config: {}, secrets: {}, allowed_hosts: [], network: 'lab' };
  const more = { site: '', simulated: true, enabled: true, created_at: 1, updated_at: 1, rev: 1 };
  await store.commit({ rows: [{ op: 'insert', table: 'connections', row: { ...row, ...more } as never }] });
  const never = () => Promise.reject(new Error('not here'));
  const network = () => ({ addresses: [], gateways: [], resolvers: [] });
  const guard = createGuard({ store, clock, policy: () => loadPolicy(POLICY), network, resolve: never });
  const parts = { store, clock, guard, limits: defaultLimits, connectors: [connector], openSecret: never };
  const context = createDoorContext({ ...parts, egress: () => ({ request: never }) });
  const door = createDoor(context);
  const request = {
    ...{ connector: 'desk', action: 'ticket', connection: undefined, input: {}, key: 'k', lease: undefined },
    ...{ run: run ? 'r1' : '', address: run ? 'a' : '', generation: 0, holder: 'user:ann', permissions },
    ...{ timeout: undefined, now: clock.now() },
    causality: { principal: 'user:ann', trace: 'a'.repeat(32), cause: '', hop: 0 },
  };
  const outcome = await door.perform(request, new AbortController().signal);
  if (outcome.status !== 'unknown') throw new Error(outcome.status);
  const asked: unknown[] = [];
  const engine = { resolveUnknown: async (...args: unknown[]) => void asked.push(args) };
  const seen = new Proxy(store, {
    get: (target, name) =>
      name === 'get' && run
        ? async (table: 'runs', id: string) => (table === 'runs' ? { id, ...run } : store.get(table, id))
        : Reflect.get(target, name),
  });
  const handlers = ledgerHandlers({ context: { ...context, store: seen }, door, engine } as never);
  const resolve = (happened: boolean) =>
    handlers.resolveEffect({
      params: { id: outcome.effect },
      query: {},
      body: { happened, reason: 'I looked' },
      principal,
      remote: '',
    });
  return { store, asked, resolve, handlers, effect: outcome.effect };
}

describe('settling an effect of unknown outcome', () => {
  it('is done in the ledger when no run waits, with its reason in the audit log, and once only', async () => {
    const { store, asked, resolve } = await lostTicket(undefined);
    expect(await resolve(true)).toMatchObject({ state: 'performed' });
    expect(asked).toEqual([]);
    const audit = await store.find('audit', { limit: 100 });
    expect(audit.at(-1)).toMatchObject({ action: 'effect.settled', data: { happened: true, reason: 'I looked' } });
    await expect(resolve(false)).rejects.toMatchObject({ code: 'actions.not_unknown' });
  });

  it('is done in the ledger too when its run has ended', async () => {
    const { asked, resolve } = await lostTicket({ status: 'cancelled' });
    expect(await resolve(false)).toMatchObject({ state: 'failed' });
    expect(asked).toEqual([]);
  });

  it('is handed to the run that waits to know', async () => {
    const { asked, resolve } = await lostTicket({ status: 'waiting' });
    await resolve(true);
    expect(asked).toEqual([['r1', 'a', { happened: true }, 'user:ann']]);
  });

  it('stays unclear when the product cannot be asked', async () => {
    const { handlers, effect } = await lostTicket(undefined);
    const body = { effects: [effect, effect] };
    const { items } = await handlers.verifyEffects({ params: {}, query: {}, body, principal, remote: '' });
    expect(items).toMatchObject([{ finding: 'unclear' }]);
  });
});
