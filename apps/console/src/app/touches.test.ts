import { describe, expect, it } from 'vitest';
import { createTouches, LATELY } from './touches.ts';

function there() {
  let now = 1_000;
  const touches = createTouches(() => now);
  return {
    touches,
    wait: (millis: number) => {
      now += millis;
    },
  };
}

describe('who is there', () => {
  it('is whoever opened the page, for a while', () => {
    const { touches, wait } = there();
    expect(touches.asks()).toBe(true);
    wait(LATELY - 1);
    expect(touches.asks()).toBe(true);
    wait(1);
    expect(touches.asks()).toBe(false);
  });

  it('is there again with the next touch', () => {
    const { touches, wait } = there();
    wait(LATELY * 5);
    touches.touch();
    expect(touches.asks()).toBe(true);
  });

  it('moves the pointer; a pointer that stands is nobody, whatever moves below it', () => {
    const { touches, wait } = there();
    const place = { screenX: 10, screenY: 20 };
    wait(LATELY);
    touches.point(place);
    touches.point(place);
    expect(touches.asks()).toBe(false);
    touches.point({ ...place, screenY: 21 });
    expect(touches.asks()).toBe(true);
  });
});

describe('the server', () => {
  it('is to be told of who only reads once in a while, and never of nobody', () => {
    const { touches, wait } = there();
    let told = 0;
    for (let second = 0; second < 100; second += 1) {
      wait(1_000);
      touches.touch();
      if (!touches.due()) continue;
      told += 1;
      touches.asks();
    }
    expect(told).toBe(5);
    wait(LATELY * 10);
    expect(touches.due()).toBe(false);
  });

  it('is not told again of who asks for things anyway', () => {
    const { touches, wait } = there();
    for (let n = 0; n < 10; n += 1) {
      wait(LATELY / 2);
      touches.touch();
      touches.asks();
      expect(touches.due()).toBe(false);
    }
  });
});
