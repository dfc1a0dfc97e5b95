import { defineErrors } from '@counterpoint/core';

/** The errors of the HTTP surface itself. */
export const errors = defineErrors('api', {
  route_unknown: {
    status: 404,
    message: 'There is no {method} {path}.',
    help: 'See /api/v1/openapi.json for every operation.',
  },
  not_found: {
    status: 404,
    message: 'There is no {kind} {id}.',
    help: 'Check the id; lists show what exists.',
  },
  test_name_invalid: {
    status: 422,
    message: '{name} cannot be the name of a test.',
    help: 'Use lower-case letters, digits, "_" and "-", at most 64 of them, and begin with a letter or digit.',
  },
  switch_unknown: {
    status: 404,
    message: 'There is no kill switch {id}{suggestion}',
    help: 'Name global, undo, or connector:<id> with the id of a connector.',
  },
  delivery_alive: {
    status: 409,
    message: 'The delivery {id} is not dead: it is in the state {state}.',
    help: 'Wait until it was given up, or was dealt with.',
  },
  request_invalid: {
    status: 400,
    message: 'The request is not valid: {reason}.',
    help: 'Correct what is named; /api/v1/openapi.json describes every operation.',
  },
  key_reused: {
    status: 422,
    message: 'This idempotency key was given before, with another request.',
    help: 'Take a new random key for each change; give the same one again only to ask for the very same once more.',
  },
  request_under_way: {
    status: 409,
    message: 'This was asked for a moment ago, and is under way.',
    help: 'Ask again in a moment: it is done once, and the answer is the same.',
    retryable: true,
  },
  answer_lost: {
    status: 409,
    message: 'This was asked for before, at {at}, and what came of it is not known any longer.',
    help: 'Look whether it was done. If not, ask for it anew.',
  },
  keys_spent: {
    status: 429,
    message:
      'More than {most} changes were asked for within {minutes} minutes, and no more answers can be kept for whoever asks again.',
    help: 'Nothing was done. Wait some minutes, then ask for it again.',
    retryable: true,
  },
  media_type_unsupported: {
    status: 415,
    message: 'The content type {type} is not read here.',
    help: 'Send application/json; the participant protocol also reads CloudEvents.',
  },
  bodies_wait: {
    status: 503,
    message: 'Too much is being sent here at this moment.',
    help: 'Send it again a little later.',
    retryable: true,
  },
  cursor_invalid: {
    status: 400,
    message: 'The cursor is not one that this list gave.',
    help: 'Read the list again from its beginning.',
  },
  request_foreign: {
    status: 403,
    message: 'The request was sent from a page of somebody else, or does not say from which.',
    help: 'Use the console itself; programs use an API token.',
  },
  csrf_missing: {
    status: 403,
    message: 'The request does not carry the proof of its session.',
    help: 'Load the page again. Programs use an API token, or send "csrf" of GET /api/v1/session in the header x-csrf-token.',
  },
  sign_in_insecure: {
    status: 403,
    message: 'Signing in over plain HTTP from another machine would show the password to the network.',
    help: 'Put a TLS proxy before this server and set server.trust_proxy, or open it as http://localhost on its own machine.',
  },
  no_lab: {
    status: 409,
    message: 'The lab is off, and stories are played on it.',
    help: 'Start the server with lab.enabled, or another one to try things on.',
  },
  no_browser: {
    status: 422,
    message: 'This operation is about the session of a browser, and none asks.',
    help: 'Call it over HTTP.',
  },
  page_foreign: {
    status: 403,
    message: 'The form was sent from a page of somebody else.',
    help: 'Open the form itself and send it from there.',
  },
  page_busy: {
    status: 429,
    message: 'Too many forms were sent.',
    help: 'Wait a minute, then send it again.',
    retryable: true,
  },
  source_idle: {
    status: 404,
    message: 'The source {source} has no normaliser and no playbook is started by it.',
    help: 'Give the source a normaliser, or publish a playbook with "- webhook: {source}" in its "on" list.',
  },
  not_manual: {
    status: 422,
    message: 'The playbook {playbook} has no manual trigger.',
    help: 'Add "- manual: true" to its "on" list and publish it, or let its own trigger start it.',
  },
  version_invalid: {
    status: 400,
    message: '"{version}" names no version.',
    help: 'Name current, draft, or the number of a version.',
  },
  other_playbook: {
    status: 422,
    message: 'This is the playbook {id}, not {playbook}.',
    help: 'Correct the id in the playbook, or ask for the one that it is.',
  },
  too_many_streams: {
    status: 429,
    message: '{reader} already reads {limit} streams at once.',
    help: 'Close one of them first; one stream takes any number of topics.',
    retryable: true,
  },
  too_many_subscriptions: {
    status: 429,
    message: '{participant} has {limit} durable subscriptions already.',
    help: 'Go on with a name that it read under before: each is remembered, so that nothing is lost.',
  },
  request_closed: {
    status: 410,
    message: 'Nobody waits for an answer to the request {id}.',
    help: 'It was answered before, or its time ran out. Answer sooner, or have the caller wait longer.',
  },
  cloud_event_invalid: {
    status: 400,
    message: 'This is no CloudEvent that can be published: {reason}.',
    help: 'Send specversion 1.0, id, source and type, where the type is the topic, and data as JSON.',
  },
  findings: {
    status: 422,
    message: 'The playbook has {count} findings that must be corrected: {first}.',
    help: 'Correct them; checking the playbook shows each with its line.',
  },
});
