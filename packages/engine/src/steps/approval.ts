import type { Json } from '@counterpoint/core';
import type { ApprovalStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { StepKind } from '../interpreter/deciding.ts';
import { errorValue } from '../interpreter/error-value.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import { freeze } from './covered.ts';
import { askPeople, closeInbox, excludedBy, expireInbox, formOf, noteDecision, usersOf } from './people.ts';

/**
 * `approval`: people decide whether the covered steps may run, with exactly the arguments that those have at this
 * moment. Output: `{approved, by, reason, form}`; a denial and a time-out with `then: deny` are outputs, not failures.
 * The covered steps themselves refuse to run without it.
 */
export const approvalKind: StepKind<ApprovalStep> = {
  immediate: false,

  begin(d, scope, step) {
    const { covers, hashes } = freeze(d, scope, step);
    const { role = '', quorum, delegate } = step.by;
    const users = usersOf(d, scope, step, step.by.users);
    const excluded = excludedBy(d, scope, step, step.by.exclude);
    const otherwise = step.deadline?.then ?? 'deny';
    const particular = {
      kind: 'approval',
      covers,
      role,
      users,
      excluded,
      quorum,
      delegable: delegate,
      otherwise,
    } as const;
    askPeople(d, scope, step, particular, hashes);
  },

  settled(d, open, step, settled) {
    if (settled.status === 'failed') failStep(d, open.scope, step, settled.error);
  },

  decided(d, open, step, decided) {
    noteDecision(d, open, decided);
    const { status, by, reason, form } = decided;
    if (status === 'expired' && step.deadline?.then === 'fail') {
      failStep(d, open.scope, step, errorValue(errors.not_decided({ step: open.address }), open.address));
      return;
    }
    const output: Json = { approved: status === 'approved', by, reason };
    endStep(d, open.scope, step, 'succeeded', step.form ? { ...output, form: formOf(step, form) } : output);
  },

  timerDue(d, open) {
    expireInbox(d, open);
  },

  cancel: closeInbox,
};
