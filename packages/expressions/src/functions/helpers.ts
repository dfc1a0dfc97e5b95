import type { CounterpointError } from '@counterpoint/core';
import { errors } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { admit, isMap, kindOf, Optional } from '../values.ts';

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

/** JSON of a value, refused before it would become too long. @throws expressions.output_too_large, expressions.not_data */
export function writeJson(value: unknown, runtime: Runtime): string {
  runtime.chargeText(jsonSize(value, runtime));
  return JSON.stringify(value, plainOf) ?? 'null';
}

function plainOf(_key: string, value: unknown): unknown {
  if (value instanceof Optional) return value.value ?? null;
  return typeof value === 'bigint' ? Number(value) : value;
}

function jsonSize(value: unknown, runtime: Runtime): number {
  runtime.charge(3);
  if (value === undefined) return 4;
  const plain = admit(value, runtime);
  if (typeof plain === 'string') return plain.length + 2;
  if (plain instanceof Optional) return jsonSize(plain.value, runtime);
  let size = 2;
  if (Array.isArray(plain)) for (const item of plain) size += jsonSize(item, runtime) + 1;
  else if (isMap(plain)) {
    for (const key of Object.keys(plain)) size += key.length + 4 + jsonSize(plain[key], runtime);
  } else size = 24;
  return size;
}
