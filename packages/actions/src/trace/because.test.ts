import { compilePlaybook } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { becauseOf, plain } from './because.ts';

const SOURCE = `
kind: playbook/v1
id: judge
title: Judge
uses: { fw: fortigate }
on: [{ manual: {} }]
inputs: { ip: { type: string }, score: { type: integer } }
steps:
  - id: always
    set: { level: high }
  - id: bad
    if: inputs.score >= 80
    then:
      - id: both
        parallel:
          one:
            - id: block
              action: fw.ban_ip
              with: { ip: "\${{ inputs.ip }}" }
              lease: { for: 1h }
          two:
            - id: own
              if: inputs.score > 95
              set: { x: 1 }
    else:
      - id: spare
        set: { x: 2 }
  - id: which
    switch: steps.always.level
    cases:
      high:
        - id: tell
          set: { x: 3 }
    default:
      - id: quiet
        set: { x: 4 }
`;

describe('the condition that led to a step', () => {
  it('is its own, or the nearest one around it', () => {
    const { plan } = compilePlaybook(SOURCE);
    expect(plan).toBeDefined();
    expect(Object.fromEntries(becauseOf(plan?.steps ?? []))).toEqual({
      both: 'score >= 80',
      block: 'score >= 80',
      own: 'score > 95',
      spare: 'not (score >= 80)',
      tell: 'always.level is high',
      quiet: 'always.level is none of the cases',
    });
  });

  it('leaves out what only the language needs', () => {
    expect(plain('steps.?abuse.?score >= 75 &&\n   inputs.x')).toBe('abuse.score >= 75 && x');
    expect(plain('event.ip')).toBe('event.ip');
  });
});
