import { plainText } from '../ui/untrusted-text.ts';
import type { StepOverlay } from './canvas-props.ts';
import { lookOf } from './kinds.ts';
import { guardOf } from './layout/measure.ts';
import type { OutlineStep } from './model.ts';
import type { StepPlace } from './steps-index.ts';

/** Everything that a box shows of a step. Compared by value: a box whose face stays is not drawn again. */
export interface StepFace {
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  readonly guard: string;
  readonly effect: OutlineStep['effect'];
  readonly capability: string;
  readonly lease: string;
  readonly retries: boolean;
  readonly continues: boolean;
  readonly fixed: boolean;
  readonly errors: number;
  readonly warnings: number;
  /** The first finding, for the tooltip of the badge. */
  readonly finding: string;
}

const LONGEST = 120;

/** What is to be known of a step that is `fixed`. */
export const FIXED = 'The text has this step once and uses it in several places (by & and *)';

/** The face of a step; texts of others are one plain line without invisible characters. */
export function faceOf(step: OutlineStep, findings: StepPlace['findings']): StepFace {
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  return {
    kind: step.kind,
    title: plainText(step.title || step.name || lookOf(step.kind).word, LONGEST),
    summary: plainText(step.summary, LONGEST),
    guard: plainText(guardOf(step), LONGEST),
    effect: step.effect,
    capability: plainText(step.capability, LONGEST),
    lease: plainText(step.marks.lease, LONGEST),
    retries: step.marks.retry,
    continues: step.marks.continues,
    fixed: step.fixed,
    errors,
    warnings: findings.length - errors,
    finding: plainText(findings[0]?.message ?? '', 300),
  };
}

/** What a screen reader says of a step. */
export function spokenFace(face: StepFace, overlay: StepOverlay | undefined): string {
  const parts = [lookOf(face.kind).word, face.title];
  if (face.summary !== '') parts.push(face.summary);
  if (face.effect) parts.push(`effect ${face.effect}`);
  if (face.capability !== '') parts.push(`capability ${face.capability}`);
  if (face.guard !== '') parts.push(`only if ${face.guard}`);
  if (face.fixed) parts.push('used in several places');
  if (face.errors > 0) parts.push(face.errors === 1 ? '1 error' : `${face.errors} errors`);
  if (face.warnings > 0) parts.push(face.warnings === 1 ? '1 warning' : `${face.warnings} warnings`);
  if (overlay && overlay.state !== 'idle') parts.push(overlay.state);
  return parts.join(', ');
}
