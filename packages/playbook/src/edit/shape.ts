import type { OutlineSlot, OutlineStep } from '../outline/outline.ts';

/** A step reduced to what an edit may change about the structure. */
export interface ShapeStep {
  name: string;
  readonly kind: string;
  readonly slots: ShapeSlots;
}

/** Name of a slot -> its steps; slots without steps are left out when shapes are compared. */
export type ShapeSlots = Map<string, ShapeStep[]>;

/** The structure of a document that can be edited, to say what an edit is expected to give. */
export interface Shape {
  readonly slots: ShapeSlots;
  /** Address -> step. */
  readonly steps: ReadonlyMap<string, ShapeStep>;
}

/** The structure of an outline. */
export function shapeOf(slots: readonly OutlineSlot[]): Shape {
  const steps = new Map<string, ShapeStep>();
  return { slots: slotsOf(slots, steps), steps };
}

function slotsOf(slots: readonly OutlineSlot[], steps: Map<string, ShapeStep>): ShapeSlots {
  return new Map(
    slots.map((slot) => [
      slot.name,
      slot.steps.map((step) => {
        const one: ShapeStep = { name: step.name, kind: step.kind, slots: slotsOf(step.slots, steps) };
        if (!steps.has(step.address)) steps.set(step.address, one);
        return one;
      }),
    ]),
  );
}

/** The list of a slot, made when it is not there. */
export function listIn(slots: ShapeSlots, name: string): ShapeStep[] {
  const list = slots.get(name) ?? [];
  slots.set(name, list);
  return list;
}

/** A copy of a step with everything in it, under other names. */
export function copyOf(step: ShapeStep, names: ReadonlyMap<string, string>): ShapeStep {
  const slots = [...step.slots].map(([name, list]) => [name, list.map((one) => copyOf(one, names))] as const);
  return { name: names.get(step.name) ?? step.name, kind: step.kind, slots: new Map(slots) };
}

/** Whether two structures are the same. */
export function sameShape(a: ShapeSlots, b: ShapeSlots): boolean {
  const [left, right] = [filled(a), filled(b)];
  return (
    left.length === right.length &&
    left.every(([name, steps]) => {
      const others = b.get(name) ?? [];
      return (
        steps.length === others.length &&
        steps.every((step, index) => {
          const other = others[index];
          return (
            other !== undefined &&
            other.name === step.name &&
            other.kind === step.kind &&
            sameShape(step.slots, other.slots)
          );
        })
      );
    })
  );
}

function filled(slots: ShapeSlots): readonly (readonly [string, readonly ShapeStep[]])[] {
  return [...slots].filter(([, steps]) => steps.length > 0);
}

/** The step of an outline that stands where `target` stands in its structure. */
export function stepAtShape(
  target: ShapeStep,
  slots: ShapeSlots,
  outline: readonly OutlineSlot[],
): OutlineStep | undefined {
  for (const [name, steps] of slots) {
    const written = outline.find((slot) => slot.name === name)?.steps ?? [];
    for (const [index, step] of steps.entries()) {
      const there = written[index];
      if (step === target) return there;
      const inside = there && stepAtShape(target, step.slots, there.slots);
      if (inside) return inside;
    }
  }
  return undefined;
}
