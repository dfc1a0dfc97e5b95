import type { Plan } from '@counterpoint/playbook';
import fc from 'fast-check';
import { planOf } from './rig.ts';

type StepJson = Readonly<Record<string, unknown>>;

/** A random playbook: blocks in blocks, with a little of everything at the leaves. */
export interface RandomPlan {
  readonly plan: Plan;
  readonly text: string;
}

/** What may be in a random plan. */
export interface RandomPlanOptions {
  /** Only what ends the same whatever order things happen in: no race, and nothing that is cancelled half-way. */
  readonly ordered: boolean;
}

/**
 * Random plans. Actions whose name begins with `bad` are meant to fail, those with `weak` at their first attempt.
 * Ids are made unique afterwards.
 */
export function randomPlans({ ordered }: RandomPlanOptions): fc.Arbitrary<RandomPlan> {
  const { list } = fc.letrec<{ step: StepJson; list: StepJson[] }>((tie) => {
    const inner = tie('list');
    return {
      list: fc.array(tie('step'), { minLength: 1, maxLength: 3 }),
      step: fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf(ordered), ...blocks(inner, ordered)),
    };
  });
  return list.map((steps) => {
    const document = { kind: 'playbook/v1', id: 'p', title: 'Random', uses: { fake: 'fake' }, steps: numbered(steps) };
    const text = JSON.stringify({ ...document, finally: [{ id: 'last', set: { v: 1 } }] });
    return { plan: planOf(text), text };
  });
}

function leaf(ordered: boolean): fc.Arbitrary<StepJson> {
  const late = { any: { came: { topic: 'a.b.v1' }, late: { for: '2s' } } };
  return fc.oneof(
    fc.record({ action: fc.constantFrom('fake.good', 'fake.bad', 'fake.weak') }).map((one) => ({
      ...one,
      ...(one.action === 'fake.weak' ? { retry: { attempts: 2, delay: '1s' } } : {}),
    })),
    fc.constant({ set: { v: `\${{ lookup("t", "abc").n + size(lookup("t", "x")) }}` } }),
    fc.constantFrom({ wait: { for: '3s' } }, { wait: { until: '5000' } }, { wait: { topic: 'a.b.v1' } }),
    fc.constant({ publish: 'a.b.v1', data: { v: 1 } }),
    ...(ordered ? [] : [fc.constant({ wait: late }), fc.constant({ fail: 'enough' })]),
  );
}

function blocks(inner: fc.Arbitrary<StepJson[]>, ordered: boolean): fc.Arbitrary<StepJson>[] {
  const onError = ordered ? fc.constant('collect') : fc.constantFrom('collect', 'fail');
  const onItem = ordered ? fc.constantFrom('collect', 'skip') : fc.constantFrom('collect', 'skip', 'fail');
  const join = ordered ? fc.constant('all') : fc.constantFrom('all', 'any');
  return [
    fc
      .tuple(fc.constantFrom('true', 'lookup("t", "ab").n > 5'), inner, inner)
      .map((parts) => Object.fromEntries(['if', 'then', 'else'].map((name, at) => [name, parts[at]]))),
    fc.record({
      foreach: fc.constantFrom('[1, 2, 3, 4, 5]', '[]', '[1]'),
      max_parallel: fc.integer({ min: 1, max: 4 }),
      on_item_error: onItem,
      do: inner,
    }),
    fc.record({ parallel: fc.record({ x: inner, y: inner, z: inner }), join, on_branch_error: onError }),
    fc.record({ try: inner, catch: inner.map((steps) => [{ do: steps }]), finally: inner }),
    fc.record({
      while: fc.constant('carry.n > 0'),
      max_iterations: fc.constant(4),
      carry: fc.constant({ n: { from: 2, next: `\${{ carry.n - 1 }}` } }),
      do: inner,
    }),
  ];
}

/** The same steps, each with an id of its own. */
function numbered(steps: readonly StepJson[]): unknown {
  let next = 0;
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, visit(part)]));
    const isStep = ['action', 'set', 'wait', 'publish', 'fail', 'if', 'foreach', 'parallel', 'try', 'while'].some(
      (verb) => Object.hasOwn(copy, verb) && !(verb === 'set' && typeof copy.set !== 'object'),
    );
    if (!isStep) return copy;
    next += 1;
    return { id: `s${next}`, ...copy };
  };
  return visit(steps);
}
