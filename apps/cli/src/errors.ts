import { defineErrors } from '@counterpoint/core';

/** The errors of the command line itself. */
export const errors = defineErrors('cli', {
  not_signed_in: {
    status: 401,
    message: 'There is no token for {url}.',
    help: 'Nobody owns the server yet? Run "counterpoint setup <code>" with the one-time code that its start printed. Otherwise make a token in the console under Settings, API tokens, and run "counterpoint login", or set COUNTERPOINT_TOKEN.',
  },
  input_invalid: {
    status: 400,
    message: '"{text}" is not an input.',
    help: 'Write inputs as name=value; the value may be JSON (count=5, ips=["192.0.2.1"]) or plain text.',
  },
  confirm_needed: {
    status: 400,
    message: 'This needs to be confirmed, and nobody is there to do so.',
    help: 'Look at it with "counterpoint inbox show", then repeat the command with --yes.',
  },
  playbook_unreadable: {
    status: 400,
    message: '{file} is no playbook that can be read: {reason}.',
    help: '"counterpoint validate" shows everything that is wrong with it. A version on the server is named id, id@draft or id@3.',
  },
  json_invalid: {
    status: 400,
    message: '{file} is not JSON: {reason}.',
    help: 'Give a file with one JSON value, such as an event.',
  },
  file_unwritable: {
    status: 400,
    message: 'The file {file} cannot be written: {reason}.',
    help: 'Check that its folder exists, that you may write there, and that there is no such file yet.',
  },
  export_short: {
    status: 502,
    message: 'The audit log came only as far as entry {last}, and the server has more.',
    help: 'The connection ended before the log did; export it again.',
    retryable: true,
  },
  file_unreadable: {
    status: 400,
    message: 'The file {file} cannot be read: {reason}.',
    help: 'Check the path; "-" reads standard input.',
  },
  nothing_found: {
    status: 400,
    message: 'There is no {what} in {paths}.',
    help: 'Name files or folders that hold some; without any, the folder content of the working directory is taken.',
  },
  story_unknown: {
    status: 404,
    message: 'There is no story {name}{suggestion}.',
    help: 'Run "npm run demo -- --list" for the stories.',
  },
  story_failed: {
    status: 500,
    message: 'The story {name} did not end as expected: {reason}.',
    help: 'The trace above shows how far it came; "npm run check" tells whether the installation is sound.',
  },
  passwords_differ: {
    status: 422,
    message: 'The two passwords are not the same.',
    help: 'Enter the new password twice; nothing was changed.',
  },
});
