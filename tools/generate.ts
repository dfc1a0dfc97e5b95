import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connectorFiles } from './generate-connectors.ts';
import { capabilitiesPage } from './generators/capabilities.ts';
import { cliPage } from './generators/cli.ts';
import { configurationPage } from './generators/configuration.ts';
import { connectorPages } from './generators/connectors.ts';
import { errorsPage } from './generators/errors.ts';
import { expressionsPage } from './generators/expressions.ts';
import { findingsPage } from './generators/findings.ts';
import { httpApiPage } from './generators/http-api.ts';
import { openapiFile } from './generators/openapi.ts';
import { participantProtocolPage } from './generators/participant-protocol.ts';
import { permissionsPage } from './generators/permissions.ts';
import { topicsPage } from './generators/topics.ts';

/** A file that is made from the code: its path under the root, and how. */
interface Generated {
  readonly path: string;
  make(root: string): Promise<string>;
}

const generated: readonly Generated[] = [
  { path: 'docs/reference/errors.md', make: errorsPage },
  { path: 'docs/reference/findings.md', make: findingsPage },
  { path: 'docs/reference/configuration.md', make: configurationPage },
  { path: 'docs/reference/expressions.md', make: expressionsPage },
  { path: 'docs/reference/topics.md', make: topicsPage },
  { path: 'docs/reference/capabilities.md', make: capabilitiesPage },
  { path: 'docs/reference/permissions.md', make: permissionsPage },
  { path: 'docs/reference/http-api.md', make: httpApiPage },
  { path: 'docs/reference/participant-protocol.md', make: participantProtocolPage },
  { path: 'docs/reference/openapi.json', make: openapiFile },
  { path: 'docs/reference/cli.md', make: cliPage },
  ...connectorPages(),
  ...connectorFiles(),
];

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const root = join(import.meta.dirname, '..');
const checking = process.argv.includes('--check');
let stale = 0;
for (const { path, make } of generated) {
  const file = join(root, path);
  const content = await make(root);
  if (current(file) === content) continue;
  stale += 1;
  if (checking) {
    process.stderr.write(`${path} is not what the code says; run "npm run generate"\n`);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    process.stdout.write(`wrote ${path}\n`);
  }
}
process.stdout.write(`generate: ${generated.length} files, ${stale} ${checking ? 'stale' : 'written'}\n`);
process.exitCode = checking && stale > 0 ? 1 : 0;
