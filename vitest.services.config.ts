import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Suites that need real services (PostgreSQL, nats-server, root for nftables); `.ci/run` installs what they need. */
export default defineConfig({
  test: {
    include: ['{packages,apps,lab,e2e,bench,crash}/**/*.services.test.ts'],
    exclude: ['**/node_modules/**'],
    // Each starts the services it needs for itself, and waits for them most of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
