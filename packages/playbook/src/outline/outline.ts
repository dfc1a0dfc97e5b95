import type { EffectClass } from '@counterpoint/connector-kit';
import type { Finding } from '../finding.ts';
import type { Position } from '../plan.ts';

/** A list of steps of a document or of a step. */
export interface OutlineSlot {
  /** `steps`, `then`, `elif:0`, `else`, `case:<value>`, `default`, `do`, `branch:<name>`, `try`, `catch:0`, `finally`, … */
  readonly name: string;
  /** For people. */
  readonly label: string;
  /** What journals of runs call it. */
  readonly branch: string;
  /** Whether it stands in the text. */
  readonly written: boolean;
  /** From the first step to the end of the last; where its owner ends when there are none. */
  readonly from: number;
  readonly to: number;
  /** Behind an anchor or an alias, so that no edit reaches into it. */
  readonly fixed: boolean;
  readonly steps: readonly OutlineStep[];
}

/** What a step carries besides its verb. */
export interface OutlineMarks {
  readonly lease: string;
  readonly timeout: string;
  readonly retry: boolean;
  readonly continues: boolean;
  /** Id of the step that undoes it; empty: none does. */
  readonly undoneBy: string;
  readonly covers: readonly string[];
}

/** One step with its place in the text. */
export interface OutlineStep {
  /** The address that runs use, without indices of rounds. */
  readonly address: string;
  readonly name: string;
  /** Its verb; empty when it has none. */
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  /** What it does in one line. */
  readonly summary: string;
  readonly connector: string;
  readonly action: string;
  readonly capability: string;
  readonly effect: EffectClass | undefined;
  /** From its dash, or its brace in flow style, to its end. */
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly endLine: number;
  /** First line of the comments right above it, else `line`. */
  readonly headLine: number;
  /** Where its id stands. */
  readonly namePosition: Position | undefined;
  readonly slots: readonly OutlineSlot[];
  /** The condition under which it is done, as written. */
  readonly condition: string;
  readonly marks: OutlineMarks;
  /** Stands in a fixed slot. */
  readonly fixed: boolean;
}

/** What starts it. */
export interface OutlineTrigger {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
  readonly condition: string;
  readonly position: Position;
}

/** An input that a document declares. */
export interface OutlineInput {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** As JSON; empty without one. */
  readonly default: string;
  readonly description: string;
  readonly position: Position;
}

/** An alias of `uses`. */
export interface OutlineUse {
  readonly alias: string;
  readonly kind: 'connector' | 'capability' | 'connection';
  readonly name: string;
  /** Id of the connector, when there is one. */
  readonly connector: string;
}

/** The structure of a document, as far as its text gives one. */
export interface Outline {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly kind: 'playbook' | 'reaction';
  /** Whether the text gave any structure. */
  readonly readable: boolean;
  readonly triggers: readonly OutlineTrigger[];
  readonly inputs: readonly OutlineInput[];
  readonly uses: readonly OutlineUse[];
  readonly slots: readonly OutlineSlot[];
  /** The topic on which a reaction publishes; empty: none. */
  readonly publishes: string;
  /** What the text alone tells; what the checker says besides is not here. */
  readonly findings: readonly Finding[];
}
