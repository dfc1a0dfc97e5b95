import type { ExpressionType } from '@counterpoint/expressions';
import type { Catalogue } from '../catalogue.ts';
import { type DocumentNode, fieldOf, type MapNode } from '../document/node.ts';
import type { ReadPlan } from '../grammar/playbook.ts';
import type { ReadDocument } from '../grammar/read.ts';
import type { Position, Step, Trigger, Use } from '../plan.ts';
import type { Report } from '../report.ts';

/** What checking one document for one way of starting it needs and gathers. */
export interface Checking {
  readonly document: ReadDocument;
  readonly plan: ReadPlan;
  /** How the run is started; undefined when only other playbooks call it. */
  readonly trigger: Trigger | undefined;
  readonly root: MapNode;
  readonly catalogue: Catalogue;
  readonly report: Report;
  readonly uses: Readonly<Record<string, Use>>;
  readonly byId: ReadonlyMap<string, Step>;
  /** Names that are seen everywhere: event, inputs, run. */
  readonly common: Readonly<Record<string, ExpressionType>>;
  /** Everything that any expression reads. */
  readonly reads: readonly string[][];
  /** The texts of all expressions. */
  readonly expressions: readonly string[];
  /** Remembers an expression that was checked. */
  remember(source: string, reads: readonly string[][]): void;
  /** Told of every node that holds expressions, with the names that they see. */
  readonly onNames?: ((node: DocumentNode, names: Readonly<Record<string, ExpressionType>>) => void) | undefined;
  /** The only place of the text that is asked about, so that what comes later in its list does not matter. */
  readonly until?: number | undefined;
  readonly usedAliases: Set<string>;
  readonly calls: Set<string>;
}

/** The node that a step was read from. */
export function nodeOf(step: Step, checking: Checking): MapNode {
  return checking.document.origins.steps.get(step) ?? checking.root;
}

/** Where a field of a step stands; the step itself when it has none. */
export function placeOf(step: Step, field: string, checking: Checking): Position {
  return fieldOf(nodeOf(step, checking), field)?.position ?? step.position;
}
