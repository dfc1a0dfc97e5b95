import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { noBrowser } from './e2e/browser/support/chromium.ts';

const NEVER = ['**/node_modules/**', '**/*.services.test.ts'];

/** What `npm run golden` runs and nothing else does: it writes files. */
const RECORDING = process.env.GOLDEN === 'record' ? [] : ['packages/engine/src/golden/record.test.ts'];

/** What goes through processes and pages comes late on a busy machine; a short patience would be a timed assertion. */
const PATIENT = { testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: 60_000 } } };

/** Those of them that open the console in Chromium; none where there is none. */
const BROWSER = 'e2e/browser/**/*.test.ts';
if (noBrowser !== '') process.stderr.write(`counterpoint: every test in a browser is skipped: ${noBrowser}\n`);

/** Loading the modules anew for each of some hundred files would take longer than the tests: they share them, and so must leave nothing behind in module state. */
const SHARED = { isolate: false, pool: 'threads' } as const;

export default defineConfig({
  test: {
    // Most of the time tests wait for processes, pages and timers: two at a time fit on one processor.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          ...SHARED,
          name: 'unit',
          include: ['{packages,apps,lab,bench,crash,tools,content}/**/*.test.ts'],
          exclude: [...NEVER, ...RECORDING],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: { ...SHARED, ...PATIENT, name: 'e2e', include: ['e2e/**/*.test.ts'], exclude: [...NEVER, BROWSER] },
      },
      {
        test: { ...SHARED, ...PATIENT, name: 'browser', include: noBrowser === '' ? [BROWSER] : [], exclude: NEVER },
      },
    ],
  },
});
