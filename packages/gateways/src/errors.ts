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
  dxl_payload_invalid: {
    status: 400,
    message: 'The payload of the request cannot be used: {reason}.',
    help: 'Send JSON as the OpenDXL clients do: for a registration serviceType, serviceGuid, requestChannels, ttlMins.',
  },
  dxl_message_too_large: {
    status: 413,
    message: 'The message on {topic} has {bytes} bytes; {limit} are allowed.',
    help: 'Put large content somewhere else and send a reference to it.',
  },
  dxl_reply_topic_invalid: {
    status: 400,
    message: 'A request on {topic} was dropped: nobody can be answered on its replyToTopic "{reply}".',
    help: 'Leave replyToTopic as the client library sets it: a topic without wildcards.',
  },
  dxl_topic_reserved: {
    status: 403,
    message: 'The topic {topic} is not one that clients may publish on.',
    help: 'Only the broker speaks below /mcafee/event/dxl/; own topics are /counterpoint/event/<name>/<version>.',
  },
  mqtt_failed: {
    status: 500,
    message: 'The message could not be dealt with.',
    help: 'Look at the log of the server; what was published at QoS 1 is sent again by the client when it connects again.',
    retryable: true,
  },
  mqtt_payload_invalid: {
    status: 422,
    message: 'The payload on {topic} cannot be used: {reason}.',
    help: 'Send JSON in UTF-8, or a CloudEvent whose type is the topic with dots.',
  },
  mqtt_request_unknown: {
    status: 410,
    message: 'Nobody waits for an answer to the request {id}.',
    help: 'It was answered before, or its time ran out. Answer sooner, or have the caller wait longer.',
  },
  mqtt_topic_invalid: {
    status: 400,
    message: 'Nothing can be published on {topic}.',
    help: 'Publish on a topic such as verdict/file/v1; what begins with $ is for the server, and at most 800 characters count.',
  },
  client_too_slow: {
    status: 503,
    message: 'An event on {topic} was not delivered to {participant}: too much waits for it already.',
    help: 'Look why the client does not read; it gets later events again once it does.',
    retryable: true,
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
