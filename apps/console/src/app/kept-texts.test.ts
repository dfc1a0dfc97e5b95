import { describe, expect, it } from 'vitest';
import { createKeptTexts, type TextStorage } from './kept-texts.ts';

function memory(full = false): TextStorage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, text) {
      if (full) throw new Error('full');
      kept.set(key, text);
    },
    removeItem: (key) => void kept.delete(key),
  };
}

function pageOf(person: string, storage: TextStorage) {
  const texts = createKeptTexts(() => storage);
  texts.belongTo(person);
  return texts;
}

describe('a text that was not sent', () => {
  it('is there again for who wrote it, and for nobody else', () => {
    const storage = memory();
    pageOf('ada', storage).write('note:1', 'seen at night');
    expect(pageOf('ada', storage).read('note:1')).toBe('seen at night');
    expect(pageOf('eve', storage).read('note:1')).toBeNull();
    expect(pageOf('eve', storage).names()).toEqual([]);
    expect(pageOf('ad', storage).names()).toEqual([]);
  });

  it('is gone when it was sent, and when who wrote it leaves by choice', () => {
    const storage = memory();
    const ada = pageOf('ada', storage);
    pageOf('eve', storage).write('note:1', 'of Eve');
    ada.write('note:1', 'one');
    ada.write('note:2', 'two');
    ada.write('note:1', '');
    expect(ada.names()).toEqual(['note:2']);
    ada.leave();
    expect(pageOf('ada', storage).names()).toEqual([]);
    expect(pageOf('eve', storage).read('note:1')).toBe('of Eve');
  });

  it('is not kept any longer by a page that was left, however late it writes', () => {
    const storage = memory();
    const ada = pageOf('ada', storage);
    ada.leave();
    expect(ada.write('playbook:x', 'late')).toBe(false);
    expect(storage.length).toBe(0);
  });

  it('is said not to be kept where there is no room, and before anybody is known', () => {
    expect(pageOf('ada', memory(true)).write('note:1', 'much')).toBe(false);
    expect(createKeptTexts(memory).write('note:1', 'much')).toBe(false);
    const forbidden = createKeptTexts(() => {
      throw new Error('storage is forbidden');
    });
    forbidden.belongTo('ada');
    expect([forbidden.read('x'), forbidden.write('x', 'y'), forbidden.names()]).toEqual([null, false, []]);
  });
});
