import type { FindingSpec } from './spec.ts';

/** Findings about what a document refers to, and about types. */
export const meaningFindings = {
  unknown_alias: {
    message: 'There is no "{alias}" in uses, and no built-in connector of that name.',
    help: 'Declare it in `uses`, under the name that the step gives it.',
  },
  unknown_use: {
    message: 'There is no {what} "{name}".',
    help: 'Check the name against the list of connectors, or of capabilities.',
  },
  ambiguous_use: {
    message: '"{name}" is both a connector and a capability.',
    help: 'Write it as a map with `connector` or `capability`.',
  },
  unused_use: {
    message: 'The alias "{alias}" is never used.',
    help: 'Delete it.',
    severity: 'warning',
  },
  unknown_action: {
    message: '{connector} has no action "{action}".',
    help: 'Look at its reference page for its actions.',
  },
  unknown_connection: {
    message: 'There is no connection "{connection}".',
    help: 'Create it, or name another one.',
  },
  connection_mismatch: {
    message: 'The connection "{connection}" belongs to {actual}, not to {expected}.',
    help: 'Name a connection of the right connector.',
  },
  unchecked_connection: {
    message:
      'Which connector the connection "{connection}" belongs to is not known here, so its actions were not checked.',
    help: 'Name its `connector` beside it; without it only the server can check actions, leases and untrusted values.',
    severity: 'warning',
  },
  connection_useless: {
    message: '{connector} is built in and takes no connection.',
    help: 'Delete the field.',
  },
  unknown_playbook: {
    message: 'There is no playbook "{playbook}".',
    help: 'Write it first, or call another one.',
  },
  call_cycle: {
    message: 'This call never ends: {path}.',
    help: 'Break the cycle; use while with max_iterations to repeat something.',
  },
  call_needs_event: {
    message: 'The playbook {playbook} reads the event that started it, and a call gives it none.',
    help: 'Give it inputs instead, and fill them from the event where it is triggered.',
  },
  unknown_argument: {
    message: '{what} takes no argument "{argument}".',
    help: 'See its reference page for its arguments.',
  },
  missing_argument: {
    message: '{what} needs the argument "{argument}".',
    help: 'Add it under `with`.',
  },
  argument_type: {
    message: 'The argument "{argument}" of {what} is {expected}; this gives {actual}.',
    help: 'Convert the value, or give another one.',
  },
  argument_value: {
    message: 'The argument "{argument}" of {what} is not valid: {reason}.',
    help: 'See its reference page for what it takes.',
  },
  unknown_topic: {
    message: 'The topic "{topic}" is not declared.',
    help: 'Declare it in content/topics/, or check its name.',
  },
  unknown_window: {
    message: 'There is no change window "{window}".',
    help: 'Declare it in content/calendars/, or check its name.',
  },
  unknown_table: {
    message: 'There is no table "{table}".',
    help: 'Declare it in content/tables/, or check its name.',
  },
  event_data: {
    message: 'The data does not match the topic {topic}: {reason}.',
    help: 'Publish what the schema of the topic asks for.',
  },
  step_out_of_scope: {
    message: 'The step "{step}" cannot be seen here: {reason}.',
    help: 'Read it where it has run for certain, or pass its value on (yield, carry, set).',
  },
  condition_type: {
    message: '{field} must be true or false; this is {actual}.',
    help: 'Compare the value with something.',
  },
  list_type: {
    message: '{field} must be a list; this is {actual}.',
    help: 'Give it a list of items.',
  },
  input_without_value: {
    message: 'The input "{input}" has no default, and the trigger {trigger} cannot give it a value.',
    help: 'Give it a default, or make it optional with `required: false`.',
  },
  unreachable_step: {
    message: 'The step "{step}" is never reached: {reason}.',
    help: 'Delete it, or move it before that.',
  },
  unbounded_loop: {
    message: 'The loop "{step}" has no max_iterations.',
    help: 'Say how often it may run at most, such as max_iterations: 20.',
  },
  loops_too_deep: {
    message: 'The loop "{step}" stands inside {limit} other loops with a condition.',
    help: 'Move the inner loops into a playbook of their own and call it.',
  },
  endless_loop: {
    message: 'The loop "{step}" never gets on: nothing that its condition reads changes between iterations.',
    help: 'Let the condition read a `carry` whose next value differs, or (until) a step of the loop.',
  },
  carry_unchanged: {
    message: 'The carry "{name}" never changes.',
    help: 'Give it a `next`, or use `set` before the loop.',
    severity: 'warning',
  },
  undo_target: {
    message: 'There is no step "{step}" before this one that undo could undo: {reason}.',
    help: 'Name an earlier step with an action that declares an inverse.',
  },
  covers_unknown: {
    message: 'The approval covers "{step}": {reason}.',
    help: 'Cover steps that come after the approval and change something.',
  },
  covers_unfrozen: {
    message: 'What "{step}" will do is not known when people are asked: {reason}.',
    help: 'An approval shows and binds the exact arguments: compute them in a step before it, and cover the action or call itself.',
  },
  error_name: {
    message: '"{name}" is not the name of an error.',
    help: 'Use a name such as rate_limited, or a full code such as connector.rate_limited.',
    severity: 'warning',
  },
  own_topic: {
    message: 'The reaction publishes on the topic that it subscribes to, and so would start itself.',
    help: 'Publish on another topic.',
  },
  ask_at_site: {
    message: 'The reaction asks people before it acts, and runs on an edge node, where there is nobody to ask.',
    help: 'Let it act or observe there, or leave `site` out: the centre then reacts, and can still act at the site.',
  },
  sources_without_key: {
    message: 'The reaction waits for several sources to say the same, and nothing tells what the same is.',
    help: 'Add `idempotency: { key, ttl }`: sources that give the same key confirm each other for as long as ttl.',
  },
} as const satisfies Record<string, FindingSpec>;
