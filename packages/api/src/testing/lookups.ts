import type { DoorContext } from '@counterpoint/actions';
import { linkObservables, readObservable } from '@counterpoint/cases';
import { endpoints } from '@counterpoint/contracts';
import { manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../handlers/audit-list.ts';
import { effectHandlers } from '../handlers/effects.ts';
import { searchHandlers } from '../handlers/search.ts';
import { AT, IDS, TRACE, tellBlockedStory } from './blocked-story.ts';

const HOUR = 3_600_000;
const manifest = (title: string, actions: Readonly<Record<string, string>>) => ({
  manifest: {
    title,
    vendor: 'Acme',
    actions: Object.fromEntries(Object.entries(actions).map(([name, of]) => [name, { title: of }])),
  },
});
const connectors = new Map([
  ['fortigate', manifest('FortiGate', { ban_ip: 'Ban an IP address' })],
  ['slack', manifest('Slack', { post_message: 'Post a message' })],
]);

function handlersOver(store: Store) {
  const clock = manualClock(AT + 20);
  const context = { store, clock, connectors, builtins: new Map() } as unknown as DoorContext;
  const topics = new Map([['alert.created.v1', { topic: 'alert.created.v1', title: 'An alert was made' }]]);
  const effects = effectHandlers({ context, door: undefined as never });
  const search = searchHandlers({ ...context, topics });
  const ask = (query: object, permissions: readonly string[] = ALL) => ({
    ...{ params: {}, body: {}, query, remote: '' },
    principal: { ref: 'user:u1', userId: 'u1', permissions: new Set(permissions) },
  });
  return {
    list: (query: object) =>
      effects.listEffects(ask(endpoints.listEffects.query.parse(query)) as never).then(({ items, next }) => ({
        ids: items.map((item) => Object.entries(IDS).find(([, id]) => id === item.id)?.[0]),
        items,
        next,
      })),
    one: (id: string) => effects.getEffect({ ...ask({}), params: { id } } as never),
    counts: () => effects.countEffects(ask({}) as never),
    find: (q: string, permissions?: readonly string[]) =>
      search.search(ask({ q }, permissions) as never).then(({ items }) => items),
    audit: (query: object) => listAudit(store, endpoints.listAudit.query.parse(query)),
  };
}

const ALL = ['alert', 'case', 'run', 'playbook', 'effect', 'fabric', 'connection', 'source'].map((of) => `${of}:read`);

/** The lists of changes and audit, and the search, as tests over a store; every store runs them. */
export function describeLookups(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;
    let on: ReturnType<typeof handlersOver>;
    beforeAll(async () => {
      store = await open();
      await tellBlockedStory(store);
      const causality = { principal: 'system', trace: TRACE, cause: '', hop: 0 };
      const seen = [readObservable('203.0.113.66')];
      await store.commit(linkObservables({ now: AT, causality, key: 'k' } as never, `alert:${IDS.alert}`, seen));
      on = handlersOver(store);
    });
    afterAll(() => store.close());
    describe('changes', () => effectTests(() => on));
    describe('the search', () => searchTests(() => on));
    describe('the audit log', () => auditTests(() => on));
  });
}

type On = () => ReturnType<typeof handlersOver>;

