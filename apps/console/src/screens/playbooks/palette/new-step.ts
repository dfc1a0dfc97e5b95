import type { Edit } from '../editor/editor-model.ts';

/** What a new step begins as. */
export type NewStep = Extract<Edit, { op: 'add' }>['step'];

/** A new step as text, to be dragged onto the canvas. */
export function writeNewStep(step: NewStep): string {
  return JSON.stringify(step);
}

/** Reads what was dragged; undefined when it is no step. */
export function readNewStep(text: string): NewStep | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as NewStep) : undefined;
  } catch {
    return undefined;
  }
}
