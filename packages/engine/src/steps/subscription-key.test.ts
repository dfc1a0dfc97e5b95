import type { Json } from '@counterpoint/core';
import { compileExpression } from '@counterpoint/expressions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysOfEvent, subscriptionKey } from './subscription-key.ts';

const scope = { inputs: { id: 'T-7', n: 5, list: [1] }, steps: { a: { ok: true } } };
const keyOf = (match: string): string => subscriptionKey(match, (other) => other.evaluate(scope));

describe('subscriptionKey', () => {
  it.each([
    ['candidate.id == inputs.id', '["id"]="T-7"'],
    ['inputs.id == candidate.ticket.id && candidate.n > 3', '["ticket","id"]="T-7"'],
    ['candidate.n > 3 && (candidate.n == inputs.n)', '["n"]=5'],
    ['candidate["a b"] == steps.a.ok', '["a b"]=true'],
    ['candidate.id == lower("T-" + string(inputs.n + 2))', '["id"]="t-7"'],
  ])('is the first equality with what is known: %s', (match, key) => {
    expect(keyOf(match)).toBe(key);
  });

  it.each([
    'candidate.n > 3',
    'candidate.id == inputs.id || candidate.n == 5',
    '!(candidate.id == inputs.id)',
    'candidate.id == candidate.other',
    'candidate.?id == inputs.id',
    'candidate == inputs',
    'candidate.l.exists(x, x == inputs.id)',
    'candidate.at == now()',
    'candidate.id == lookup("t", "k")',
    'candidate.id == inputs.list',
    'candidate.id == inputs.missing',
    'candidate.id == null',
  ])('is empty where no equality must hold, or it is not known: %s', (match) => {
    expect(keyOf(match)).toBe('');
  });

  it('is among the keys of every event that matches', () => {
    const name = fc.constantFrom('id', 'n', 'ticket', 'deep');
    const scalar = fc.oneof(
      fc.constantFrom('T-7', 'x', '', 'ü'),
      fc.constantFrom(0, 5, -1, 0.5),
      fc.boolean(),
      fc.constant(null),
    );
    const { event } = fc.letrec<{ event: Json }>((tie) => ({
      event: fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.dictionary(name, tie('event')),
        fc.array(tie('event'), { maxLength: 2 }),
      ),
    }));
    const path = fc.array(name, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(event, path, scalar, (data, fields, value) => {
        const match = `candidate.${fields.join('.')} == inputs.value && true`;
        const key = subscriptionKey(match, (other) => other.evaluate({ inputs: { value } }));
        let holds: unknown = false;
        try {
          holds = compileExpression(match).evaluate({ candidate: data, inputs: { value } });
        } catch {
          // What cannot be told does not match.
        }
        if (holds === true) expect(keysOfEvent(data)).toContain(key);
      }),
      { numRuns: 2_000 },
    );
  });

  it('stays short enough for an index', () => {
    const key = subscriptionKey('candidate.id == inputs.id', () => 'x'.repeat(10_000));
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keysOfEvent({ id: 'x'.repeat(10_000) })).toContain(key);
  });
});
