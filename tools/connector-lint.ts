/** Lints the connectors: `connector-lint.ts [id…]`. Ends with 1 when one has an error, or when none was found. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CapabilityContract, lintManifest } from '@counterpoint/connector-kit';
import { CONNECTORS_SOURCE, readConnectorFolders } from './generate-connectors.ts';

/** What every connector folder holds besides its manifest. */
const FILES = ['README.md', 'connector.test.ts', 'simulator.ts'];

/** The contracts of `content/capabilities`, by name. */
function readContracts(): Readonly<Record<string, CapabilityContract>> {
  const folder = join(import.meta.dirname, '../content/capabilities');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => {
      const contract = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CapabilityContract;
      return [name.slice(0, -'.json'.length), contract];
    }),
  );
}

const contracts = readContracts();
const wanted = process.argv.slice(2);
const folders = readConnectorFolders().filter(({ id }) => wanted.length === 0 || wanted.includes(id));
let errors = 0;
let warnings = 0;

for (const { id, manifest } of folders) {
  const present = new Set(readdirSync(join(CONNECTORS_SOURCE, id)));
  const missing = FILES.filter((file) => !present.has(file)).map((file) => ({
    level: 'error' as const,
    rule: 'file_missing',
    path: file,
    message: 'every connector has one',
  }));
  for (const { level, rule, path, message } of [...missing, ...lintManifest(manifest, contracts)]) {
    if (level === 'error') errors += 1;
    else warnings += 1;
    console.log(`${id}: ${level} ${rule} at ${path}: ${message}`);
  }
}

console.log(`connector-lint: ${folders.length} connectors, ${errors} errors, ${warnings} warnings`);
process.exitCode = errors > 0 || folders.length === 0 || (wanted.length > 0 && folders.length < wanted.length) ? 1 : 0;
