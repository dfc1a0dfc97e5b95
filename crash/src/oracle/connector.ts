import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connector, type ConnectorManifest, defineConnector, loadManifest } from '@counterpoint/connector-kit';

const FILE = join(import.meta.dirname, 'manifest.yaml');

/** What the server is told of the oracle; `lie`: that every action may be repeated. */
function told(manifest: ConnectorManifest, lie: boolean): ConnectorManifest {
  if (!lie) return manifest;
  const actions = Object.entries(manifest.actions).map(([name, action]) => [name, { ...action, idempotent: true }]);
  return { ...manifest, actions: Object.fromEntries(actions) };
}

/**
 * The connector to the oracle, as a server process has it.
 *
 * @param worker names the process in the oracle's journal
 * @param lie makes the ledger believe that every action may be repeated: a switch that breaks a guarantee
 */
export function oracleConnector(worker: string, lie: boolean): Connector {
  const manifest = told(loadManifest(readFileSync(FILE, 'utf8')), lie);
  return defineConnector({ manifest: { ...manifest, auth: { headers: { 'x-worker': worker } } } });
}
