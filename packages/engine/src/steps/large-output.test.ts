import { describe, expect, it } from 'vitest';
import { planOf, playbookText } from '../testing/rig.ts';
import { simulate } from '../testing/simulate.ts';

describe('an output', () => {
  const loop = planOf(
    playbookText(
      `  - id: each
    foreach: inputs.list
    as: item
    do: [{ id: look, action: fake.look, with: { n: "\${{ item }}" } }]
    on_failure: continue`,
      'inputs: { list: { type: array, items: { type: integer } } }',
    ),
  );
  const text = 'x'.repeat(3_000_000);
  const run = (items: number) =>
    simulate(loop, {
      inputs: { list: Array.from({ length: items }, (_, n) => n) },
      answer: () => ({ status: 'succeeded', output: { text } }),
    }).state;

  it('of a loop fails the loop when its items together are too large, each of which was not', () => {
    expect(run(7).root.outcomes.each).toMatchObject({ status: 'failed', error: { code: 'engine.output_too_large' } });
  });

  it('below the limit passes', () => {
    expect(run(5).root.outcomes.each).toMatchObject({ status: 'succeeded' });
  });
});
