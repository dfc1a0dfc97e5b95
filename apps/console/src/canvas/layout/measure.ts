import type { OutlineSlot, OutlineStep } from '../model.ts';

/** Sizes in canvas units. */
export const sizes = {
  nodeWidth: 232,
  nodeHeight: 56,
  /** A step with a condition of its own shows it in one more line. */
  guardHeight: 24,
  /** Between two steps: room for the line and its button. */
  gap: 40,
  /** Above a branch: room for the condition on the line. */
  branchGap: 68,
  /** Between branches. */
  between: 24,
  framePadding: 16,
  frameHead: 52,
  laneHeight: 24,
  /** An empty list. */
  slot: 28,
  slotColumn: 128,
  dot: 12,
  end: 28,
  lineHeight: 18,
} as const;

/** Width and height of something; its line of flow runs down its middle. */
export interface Extent {
  readonly w: number;
  readonly h: number;
}

/** Measures steps and lists, each once. */
export interface Measure {
  step(step: OutlineStep): Extent;
  list(steps: readonly OutlineStep[]): Extent;
}

/** The lists of a step that are drawn: those in the text, and the way past an `if` or `switch`. */
export function drawnSlots(step: OutlineStep): readonly OutlineSlot[] {
  return step.slots.filter((slot) => slot.written || slot.name === 'else' || slot.name === 'default');
}

/** Whether a step is drawn as a fork into branches that meet again. */
export function isFork(step: OutlineStep): boolean {
  return (step.kind === 'if' || step.kind === 'switch') && drawnSlots(step).length > 0;
}

/** Whether a step is drawn as a frame around its lists. */
export function isFrame(step: OutlineStep): boolean {
  return !isFork(step) && drawnSlots(step).length > 0;
}

/** Whether the lists of a frame carry their names. */
export function hasLanes(step: OutlineStep): boolean {
  return step.kind === 'parallel' || drawnSlots(step).length > 1;
}

/** The condition under which a step is done at all; empty: always. */
export function guardOf(step: OutlineStep): string {
  return step.kind === 'if' ? '' : step.condition;
}

/** Height of the box of a step, without what is inside it. */
export function headHeight(step: OutlineStep): number {
  const base = isFrame(step) ? sizes.frameHead : sizes.nodeHeight;
  return guardOf(step) === '' ? base : base + sizes.guardHeight;
}

/** Makes a {@link Measure}. */
export function createMeasure(): Measure {
  const known = new Map<OutlineStep, Extent>();
  const measure: Measure = {
    step(step) {
      const found = known.get(step) ?? measureStep(step, measure);
      known.set(step, found);
      return found;
    },
    list(steps) {
      if (steps.length === 0) return { w: sizes.slotColumn, h: sizes.slot };
      const all = steps.map((step) => measure.step(step));
      const h = all.reduce((sum, one) => sum + one.h, 0) + sizes.gap * (all.length - 1);
      return { w: Math.max(...all.map((one) => one.w)), h };
    },
  };
  return measure;
}

function row(step: OutlineStep, measure: Measure): Extent {
  const lists = drawnSlots(step).map((slot) => measure.list(slot.steps));
  const w = lists.reduce((sum, list) => sum + list.w, 0) + sizes.between * (lists.length - 1);
  return { w, h: Math.max(...lists.map((list) => list.h)) };
}

function measureStep(step: OutlineStep, measure: Measure): Extent {
  const head = headHeight(step);
  if (isFork(step)) {
    const inner = row(step, measure);
    return { w: Math.max(sizes.nodeWidth, inner.w), h: head + sizes.branchGap + inner.h + sizes.gap + sizes.dot };
  }
  if (isFrame(step)) {
    const inner = row(step, measure);
    const lanes = hasLanes(step) ? sizes.laneHeight : 0;
    const h = head + lanes + sizes.gap + inner.h + sizes.gap + sizes.dot + sizes.framePadding / 2;
    return { w: Math.max(sizes.nodeWidth, inner.w) + 2 * sizes.framePadding, h };
  }
  return { w: sizes.nodeWidth, h: head };
}
