import type { JsonObject } from '@counterpoint/core';
import type { CompiledTemplate } from '@counterpoint/expressions';
import type { Step } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { type Deciding, evaluate } from '../interpreter/deciding.ts';
import type { Scope } from '../interpreter/state.ts';

/** Evaluates `with`; nothing there is an empty map. @throws engine.input_not_map, errors of expressions */
export function argumentsOf(d: Deciding, scope: Scope, step: Step, template: CompiledTemplate): JsonObject {
  const value = evaluate(d, scope, step, template);
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw errors.input_not_map({ step: step.id, actual: Array.isArray(value) ? 'a list' : `a ${typeof value}` });
}
