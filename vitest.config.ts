import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,lab,bench,crash,tools,content,e2e}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.services.test.ts'],
    // Loading the modules anew for each of some hundred files would take longer than the tests: they share them, and so
    // must leave nothing behind in module state.
    isolate: false,
    pool: 'threads',
    testTimeout: 20_000,
  },
});
