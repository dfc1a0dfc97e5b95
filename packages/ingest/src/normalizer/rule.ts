import { isCounterpointError } from '@counterpoint/core';
import { parseTime } from '@counterpoint/formats';
import type { PathStep } from '../path.ts';
import { type Candidate, compileCandidates, compileItemExpression } from './candidates.ts';
import { coerce, textOf } from './coerce.ts';
import type { RuleDocument } from './document.ts';
import type { Complain } from './problems.ts';
import { type Target, targetOf } from './targets.ts';

/** A value for a field with where it came from. */
export interface Supplied {
  readonly value: unknown;
  /** As the normaliser writes it, `default` for a default. */
  readonly from: string;
  /** The places of the item that it was taken from. */
  readonly reads: readonly (readonly PathStep[])[];
}

/** A compiled rule: how one field of the finding is filled. */
export interface FieldRule {
  readonly name: string;
  readonly target: Target;
  /** In the order in which they are tried. */
  readonly tried: readonly string[];
  /** The first value that is there and fits; `now` is Unix milliseconds. */
  readonly read: (item: unknown, now: number) => Supplied | undefined;
}

/** Looks values up in a map without regard to case; values beyond it do not fit. */
export function compileMap(
  map: Readonly<Record<string, string | number | boolean>> | undefined,
): ((value: unknown) => unknown) | undefined {
  if (map === undefined) return undefined;
  const known = new Map(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
  return (value) => {
    const text = textOf(value);
    return text === undefined ? undefined : known.get(text.toLowerCase());
  };
}

/** Compiles the rule of one field; undefined when the field cannot be mapped. */
export function compileRule(name: string, document: RuleDocument, complain: Complain): FieldRule | undefined {
  const where = ['fields', name];
  const target = targetOf(name);
  if ('problem' in target) {
    complain(where, 'target', `"${name}" cannot be filled: ${target.problem}.`);
    return undefined;
  }
  const full = typeof document === 'string' || Array.isArray(document) ? { from: document } : document;
  const fromWhere = full === document ? [...where, 'from'] : where;
  const candidates = compileCandidates(full.from, fromWhere, complain);
  const format = full.format ?? 'auto';
  checkFormat(format, target, [...where, 'format'], complain);
  const map = compileMap(full.map);
  const condition =
    full.when === undefined ? undefined : compileItemExpression(full.when, [...where, 'when'], complain);
  const read: FieldRule['read'] = (item, now) => {
    if (condition !== undefined) {
      const holds = condition(item);
      if (!('value' in holds) || holds.value !== true) return undefined;
    }
    const fit = (value: unknown) => coerce(value, target.type, { format, now });
    return (
      first(candidates, item, map === undefined ? fit : (value) => fit(map(value))) ??
      (full.default === undefined ? undefined : { value: fit(full.default), from: 'default', reads: [] })
    );
  };
  return { name, target, tried: candidates.map(({ label }) => label), read };
}

/** The first candidate whose value fits. */
export function first(
  candidates: readonly Candidate[],
  item: unknown,
  fit: (value: unknown) => unknown,
): Supplied | undefined {
  for (const candidate of candidates) {
    const raw = candidate.read(item);
    if (raw === undefined || raw === null) continue;
    const value = fit(raw);
    if (value !== undefined) return { value, from: candidate.label, reads: candidate.reads };
  }
  return undefined;
}

function checkFormat(format: string, target: Target, where: readonly string[], complain: Complain): void {
  if (format === 'auto') return;
  if (target.type.kind !== 'time') {
    complain(where, 'time_format', 'A format belongs to a field that holds a time.');
    return;
  }
  try {
    parseTime('2026-01-01', format);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    complain(where, 'time_format', error.message);
  }
}
