import type { DocumentNode } from '../document/node.ts';
import type { Step } from '../plan.ts';
import type { Part, Reading } from './context.ts';
import { asList, asMap, child, requireField } from './fields.ts';

/** The steps of an optional field. */
export function stepsOf(part: Part, field: string, reading: Reading): readonly Step[] {
  const node = child(part, field);
  return node ? asSteps(node, field, reading) : [];
}

/** The steps of a field that must have some. */
export function requiredSteps(part: Part, field: string, reading: Reading): readonly Step[] {
  const node = requireField(part, field, reading);
  return node ? asSteps(node, field, reading) : [];
}

/** A node that must be a list of steps, not empty. */
export function asSteps(node: DocumentNode, field: string, reading: Reading): readonly Step[] {
  const list = asList(node, field, reading);
  if (!list) return [];
  if (list.items.length === 0) reading.report.add('empty_list', list.position, { field });
  return list.items.flatMap((item) => {
    const map = asMap(item, `each item of ${field}`, reading);
    return (map && reading.readStep(map, reading)) ?? [];
  });
}
