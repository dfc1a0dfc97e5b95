import { defineErrors } from '@counterpoint/core';

/** The errors of the engine: of starting and steering runs, and of steps that end without a vendor's error. */
export const errors = defineErrors('engine', {
  playbook_unknown: {
    status: 404,
    message: 'There is no published and enabled playbook {playbook}.',
    help: 'Publish it, enable it, or check the name.',
  },
  version_unknown: {
    status: 404,
    message: 'The version {version} of a playbook is not stored.',
    help: 'Choose one of the versions of the playbook. One that runs were started on, and that is gone, comes back from a backup.',
  },
  run_unknown: {
    status: 404,
    message: 'There is no run {run} that is still going on.',
    help: 'Check the id; a run that has ended does not change any more.',
  },
  step_not_unknown: {
    status: 409,
    message: 'The step {address} of run {run} is not waiting for a person to say what happened.',
    help: 'Look at the run again: somebody may have settled it, or the vendor has answered in the meantime.',
  },
  no_case: {
    status: 409,
    message: 'The step {step} is to stay in force while a case is open, and the run has no case.',
    help: 'Open a case first (`action: case.open`), start the run by a `case` trigger, or say how long it is to last (`for:`).',
  },
  run_ended: {
    status: 409,
    message: 'The run {run} has ended ({status}) and does not change any more.',
    help: 'Begin a new run from it: retry from a step, or run it again from the beginning.',
  },
  run_parked: {
    status: 409,
    message: 'The run {run} has not begun: it waits until another run with the same concurrency key has ended.',
    help: 'Cancel it, or cancel the run that it waits for.',
  },
  run_elsewhere: {
    status: 409,
    message: 'The run {run} ran on the edge node {site}; what is here is a copy.',
    help: 'Undo what it did from here; the node does it as soon as it is reached.',
  },
  run_live: {
    status: 409,
    message: 'The run {run} is still going on.',
    help: 'Retry one of its open steps, or cancel it first.',
  },
  step_unheard: {
    status: 404,
    message: 'The run {run} has not come to a step {address}.',
    help: 'Look at the steps of the run; a step in a loop is named with its round, such as verdicts[3].rep.',
  },
  run_gone: {
    status: 404,
    message: 'There is no run {run}.',
    help: 'Check the id. Old runs are removed when their time of keeping is over.',
  },
  step_not_open: {
    status: 409,
    message: 'The step {address} of run {run} is not open; open are: {open}.',
    help: 'Only a step that has begun and not ended can be retried or skipped. A run that has ended is retried from a step.',
  },
  step_is_block: {
    status: 409,
    message: 'The step {address} of run {run} is a block; what goes on inside it: {open}.',
    help: 'Retry the step inside it that is stuck, or skip the block.',
  },
  outcome_open: {
    status: 409,
    message: 'Nobody knows whether the step {address} of run {run} has already happened: {reason}.',
    help: 'Look in the product itself and say what happened; or retry the step even if unknown (--even-if-unknown on the command line); it may happen twice then.',
  },
  not_applied: {
    status: 409,
    message: 'The run {run} moved on before it could {verb}.',
    help: 'Look at the run again; nothing was changed.',
  },
  not_compatible: {
    status: 409,
    message: 'The run {run} cannot go on with the version {version}: {reason}.',
    help: 'Let it end on its own version, or publish a version that keeps what has ended and what is open.',
  },
  step_gone: {
    status: 422,
    message: 'The version {version} has no step {address}.',
    help: 'Name a step of that version, or another version.',
  },
  retry_block: {
    status: 422,
    message: 'The step {address} is inside of {block}, whose rounds and branches cannot be taken up one by one.',
    help: 'Retry from {block} as a whole.',
  },
  retry_elsewhere: {
    status: 422,
    message: 'The step {address} is in the list {list}; a run can only be taken up in its main list.',
    help: 'Retry from the step of the main list that failed.',
  },
  no_failed_step: {
    status: 422,
    message: 'The run {run} did not fail in a step, so that it cannot be taken up from one.',
    help: 'Its error says what failed, such as its outputs. Run it again from the beginning, or retry from a step that you name.',
  },
  step_not_reached: {
    status: 422,
    message: 'The run {run} never came to the step {address}: {missing} has not run.',
    help: 'Retry from the step where it stopped, or run it again from the beginning.',
  },
  retry_approval: {
    status: 422,
    message: 'The step {covered} needs the approval {approval}, which was given for the run that ended.',
    help: 'Retry from {approval}, so that people decide about what will happen now, instead of from {address}.',
  },
  request_reused: {
    status: 409,
    message: 'The request {request} was used for something else.',
    help: 'Use a new id for a new request; the same one only repeats what was asked for before.',
  },
  concurrency_dropped: {
    status: 409,
    message: 'The playbook {playbook} is at work for the key {key} in run {run}, and drops what comes meanwhile.',
    help: 'Wait for that run to end, or cancel it.',
  },
  inputs_invalid: {
    status: 422,
    message: 'The inputs of {playbook} are not valid: {reason}.',
    help: 'Compare them with the inputs that the playbook declares.',
  },
  event_invalid: {
    status: 422,
    message: 'What was sent to the trigger {trigger} of {playbook} does not have the form it asks for: {reason}.',
    help: 'Compare it with the schema of the webhook trigger. No run was started.',
  },
  playbook_invalid: {
    status: 422,
    message: 'The playbook has {count} errors; the first, at line {line}: {reason}.',
    help: 'Correct them; checking the playbook shows each with its place, and often with a suggestion.',
  },
  connection_gone: {
    status: 422,
    message: 'The connection {connection} that step "{step}" acts through does not exist.',
    help: 'Create it again, or publish the playbook with another connection in `uses`.',
  },
  capability_unbound: {
    status: 422,
    message: 'Nothing provides the capability {capability} that step "{step}" needs.',
    help: 'Connect a product that provides it, or name a connector in `uses`.',
  },
  stopping: {
    status: 503,
    message: 'The engine is stopping and starts no more runs.',
    help: 'Try again when the server is back.',
    retryable: true,
  },
  journal_unreadable: {
    status: 500,
    message: 'The journal of run {run} holds an entry "{kind}" of version {version} that this version cannot read.',
    help: 'Run the version of the server that wrote it, or a later one.',
  },
  value_missing: {
    status: 500,
    message: 'The store lacks the large value {blob} that the run {run} refers to.',
    help: 'Restore it from a backup; the run goes on when it is there. Nothing in this version removes a value that is referred to.',
  },
  failed_by_playbook: {
    status: 422,
    message: '{reason}',
    help: 'The playbook ends here on purpose; its reason is the message.',
  },
  timeout: {
    status: 504,
    message: 'The step {step} did not finish within its time-out of {timeout}.',
    help: 'Look at what it was waiting for, or raise the time-out of the step.',
  },
  run_timeout: {
    status: 504,
    message: 'The run did not finish within its time-out of {timeout}.',
    help: 'Look at the step it stopped in, or raise the time-out of the playbook.',
  },
  too_many_items: {
    status: 422,
    message: 'The step {step} got {count} items, more than its max_items of {limit}.',
    help: 'Raise max_items, or filter the list before it.',
  },
  not_a_list: {
    status: 422,
    message: 'The step {step} loops over {actual}, not over a list.',
    help: 'Give `foreach` an expression whose value is a list.',
  },
  condition_not_boolean: {
    status: 422,
    message: 'A condition of step {step} gave {actual}, not true or false.',
    help: 'Compare something, such as size(list) > 0, so that the condition is true or false.',
  },
  input_not_map: {
    status: 422,
    message: 'The arguments of step {step} are {actual}, not a map.',
    help: 'Give `with` a map of argument names and values.',
  },
  too_many_iterations: {
    status: 422,
    message: 'The loop {step} was not done after its max_iterations of {limit}.',
    help: 'Check what ends the loop, or raise max_iterations.',
  },
  output_too_large: {
    status: 422,
    message: 'The output of step {step} is larger than {limit} bytes.',
    help: 'Ask for less at once, such as a page or fewer fields.',
  },
  call_too_deep: {
    status: 422,
    message: 'The playbook {playbook} is called more than {limit} levels deep.',
    help: 'Break the cycle of calls.',
  },
  call_failed: {
    status: 422,
    message: 'The called run {run} ended {status}: {reason}',
    help: 'Look at that run; its own error is the cause.',
  },
  undo_failed: {
    status: 502,
    message: 'Undoing {step} failed for {count} effects: {reason}',
    help: 'They stay among the changes in force and are tried again.',
  },
  not_performed: {
    status: 502,
    message: 'The action of step {step} surely did not happen: {reason}',
    help: 'It may be tried again; give the step a retry to do so by itself.',
    retryable: true,
  },
  cannot_freeze: {
    status: 422,
    message: 'The approval {step} cannot show what {covered} will do: {reason}',
    help: 'Everything that a covered step is given must be known when people are asked: compute it in a step before the approval.',
  },
  nobody_to_ask: {
    status: 422,
    message: 'The step {step} asks {actual}, so nobody could decide.',
    help: 'Give `users` at least one name or `user:<id>`, and `exclude` a reference or a list of them.',
  },
  not_approved: {
    status: 403,
    message: 'The step {step} needs the approval {approval}, which {reason}. Nothing was done.',
    help: 'Guard the step with the `approved` of the approval where going on without it is right.',
  },
  arguments_changed: {
    status: 409,
    message: 'What {step} would do is not what people saw in {approval}. A new approval is needed; nothing was done.',
    help: 'Compute the arguments before the approval, so that they cannot change after it.',
  },
  not_decided: {
    status: 504,
    message: 'Nobody decided {step} in time.',
    help: 'Ask people who are on duty, raise `timeout.after`, or say what follows with `timeout.then`.',
  },
  timed_out: {
    status: 504,
    message: 'The event that step {step} waits for did not come in time.',
    help: 'Look at who publishes it, raise the `timeout` of the topic, or catch `timed_out`.',
  },
  wait_time_invalid: {
    status: 422,
    message: 'The step {step} waits until {actual}, which is no time that a run can wait for.',
    help: 'Give `until` a time such as 2026-01-05T09:30:00Z or Unix milliseconds, at most 10 years ahead.',
  },
  window_unknown: {
    status: 422,
    message: 'The step {step} waits for the change window "{window}", which does not exist.',
    help: 'Declare it in content/calendars/, or check its name.',
  },
  window_closed: {
    status: 422,
    message: 'The change window "{window}" that step {step} waits for does not open any more.',
    help: 'Look at its cron lines and closed days in content/calendars/.',
  },
  lookup_key_invalid: {
    status: 422,
    message: 'lookup("{table}", …) was asked for the key {actual}; a key is text, a number, true or false.',
    help: 'Give it a single value, or a text that is made of several.',
  },
  run_too_long: {
    status: 422,
    message: 'The run has written more than {limit} facts and was stopped.',
    help: 'Look for a loop that never ends; split long work into called playbooks; or raise engine.max_entries.',
  },
  trigger_failed: {
    status: 422,
    message: 'The trigger {trigger} of playbook {playbook} could not start a run: {reason}',
    help: 'Correct the playbook; in a condition `has()` and `.?` read fields that may be absent. No run was started.',
  },
  too_many_hops: {
    status: 422,
    message: 'Runs and events have caused one another {hops} times; after {limit} times nothing more is started.',
    help: 'The trace of the event shows the circle: give one of its triggers a `when` that ends it; or raise engine.max_hops.',
  },
  id_taken: {
    status: 409,
    message: 'There is a {kind} {id} already; playbooks and reactions share their ids.',
    help: 'Give it another id.',
  },
  draft_unknown: {
    status: 404,
    message: 'There is no draft of the playbook {playbook}.',
    help: 'Save one first, or name a published version.',
  },
  draft_changed: {
    status: 409,
    message: 'The draft of {playbook} is not the one that you saw: {by}.',
    help: 'Read the draft again, bring the changes together, and save with its revision.',
  },
  test_unknown: {
    status: 404,
    message: 'The playbook {playbook} has no stored test {name}.',
    help: 'Take the name from the list of its tests; what came with the playbook as a file cannot be deleted.',
  },
  test_changed: {
    status: 409,
    message: 'The test {name} of {playbook} is not the one that you saw: somebody else saved or deleted it.',
    help: 'Read the tests again, bring the changes together, and save with its revision.',
  },
  too_many_tests: {
    status: 409,
    message: 'The playbook {playbook} has {limit} stored tests already.',
    help: 'Put several tests into one file, or delete some.',
  },
  draft_outdated: {
    status: 409,
    message: 'The draft of {playbook} began from another version than the one that is current now (number {number}).',
    help: 'Compare it with the current version, take over what you want to keep, and publish it all the same (with force).',
  },
  number_unknown: {
    status: 404,
    message: 'The playbook {playbook} has no version number {number}.',
    help: 'Choose one of the versions of the playbook.',
  },
  nothing_before: {
    status: 409,
    message: 'The playbook {playbook} has no version before number {number}.',
    help: 'Name the version to go to, or disable the playbook.',
  },
});
