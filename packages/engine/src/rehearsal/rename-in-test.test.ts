import { applyChanges } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { renameInTest } from './rename-in-test.ts';

const text = `kind: playbook_test/v1
playbook: p
given:
  answers: { ask: { form: { ask: yes } } }
tests:
  - name: ask is called ask   # ask
    approvals: { ask: { approve: true } }
    expect:
      steps: { ask: succeeded, "each[0].ask": failed, "ask[1].inner": skipped, asked: failed }
      undone: [ask, other]
      outputs: { ask: 1 }
`;

describe('renameInTest', () => {
  it('renames the step wherever a test names it, and nothing else', () => {
    expect(applyChanges(text, renameInTest(text, 'ask', 'question'))).toBe(`kind: playbook_test/v1
playbook: p
given:
  answers: { question: { form: { ask: yes } } }
tests:
  - name: ask is called ask   # ask
    approvals: { question: { approve: true } }
    expect:
      steps: { question: succeeded, "each[0].question": failed, "question[1].inner": skipped, asked: failed }
      undone: [question, other]
      outputs: { ask: 1 }
`);
  });

  it('changes nothing in a text that cannot be read', () => {
    expect(renameInTest('tests: [', 'a', 'b')).toEqual([]);
  });
});
