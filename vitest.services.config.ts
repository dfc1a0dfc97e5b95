import { defineConfig } from 'vitest/config';

/** Suites that need real services (PostgreSQL, root for nftables, Chromium); `.ci/run` installs what they need. */
export default defineConfig({
  test: {
    include: ['{packages,apps,lab,e2e,bench,crash}/**/*.services.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
