import type { ActionReference } from '@counterpoint/connector-kit';
import { isCounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import { type CompiledTemplate, compileExpression, compileTemplate } from '@counterpoint/expressions';

const templates = new WeakMap<ActionReference, CompiledTemplate>();

/** The arguments of a reference to another action of the same connector. @throws what its expressions throw */
export function referenceInput(reference: ActionReference, scope: JsonObject): JsonObject {
  let template = templates.get(reference);
  if (!template) {
    template = compileTemplate(reference.with);
    templates.set(reference, template);
  }
  return template.evaluate(scope) as JsonObject;
}

/** A template of a manifest filled in. @throws what its expressions throw */
export function fillTemplate(template: Json, scope: JsonObject): Json {
  return compileTemplate(template).evaluate(scope) as Json;
}

/** Whether a condition of a manifest holds; only `true` counts. @throws what the expression throws */
export function holds(source: string, scope: JsonObject): boolean {
  return compileExpression(source).evaluate(scope) === true;
}

/** Like {@link holds}, for what was sent already: an answer that the condition cannot be read from does not meet it. */
export function holdsSurely(source: string, scope: JsonObject): boolean {
  try {
    return holds(source, scope);
  } catch (error) {
    if (isCounterpointError(error)) return false;
    throw error;
  }
}

/** The text that an expression of a manifest gives. @throws what the expression throws */
export function textOf(source: string, scope: JsonObject): string {
  return String(compileExpression(source).evaluate(scope) ?? '');
}
