import type { DocumentNode, MapNode } from '../document/node.ts';
import type { Source } from '../document/source.ts';
import type { Position, Step, Trigger } from '../plan.ts';
import type { Report } from '../report.ts';

/** Which node a part of the plan was read from, for the checks. */
export interface Origins {
  readonly steps: Map<Step, MapNode>;
  readonly triggers: Map<Trigger, MapNode>;
  /** Texts whose expressions could not be compiled; they have their finding. */
  readonly unusable: Set<DocumentNode>;
}

/** What reading a document needs and gathers. */
export interface Reading {
  readonly source: Source;
  readonly report: Report;
  readonly kind: 'playbook' | 'reaction';
  readonly origins: Origins;
  /** Id -> where it was first used. Steps that could not be read are here too. */
  readonly ids: Map<string, Position>;
  /** Reads one step; here so that verbs with blocks need not know all verbs. */
  readonly readStep: (node: MapNode, reading: Reading) => Step | undefined;
}

/** A map under its name in messages. */
export interface Part {
  readonly node: MapNode;
  /** Such as "the step block". */
  readonly name: string;
}

/** Names that expressions use for themselves. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'event',
  'inputs',
  'steps',
  'outcome',
  'run',
  'error',
  'carry',
  'index',
  'candidate',
  'true',
  'false',
  'null',
  'in',
]);
