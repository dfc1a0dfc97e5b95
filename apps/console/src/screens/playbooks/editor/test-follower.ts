import { isCounterpointError } from '@counterpoint/core';
import type { CallResult } from '@counterpoint/sdk';
import type { TestStep } from './test-steps.ts';

/** A test file as the server lists it. */
export type ListedTest = CallResult<'listPlaybookTests'>['items'][number];

/** Where the tests of a playbook are kept. */
export interface TestDesk {
  list(): Promise<readonly Pick<ListedTest, 'name' | 'source' | 'rev' | 'origin'>[]>;
  save(name: string, source: string, rev: number): Promise<unknown>;
  remove(name: string, rev: number): Promise<unknown>;
}

/** How tests came out. */
export interface Followed {
  /** Names of those that follow. */
  readonly done: readonly string[];
  /** Names of those that somebody else changed at the same place, or deleted: they stay as they are. */
  readonly left: readonly string[];
}

/** Changes tests along with the playbook, one change after the other. */
export interface TestFollower {
  follow(steps: readonly TestStep[]): void;
}

/** What a {@link TestFollower} works with. */
export interface FollowerOptions {
  readonly desk: TestDesk;
  readonly onDone: (followed: Followed) => void;
  /** Resolves when it is worth trying again after an error; false: it is not. */
  readonly again: (error: unknown, times: number) => Promise<boolean>;
}

/** Makes a {@link TestFollower}. */
export function createTestFollower({ desk, onDone, again }: FollowerOptions): TestFollower {
  let last = Promise.resolve();
  const run = async (steps: readonly TestStep[]): Promise<void> => {
    for (let times = 0; ; times++) {
      try {
        onDone(await followAll(desk, steps));
        return;
      } catch (error) {
        if (!(await again(error, times))) return;
      }
    }
  };
  return {
    follow(steps) {
      if (steps.length > 0) last = last.then(() => run(steps));
    },
  };
}

/** What was done is found done when it is tried again. */
async function followAll(desk: TestDesk, steps: readonly TestStep[]): Promise<Followed> {
  const done: string[] = [];
  const left: string[] = [];
  for (const step of steps) ((await followOne(desk, step)) ? done : left).push(step.name);
  return { done, left };
}

async function followOne(desk: TestDesk, step: TestStep): Promise<boolean> {
  for (;;) {
    const test = (await desk.list()).find(({ name }) => name === step.name);
    if (!test) return false;
    const text = textFor(step, test.source);
    if (text === undefined) return false;
    if (text === test.source) return true;
    try {
      if (text === step.shipped && test.origin === 'stored') await desk.remove(step.name, test.rev);
      else await desk.save(step.name, text, test.rev);
      return true;
    } catch (error) {
      // Somebody else saved it just now: what they wrote is looked at.
      if (!isCounterpointError(error, 'engine.test_changed')) throw error;
    }
  }
}

/**
 * What a test is to become: changes of names stay on their lines, so that lines which somebody else added, changed or
 * took away around them do not matter. Undefined when one of the lines themselves is another now.
 */
function textFor({ from, to }: TestStep, standing: string): string | undefined {
  if (standing === from || standing === to) return to;
  const before = from.split('\n');
  const after = to.split('\n');
  const changed = new Map(before.flatMap((line, at) => (line === after[at] ? [] : [[line, after[at] ?? '']])));
  const unclear = before.length !== after.length || before.some((line, at) => changed.has(line) && line === after[at]);
  const lines = standing.split('\n');
  if (unclear || [...changed].some(([line, other]) => !lines.includes(line) && !lines.includes(other)))
    return undefined;
  return lines.map((line) => changed.get(line) ?? line).join('\n');
}
