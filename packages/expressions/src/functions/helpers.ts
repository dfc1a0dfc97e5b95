import type { CounterpointError } from '@counterpoint/core';
import { errors } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { isMap, kindOf, Optional } from '../values.ts';

const SHOWN = 80;

/** The error for a text that is not what a function takes: shows its start only. */
export function invalidValue(value: unknown, expected: string, runtime: Runtime): CounterpointError {
  const text = typeof value === 'string' ? value : kindOf(value);
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return errors.invalid_value({ value: shown, expected }, runtime.where());
}

/** How a value is written inside a text: text as it is, null as nothing, lists and maps as JSON. */
export function textOf(value: unknown, runtime: Runtime): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (value instanceof Optional) return textOf(value.value, runtime);
  return typeof value === 'object' ? writeJson(value, runtime) : String(value);
}

/** JSON of a value, refused before it would become too long. @throws expressions.output_too_large */
export function writeJson(value: unknown, runtime: Runtime): string {
  runtime.chargeText(jsonSize(value, runtime));
  return (
    JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Optional ? (inner.value ?? null) : inner)) ??
    'null'
  );
}

function jsonSize(value: unknown, runtime: Runtime): number {
  runtime.charge(1);
  if (typeof value === 'string') return value.length + 2;
  if (value instanceof Optional) return jsonSize(value.value, runtime);
  let size = 2;
  if (Array.isArray(value)) for (const item of value) size += jsonSize(item, runtime) + 1;
  else if (isMap(value)) {
    for (const key of Object.keys(value)) size += key.length + 4 + jsonSize(value[key], runtime);
  } else size = 24;
  return size;
}
