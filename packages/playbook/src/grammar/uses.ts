import type { DocumentNode } from '../document/node.ts';
import type { Use } from '../plan.ts';
import type { Part, Reading } from './context.ts';
import { asMap, asName, asText, child, isName, oneOf, refuseOthers, wrongType } from './fields.ts';

const KINDS = ['connector', 'capability', 'connection'] as const;

/** How an alias was written; a bare name may be a connector or a capability. */
export type WrittenUse = { readonly kind: 'name'; readonly name: string } | Use;

/** `uses: {alias: name | {connector} | {capability, targets} | {connection, connector}}`. */
export function readUses(part: Part, reading: Reading): Readonly<Record<string, WrittenUse>> {
  const node = child(part, 'uses');
  const map = node && asMap(node, 'uses', reading);
  const uses: [string, WrittenUse][] = [];
  for (const { key, keyPosition, value } of map?.entries ?? []) {
    if (!isName(key)) reading.report.add('invalid_name', keyPosition, { name: key, field: 'uses' });
    const use = readUse(key, value, reading);
    if (use) uses.push([key, use]);
  }
  return Object.fromEntries(uses);
}

function readUse(alias: string, value: DocumentNode, reading: Reading): WrittenUse | undefined {
  const field = `uses.${alias}`;
  if (value.kind === 'scalar') {
    const name = asName(value, field, reading);
    return name === undefined ? undefined : { kind: 'name', name };
  }
  if (value.kind === 'list') return wrongType(value, field, 'a name or a map', reading);
  const part: Part = { node: value, name: field };
  const written = KINDS.filter((kind) => child(part, kind));
  const kind = written.includes('connection') ? 'connection' : written[0];
  if (!kind || (written.includes('capability') && written.length > 1)) {
    const params = { field, expected: `a name, or a map with one of ${KINDS.join(', ')}`, actual: 'neither' };
    reading.report.add('wrong_value', value.position, params);
    return undefined;
  }
  const name = (one: (typeof KINDS)[number]): string => {
    const node = child(part, one);
    return (node && asText(node, one, reading)) ?? '';
  };
  switch (kind) {
    case 'connector':
      refuseOthers(part, ['connector'], reading);
      return { kind, connector: name(kind) };
    case 'capability':
      refuseOthers(part, ['capability', 'targets'], reading);
      return { kind, capability: name(kind), targets: oneOf(part, 'targets', ['one', 'all'], reading) ?? 'one' };
    default:
      refuseOthers(part, ['connection', 'connector'], reading);
      return { kind, connection: name(kind), connector: name('connector') };
  }
}
