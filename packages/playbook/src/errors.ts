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
});
