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
  edit_unreadable: {
    status: 422,
    message: 'The text cannot be edited by its structure: {reason}.',
    help: 'Correct the text at the findings that it has, then edit it again.',
  },
  edit_unknown_step: {
    status: 422,
    message: 'There is no step {address}.',
    help: 'Take the address from the outline of the same text.',
  },
  edit_unknown_place: {
    status: 422,
    message: 'There is no place {slot} at {owner}.',
    help: 'Take the name of a slot from the outline of the same text.',
  },
  edit_fixed: {
    status: 422,
    message:
      'The list {slot} is used in several places by an anchor or alias, or shares its lines with something else, so that it cannot be edited step by step.',
    help: 'Write each step of the list on lines of its own in the text, without an anchor, then edit it again.',
  },
  edit_not_siblings: {
    status: 422,
    message: 'The steps {addresses} do not stand one behind the other in one list.',
    help: 'Choose steps of one list without others in between.',
  },
  edit_into_itself: {
    status: 422,
    message: 'The step {address} cannot be moved into itself.',
    help: 'Choose a place outside of the step.',
  },
  edit_name_invalid: {
    status: 422,
    message: '{name} cannot be the id of a step.',
    help: 'Begin with a lower-case letter and use lower-case letters, digits and "_", at most 64 of them.',
  },
  edit_name_taken: {
    status: 422,
    message: 'Another step has the id {name} already.',
    help: 'Choose an id that no other step of the document has.',
  },
  edit_kind_unknown: {
    status: 422,
    message: 'A step of the kind {kind} cannot be added: {reason}.',
    help: 'Choose one of the verbs of the language; an action needs the name of an action and a connector or a capability that has it.',
  },
  edit_unclear: {
    status: 422,
    message: 'Line {line} names the step {name} in a way that cannot be changed safely.',
    help: 'Write the expression on that line without escapes, then rename the step again.',
  },
  edit_unsafe: {
    status: 422,
    message: 'The edit would change more of the text than it should: {reason}.',
    help: 'Make the change in the text itself.',
  },
});
