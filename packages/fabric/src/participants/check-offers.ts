import {
  type CapabilityContract,
  type ConnectorManifest,
  type LintFinding,
  lintManifest,
  manifestProblems,
  manifestSchema,
} from '@counterpoint/connector-kit';
import { type Json, nearest } from '@counterpoint/core';
import { type Distrust, manifestOf } from './manifest.ts';
import type { OfferDeclaration, ParticipantDeclaration } from './participant.ts';

/** Something wrong at a place of a declaration. */
export interface DeclarationProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** The capabilities that exist. */
export type Contracts = ReadonlyMap<string, CapabilityContract>;

const OFFER_FIELDS = new Set<keyof OfferDeclaration>([
  'title',
  'description',
  'effect',
  'input',
  'output',
  'idempotent',
  'target',
  'preexisting',
  'inverse',
  'irreversible',
  'verify',
  'unverifiable',
  'lease',
  'timeout',
  'minutes_saved',
  'dxl',
]);

/** Good manners that an offer must have too: without them it cannot be guarded, undone or bound. */
const DEMANDED = new Set([
  'reads_are_idempotent',
  'effect_needs_target',
  'contain_needs_inverse',
  'contain_needs_verify',
  'capability_unknown',
  'capability_effect',
  'capability_input',
  'capability_output',
]);

/** What makes checking a value take longer than the value and the schema are long: who joins chooses both. */
const COSTLY = new Map([
  ['pattern', 'regular expressions'],
  ['patternProperties', 'regular expressions'],
  ['$ref', 'references'],
  ['$dynamicRef', 'references'],
  ['uniqueItems', 'comparisons of all items'],
]);

function unknownFields(offers: ParticipantDeclaration['offers']): DeclarationProblem[] {
  return Object.entries(offers).flatMap(([name, offer]) =>
    Object.keys(offer).flatMap((field) => {
      if ((OFFER_FIELDS as ReadonlySet<string>).has(field)) return [];
      const suggestion = nearest(field, OFFER_FIELDS);
      return [{ path: ['offers', name, field], message: `unknown key "${field}"`, suggestion }];
    }),
  );
}

/** Where a JSON value has a member of one of these names. */
function placeOf(
  value: Json | undefined,
  names: { has(name: string): boolean },
): readonly (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value) && names.has(key)) return [key];
    const inner = placeOf(member as Json, names);
    if (inner) return [Array.isArray(value) ? Number(key) : key, ...inner];
  }
  return undefined;
}

/** Schemas of somebody who is only just joining that could keep everybody waiting are not used here. */
function costlySchemas(offers: ParticipantDeclaration['offers']): DeclarationProblem[] {
  return Object.entries(offers).flatMap(([name, offer]) =>
    (['input', 'output'] as const).flatMap((side) => {
      const place = placeOf(offer[side], COSTLY);
      if (!place) return [];
      const what = COSTLY.get(String(place.at(-1)));
      return [{ path: ['offers', name, side, ...place], message: `${what} only stand in declarations in git` }];
    }),
  );
}

/** Places of the connector are places of the declaration under another name. */
function translated(path: readonly PropertyKey[]): (string | number)[] {
  const [first, ...rest] = path.map((part) => (typeof part === 'number' ? part : String(part)));
  return first === 'actions' ? ['offers', ...rest] : first === undefined ? [] : [first, ...rest];
}

function lintProblems(manifest: ConnectorManifest, contracts: Contracts | undefined): DeclarationProblem[] {
  const findings: readonly LintFinding[] = lintManifest(manifest, contracts && Object.fromEntries(contracts));
  return findings.flatMap(({ rule, path, message }) =>
    DEMANDED.has(rule) ? [{ path: translated(path.split('.')), message }] : [],
  );
}

/**
 * What is wrong with the offers and capabilities of a declaration: they are held to what a connector is held to.
 *
 * @param contracts Undefined: capabilities are not known here, and not looked at.
 */
export function offerProblems(
  declaration: ParticipantDeclaration,
  contracts: Contracts | undefined,
  how: Distrust,
): readonly DeclarationProblem[] {
  const { offers } = declaration;
  const strange = [...unknownFields(offers), ...(how === 'always' ? costlySchemas(offers) : [])];
  if (strange.length > 0) return strange;
  const parsed = manifestSchema.safeParse(manifestOf(declaration, how));
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({ path: translated(path), message }));
  }
  const manifest = parsed.data as ConnectorManifest;
  const problems = manifestProblems(manifest).map(({ path, message }) => ({ path: translated(path), message }));
  return problems.length > 0 ? problems : lintProblems(manifest, contracts);
}
