import type { FindingSpec } from './spec.ts';

/** Findings about what could do harm although everything is well-formed. */
export const safetyFindings = {
  errors_unread: {
    message: 'The step "{step}" collects errors{branch} that nobody reads, so a failure would pass for a result.',
    help: 'Read its `errors` (or the `outcome` of the step that may fail) in a condition, or let the failure end the run.',
  },
  lease_missing: {
    message: '{action} contains something and has no lease.',
    help: 'Say how long it stays, such as `lease: { for: 24h }`; it is undone when the lease ends.',
  },
  lease_without_case: {
    message:
      'The effect of "{step}" is to stay while a case is open, and there is no case when the run was started by "{trigger}".',
    help: 'Open a case before (`action: case.open`), or say how long it is to stay, such as `lease: { for: 24h }`.',
  },
  lease_useless: {
    message: '{action} leaves nothing behind that a lease could end.',
    help: 'Delete the lease.',
    severity: 'warning',
  },
  lease_not_undoable: {
    message: '{action} declares no inverse, so nothing can end its lease.',
    help: 'Use an action that can be undone, or ask for approval and undo it by hand.',
    severity: 'warning',
  },
  covers_nothing: {
    message: 'The approval "{step}" covers nothing, so whatever is approved is not what people saw.',
    help: 'Name in `covers` the steps that it decides about; for information alone use `ask`.',
  },
  approval_ignored: {
    message: 'The step "{step}" is covered by the approval "{approval}" but runs also when it was not approved.',
    help: 'Guard it with the `approved` of the approval.',
  },
  retry_not_idempotent: {
    message: '{action} is not idempotent: a retry after an unclear answer could do it twice.',
    help: 'Limit `on` to errors before anything was done, such as [rate_limited]; unclear answers are never retried silently.',
    severity: 'warning',
  },
  tainted_argument: {
    message: 'An attacker can choose "{argument}" of {action}, which can do harm ({effect}).',
    help: 'Check it with a validator (valid.public_ip, blockable…), test it against an allow-list (`if: value in […]`), or let people approve the step.',
  },
  tainted_input: {
    message: 'An attacker can choose the input "{input}" of the playbook {playbook}, which takes it as trusted.',
    help: 'Check it with a validator, or declare the input `untrusted: true` there, so that its uses are checked.',
  },
  tainted_event: {
    message: 'An attacker can choose "{field}" of what is published on {topic}, whose readers take it as trusted.',
    help: 'Check it with a validator (valid.public_ip, valid.url…), or mark the field `untrusted: true` in the schema of the topic.',
  },
  tainted_row: {
    message: 'An attacker can choose "{column}" of a row of the table {table}, whose readers take it as trusted.',
    help: 'Check it with a validator, or mark the column `untrusted: true` in content/tables/.',
  },
  tainted_key: {
    message: 'An attacker can choose the {what} key, and so make unrelated runs collide or slip past each other.',
    help: 'Use an id of our own, or a validator such as valid.url(…).',
  },
  interpolated_query: {
    message: 'The argument "{argument}" of {action} is a query or script; no expression may stand in it.',
    help: 'Write it as constant text and pass values through its bind parameters.',
  },
} as const satisfies Record<string, FindingSpec>;
