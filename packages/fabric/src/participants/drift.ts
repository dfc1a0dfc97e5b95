import { hashJson, type Json } from '@counterpoint/core';
import type { Participant, ParticipantDeclaration } from './participant.ts';

/** One way in which a participant is not as git declares it. */
export interface Drift {
  /** Dotted, such as `offers.block_domain` or `rights.publish`. */
  readonly field: string;
  /** What git says; null: nothing. */
  readonly declared: Json;
  /** What the participant said when it joined, or what is stored of it; null: nothing. */
  readonly found: Json;
}

const LISTS = ['publishes', 'subscribes', 'reads'] as const;
const WORDS = ['title', 'description', 'site', 'simulated'] as const;
const MAPS = ['offers', 'capabilities', 'settings'] as const;

const sorted = (list: readonly string[]): Json => [...list].sort();

function differ(a: Json, b: Json): boolean {
  return hashJson(a) !== hashJson(b);
}

function mapDrift(
  field: string,
  declared: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
) {
  return [...new Set([...Object.keys(declared), ...Object.keys(found)])].sort().flatMap((key): Drift[] => {
    const one = (Object.hasOwn(declared, key) ? declared[key] : null) as Json;
    const other = (Object.hasOwn(found, key) ? found[key] : null) as Json;
    return differ(one, other) ? [{ field: `${field}.${key}`, declared: one, found: other }] : [];
  });
}

function declarationDrift(declared: ParticipantDeclaration, found: ParticipantDeclaration): Drift[] {
  const plain = [
    ...LISTS.map((field) => ({ field, declared: sorted(declared[field]), found: sorted(found[field]) })),
    ...WORDS.map((field) => ({ field, declared: declared[field] as Json, found: found[field] as Json })),
  ].filter((one) => differ(one.declared, one.found));
  return [...plain, ...MAPS.flatMap((field) => mapDrift(field, declared[field], found[field]))];
}

/** Where what a participant said of itself when it joined differs from what git declares; empty where one is missing. */
export function driftOf({ declared, announced }: Pick<Participant, 'declared' | 'announced'>): readonly Drift[] {
  return declared && announced ? declarationDrift(declared, announced) : [];
}
