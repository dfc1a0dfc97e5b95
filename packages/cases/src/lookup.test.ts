import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { observablesLike, observablesMeant } from './lookup.ts';
import { linkObservables, nameObservable } from './observables.ts';
import { holdersOf } from './read.ts';

const SEEN = [
  ['ipv4-addr', '203.0.113.7'],
  ['ipv4-addr', '203.0.113.66'],
  ['ipv4-addr', '203.0.114.1'],
  ['ipv4-addr', '10.20.0.46'],
  ['domain-name', 'example.com'],
  ['domain-name', 'login.example.com'],
  ['domain-name', 'badexample.com'],
  ['domain-name', 'example.com.evil.net'],
  ['url', 'https://example.com/Pay'],
] as const;

const store = createMemoryStore();
beforeEach(async () => {
  const causality = { principal: 'source:s', trace: 't', cause: '', hop: 0 };
  const named = SEEN.map(([type, value]) => nameObservable(type, value));
  await store.commit(linkObservables({ key: 'k', causality, now: 1 }, 'alert:a', named));
});

const like = async (text: string) => (await observablesLike(store, text)).map(({ value }) => value);

describe('observables that a text means', () => {
  it.each([
    ['203.0.113.', ['203.0.113.66', '203.0.113.7']],
    ['203.0.113', ['203.0.113.66', '203.0.113.7']],
    ['203[.]0[.]', ['203.0.113.66', '203.0.113.7', '203.0.114.1']],
    ['203.0.0.0/16', ['203.0.113.66', '203.0.113.7', '203.0.114.1']],
    ['10.20.0.0/24', ['10.20.0.46']],
    ['*.example.com', ['example.com', 'login.example.com']],
    ['.Example[.]com', ['example.com', 'login.example.com']],
    ['*.com', ['badexample.com', 'example.com', 'login.example.com']],
    ['LOGIN.ex*', ['login.example.com']],
    ['https://example.com/P*', ['https://example.com/Pay']],
    ['20', []],
    ['*', []],
    ['two words', []],
    ['203.0.113.0/25', []],
  ])('%s: %o', async (text, values) => {
    expect((await like(text)).toSorted()).toEqual(values);
  });

  it('is one alone when the text is that one', async () => {
    const meant = async (text: string) => (await observablesMeant(store, text)).ids;
    expect(await meant('203[.]0[.]113[.]7')).toEqual([nameObservable('ipv4-addr', '203.0.113.7').id]);
    expect(await meant('example.com')).toHaveLength(1);
    expect(await meant('10.20.0.0/16')).toContain(nameObservable('ipv4-addr', '10.20.0.46').id);
    expect(await meant('brute force')).toEqual([]);
  });

  it('is bounded', async () => {
    expect(await observablesLike(store, '203.', 2)).toHaveLength(2);
  });

  it('are cut beyond 500, and say so; so are the alerts that hold them', async () => {
    const occasion = { key: 'many', causality: { principal: 'source:s', trace: 't', cause: '', hop: 0 }, now: 2 };
    const many = Array.from({ length: 500 }, (_, n) => nameObservable('domain-name', `h${n}.zone.example`));
    await store.commit(linkObservables(occasion, 'alert:b', many));
    expect(await observablesMeant(store, '*.zone.example')).toMatchObject({ ids: { length: 500 }, cut: false });
    const more = [nameObservable('domain-name', 'one.more.zone.example')];
    await store.commit(linkObservables({ ...occasion, key: 'more' }, 'alert:c', more));
    const meant = await observablesMeant(store, '*.zone.example');
    expect(meant).toMatchObject({ ids: { length: 500 }, cut: true });
    expect(await holdersOf(store, meant.ids, 'alert', 500)).toEqual({ ids: ['b'], cut: false });
    expect(await holdersOf(store, meant.ids, 'alert', 499)).toEqual({ ids: ['b'], cut: true });
  });
});
