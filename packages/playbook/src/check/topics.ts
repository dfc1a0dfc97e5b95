import { nearest } from '@counterpoint/core';
import { isForeignTopic } from '@counterpoint/events';
import { type ExpressionType, typeFromJsonSchema, types, untrusted } from '@counterpoint/expressions';
import type { Catalogue } from '../catalogue.ts';
import { type DocumentNode, fieldOf, nodeAt } from '../document/node.ts';
import type { Position } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Checking } from './context.ts';
import { checkTexts } from './expressions.ts';
import type { Scope } from './scope.ts';
import { launderedPieces } from './taint.ts';
import { misfits } from './values.ts';

/** The type of the data on a topic; open and foreign topics carry anything, from anybody. An unknown topic is reported. */
export function topicType(
  topic: string,
  position: Position | undefined,
  { catalogue, report }: { readonly catalogue: Catalogue; readonly report: Report },
): ExpressionType {
  const declaration = catalogue.topics.get(topic);
  if (!declaration && isForeignTopic(topic)) return untrusted(types.dyn);
  if (!declaration) {
    const near = nearest(topic, catalogue.topics.keys());
    if (position && topic !== '') report.add('unknown_topic', position, { topic }, near);
    return types.dyn;
  }
  return declaration.schema && !declaration.open ? typeFromJsonSchema(declaration.schema) : untrusted(types.dyn);
}

/**
 * Checks `data` that is published on `topic`: whether it fits, and whether those who read it would trust more of it than
 * they may. Approvals are no excuse here, since nobody is shown the data.
 */
export function checkPublished(
  topic: string,
  node: DocumentNode | undefined,
  scope: Scope,
  checking: Checking,
  topicField = 'publish',
): void {
  const data = fieldOf(node, 'data');
  const result = checkTexts(data, scope, checking);
  const seen = topicType(topic, fieldOf(node, topicField)?.position, checking);
  const declaration = checking.catalogue.topics.get(topic);
  if (!declaration?.schema || declaration.open || !data) return;
  const { report } = checking;
  for (const { path } of result ? launderedPieces(result, seen, scope, checking) : []) {
    const field = path.length === 0 ? 'data' : path.join('.');
    report.add('tainted_event', nodeAt(data, path).position, { field, topic });
  }
  for (const misfit of misfits(data, declaration.schema, result)) {
    const position = misfit.kind === 'missing' ? data.position : misfit.position;
    const near = misfit.kind === 'unknown' ? misfit.near : undefined;
    const reason = {
      unknown: `it has no field "${misfit.name}"`,
      missing: `it needs the field "${misfit.name}"`,
      type: misfit.kind === 'type' ? `"${misfit.name}" is ${misfit.expected}, and this gives ${misfit.actual}` : '',
      value: misfit.kind === 'value' ? `"${misfit.name}": ${misfit.reason}` : '',
    }[misfit.kind];
    report.add('event_data', position, { topic, reason }, near);
  }
}
