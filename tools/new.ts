/** Makes a new part of the product: `npm run new connector acme`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTORS_SOURCE, readConnectorFolders, writeGeneratedConnectors } from './generate-connectors.ts';
import { ScaffoldError, scaffoldConnector } from './scaffold-connector.ts';

const USAGE = 'Usage: npm run new connector <name>, with a name in snake_case such as acme_cloud.';

function createConnector(id: string): void {
  const taken = readConnectorFolders().map((folder) => folder.id);
  const files = scaffoldConnector(id, taken);
  const folder = join(CONNECTORS_SOURCE, id);
  mkdirSync(folder);
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  writeGeneratedConnectors();
  console.log(`Made packages/connectors/src/${id}: ${[...files.keys()].join(', ')}.`);
  console.log('It lints clean and passes its test as it is; now make it speak to the product:');
  console.log('  1. manifest.yaml: the connection, the actions, the errors');
  console.log("  2. simulator.ts: the same API, as the vendor's documentation has it");
  console.log(`  3. npm test -- packages/connectors/src/${id}; then npm run generate and npm run check`);
}

const [kind, name] = process.argv.slice(2);
try {
  if (kind !== 'connector' || name === undefined) throw new ScaffoldError(USAGE);
  createConnector(name);
} catch (error) {
  if (!(error instanceof ScaffoldError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
