import { describe, expect, test } from 'vitest';
import { bringTogether, type TogetherDesk } from './bring-together.ts';

const theirs = { name: 'mine', source: 'a\nTHEIRS\n', rev: 4 };

function aDesk(merge: Awaited<ReturnType<TogetherDesk['merge']>>, tests = [theirs]): TogetherDesk {
  return { list: async () => tests, merge: async () => merge };
}

describe('a test that two people wrote', () => {
  test('has both changes where they are apart, upon what was saved last', async () => {
    const desk = aDesk({ merged: 'MINE\nTHEIRS\n', conflicts: [] });
    expect(await bringTogether(desk, 'mine', 'MINE\nb\n', 'a\nb\n')).toEqual({
      text: 'MINE\nTHEIRS\n',
      base: { source: theirs.source, rev: 4 },
      how: 'apart',
    });
  });

  test('has mine above theirs where they collide', async () => {
    const conflict = { from: 2, to: 7, base: 'b\n', mine: 'MINE\n', theirs: 'THEIRS\n' };
    const desk = aDesk({ merged: 'a\nMINE\n', conflicts: [conflict] });
    const { text, how } = await bringTogether(desk, 'mine', 'a\nMINE\n', 'a\nb\n');
    expect([text, how]).toEqual(['a\nMINE\nTHEIRS\n', 'collided']);
  });

  test('is mine alone when it was deleted, to be saved as a new one', async () => {
    const desk = aDesk({ merged: '', conflicts: [] }, []);
    expect(await bringTogether(desk, 'mine', 'a\n', 'b\n')).toEqual({
      text: 'a\n',
      base: { source: '', rev: 0 },
      how: 'deleted',
    });
  });
});
