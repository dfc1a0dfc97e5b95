import type { JsonObject } from '@counterpoint/core';
import { type FakeDoorOptions, productError } from '../testing/fake-door.ts';
import { playbookText, type Rig } from '../testing/rig.ts';

/** A run that is recorded: what it runs, how the product answers, and what happens to it. */
export interface Scenario {
  readonly playbook: string;
  /** Another playbook that it calls. */
  readonly called?: string;
  readonly inputs?: JsonObject;
  readonly behave?: NonNullable<FakeDoorOptions['behave']>;
  readonly reconcile?: NonNullable<FakeDoorOptions['behave']>;
  /** Lives through it; default: until nothing happens any more. */
  readonly live?: (rig: Rig, run: string) => Promise<void>;
}

const never = () => new Promise<never>(() => undefined);
const list = 'inputs: { list: { type: array, items: { type: integer } } }';
const outputs = (...names: readonly string[]) =>
  `outputs: { ${names.map((name) => `${name}: "\${{ steps.?${name} }}"`).join(', ')} }`;
const called = playbookText('  - { id: done, set: { answer: 42 } }', outputs('done')).replace('id: p', 'id: other');

/** Every shape that a journal can have. A version is recorded once; what changes later must still fold these. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  loops: {
    playbook: playbookText(
      `  - id: each
    foreach: inputs.list
    as: item
    max_parallel: 3
    on_item_error: collect
    do: [{ id: look, action: fake.look, with: { v: "\${{ item }}" } }]
    yield: "\${{ steps.look.v }}"
  - id: rounds
    while: carry.left > 0
    max_iterations: 5
    carry: { left: { from: 3, next: "\${{ carry.left - 1 }}" } }
    do: [{ id: tick, set: { v: "\${{ carry.left }}" } }]`,
      `${list}\n${outputs('each', 'rounds')}`,
    ),
    inputs: { list: [0, 1, 2, 3, 4] },
    behave: ({ input }) =>
      input.v === 3 ? { error: productError('not_found'), retryable: false } : { output: { v: input.v ?? null } },
  },
  branches: {
    playbook: playbookText(
      `  - id: wide
    parallel:
      left: [{ id: a, action: fake.block, with: { n: 1 } }]
      right:
        - id: careful
          try: [{ id: b, action: fake.fail, with: { n: 2 } }]
          catch: [{ do: [{ id: caught, set: { name: "\${{ error.name }}" } }] }]
          finally: [{ id: last, set: { done: true } }]
  - id: choice
    if: size(inputs.list) > 1
    then: [{ id: many, set: { n: 2 } }]
    else: [{ id: few, set: { n: 1 } }]
  - { id: skipped, set: { n: 0 }, if: "false" }`,
      `${list}\n${outputs('caught', 'many')}`,
    ),
    inputs: { list: [1, 2] },
    behave: ({ action }) =>
      action === 'fail' ? { error: productError('not_found'), retryable: false } : { output: {} },
  },
  retries: {
    playbook: playbookText('  - { id: a, action: fake.block, with: { n: 1 }, retry: { attempts: 3, delay: 1s } }'),
    behave: () => ({ error: productError('unavailable'), retryable: true }),
    live: (rig) => rig.settle(10_000, 4),
  },
  waiting_for_retry: {
    playbook: playbookText('  - { id: a, action: fake.block, with: { n: 1 }, retry: { attempts: 3, delay: 1h } }'),
    behave: () => ({ error: productError('unavailable'), retryable: true }),
  },
  unknown: {
    playbook: playbookText('  - { id: a, action: fake.block, with: { n: 1 } }\n  - { id: b, set: { n: 2 } }'),
    behave: () => ({ unknown: true }),
    reconcile: () => ({ unknown: true }),
  },
  in_flight: {
    playbook: playbookText('  - { id: a, action: fake.block, with: { n: 1 } }'),
    behave: never,
  },
  cancelled: {
    playbook: playbookText(
      '  - { id: a, action: fake.block, with: { n: 1 }, retry: { attempts: 3, delay: 1h } }',
      'on_cancel: [{ id: tell, action: fake.tell, with: { n: 2 } }]\nfinally: [{ id: tidy, set: { n: 3 } }]',
    ),
    behave: ({ action }) =>
      action === 'block' ? { error: productError('unavailable'), retryable: true } : { output: {} },
    async live(rig, run) {
      await rig.settle();
      await rig.engine.cancel(run, 'user:ada', 'false alarm');
      await rig.settle();
    },
  },
  handled: {
    playbook: playbookText(
      '  - { id: a, action: fake.block, with: { n: 1 } }',
      'on_error: [{ id: tell, action: fake.tell, with: { n: 2 } }]\nfinally: [{ id: tidy, set: { n: 3 } }]',
    ),
    behave: ({ action }) =>
      action === 'block' ? { error: productError('not_found'), retryable: false } : { output: {} },
  },
  calls: {
    playbook: playbookText('  - { id: sub, call: other }', outputs('sub')),
    called,
  },
  large_values: {
    playbook: playbookText('  - { id: big, action: fake.look, with: { n: 1 } }'),
    behave: () => ({ output: { text: 'counterpoint '.repeat(5_300) } }),
  },
  waits: {
    playbook: playbookText(
      '  - { id: pause, wait: { for: 2s } }\n  - { id: w, wait: { topic: mail.reported.v1, match: candidate.id == "T-7" } }',
    ),
    live: (rig) => rig.settle(2_000, 2),
  },
  people: {
    playbook: playbookText(`  - id: sure
    approval: Block it?
    covers: [a]
    by: { role: analyst }
    timeout: { after: 4h, then: deny }
  - { id: a, action: fake.block, with: { n: 1 }, if: steps.sure.approved }`),
  },
};
