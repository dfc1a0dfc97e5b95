import { defineConfig } from 'vitest/config';

/** What `npm run golden` runs and nothing else does: it writes files. */
const recording = process.env.GOLDEN === 'record' ? [] : ['packages/engine/src/golden/record.test.ts'];

export default defineConfig({
  test: {
    include: ['{packages,apps,lab,bench,crash,tools,content,e2e}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.services.test.ts', ...recording],
    // Loading the modules anew for each of some hundred files would take longer than the tests: they share them, and so
    // must leave nothing behind in module state.
    isolate: false,
    pool: 'threads',
    testTimeout: 20_000,
    // What is waited for comes late on a busy machine; one second would be a timed assertion.
    expect: { poll: { timeout: 15_000 } },
  },
});
