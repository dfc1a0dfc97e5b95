import { expressionErrors } from '@counterpoint/expressions';
import { documentFindings } from './findings/document.ts';
import { grammarFindings } from './findings/grammar.ts';
import { meaningFindings } from './findings/meaning.ts';
import { safetyFindings } from './findings/safety.ts';
import type { FindingSpec } from './findings/spec.ts';

/** All kinds of findings of our own, by name. */
export const findingSpecs = { ...documentFindings, ...grammarFindings, ...meaningFindings, ...safetyFindings } as const;

/** The name of a kind of finding; its code is `playbook.<name>`. */
export type FindingName = keyof typeof findingSpecs;

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** The parameters that a finding's message names. */
export type FindingParams<Name extends FindingName> = {
  readonly [Param in Names<(typeof findingSpecs)[Name]['message']>]: string | number;
};

/** One row of the reference of findings. */
export interface FindingEntry {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Template with `{name}` holes. */
  readonly message: string;
  readonly help: string;
}

/** Every finding that a document can get, those of its expressions included, sorted by code. */
export const findingCatalogue: readonly FindingEntry[] = [
  ...Object.entries<FindingSpec>(findingSpecs).map(([name, spec]) => ({
    code: `playbook.${name}`,
    severity: spec.severity ?? ('error' as const),
    message: spec.message,
    help: spec.help,
  })),
  ...Object.entries(expressionErrors.specs).map(([code, { message, help }]) => ({
    code,
    severity: 'error' as const,
    message,
    help,
  })),
].sort((a, b) => (a.code < b.code ? -1 : 1));
