import { defineErrors } from '@counterpoint/core';

/** The errors of `formats`. */
export const errors = defineErrors('formats', {
  dxl_message_malformed: {
    status: 400,
    message: 'This is not an OpenDXL message: {reason}.',
    help: 'Send what an OpenDXL client makes: versions 0 to 3, at most 1 MiB.',
  },
  noise_cidr_invalid: {
    status: 400,
    message: 'The noise list names "{value}", which is not an address or a network.',
    help: 'Write addresses as 192.0.2.7 or 2001:db8::7 and networks as 192.0.2.0/24.',
  },
  warning_list_invalid: {
    status: 400,
    message: 'This is not a MISP warning list: {reason}.',
    help: 'Use a list.json of the MISP warning lists: an object with "name", "type" and "list".',
  },
  time_pattern_invalid: {
    status: 400,
    message: 'The time pattern "{pattern}" cannot be used: {reason}.',
    help: 'Use YYYY MM DD HH mm ss SSS, MMM for a month name, Z for an offset, and quotes around other letters.',
  },
});
