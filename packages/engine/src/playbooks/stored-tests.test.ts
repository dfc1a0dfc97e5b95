import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { deleteTest, saveTest, storedTests } from './stored-tests.ts';

const ada = { principal: 'user:ada', now: 1 };
const bob = { principal: 'user:bob', now: 2 };
const wish = { playbook: 'p', name: 'mine', source: 'a', rev: 0 };

describe('stored tests', () => {
  it('do not overwrite each other, and a refused one is told what stands', async () => {
    const store = createMemoryStore();
    expect(await saveTest(store, wish, ada)).toMatchObject({ id: 'p/mine', rev: 1, principal: 'user:ada' });
    await expect(saveTest(store, { ...wish, source: 'b' }, bob)).rejects.toMatchObject({
      code: 'engine.test_changed',
      details: { rev: 1, source: 'a', principal: 'user:ada' },
    });
    const results = await Promise.allSettled([
      saveTest(store, { ...wish, source: 'c', rev: 1 }, ada),
      saveTest(store, { ...wish, source: 'd', rev: 1 }, bob),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are those of one playbook, and are deleted only as they were seen', async () => {
    const store = createMemoryStore();
    await saveTest(store, wish, ada);
    await saveTest(store, { ...wish, playbook: 'q' }, ada);
    expect((await storedTests(store, 'p')).map(({ id }) => id)).toEqual(['p/mine']);
    await expect(deleteTest(store, { playbook: 'p', name: 'mine', rev: 7 }, bob)).rejects.toMatchObject({
      code: 'engine.test_changed',
    });
    await expect(deleteTest(store, { playbook: 'p', name: 'other', rev: 1 }, bob)).rejects.toMatchObject({
      code: 'engine.test_unknown',
    });
    await deleteTest(store, { playbook: 'p', name: 'mine', rev: 1 }, bob);
    expect(await storedTests(store, 'p')).toEqual([]);
    const audit = await store.find('audit', { orderBy: [{ column: 'seq' }] });
    expect(audit.map(({ action, object }) => `${action} ${object}`)).toEqual([
      'playbook.test_saved playbook:p',
      'playbook.test_saved playbook:q',
      'playbook.test_deleted playbook:p',
    ]);
  });

  it('are not without number', async () => {
    const store = createMemoryStore();
    for (let index = 0; index < 200; index++) await saveTest(store, { ...wish, name: `t${index}` }, ada);
    await expect(saveTest(store, wish, ada)).rejects.toMatchObject({ code: 'engine.too_many_tests' });
    expect(await saveTest(store, { ...wish, name: 't1', rev: 1 }, ada)).toMatchObject({ rev: 2 });
  });
});
