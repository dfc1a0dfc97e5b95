import { defineErrors } from './error-catalogue.ts';

/** The errors of `core`. */
export const errors = defineErrors('core', {
  internal: {
    status: 500,
    message: 'Something went wrong inside Counterpoint (reference {reference}).',
    help: 'Look for the reference in the server log; if it happens again, report it with that log entry.',
    retryable: true,
  },
  duration_invalid: {
    status: 400,
    message: '"{text}" is not a duration.',
    help: 'Write a number and a unit, such as 500ms, 30s, 15m, 4h, 1h30m or 7d.',
  },
  json_invalid: {
    status: 400,
    message: 'The text is not valid JSON: {reason}.',
    help: 'Check the text at the position named; JSON allows no comments and no trailing commas.',
  },
  json_too_deep: {
    status: 400,
    message: 'The JSON is nested deeper than {limit} levels.',
    help: 'Flatten the data, or send the inner part as a string.',
  },
  body_too_large: {
    status: 413,
    message: 'The body is larger than the limit of {limit} bytes.',
    help: 'Send less at once, or raise the limit in the configuration (limits.body_bytes).',
  },
});
