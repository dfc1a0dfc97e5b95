import { defineErrors } from '@counterpoint/core';

/** The errors of the door and of the effect ledger. */
export const errors = defineErrors('actions', {
  unknown_connector: {
    status: 404,
    message: 'There is no connector {connector}{suggestion}.',
    help: 'Check the name; the list of connectors has all that there are.',
  },
  unknown_action: {
    status: 404,
    message: '{connector} has no action {action}{suggestion}.',
    help: "See the connector's reference page for its actions.",
  },
  no_connection: {
    status: 422,
    message: 'There is no enabled connection of {connector}.',
    help: 'Configure one, or enable the one there is; an action needs a connection to act through.',
  },
  several_connections: {
    status: 422,
    message: '{connector} has several enabled connections: {connections}.',
    help: 'Say which one is meant: `connection:` of the step, or `connection` of the request.',
  },
  connection_unknown: {
    status: 404,
    message: 'There is no connection {connection} of {connector}.',
    help: 'Check the id and the connector that it belongs to; each connector names its connections.',
  },
  connection_missing: {
    status: 404,
    message: 'There is no connection {id}.',
    help: 'Check the id; each connector names its connections.',
  },
  connection_exists: {
    status: 409,
    message: 'There already is a connection {id}.',
    help: 'Choose another id, or change the existing one.',
  },
  connection_invalid: {
    status: 422,
    message: 'The connection {id} of {connector} is not valid: {reason}.',
    help: "Compare it with the connection fields on the connector's reference page.",
  },
  connection_in_use: {
    status: 409,
    message: 'The connection {id} still has {count} changes in force.',
    help: 'Undo them first, or disable the connection instead of removing it.',
  },
  no_test: {
    status: 422,
    message: 'No action of {connector} proves a credential.',
    help: 'Save the connection, and call one of its actions that only read.',
  },
  try_elsewhere: {
    status: 422,
    message: 'The connection would be called by the edge node {site}, which must have its secrets first.',
    help: 'Save it, then test it: the test is made by that node.',
  },
  secret_required: {
    status: 422,
    message: 'The connection {id} would take its old secrets ({fields}) to other hosts.',
    help: 'Enter these secrets again together with the new address, so that none is sent where it was not meant to go.',
  },
  connection_disabled: {
    status: 409,
    message: 'The connection {connection} is disabled.',
    help: 'Enable it before acting through it.',
  },
  forbidden: {
    status: 403,
    message: '{principal} may not do this: the permission {permission} is missing.',
    help: 'Ask an owner for the permission, or publish the playbook with the rights of somebody who has it.',
  },
  invalid_input: {
    status: 422,
    message: 'The input of {connector}.{action} is not valid: {reason}.',
    help: "Compare the input with the action's schema; nothing is converted silently.",
  },
  key_reused: {
    status: 409,
    message: 'The key of this request belongs to {standing}, which had other arguments.',
    help: 'Use a new key for a new request; the same key always means the same effect.',
  },
  in_progress: {
    status: 409,
    message: 'The same request is being performed right now.',
    help: 'Wait for it to end, then ask again with the same key to get its result.',
    retryable: true,
  },
  target_busy: {
    status: 409,
    message: 'Another change of {target} did not end in time.',
    help: 'Try again in a moment; the changes in force show what is under way.',
    retryable: true,
  },
  outcome_unknown: {
    status: 502,
    message: '{connector}.{action} was sent, but nobody can tell whether it happened: {reason}.',
    help: 'Look in the product itself, then say whether it happened, at the step or at the change. It is not repeated by itself.',
  },
  completion_failed: {
    status: 502,
    message: '{connector}.{action} was begun and then failed: {reason}.',
    help: 'Look at the receipt of the effect and at the product itself.',
  },
  trace_not_found: {
    status: 404,
    message: 'Nothing is known about {ref}.',
    help: 'Give a reference such as alert:<id> or run:<id>, a trace id, or a value such as an address. What is older than the server keeps is gone.',
  },
  effect_not_found: {
    status: 404,
    message: 'There is no effect {id}.',
    help: 'Check the id; the list of changes has all that are kept.',
  },
  effect_elsewhere: {
    status: 409,
    message: 'The effect {id} is of the edge node {site}; what is here is a copy.',
    help: 'It can be undone from here. Whether it happened the node finds out by itself, and asks nobody else.',
  },
  not_unknown: {
    status: 409,
    message: 'The outcome of the effect {id} is known: {state}.',
    help: 'Only an effect of unknown outcome can be settled by hand.',
  },
  not_in_force: {
    status: 409,
    message: 'The effect {id} is not in force: {state}.',
    help: 'Only what is in force can be kept longer. Do it anew if it is needed.',
  },
  extension_held: {
    status: 403,
    message: 'People decide about the effect {id} first: {reason}.',
    help: 'Ask for the action itself with a longer lease: once people approve, it is kept as long.',
  },
  case_over: {
    status: 409,
    message: 'The case {case} is {status}, so it can keep nothing in force.',
    help: 'Open the case again, or say how long the change is to last (`for:` under `lease:`).',
  },
  undo_impossible: {
    status: 422,
    message: '{connector}.{action} cannot be undone: {reason}.',
    help: 'Undo it by hand in the product itself, then settle the effect.',
  },
});

