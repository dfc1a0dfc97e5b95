import { defineErrors } from '@counterpoint/core';

/** The errors of `gateways`. */
export const errors = defineErrors('gateway', {
  connection_refused: {
    status: 401,
    message: 'A connection from {address} was refused: {reason}.',
    help: 'Give the client a credential that is in force, and see that the clocks of both machines are right.',
  },
  csr_invalid: {
    status: 422,
    message: 'The certificate request cannot be signed: {reason}.',
    help: 'Make one with `openssl req -new -newkey rsa:2048 -nodes -keyout client.key -out client.csr -subj /CN=name`.',
  },
  packet_too_large: {
    status: 413,
    message: 'A packet of {bytes} bytes from {address} was refused; at most {limit} are read.',
    help: 'Send less at once: put large content somewhere else and send a reference to it.',
  },
  port_taken: {
    status: 500,
    message: 'The gateway cannot listen on {host}:{port}; something else does already.',
    help: 'Choose another port in the configuration, or stop what uses this one.',
  },
});
