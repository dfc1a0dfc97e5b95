import type { Position } from './plan.ts';

/** One thing that is wrong, or looks wrong, in a document. */
export interface Finding {
  /** Stable code, such as `playbook.unknown_field`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What to write instead, when that is known. */
  readonly suggestion: string | undefined;
  readonly position: Position;
}
