import { participantEndpoints } from '@counterpoint/contracts';
import { operationSection } from './http-api.ts';
import { GENERATED } from './markdown.ts';

/** The reference page of the participant protocol. */
export async function participantProtocolPage(): Promise<string> {
  const sections = Object.entries(participantEndpoints).map(operationSection);
  return `${GENERATED}
# Participant protocol

What a tool on the fabric does over HTTP and server-sent events. Paths stand under \`/fabric/v1\`; a participant shows its
own token: \`Authorization: Bearer cpp_…\`. A token of a person does not open these paths, nor a participant's those of the
[HTTP API](http-api.md). How to use it with curl alone: [join with curl](../how-to/join-with-curl.md).

- **Events** come as [CloudEvents](https://cloudevents.io) 1.0: \`type\` is the topic. \`trace\`, \`hop\`, \`source\`, \`time\` and
  \`participant\` are set by the server. They may be published as CloudEvents too, in structured, batch or binary mode.
- **Streams** send a comment every 15 s. They end with an event \`end\`, whose data says why: \`replaced\` (another connection
  reads in its place), \`left\` (the session is over) or \`refused\` (the token no longer counts). A reader that lets more than
  4 MiB gather is disconnected; the id of the last event in \`Last-Event-ID\` (or \`after\`) lets it go on there.
- **Durable subscriptions** have a name. An event that is not acknowledged in time, or given back, comes again with growing
  pauses and becomes a dead letter after the last attempt. Events of one \`subject\` come one after the other. A name is read
  by one connection at a time: the newest. With several API processes, acknowledge where the stream was opened.
- **A participant is gone** when nothing was heard of it for a minute: no request and no open stream. Its offers then end.
- At most 16 streams and waiting requests are open for a participant at once.
- **Errors** are \`application/problem+json\`; all codes stand in [errors](errors.md). Of a list that is published, each event
  that is refused is such a problem in the answer, whose status is then 207.

${sections.join('\n\n')}
`;
}
