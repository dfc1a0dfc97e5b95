import type { CanvasOverlay, StepOverlay, StepState } from '../../../canvas/canvas-props.ts';
import { outlineAddress, type StepsIndex } from '../../../canvas/steps-index.ts';

/** How far a step of a rehearsed run came. */
export interface ObservedStep {
  readonly address: string;
  readonly status: string;
  readonly error: { readonly message: string } | null;
}

const states: Readonly<Record<string, StepState>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
  begun: 'waiting',
};

/** The more it says, the more it counts when a step was done several times. */
const order: readonly StepState[] = ['idle', 'skipped', 'succeeded', 'cancelled', 'waiting', 'failed'];

/** What a rehearsed run lays over the canvas: rounds of loops are counted together, what was not reached stays idle. */
export function overlayOfSteps(steps: readonly ObservedStep[], index: StepsIndex): CanvasOverlay {
  const seen = new Map<string, StepOverlay>();
  for (const step of steps) {
    const address = outlineAddress(step.address);
    seen.set(address, joined(seen.get(address), step));
  }
  const taken = new Map<string, Set<string>>();
  for (const [address, place] of index) {
    if (!seen.has(address) || place.step === '') continue;
    const branch = index.get(place.step)?.self.slots.find((slot) => slot.name === place.slot)?.branch ?? '';
    taken.set(place.step, (taken.get(place.step) ?? new Set()).add(branch));
  }
  return new Map(
    [...index.keys()].map((address) => [
      address,
      { ...(seen.get(address) ?? { state: 'idle' as const }), taken: [...(taken.get(address) ?? [])] },
    ]),
  );
}

function joined(before: StepOverlay | undefined, { status, error }: ObservedStep): StepOverlay {
  const state = states[status] ?? 'unknown';
  const worse = before && order.indexOf(before.state) > order.indexOf(state) ? before.state : state;
  return {
    state: worse,
    count: (before?.count ?? 0) + 1,
    failed: (before?.failed ?? 0) + (state === 'failed' ? 1 : 0),
    note: error?.message ?? before?.note,
  };
}
