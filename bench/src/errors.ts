import { defineErrors } from '@counterpoint/core';

/** The errors of the measuring programs. */
export const errors = defineErrors('bench', {
  program_not_ready: {
    status: 500,
    message: '{program} was not ready within {seconds} s.',
    help: 'What it wrote last: {output}',
  },
  program_ended: {
    status: 500,
    message: '{program} ended with {code} before it was ready.',
    help: 'What it wrote last: {output}',
  },
  load_failed: {
    status: 500,
    message: 'The load generator gave no figure: {reason}.',
    help: 'Measure for longer (--seconds). What the generator wrote last: {output}',
  },
  wrong_answer: {
    status: 500,
    message: '{count} answers of {program} were not as expected; the first: {first}',
    help: 'A figure of wrong answers means nothing. Find out why with the same request by hand.',
  },
  items_lost: {
    status: 500,
    message: 'The burst was not accounted for: {differences}.',
    help: 'Every item must have exactly one decision. It was kept in {directory}, which --keep leaves in place.',
  },
  benchmark_unknown: {
    status: 400,
    message: 'There is no benchmark "{name}"{suggestion}.',
    help: 'Choose from: {known}.',
  },
  number_invalid: {
    status: 400,
    message: '{option} takes a number above 0, not "{text}".',
    help: 'For example: {option} 3',
  },
  page_without_place: {
    status: 500,
    message: '{file} has no place for the figures of {name}.',
    help: 'Put the lines {begin} and {end} where they belong.',
  },
});
