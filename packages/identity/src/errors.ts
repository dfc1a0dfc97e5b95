import { defineErrors } from '@counterpoint/core';

/** The errors of identity. None tells an outsider which half of a token was wrong. */
export const errors = defineErrors('identity', {
  unauthenticated: {
    status: 401,
    message: 'This request needs a sign-in or an API token.',
    help: 'Sign in with the browser, or send the header "Authorization: Bearer cpt_…".',
  },
  token_invalid: {
    status: 401,
    message: 'The API token is not valid.',
    help: 'Check that it was copied whole. A token is shown once, when it is created; create another if it is lost.',
  },
  token_expired: {
    status: 401,
    message: 'The API token expired at {at}.',
    help: 'Create a new token.',
  },
  token_revoked: {
    status: 401,
    message: 'The API token was revoked at {at}.',
    help: 'Create a new token; ask an owner why this one was revoked.',
  },
  session_ended: {
    status: 401,
    message: 'Nobody is signed in with this browser any longer.',
    help: 'Sign in again. A session ends when it was not used for a while, after its longest time, and with the password.',
  },
  session_unknown: {
    status: 404,
    message: 'You have no session {id}.',
    help: 'It may have ended; your account lists those that have not.',
  },
  sign_in_refused: {
    status: 401,
    message: 'The name or the password is not right.',
    help: 'Check both. An owner without a password sets one with "counterpoint password".',
  },
  sign_in_limited: {
    status: 429,
    message: 'There were too many attempts to sign in; the next is possible in {seconds} s.',
    help: 'Wait, then try again. Every further attempt makes the wait longer.',
    retryable: true,
  },
  password_weak: {
    status: 422,
    message: 'The password is not acceptable: {reason}.',
    help: 'Take 12 characters or more that nobody would guess; a few unrelated words do well.',
  },
  password_needed: {
    status: 403,
    message: 'The password can be set without the present one only with all rights of {name}.',
    help: 'Give the present password, or use a token that has every permission of its user and does not expire.',
  },
  user_disabled: {
    status: 401,
    message: 'The account behind this API token is disabled.',
    help: 'Ask an owner to enable it.',
  },
  forbidden: {
    status: 403,
    message: '{principal} does not have the permission {permission}.',
    help: 'Ask an owner for it, or use a token that has it.',
  },
  escalation: {
    status: 403,
    message: 'A token cannot be given permissions that its creator does not have: {permissions}.',
    help: 'Leave these permissions out, or have someone create the token who has them.',
  },
  token_outlives: {
    status: 403,
    message: 'A token that expires cannot make one that lasts longer: it expires at {at}.',
    help: 'Have the new one expire no later, or make it signed in with a browser.',
  },
  token_unknown: {
    status: 404,
    message: 'You have no token {id}.',
    help: 'List your tokens to find its id.',
  },
  request_invalid: {
    status: 422,
    message: 'The {field} is not acceptable: {reason}.',
    help: 'Correct the {field} and send the request again.',
  },
  setup_code_wrong: {
    status: 401,
    message: 'The setup code is not valid.',
    help: 'Use the code that the server printed at its latest start; every start without an owner prints a new one.',
  },
  setup_code_expired: {
    status: 401,
    message: 'The setup code expired at {at}.',
    help: 'Restart the server: it prints a new code as long as there is no owner.',
  },
  setup_done: {
    status: 409,
    message: 'This installation has its owner already.',
    help: 'Sign in; programs use a token that an owner made for them.',
  },
  setup_limited: {
    status: 429,
    message: 'There were too many attempts at the setup code; the next is possible in {seconds} s.',
    help: 'Wait, then enter the code that the server printed at its latest start.',
    retryable: true,
  },
});
