import { defineErrors } from '@counterpoint/core';

/** The errors of alerts, cases and observables. */
export const errors = defineErrors('cases', {
  case_not_found: {
    status: 404,
    message: 'There is no case {id}.',
    help: 'Check the id, or look for the case in the list of cases.',
  },
  alert_not_found: {
    status: 404,
    message: 'There is no alert {id}.',
    help: 'Check the id; it is the one that the alert has here, not the one that its source gave it.',
  },
  owner_invalid: {
    status: 422,
    message: 'The case cannot be handed to {user}: {reason}.',
    help: 'Choose somebody who may sign in.',
  },
  observable_invalid: {
    status: 422,
    message: '"{value}" is not {expected}.',
    help: 'Write the value in one of the forms that the reference of observables names, such as an address, a domain or a hash.',
  },
  subject_invalid: {
    status: 422,
    message: '"{subject}" does not name an alert or a case.',
    help: 'Write alert:<id> or case:<id>.',
  },
  inbox_not_found: {
    status: 404,
    message: 'There is no matter {id} in the inbox.',
    help: 'Check the id, or look through what waits for people.',
  },
  vote_kind: {
    status: 422,
    message: 'The matter {id} is of the kind {kind}; "{vote}" does not decide it.',
    help: 'Approve or deny an approval; answer a question.',
  },
  decider_excluded: {
    status: 403,
    message:
      '{person} may not decide {id}: they are excluded from it, as whoever started something is from approving it.',
    help: 'Leave it to somebody else who is asked; the matter says who.',
  },
  decider_not_asked: {
    status: 403,
    message: '{person} may not decide {id}; it asks {asked}.',
    help: 'Ask one of them. Where the playbook allows it, they can delegate it.',
  },
  already_voted: {
    status: 409,
    message: '{person} has said "{vote}" to {id} already.',
    help: 'Everybody is counted once, with all of their tokens; a vote cannot be taken back.',
  },
  already_decided: {
    status: 409,
    message: 'The matter {id} is decided: {how}.',
    help: 'Look at its run for what followed from it.',
  },
  too_late: {
    status: 409,
    message: 'The time for {id} was over at {due}.',
    help: 'Its time-out decides it. Start the run again where people should be asked anew.',
  },
  shown_differs: {
    status: 409,
    message: 'What was shown is not what {id} lets happen, so the vote does not count.',
    help: 'Look at it again and vote on what is shown now; over the API, with its `covers_hash`.',
  },
  form_invalid: {
    status: 422,
    message: 'What was entered into the form of {id} is not valid: {reason}.',
    help: 'Compare it with the form of the matter; nothing is converted silently.',
  },
  form_differs: {
    status: 409,
    message: 'Others have approved {id} with other values in the form: {entered}.',
    help: 'Enter the same, or leave the form out to agree with them; or deny it.',
  },
  not_delegable: {
    status: 403,
    message: 'The matter {id} cannot be handed to somebody else by you.',
    help: 'Only those who are asked can delegate, and only where the playbook says `delegate: true`.',
  },
  delegate_invalid: {
    status: 422,
    message: 'The matter {id} cannot be handed over: {reason}.',
    help: 'Name a user who may sign in, is not excluded and has not voted.',
  },
  table_unknown: {
    status: 404,
    message: 'There is no table "{table}".{hint}',
    help: 'Check the name, or declare the table in content/tables/.',
  },
  table_row_invalid: {
    status: 422,
    message: 'The row "{key}" would not be one of the table {table}: {reason}.',
    help: 'Compare it with the columns that the table declares. Nothing was changed.',
  },
  table_column_invalid: {
    status: 422,
    message: 'The column "{column}" of the table {table} cannot be added to: {reason}.',
    help: 'Name a column that holds a number. Nothing was changed.',
  },
});
