import type { SlotPlace } from './canvas-props.ts';
import type { Outline, OutlineSlot, OutlineStep } from './model.ts';

/** Where a step stands, and in which list. */
export interface StepPlace extends SlotPlace {
  readonly self: OutlineStep;
  readonly list: readonly OutlineStep[];
  /** How many blocks it is inside of. */
  readonly depth: number;
  /** What the checker says about the step itself. */
  readonly findings: Outline['findings'];
}

/** Places of all steps by address, in the order of the document. */
export type StepsIndex = ReadonlyMap<string, StepPlace>;

const none: Outline['findings'] = [];

/** Finds the place of every step once. */
export function indexSteps(outline: Outline): StepsIndex {
  const places = new Map<string, StepPlace>();
  const findings = Map.groupBy(outline.findings, (finding) => finding.step ?? '');
  const add = (slots: readonly OutlineSlot[], step: string, depth: number): void => {
    for (const { name, steps } of slots) {
      steps.forEach((self, index) => {
        const about = findings.get(self.address) ?? none;
        places.set(self.address, { step, slot: name, index, self, list: steps, depth, findings: about });
        add(self.slots, self.address, depth + 1);
      });
    }
  };
  add(outline.slots, '', 0);
  return places;
}

/** The address in an outline of what a run calls `verdicts[3].rep`: `verdicts.rep`. */
export function outlineAddress(address: string): string {
  return address.replace(/\[\d+\]/g, '');
}