/** What the guard says no with. */
export const guardErrors = defineErrors('guard', {
  switch_engaged: {
    status: 423,
    message: 'The kill switch {scope} is engaged: {reason}.',
    help: 'No new effect starts while it is engaged. Release the switch when the reason is gone.',
  },
  policy_invalid: {
    status: 503,
    message: 'The policy cannot be read, so nothing is contained or destroyed: {reason}.',
    help: 'Correct policy.yaml; `counterpoint validate policy.yaml` names each finding.',
  },
  protected: {
    status: 403,
    message: '{target} is protected: {reason}.',
    help: 'Act on it by hand when it must be; the list of protected assets is in policy.yaml.',
  },
  protection_unresolved: {
    status: 503,
    message: 'The protected name {name} cannot be resolved, so nobody can tell whether {target} is it: {reason}.',
    help: 'Repair the name service, or add the addresses to policy.yaml.',
    retryable: true,
  },
  too_wide: {
    status: 403,
    message: '{target} is wider than the widest prefix that the policy allows (/{widest}).',
    help: 'Name smaller networks, or change widest_prefix in policy.yaml on purpose.',
  },
  target_unreadable: {
    status: 422,
    message: 'The target {target} cannot be read: {reason}.',
    help: 'Name exactly one target in its usual form; what cannot be read cannot be checked.',
  },
  target_ambiguous: {
    status: 422,
    message: 'The target {target} can be read in two ways: {readings}.',
    help: 'Write the address as four decimal numbers without leading zeros.',
  },
  lease_required: {
    status: 422,
    message: '{action} contains something without a lease.',
    help: 'Say how long it is to last (`for: 24h` under `lease:`); lease.permanent in policy.yaml lists what may stay.',
  },
  lease_too_long: {
    status: 422,
    message: 'A lease of {lease} is longer than the policy allows ({max}).',
    help: 'Ask for a shorter lease and extend it when needed, or change lease.max in policy.yaml.',
  },
  denied_by_people: {
    status: 403,
    message: 'People did not let {action} happen: {item} is {how}.',
    help: 'The approval tells who decided and why. Run the step again, or ask anew with another key.',
  },
  approval_invalid: {
    status: 403,
    message: 'The approval that {action} rests on does not count: {reason}.',
    help: 'An approval holds for exactly the arguments that people saw, for as long as `approval.valid` in policy.yaml says. Ask anew.',
  },
  hold_called_off: {
    status: 409,
    message: '{action} was held for people and called off before they decided.',
    help: 'Nothing was done.',
  },
});
