import type { Step, StepBase } from '../../plan.ts';
import type { Part, Reading } from '../context.ts';

/** How the steps of one verb are read. */
export interface VerbSpec {
  /** The verb itself and the fields that come with it, besides those that any step may carry. */
  readonly fields: readonly string[];
  read(part: Part, base: StepBase, reading: Reading): Step;
}
