import { defineErrors } from '@counterpoint/core';

/** The errors of the fabric: who is on it, what they may do, and what became of it. */
export const errors = defineErrors('fabric', {
  participant_unauthenticated: {
    status: 401,
    message: 'The credential of the participant is missing, unknown or has ended.',
    help: 'Send `Authorization: Bearer cpp_…` with a token of the participant; `counterpoint participants token` makes one.',
  },
  participant_disabled: {
    status: 403,
    message: 'The participant {participant} is disabled.',
    help: 'Somebody who may let participants in can enable it again.',
  },
  certificate_revoked: {
    status: 403,
    message: 'The certificate {thumbprint} was revoked.',
    help: 'Have a new certificate issued for the participant.',
  },
  participant_unknown: {
    status: 404,
    message: 'There is no participant {participant}{suggestion}.',
    help: 'Check the id; the list of participants has all that there are.',
  },
  participant_exists: {
    status: 409,
    message: 'There already is a participant {participant}.',
    help: 'Choose another id, or change the existing one.',
  },
  participant_invalid: {
    status: 422,
    message: 'The participant {participant} is not valid: {reason}.',
    help: 'Correct what is named; the how-to page about letting a participant in shows a whole example.',
  },
  participant_declared: {
    status: 409,
    message: 'The participant {participant} is declared in git, which says its {what}.',
    help: 'Change content/participants/{participant}.yaml instead, and start the server again.',
  },
  participant_in_use: {
    status: 409,
    message: '{count} changes in force were made through the participant {participant}.',
    help: 'Undo them first; without the participant nobody could.',
  },
  joins_too_often: {
    status: 429,
    message: '{participant} joins and leaves too often.',
    help: 'Keep the connection open, and wait a little longer before each new attempt.',
    retryable: true,
  },
  declares_too_much: {
    status: 429,
    message: '{participant} says too much of itself in a short time.',
    help: 'Say everything at once when it joins, and wait a little before it says something else.',
    retryable: true,
  },
  credential_unknown: {
    status: 404,
    message: 'There is no credential {credential}.',
    help: 'Check the id; the participant lists its credentials.',
  },
  declaration_invalid: {
    status: 422,
    message: 'The declaration of {participant} is not valid: {reason}.',
    help: 'Correct what is named; `counterpoint validate` shows every finding of a file.',
  },
  publish_denied: {
    status: 403,
    message: '{participant} may not publish on {topic}: {reason}.',
    help: 'Add a topic pattern to `rights.publish` of the participant when it is meant to.',
  },
  subscribe_denied: {
    status: 403,
    message: '{participant} may not subscribe to {pattern}: {reason}.',
    help: 'Add a topic pattern to `rights.subscribe` of the participant when it is meant to.',
  },
  offer_denied: {
    status: 403,
    message: '{participant} may not offer {service}: {reason}.',
    help: 'Add it to `rights.offer` of the participant when it is meant to.',
  },
  invoke_denied: {
    status: 403,
    message: '{participant} may not invoke {service}: {reason}.',
    help: 'Add it to `rights.invoke` of the participant when it is meant to.',
  },
  rate_exceeded: {
    status: 429,
    message: '{participant} publishes more than {rate} events a second.',
    help: 'Slow down and send it again; others are not affected. `fabric.events_per_second` is the limit.',
    retryable: true,
  },
  subscription_elsewhere: {
    status: 503,
    message: 'The durable subscription {name} is read through another process, which does not let go of it.',
    help: 'Try again. It is best read through one process at a time.',
    retryable: true,
  },
  event_id_used: {
    status: 409,
    message: '{participant} published another event under the id {id} before.',
    help: 'Give each event an id of its own, and the same one only to what is sent again; or leave the id out.',
  },
  event_too_large: {
    status: 413,
    message: 'The event of {participant} on {topic} has {size} bytes; {limit} are allowed.',
    help: 'Publish a reference to what is large (a hash, a link) instead of the thing itself.',
  },
  cause_unknown: {
    status: 422,
    message: 'The cause {cause} is no event that {participant} could know.',
    help: 'Name the id of an event that it published or may subscribe to, or leave the cause out.',
  },
  service_unknown: {
    status: 404,
    message: 'Nobody has ever offered the service {service}{suggestion}.',
    help: 'Check the name; participants list what they offer.',
  },
  service_unavailable: {
    status: 503,
    message: 'No instance of the service {service} is live: {reason}.',
    help: 'Look whether the participant that offers it is connected.',
    retryable: true,
  },
  service_gone: {
    status: 503,
    message: 'The instance {instance} of {service} did not take the request.',
    help: 'The request goes to another instance, where there is one.',
    retryable: true,
  },
  service_lost: {
    status: 502,
    message: 'The instance {instance} of {service} went away before it answered.',
    help: 'It may have done what was asked of it; look there before it is asked again.',
  },
  service_timeout: {
    status: 504,
    message: 'The service {service} did not answer within {timeout}.',
    help: 'It may have done what was asked of it; raise the time-out when it needs longer.',
    retryable: true,
  },
  service_failed: {
    status: 502,
    message: 'The service {service} answered with an error: {reason}.',
    help: 'Compare the payload with what the service expects, and look at the participant itself.',
  },
  invoke_held: {
    status: 409,
    message: 'People decide first whether {participant} may have {service} done (inbox item {item}).',
    help: 'Ask again with the same key when they have decided.',
  },
  invoke_pending: {
    status: 409,
    message: '{service} was begun and is not done yet.',
    help: 'Ask again with the same key to hear how it ended.',
    retryable: true,
  },
  reaction_event_unknown: {
    status: 404,
    message: 'Nothing is written down under {id}.',
    help: 'Check the id; each reaction lists what it holds.',
  },
  reaction_event_over: {
    status: 409,
    message: 'Nothing can be decided about {id} any more: it is {outcome}.',
    help: 'Look at the run that it became; what was only observed is never acted on.',
  },
  event_gone: {
    status: 410,
    message: 'The event {event} is no longer kept, so that nothing can react to it.',
    help: 'Discard it. `retention.event_days` says how long events are kept.',
  },
  breaker_closed: {
    status: 409,
    message: 'The storm breaker {breaker} is not open.',
    help: 'Somebody may have decided already; the reaction shows what it holds.',
  },
  retraction_early: {
    status: 503,
    retryable: true,
    message:
      'Not everybody who reacts has dealt with the event {event} yet, so that it cannot be taken back as a whole.',
    help: 'It is tried again by itself, until all of them have.',
  },
  reaction_elsewhere: {
    status: 409,
    message: 'The reaction runs at {site}, and can only be told to act there.',
    help: 'What is here is a copy. Leave `site` out of the reaction to have it run by the centre.',
  },
  edge_join_refused: {
    status: 403,
    message: 'The token does not let an edge node join: it is unknown, was used, or has ended.',
    help: 'Make a new one on the centre: `counterpoint edge token <id>`. Each is for one node, once.',
  },
  edge_unknown: {
    status: 404,
    message: 'There is no edge node {node} that has joined.',
    help: '`counterpoint edge` lists the edge nodes; the node joins with `counterpoint start --role edge --join … --token …`.',
  },
  edge_site_taken: {
    status: 409,
    message: 'The site {site} has the edge node {node} already.',
    help: 'A site has one edge node, so that its reactions run once: choose another site, or remove that node.',
  },
  edge_message_refused: {
    status: 403,
    message: 'A message for this edge node was refused: {reason}.',
    help: 'Only what the centre that it joined has signed for it counts; look who stands between the two.',
  },
  edge_centre_unreachable: {
    status: 503,
    message: 'The centre of this edge node does not answer at {url}: {reason}.',
    help: 'The node goes on with what it has. Look at the address, the network, and `edge.ca_file` when the centre has a certificate of its own.',
    retryable: true,
  },
  edge_key_invalid: {
    status: 422,
    message: 'The key of the edge node cannot be used: {reason}.',
    help: 'Join the node again; it makes new keys.',
  },
  edge_secret_unreadable: {
    status: 422,
    message: 'A secret that was sealed for this edge node cannot be opened ({context}).',
    help: 'It was sealed for other keys or changed on its way: join the node again.',
  },
  edge_bundle_refused: {
    status: 422,
    message: 'What the centre sent for this edge node to work by was refused: {reason}.',
    help: 'The node goes on with what it has. If its centre was set up anew, join it again with a new token.',
  },
});
