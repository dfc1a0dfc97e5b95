import fc from 'fast-check';
import type { Outline, OutlineSlot, OutlineStep } from '../model.ts';

const noMarks: OutlineStep['marks'] = {
  lease: '',
  timeout: '',
  retry: false,
  continues: false,
  undone_by: '',
  covers: [],
};

/** A step for tests, with what matters given. */
export function aStep(address: string, given: Partial<OutlineStep> = {}): OutlineStep {
  return {
    address,
    name: address,
    kind: 'set',
    title: '',
    description: '',
    summary: '',
    connector: '',
    action: '',
    capability: '',
    effect: null,
    from: 0,
    to: 0,
    head_line: 1,
    line: 1,
    end_line: 1,
    name_from: null,
    name_to: null,
    slots: [],
    condition: '',
    marks: noMarks,
    fixed: false,
    ...given,
  };
}

/** A list of steps for tests. */
export function aSlot(name: string, steps: readonly OutlineStep[], written = true): OutlineSlot {
  return { name, label: name, branch: name, written, fixed: false, from: 0, to: 0, steps: [...steps] };
}

/** An outline for tests out of its main list. */
export function anOutline(steps: readonly OutlineStep[], more: readonly OutlineSlot[] = []): Outline {
  return {
    kind: 'playbook',
    readable: true,
    triggers: [],
    publishes: '',
    findings: [],
    slots: [aSlot('steps', steps), ...more],
  };
}

type Shape = { readonly kind: string; readonly guard: boolean; readonly lists: readonly (readonly Shape[])[] };

const leafKinds = ['action', 'set', 'wait', 'approval', 'fail'];

const { list } = fc.letrec<{ step: Shape; list: Shape[] }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constantFrom(...leafKinds), guard: fc.boolean(), lists: fc.constant([]) }),
    fc.record({
      kind: fc.constantFrom('if', 'switch', 'foreach', 'parallel', 'try'),
      guard: fc.boolean(),
      lists: fc.array(tie('list'), { minLength: 1, maxLength: 3 }),
    }),
  ),
  list: fc.array(tie('step'), { minLength: 1, maxLength: 4 }),
}));

function grow(shapes: readonly Shape[], next: { id: number }): OutlineStep[] {
  return shapes.map(({ kind, guard, lists }) => {
    const address = `s${next.id++}`;
    const slots = lists.map((inner, at) => aSlot(`${kind}:${at}`, grow(inner, next)));
    if (kind === 'if') slots.push(aSlot('else', [], false));
    return aStep(address, { kind, slots, condition: guard ? 'a > b' : '' });
  });
}

/** Outlines of every shape: nested blocks, guards, branches that are not written. */
export const outlines: fc.Arbitrary<Outline> = fc.tuple(list, list).map(([main, onError]) => {
  const next = { id: 0 };
  return anOutline(grow(main, next), [aSlot('on_error', grow(onError, next))]);
});

/** An outline of so many steps, with blocks among them. */
export function largeOutline(count: number): Outline {
  const steps: OutlineStep[] = [];
  for (let made = 0; made < count; made += 5) {
    const inner = [aStep(`a${made}`), aStep(`b${made}`)];
    const branch = aStep(`c${made}`, { kind: 'if', slots: [aSlot('then', inner), aSlot('else', [], false)] });
    steps.push(aStep(`d${made}`, { kind: 'foreach', slots: [aSlot('do', [branch])] }), aStep(`e${made}`));
  }
  return anOutline(steps);
}
