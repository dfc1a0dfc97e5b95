import { defineErrors } from '@counterpoint/core';

/** The errors of alerts, cases and observables. */
export const errors = defineErrors('cases', {
  case_not_found: {
    status: 404,
    message: 'There is no case {id}.',
    help: 'Check the id; `GET /api/v1/cases` lists the cases.',
  },
  alert_not_found: {
    status: 404,
    message: 'There is no alert {id}.',
    help: 'Check the id; it is the `id` of an alert, not the id that the source gave it.',
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
});
