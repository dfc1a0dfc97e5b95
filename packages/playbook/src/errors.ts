import { defineErrors } from '@counterpoint/core';

/** The errors of `playbook`. Faulty playbooks are no errors but findings; these are about what they are checked against. */
export const errors = defineErrors('playbook', {
  topic_invalid: {
    status: 422,
    message: 'The topic {topic} is not declared well: {reason}.',
    help: 'Give it a topic, a title and a schema (or "open": true for a foreign topic); see content/topics/.',
  },
  capability_invalid: {
    status: 422,
    message: 'The capability {capability} is not declared well: {reason}.',
    help: 'Give it a capability, a title, an effect, an input and an output; see content/capabilities/.',
  },
  calendar_invalid: {
    status: 422,
    message: 'The calendar is not declared well: {reason}.',
    help: 'Give it an id, a title, a time_zone and windows, each with a five-field cron line `open` and a duration `for`; see content/calendars/.',
  },
  table_invalid: {
    status: 422,
    message: 'The table is not declared well: {reason}.',
    help: 'Give it an id, a title, a key (in words) and columns with a JSON Schema each; see content/tables/.',
  },
});
