import { nearest } from '@counterpoint/core';
import { entryOf, fieldOf } from '../document/node.ts';
import type { Use } from '../plan.ts';
import type { Checking } from './context.ts';

/** Reports what `uses` names and does not exist. */
export function checkUses(checking: Checking): void {
  const node = fieldOf(checking.root, 'uses');
  for (const [alias, use] of Object.entries(checking.uses)) {
    const entry = entryOf(node, alias);
    if (!entry) continue;
    const written = checking.plan.uses[alias];
    if (written?.kind === 'name') checkName(written.name, entry.value.position, checking);
    else checkUse(use, fieldOf(entry.value, use.kind)?.position ?? entry.value.position, checking);
  }
}

/** Warns about aliases that no step uses. */
export function checkUnused(checking: Checking): void {
  const node = fieldOf(checking.root, 'uses');
  for (const alias of Object.keys(checking.uses)) {
    const entry = entryOf(node, alias);
    if (entry && !checking.usedAliases.has(alias)) {
      checking.report.add('unused_use', entry.keyPosition, { alias });
    }
  }
}

function checkName(name: string, position: Checking['root']['position'], { catalogue, report }: Checking): void {
  const isConnector = catalogue.connectors.has(name);
  const isCapability = catalogue.capabilities.has(name);
  if (isConnector && isCapability) report.add('ambiguous_use', position, { name });
  if (isConnector || isCapability) return;
  const near = nearest(name, [...catalogue.connectors.keys(), ...catalogue.capabilities.keys()]);
  report.add('unknown_use', position, { what: 'connector or capability', name }, near);
}

function checkUse(use: Use, position: Checking['root']['position'], { catalogue, report }: Checking): void {
  if (use.kind === 'capability') {
    if (catalogue.capabilities.has(use.capability)) return;
    const near = nearest(use.capability, catalogue.capabilities.keys());
    report.add('unknown_use', position, { what: 'capability', name: use.capability }, near);
    return;
  }
  if (use.kind === 'connection' && catalogue.connections && !catalogue.connections.has(use.connection)) {
    const near = nearest(use.connection, catalogue.connections.keys());
    report.add('unknown_connection', position, { connection: use.connection }, near);
    return;
  }
  if (use.kind === 'connection') {
    const { connection, connector: expected } = use;
    const actual = catalogue.connections?.get(connection)?.connector;
    if (actual !== undefined && actual !== expected) {
      report.add('connection_mismatch', position, { connection, actual, expected });
    }
    if (expected === '') report.add('unchecked_connection', position, { connection });
  }
  if (use.connector === '' || catalogue.connectors.has(use.connector)) return;
  const near = nearest(use.connector, catalogue.connectors.keys());
  report.add('unknown_use', position, { what: 'connector', name: use.connector }, near);
}
