import { nearest } from '@counterpoint/core';
import type { DocumentNode } from '../document/node.ts';
import type { Checking } from './context.ts';

/** Warns about names in `retry.on` or `catch.on` that no error has. Full codes (with a dot) are taken as they are. */
export function checkErrorNames(node: DocumentNode | undefined, { catalogue, report }: Checking): void {
  const known = catalogue.errorNames;
  if (node?.kind !== 'list' || !known) return;
  for (const item of node.items) {
    if (item.kind !== 'scalar' || item.text.includes('.') || known.has(item.text)) continue;
    report.add('error_name', item.position, { name: item.text }, nearest(item.text, known));
  }
}
