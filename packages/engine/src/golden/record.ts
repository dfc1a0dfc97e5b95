import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import root from '../../../../package.json' with { type: 'json' };
import { record } from './journals.ts';
import { scenarios } from './scenarios.ts';

// Records what this version writes, once: `npm run golden`. What is there is never written again, so that the journals
// of released versions stay what they were.
const folder = join(import.meta.dirname, 'journals', root.version);
mkdirSync(folder, { recursive: true });
for (const [name, scenario] of Object.entries(scenarios)) {
  const file = join(folder, `${name}.json`);
  if (existsSync(file)) {
    process.stdout.write(`${root.version}/${name}: kept\n`);
    continue;
  }
  const golden = await record(scenario, root.version);
  writeFileSync(file, `${JSON.stringify(golden, null, 1)}\n`);
  process.stdout.write(`${root.version}/${name}: ${golden.journal.length} entries\n`);
}
