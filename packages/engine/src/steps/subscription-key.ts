import { isCounterpointError, type Json, sha256 } from '@counterpoint/core';
import { type CompiledExpression, equalitiesOf } from '@counterpoint/expressions';

/** Longer keys are hashed, so that they fit into an index. */
const LONGEST = 200;

/**
 * What an event must hold for a condition on `candidate` to be asked at all: the first equality of a field of the event
 * with a text, number or boolean that is known beforehand. Empty when the condition has none. With it, an event finds
 * those that wait for it without asking each one that waits for its topic.
 *
 * @param evaluate gives the other side of an equality; an expected error says that it is not known yet
 */
export function subscriptionKey(match: string, evaluate: (other: CompiledExpression) => unknown): string {
  for (const { path, other } of equalitiesOf(match, 'candidate')) {
    const value = knownValue(other, evaluate);
    if (isScalar(value)) return keyOf(path, value);
  }
  return '';
}

function knownValue(other: CompiledExpression, evaluate: (other: CompiledExpression) => unknown): unknown {
  try {
    return evaluate(other);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return undefined;
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function keyOf(path: readonly string[], value: string | number | boolean): string {
  const key = `${JSON.stringify(path)}=${JSON.stringify(value)}`;
  return key.length > LONGEST ? sha256(key) : key;
}

/** Every key that an event may be waited for under, the empty one included: one for each scalar in its maps. */
export function keysOfEvent(data: Json): readonly string[] {
  const keys = [''];
  const visit = (value: Json, path: readonly string[]): void => {
    if (isScalar(value)) {
      if (path.length > 0) keys.push(keyOf(path, value));
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name]);
    }
  };
  visit(data, []);
  return keys;
}
