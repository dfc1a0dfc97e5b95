import { defineErrors } from '@counterpoint/core';

/** The errors of the client itself; errors of the server come with the code that the server gave. */
export const errors = defineErrors('sdk', {
  unreachable: {
    status: 503,
    message: 'No Counterpoint server answers at {url}: {reason}.',
    help: 'Start it with "npm start", or give its address with --url or COUNTERPOINT_URL.',
    retryable: true,
  },
  bad_answer: {
    status: 502,
    message: 'What answers at {url} is not a Counterpoint server ({reason}).',
    help: 'Check the address; a proxy may be answering in its place.',
  },
});
