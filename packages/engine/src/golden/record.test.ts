import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { record } from './journals.ts';
import { scenarios } from './scenarios.ts';

// `npm run golden` records what this version writes, once. What is there is never written again, so that the journals of
// released versions stay what they were.
describe('recording', () => {
  const folder = join(import.meta.dirname, 'journals', manifest.version);
  it.each(Object.entries(scenarios))('%s', async (name, scenario) => {
    const file = join(folder, `${name}.json`);
    if (existsSync(file)) return;
    mkdirSync(folder, { recursive: true });
    const golden = await record(scenario, manifest.version, createMemoryStore());
    writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);
  });
});