function effectTests(on: On): void {
  it('are in words, with why they are there', async () => {
    const { items } = await on().list({ q: '203.0.113[.]66' });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ title: 'Ban 203.0.113.66 on FortiGate', reversible: true });
    expect(items[0]?.why.map(({ kind, title }) => [kind, title])).toEqual([
      ['playbook', 'Respond, step block'],
      ['case', 'Brute force from 203.0.113.66'],
      ['event', 'alert.created.v1'],
      ['alert', 'Many failed logins'],
    ]);
    const [byHand] = (await on().list({ q: 'hxxp://198.51.100.7', in_force: 'true' })).items;
    expect(byHand).toBeUndefined();
    const [person] = (await on().list({ target: 'ipv4-addr:198.51.100.7' })).items;
    expect(person).toMatchObject({ reversible: false, why: [{ kind: 'person', title: 'Ada asked for it directly' }] });
    const [token] = (await on().list({ state: 'unknown' })).items;
    expect(token?.why[0]?.title).toBe('Ada (token laptop) asked for it directly');
  });

  it.each([
    [{}, ['far', 'unknown', 'byHand', 'message', 'block']],
    [{ in_force: 'true' }, ['far', 'unknown', 'byHand', 'block']],
    [{ in_force: 'false' }, ['message']],
    [{ in_force: 'true', sort: 'ends' }, ['block', 'unknown', 'far']],
    [{ until_before: AT + HOUR }, ['unknown', 'block']],
    [{ lasting: 'true', in_force: 'true' }, ['byHand']],
    [{ class: 'notify,destroy' }, ['message']],
    [{ class: 'contain', state: 'unknown,undo_failed' }, ['unknown']],
    [{ connector: 'slack' }, ['message']],
    [{ site: 'here', class: 'contain' }, ['unknown', 'byHand', 'block']],
    [{ site: 'plant' }, ['far']],
    [{ simulated: 'false' }, ['byHand']],
    [{ since: AT + 11 }, ['far', 'unknown']],
    [{ case: IDS.case }, ['message', 'block']],
    [{ run: IDS.run }, ['message', 'block']],
    [{ q: 'post MESSAGE' }, ['message']],
    [{ q: '192.0.2' }, ['far', 'unknown']],
    [{ q: 'nothing like it' }, []],
  ])('are narrowed to %j', async (query, ids) => {
    expect((await on().list(query)).ids).toEqual(ids);
  });

  it('come page by page, words or not, each once', async () => {
    for (const query of [{}, { sort: 'ends' }, { q: 'ban' }]) {
      const whole = (await on().list(query)).ids;
      const paged: unknown[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < 9; pages++) {
        const page = await on().list({ ...query, limit: 1, ...(cursor ? { cursor } : {}) });
        paged.push(...page.ids);
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(paged, JSON.stringify(query)).toEqual(whole);
    }
  });

  it('are counted', async () => {
    expect(await on().counts()).toMatchObject({
      ...{ in_force: 4, by_class: { contain: 4 }, ending_soon: 2, lasting: 1, unknown: 1, undo_failed: 0 },
      by_connector: [{ connector: 'fortigate', title: 'FortiGate', count: 4 }],
    });
  });

  it('are shown whole, one by one', async () => {
    expect(await on().one(IDS.block)).toMatchObject({
      ...{ title: 'Ban 203.0.113.66 on FortiGate', attempts: 1, inverse: { action: 'unban_ip' }, undos: [] },
      claims: [{ holder: `case:${IDS.case}` }],
    });
    await expect(on().one('nowhere')).rejects.toMatchObject({ code: 'api.not_found' });
  });
}

function searchTests(on: On): void {
  const found = async (q: string, permissions?: readonly string[]) =>
    (await on().find(q, permissions)).map(({ kind, title }) => `${kind}: ${title}`);

  it('finds an observable, defanged or not, and what it plays a part in', async () => {
    const expected = [
      'observable: 203[.]0[.]113[.]66',
      'alert: Many failed logins',
      'effect: Ban 203.0.113.66 on FortiGate',
    ];
    expect(await found('203.0.113[.]66')).toEqual(expected);
    expect(await found('203.0.113.66')).toEqual(expected);
    // Whoever still types is told what it may become.
    expect(await found('203[.]0.113.6')).toEqual([expected[0]]);
    expect(await found('203.0.113.7')).toEqual([]);
  });

  it('finds things by words of their titles, in either case', async () => {
    expect(await found('FAILED many')).toEqual(['alert: Many failed logins']);
    expect(await found('brute')).toEqual(['case: Brute force from 203.0.113.66', 'playbook: Respond']);
    expect(await found('forti')).toEqual(['connector: FortiGate']);
    expect(await found('alert made')).toEqual(['topic: alert.created.v1']);
  });

  it('finds things by the beginning of their ids', async () => {
    expect(await found(IDS.alert)).toEqual(['alert: Many failed logins']);
    expect(await found(`run:${IDS.run}`)).toEqual(['run: brute_force']);
    expect((await found('01a20395')).length).toBe(9);
  });

  it('finds only what the caller may read', async () => {
    expect(await found('203.0.113.66', ['effect:read'])).toEqual(['effect: Ban 203.0.113.66 on FortiGate']);
    expect(await found('brute', [])).toEqual([]);
  });
}

function auditTests(on: On): void {
  const seen = async (query: object) => (await on().audit(query)).items.map(({ who, action }) => `${who} ${action}`);

  it('is narrowed by who, what and when', async () => {
    const [released, engaged, undone] = ['Ada guard.released', 'Ada (token laptop) guard.engaged', 'Ada effect.undone'];
    expect(await seen({})).toEqual([released, engaged, undone]);
    expect(await seen({ principal: 'user:u1' })).toEqual([released, undone]);
    expect(await seen({ action: 'effect.undone' })).toEqual([undone]);
    expect(await seen({ object: 'switch:global' })).toEqual([released, engaged]);
    expect(await seen({ since: AT + HOUR })).toEqual([released, engaged]);
    expect(await seen({ until: AT + HOUR })).toEqual([engaged, undone]);
    expect(await seen({ since: AT + HOUR, until: AT + HOUR, object: 'switch:global' })).toEqual([engaged]);
    expect(await seen({ until: AT - 1 })).toEqual([]);
  });

  it('comes page by page', async () => {
    const first = await on().audit({ limit: 2 });
    const rest = await on().audit({ limit: 2, cursor: first.next });
    expect([...first.items, ...rest.items].map(({ seq }) => seq)).toEqual([3, 2, 1]);
    expect(rest.next).toBeNull();
  });
}
