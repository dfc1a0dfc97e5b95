import type { OutlineSlot as SlotView, OutlineStep as StepView } from '@counterpoint/contracts';
import {
  type Finding,
  type Outline,
  type OutlineSlot,
  type OutlineStep,
  type Position,
  stepAt,
} from '@counterpoint/playbook';
import { findingView } from './finding-view.ts';

/** A finding with its place in the text; `step` is null without an outline. */
export function placedFinding(finding: Finding, outline?: Outline) {
  const { from, to } = finding.position;
  return { ...findingView(finding), from, to, step: (outline && stepAt(outline, from)) ?? null };
}

function slotView({ name, label, branch, written, from, to, fixed, steps }: OutlineSlot): SlotView {
  return { name, label, branch, written, from, to, fixed, steps: steps.map(stepView) };
}

function stepView(step: OutlineStep): StepView {
  const { namePosition, headLine, endLine, marks, slots, effect, ...rest } = step;
  const { undoneBy, covers, ...others } = marks;
  return {
    ...rest,
    effect: effect ?? null,
    head_line: headLine,
    end_line: endLine,
    name_from: namePosition?.from ?? null,
    name_to: namePosition?.to ?? null,
    marks: { ...others, undone_by: undoneBy, covers: [...covers] },
    slots: slots.map(slotView),
  };
}

function span({ from, to }: Position) {
  return { from, to };
}

/** An outline as the API shows it. */
export function outlineView(outline: Outline, findings: readonly Finding[]) {
  const { id, title, description, kind, readable, triggers, inputs, uses, slots, publishes } = outline;
  return {
    ...{ id, title, description, kind, readable, publishes },
    triggers: triggers.map(({ position, ...rest }) => ({ ...rest, ...span(position), line: position.line })),
    inputs: inputs.map(({ position, ...rest }) => ({ ...rest, ...span(position) })),
    uses: uses.map(({ alias, kind: of, name }) => ({ alias, kind: of, name })),
    slots: slots.map(slotView),
    findings: findings.map((finding) => placedFinding(finding, outline)),
  };
}
