import type { JsonSchema } from '@counterpoint/connector-kit';
import type { TemplateCheckResult } from '@counterpoint/expressions';
import { type DocumentNode, fieldOf } from '../document/node.ts';
import type { Position, Step } from '../plan.ts';
import type { Checking } from './context.ts';
import { isMarked, type Misfit, misfits } from './values.ts';

/** Something that takes arguments: an action or a playbook. */
export interface Callee {
  /** As it is called in messages. */
  readonly name: string;
  readonly input: JsonSchema;
}

/** Checks the arguments `node` against what the callee takes. */
export function checkArguments(
  node: DocumentNode | undefined,
  callee: Callee,
  result: TemplateCheckResult | undefined,
  step: Step,
  checking: Checking,
): void {
  for (const misfit of misfits(node, callee.input, result)) {
    reportMisfit(misfit, callee.name, node?.position ?? step.position, checking);
  }
}

function reportMisfit(misfit: Misfit, what: string, place: Position, { report }: Checking): void {
  const argument = misfit.name;
  if (misfit.kind === 'unknown') report.add('unknown_argument', misfit.position, { what, argument }, misfit.near);
  else if (misfit.kind === 'missing') report.add('missing_argument', place, { what, argument });
  else if (misfit.kind === 'value') {
    report.add('argument_value', misfit.position, { what, argument, reason: misfit.reason });
  } else {
    const { expected, actual } = misfit;
    report.add('argument_type', misfit.position, { what, argument, expected, actual });
  }
}

/** Refuses expressions inside arguments that a vendor interprets as a query or script. */
export function refuseInterpolation(
  node: DocumentNode | undefined,
  callee: Callee,
  result: TemplateCheckResult | undefined,
  checking: Checking,
): void {
  for (const { path } of result?.pieces ?? []) {
    if (!isMarked(callee.input, path, 'query')) continue;
    const argument = String(path[0]);
    const position = fieldOf(node, argument)?.position;
    if (position) checking.report.add('interpolated_query', position, { argument, action: callee.name });
  }
}
