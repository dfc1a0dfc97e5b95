import { defineErrors } from '@counterpoint/core';

/** The errors of events and of committing, thrown by every implementation of the ports in this package. */
export const errors = defineErrors('events', {
  topic_invalid: {
    status: 400,
    message: '"{topic}" is not a topic name.',
    help: 'Use dotted lower-case words that end in a version, such as mail.reported.v1.',
  },
  topic_unknown: {
    status: 404,
    message: 'The topic {topic} is not declared.',
    help: 'Declare it with a JSON Schema in content/topics/, or check its name{suggestion}.',
  },
  data_invalid: {
    status: 422,
    message: 'The data does not match the schema of {topic}: {reason}.',
    help: 'Publish data that matches the schema in content/topics/, or publish a new version of the topic.',
  },
  log_unavailable: {
    status: 503,
    message: 'The event log could not be reached: {reason}.',
    help: 'Look at the nats-server and its log; events wait in the store until it is back.',
    retryable: true,
  },
  given_back: {
    status: 503,
    message: 'The event was given back: {reason}.',
    help: 'It is delivered again as soon as its consumer is at work; this counts as no attempt.',
    retryable: true,
  },
  delivery_unknown: {
    status: 404,
    message: 'There is no dead letter {delivery}.',
    help: 'It may have been dealt with; the dead letters of the fabric are those that there are.',
  },
  consumer_at_work: {
    status: 409,
    message: 'The consumer {consumer} is at work in this process.',
    help: 'Stop it first; a name is consumed under once at a time.',
  },
  process_absent: {
    status: 503,
    message: 'The request did not reach the process {process}.',
    help: 'It has stopped, or NATS cannot be reached; nothing was done. Try again when it is back.',
    retryable: true,
  },
  process_unreachable: {
    status: 503,
    message: 'The process {process} did not answer.',
    help: 'It may have stopped; try again. Calls between processes need NATS (bus.url).',
    retryable: true,
  },
  fenced: {
    status: 409,
    message: 'The run {run} is no longer owned at epoch {epoch}, sequence {seq}.',
    help: 'Another worker has taken the run over; nothing was written. Reload it before going on.',
  },
  conflict: {
    status: 409,
    message: 'The row {id} of {table} was changed or created by someone else in the meantime.',
    help: 'Read it again and repeat the change.',
    retryable: true,
  },
  store_busy: {
    status: 503,
    message: 'The store has {pending} changes waiting, more than its limit.',
    help: 'Try again in a moment; if this lasts, the disk or the database is too slow for the load.',
    retryable: true,
  },
  store_full: {
    status: 507,
    message: 'The disk that holds the data directory is full; nothing was written.',
    help: 'Free space on that disk. Runs wait until a write succeeds; no acknowledged data is lost.',
    retryable: true,
  },
  store_failed: {
    status: 503,
    message: 'The store could not write: {reason}.',
    help: 'Look at the database and its log; nothing of this change was written.',
    retryable: true,
  },
  store_closed: {
    status: 503,
    message: 'The store is closed.',
    help: 'The server is stopping; try again when it is back.',
    retryable: true,
  },
});
