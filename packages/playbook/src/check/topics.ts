import { nearest } from '@counterpoint/core';
import { type ExpressionType, typeFromJsonSchema, types, untrusted } from '@counterpoint/expressions';
import type { Catalogue } from '../catalogue.ts';
import { type DocumentNode, fieldOf } from '../document/node.ts';
import type { Position } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Checking } from './context.ts';
import { checkTexts } from './expressions.ts';
import type { Scope } from './scope.ts';
import { misfits } from './values.ts';

/** The type of the data on a topic; open topics carry anything, from anybody. An unknown topic is reported. */
export function topicType(
  topic: string,
  position: Position | undefined,
  { catalogue, report }: { readonly catalogue: Catalogue; readonly report: Report },
): ExpressionType {
  const declaration = catalogue.topics.get(topic);
  if (!declaration) {
    const near = nearest(topic, catalogue.topics.keys());
    if (position && topic !== '') report.add('unknown_topic', position, { topic }, near);
    return types.dyn;
  }
  return declaration.schema && !declaration.open ? typeFromJsonSchema(declaration.schema) : untrusted(types.dyn);
}

/** Checks `data` that is published on `topic`. */
export function checkPublished(
  topic: string,
  node: DocumentNode | undefined,
  scope: Scope,
  checking: Checking,
  topicField = 'publish',
): void {
  const data = fieldOf(node, 'data');
  const result = checkTexts(data, scope, checking);
  topicType(topic, fieldOf(node, topicField)?.position, checking);
  const declaration = checking.catalogue.topics.get(topic);
  if (!declaration?.schema || declaration.open || !data) return;
  const { report } = checking;
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
