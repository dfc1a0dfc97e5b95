import type { JsonSchema } from '@counterpoint/connector-kit';
import { nearest } from '@counterpoint/core';
import { type ExpressionType, typeFromJsonSchema, types } from '@counterpoint/expressions';
import type { Catalogue, PlaybookSignature } from '../catalogue.ts';
import { fieldOf } from '../document/node.ts';
import type { CallStep } from '../plan.ts';
import { checkArguments } from './arguments.ts';
import { type Checking, nodeOf, placeOf } from './context.ts';
import { checkTexts } from './expressions.ts';
import type { Scope } from './scope.ts';
import { isApproved, taintedKeys } from './taint.ts';
import { isMarked } from './values.ts';

/** The inputs of a playbook as one object schema. */
function inputsSchema(inputs: PlaybookSignature['inputs']): JsonSchema {
  const all = Object.entries(inputs);
  return {
    type: 'object',
    properties: Object.fromEntries(all.map(([name, input]) => [name, input.schema])),
    required: all.filter(([, input]) => input.required).map(([name]) => name),
    additionalProperties: false,
  };
}

/** Checks a `call` step; gives the type of its output. */
export function checkCall(step: CallStep, scope: Scope, checking: Checking): ExpressionType {
  const args = fieldOf(nodeOf(step, checking), 'with');
  const result = checkTexts(args, scope, checking);
  const { playbook } = step;
  if (playbook === '') return types.dyn;
  checking.calls.add(playbook);
  const position = placeOf(step, 'call', checking);
  const cycle = findCycle(playbook, checking.plan.id, checking.catalogue);
  if (cycle) {
    checking.report.add('call_cycle', position, { path: [checking.plan.id, ...cycle].join(' -> ') });
    return types.dyn;
  }
  const signature = checking.catalogue.playbooks.get(playbook);
  if (!signature) {
    const near = nearest(playbook, checking.catalogue.playbooks.keys());
    checking.report.add('unknown_playbook', position, { playbook }, near);
    return types.dyn;
  }
  if (signature.needsEvent) checking.report.add('call_needs_event', position, { playbook });
  const callee = { name: playbook, input: inputsSchema(signature.inputs) };
  checkArguments(args, callee, result, step, checking);
  if (result && !isApproved(step, scope, checking)) {
    for (const input of taintedKeys(result, scope, checking)) {
      if (isMarked(callee.input, [input], 'untrusted')) continue;
      const place = fieldOf(args, input)?.position ?? step.position;
      checking.report.add('tainted_input', place, { input, playbook });
    }
  }
  return step.detach ? types.object({ run: { type: types.string } }) : typeFromJsonSchema(signature.outputs);
}

/** The way from `from` back to `target` over calls; undefined when there is none. */
function findCycle(from: string, target: string, { playbooks }: Catalogue): readonly string[] | undefined {
  const seen = new Set<string>();
  const pending: (readonly string[])[] = [[from]];
  for (let path = pending.pop(); path; path = pending.pop()) {
    const last = path.at(-1) ?? '';
    if (last === target) return path;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of playbooks.get(last)?.calls ?? []) pending.push([...path, next]);
  }
  return undefined;
}
