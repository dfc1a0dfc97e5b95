import { connectorErrors } from '@counterpoint/connector-kit';
import { nearest } from '@counterpoint/core';
import { expressionErrors } from '@counterpoint/expressions';
import type { DocumentNode } from '../document/node.ts';
import type { Checking } from './context.ts';

/** Names of errors that steps end in, besides those of connectors and expressions: time-outs, guard, approvals. */
const ENGINE_ERRORS = [
  'timeout',
  'denied',
  'held',
  'not_approved',
  'unknown_outcome',
  'too_many_items',
  'too_many_iterations',
  'call_failed',
  'lease_required',
  'kill_switch',
] as const;

const KNOWN: ReadonlySet<string> = new Set([
  ...[...Object.keys(connectorErrors.specs), ...Object.keys(expressionErrors.specs)].map(
    (code) => code.split('.')[1] ?? code,
  ),
  ...ENGINE_ERRORS,
]);

/** Warns about names in `retry.on` or `catch.on` that no error has. Full codes (with a dot) are taken as they are. */
export function checkErrorNames(node: DocumentNode | undefined, { report }: Checking): void {
  if (node?.kind !== 'list') return;
  for (const item of node.items) {
    if (item.kind !== 'scalar' || item.text.includes('.') || KNOWN.has(item.text)) continue;
    report.add('error_name', item.position, { name: item.text }, nearest(item.text, KNOWN));
  }
}
