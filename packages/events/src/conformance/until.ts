import { expect } from 'vitest';

/** Waits for something that comes by itself, with the patience of the configuration of the tests. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(holds, { message: what, interval: 20 }).toBe(true);
}
