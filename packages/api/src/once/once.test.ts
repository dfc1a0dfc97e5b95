import { randomBytes } from 'node:crypto';
import { isCounterpointError, type ManualClock, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Surface, startSurface } from '../testing/surface.ts';
import { createOnce, type Once, pruneAnswers } from './once.ts';

const KEY = 'a-random-key-of-some-length';
const asked = { principal: 'user:ada', person: 'ada', key: KEY, what: 'POST /cases\n{"title":"one"}' };
const code = (name: string) => expect.toSatisfy((error) => isCounterpointError(error, `api.${name}`));

let store: Store;
let clock: ManualClock;
let once: Once;
let times: number;
const work = async () => ({ id: `case-${++times}`, token: 'CANARY-5b0e' });
beforeEach(() => {
  store = createMemoryStore();
  clock = manualClock();
  once = createOnce(store, clock);
  times = 0;
});

describe('what is asked for under a key', () => {
  it('is done once, also for those who ask at the same time and after a restart', async () => {
    const answers = await Promise.all([once.run(asked, work), once.run(asked, work)]);
    answers.push(await once.run(asked, work), await createOnce(store, clock).run(asked, work));
    expect(answers.map((answer) => (answer as { id: string }).id)).toEqual(['case-1', 'case-1', 'case-1', 'case-1']);
    expect(times).toBe(1);
  });

  it('is another thing for somebody else, and under another key', async () => {
    await once.run(asked, work);
    await once.run({ ...asked, principal: 'user:eve', person: 'eve' }, work);
    await once.run({ ...asked, key: `${KEY}2` }, work);
    expect(times).toBe(3);
  });

  it('may not be something else', async () => {
    const first = once.run(asked, work);
    await expect(once.run({ ...asked, what: 'POST /cases\n{"title":"two"}' }, work)).rejects.toEqual(
      code('key_reused'),
    );
    await first;
    await expect(once.run({ ...asked, what: 'POST /runs\n{}' }, work)).rejects.toEqual(code('key_reused'));
    expect(times).toBe(1);
  });

  it('may be tried again after an error', async () => {
    const broken = () => Promise.reject(new Error('broken'));
    await expect(once.run(asked, broken)).rejects.toThrow('broken');
    expect(await once.run(asked, work)).toMatchObject({ id: 'case-1' });
  });

  it('is not done again when the process was ended in the middle, and says so', async () => {
    void once.run(asked, () => new Promise(() => {}));
    await expect.poll(() => store.count('kept_answers')).toBe(1);
    const after = createOnce(store, clock);
    await expect(after.run(asked, work)).rejects.toEqual(code('request_under_way'));
    clock.advance(120_000);
    await expect(after.run(asked, work)).rejects.toEqual(code('answer_lost'));
    expect(times).toBe(0);
  });

  it('is not done again when its answer was too long to be kept', async () => {
    const long = async () => ({ text: randomBytes(64 * 1024).toString('hex') });
    expect(await once.run(asked, long)).toMatchObject({ text: expect.any(String) });
    await expect(once.run(asked, long)).rejects.toEqual(code('answer_lost'));
  });

  it('leaves neither its key nor its answer in the store', async () => {
    await once.run(asked, work);
    const [row] = await store.find('kept_answers', {});
    const bytes = Buffer.from(row?.sealed ?? new Uint8Array());
    expect(bytes.length).toBeGreaterThan(0);
    for (const text of [JSON.stringify(row), bytes.toString('latin1')])
      for (const secret of ['CANARY', KEY, 'ada', 'title']) expect(text).not.toContain(secret);
  });

  it('is remembered for a day', async () => {
    await once.run(asked, work);
    clock.advance(86_400_000);
    expect(await pruneAnswers(store, clock.now())).toBe(0);
    clock.advance(1);
    expect(await pruneAnswers(store, clock.now())).toBe(1);
  });
});

describe('what is kept', () => {
  const QUARTER = 15 * 60_000;
  const ask = (key: string, person = 'ada', principal = `user:${person}`) =>
    once.run({ ...asked, principal, person, key: `${KEY}${key}` }, work);

  it.each([
    ['one person, with all of their tokens', { ofOne: 3, ofAll: 100 }, ['ada', 'ada', 'ada']],
    ['all together', { ofOne: 100, ofAll: 3 }, ['ada', 'bo', 'cy']],
  ])(
    'is no more than so many of %s: after that nothing is done until the oldest may go',
    async (_whose, limits, who) => {
      once = createOnce(store, clock, limits);
      for (const [index, person] of who.entries()) await ask(`${index}`, person, `token:${index}`);
      clock.advance(QUARTER);
      await expect(ask('more')).rejects.toEqual(code('keys_spent'));
      expect([times, await store.count('kept_answers')]).toEqual([3, 3]);
      // What was done before is answered all the same, and not done again.
      expect(await ask('0', who[0], 'token:0')).toMatchObject({ id: 'case-1' });
      clock.advance(1);
      await ask('more');
      expect([times, await store.count('kept_answers')]).toEqual([4, 3]);
      await expect(ask('yet more')).resolves.toMatchObject({ id: 'case-5' });
    },
  );

  it('of one person takes no room from others', async () => {
    once = createOnce(store, clock, { ofOne: 2, ofAll: 100 });
    for (const key of ['1', '2']) await ask(key);
    await expect(ask('3')).rejects.toEqual(code('keys_spent'));
    expect(await ask('1', 'bo')).toMatchObject({ id: 'case-3' });
  });
});

describe('a request with a key', () => {
  let surface: Surface;
  const send = (path: string, key: string, body: unknown = { title: 'One' }) =>
    surface.send({
      ...{ method: 'POST', path: `/api/v1${path}`, body: JSON.stringify(body) },
      headers: {
        ...{ authorization: `Bearer ${surface.owner}`, 'content-type': 'application/json' },
        'idempotency-key': key,
      },
    });

  it('is done once where it changes something, and needs a key that nobody guesses', async () => {
    surface = await startSurface(store, () => ({
      createToken: async () => ({ id: `t${++times}`, token: 'cpt_x' }),
    }));
    const body = { title: 'One', permissions: ['case:read'] };
    const [first, again] = [await send('/tokens', KEY, body), await send('/tokens', KEY, body)];
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(times).toBe(1);
    expect((await send('/tokens', KEY, { ...body, title: 'Two' })).status).toBe(422);
    expect((await send('/tokens', 'short', body)).status).toBe(400);
    for (let n = 0; n < 2; n += 1) await send('/playbooks/validate', KEY, { source: 'x' });
    expect(surface.reached.filter((name) => name === 'validatePlaybook')).toHaveLength(2);
    await surface.close();
  });
});
