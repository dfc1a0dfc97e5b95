import { defineErrors } from '@counterpoint/core';

/** The errors of `ingest`. */
export const errors = defineErrors('ingest', {
  unauthenticated: {
    status: 401,
    message: 'The request was not accepted: {reason}.',
    help: 'Send the source\'s token as "Authorization: Bearer …" or "X-Counterpoint-Token", or sign the request as Standard Webhooks describes, with a clock that is right. The page of the source in the console says what was wrong.',
  },
  source_disabled: {
    status: 403,
    message: 'The source {source} is disabled.',
    help: 'Enable the source, or send to another one.',
  },
  source_without_normalizer: {
    status: 409,
    message: 'The source {source} has no normaliser, so it takes no alerts.',
    help: 'Give the source a normaliser, or send to the webhook of a playbook.',
  },
  source_invalid: {
    status: 422,
    message: 'The source cannot be saved: {reason}.',
    help: 'Correct the field that is named; the normalisers are the files in normalizers of the content folder.',
  },
  media_type_unsupported: {
    status: 415,
    message: 'The media type {found} is not read here.',
    help: 'Send application/json, application/x-ndjson or text/plain, in UTF-8 and without a content encoding.',
  },
  delivery_conflict: {
    status: 409,
    message: 'The delivery id {delivery} was used before with another body.',
    help: 'Give every delivery its own webhook-id; repeat an id only with exactly the same body.',
  },
  delivery_invalid: {
    status: 400,
    message: 'The delivery id cannot be used: {reason}.',
    help: 'Send a webhook-id of up to 200 visible ASCII characters without a full stop.',
  },
  unreadable: {
    status: 400,
    message: 'The body cannot be read: {reason}. It is kept as raw input {raw}.',
    help: 'Send one JSON value, or one JSON object on each line; the place of the mistake is in the details.',
  },
  normalizer_unknown: {
    status: 404,
    message: 'There is no normaliser {id}.{suggestion}',
    help: 'Check the id; normalisers are the files in content/normalizers.',
  },
  reading_not_found: {
    status: 404,
    message: 'The raw input {raw} was not counted on the alert {alert}, or is not kept any more.',
    help: 'Leave the raw input out to see the one that the alert was first read from.',
  },
});
