import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,lab,bench,tools,content,e2e}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.services.test.ts'],
    testTimeout: 20_000,
  },
});
