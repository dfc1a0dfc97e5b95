import type { Json } from '@counterpoint/core';
import type { AskStep } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { StepKind } from '../interpreter/deciding.ts';
import { errorValue } from '../interpreter/error-value.ts';
import { endStep, failStep } from '../interpreter/flow.ts';
import { askPeople, closeInbox, expireInbox, formOf, noteDecision, usersOf } from './people.ts';

/**
 * `ask`: a question to people, with a form. Output: `{answered: true, by, form}`; after a time-out with
 * `then: continue` `{answered: false}`. The first answer counts.
 */
export const askKind: StepKind<AskStep> = {
  immediate: false,

  begin(d, scope, step) {
    const { role = '' } = step.of;
    const users = usersOf(d, scope, step, step.of.users);
    const otherwise = step.deadline?.then ?? 'fail';
    const nobody: readonly string[] = [];
    const particular = { covers: [], role, users, excluded: nobody, quorum: 1, delegable: false, otherwise } as const;
    askPeople(d, scope, step, { kind: 'question', ...particular }, null);
  },

  settled(d, open, step, settled) {
    if (settled.status === 'failed') failStep(d, open.scope, step, settled.error);
  },

  decided(d, open, step, decided) {
    noteDecision(d, open, decided);
    const { status, by, form } = decided;
    if (status === 'expired' && step.deadline?.then !== 'continue') {
      failStep(d, open.scope, step, errorValue(errors.not_decided({ step: open.address }), open.address));
      return;
    }
    const output: Json =
      status === 'answered' ? { answered: true, by: by[0] ?? '', form: formOf(step, form) } : { answered: false };
    endStep(d, open.scope, step, 'succeeded', output);
  },

  timerDue(d, open) {
    expireInbox(d, open);
  },

  cancel: closeInbox,
};
