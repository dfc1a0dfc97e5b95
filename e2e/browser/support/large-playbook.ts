import type { Page } from 'playwright-core';

const HEAD = `kind: playbook/v1
id: large
title: Five hundred steps
on: [{ manual: {} }]
inputs:
  n: { type: integer, default: 3 }
  list: { type: array, items: { type: string }, default: [] }
steps:
`;

function fiveSteps(at: number): string {
  return `  - id: loop_${at}
    foreach: inputs.list
    as: item
    do:
      - { id: value_${at}, set: { text: "\${{ item }}" } }
  - id: choice_${at}
    if: inputs.n > ${at}
    then:
      - { id: yes_${at}, set: { x: ${at} } }
    else:
      - { id: no_${at}, set: { x: 0 } }
`;
}

/** The text of a playbook with the id `large` and so many steps, in loops and branches; a multiple of five. */
export function largePlaybook(steps: number): string {
  return HEAD + Array.from({ length: steps / 5 }, (_, at) => fiveSteps(at)).join('');
}

/** Between two keys, in milliseconds, from when on the editor may take it for a pause. */
const PAUSE = 200;

/** From a key to the frame that shows it, and when it came. */
const WATCH = `
  globalThis.keyMillis = [];
  globalThis.keyTimes = [];
  document.addEventListener('keydown', (event) => {
    const began = event.timeStamp;
    globalThis.keyTimes.push(performance.now());
    requestAnimationFrame(() => setTimeout(() => globalThis.keyMillis.push(performance.now() - began)));
  }, true);
`;

/** Watches keys from now on: how long each took to be seen, and how often whoever typed paused. */
export async function watchKeys(page: Page) {
  await page.evaluate(WATCH);
  return {
    async read() {
      const millis = (await page.evaluate('globalThis.keyMillis')) as number[];
      const times = (await page.evaluate('globalThis.keyTimes')) as number[];
      const pauses = times.filter((time, at) => time - (times[at - 1] ?? time) > PAUSE).length;
      return { millis, pauses };
    },
  };
}
