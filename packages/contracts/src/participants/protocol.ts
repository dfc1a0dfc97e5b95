import { z } from 'zod';
import { type Endpoint, endpoint, json } from '../endpoint.ts';
import { deliveredEvent, delivery, participantDeclaration, publication, serviceRequest } from './documents.ts';

/** One operation of the participant protocol, under `/fabric/v1`. `stream` marks server-sent events of that data. */
export interface ParticipantEndpoint extends Endpoint {
  readonly permission: 'participant';
  readonly stream?: true;
}

const asParticipant = { tag: 'Participants', permission: 'participant' } as const;

const durableName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'lower-case letters, digits, "-" and "_"')
  .describe('Name of a durable subscription: the server remembers what it has acknowledged');

const place = {
  topics: z
    .string()
    .max(8_000)
    .optional()
    .describe('Topic patterns with commas between; default: all it may subscribe'),
  after: z.coerce.number().int().min(0).optional().describe('Begin behind this position of the log'),
  since: z
    .string()
    .max(40)
    .refine((text) => !Number.isNaN(Date.parse(text)), 'is no time')
    .optional()
    .describe('Begin at this time (RFC 3339)'),
};

const redelivery = {
  attempts: z.coerce.number().int().min(1).max(20).optional().describe('A dead letter after so many; default 10'),
  timeout: z.coerce.number().int().min(1).max(600).optional().describe('Seconds to acknowledge within; default 30'),
};

const wait = z.coerce.number().int().min(0).max(60).default(30).describe('Seconds to wait for something to come');
const ids = z.array(z.string().min(1).max(100)).min(1).max(1_000);
const settled = z.object({
  settled: z.array(z.string()),
  unknown: z.array(z.string()).describe('Settled before, timed out, or of an earlier connection'),
});

const standing = z.object({
  participant: z.string(),
  title: z.string(),
  rights: z.object({
    publish: z.array(z.string()),
    subscribe: z.array(z.string()),
    offer: z.array(z.string()),
    invoke: z.array(z.string()),
  }),
  trust: z.array(z.string()),
  settings: z.record(z.string(), json).describe('What its declaration in git sets it to do'),
  heartbeat: z.number().int().describe('Give a sign of life at least this often, in seconds'),
});

const session = {
  join: endpoint({
    ...asParticipant,
    method: 'POST',
    path: '/join',
    summary: 'Says that it is there, and what it is and can do',
    body: participantDeclaration.optional(),
    response: standing,
  }),
  heartbeat: endpoint({
    ...asParticipant,
    method: 'POST',
    path: '/heartbeat',
    summary: 'A sign of life; an open stream, and every other request, is one too',
    response: standing,
  }),
  leave: endpoint({
    ...asParticipant,
    method: 'POST',
    path: '/leave',
    summary: 'Leaves: its streams end and its offers are withdrawn',
    response: z.object({ participant: z.string() }),
  }),
};

const events = {
  publish: endpoint({
    ...asParticipant,
    method: 'POST',
    path: '/events',
    summary: 'Publishes one event or a list; answers once they are durable',
    body: z.union([publication, z.array(publication).min(1).max(500)]),
    response: z.object({
      events: z.array(z.looseObject({ status: z.number().int(), id: z.string().optional() })),
    }),
    status: 202,
  }),
  subscribe: endpoint({
    ...asParticipant,
    method: 'GET',
    path: '/events',
    summary: 'Server-sent events of what is published, from now, from a position, or durably with acknowledgements',
    query: z.strictObject({
      ...place,
      durable: durableName.optional(),
      ack: z.enum(['explicit', 'auto']).default('explicit').describe('`auto`: what was written to the stream is done'),
      ...redelivery,
    }),
    response: z.union([deliveredEvent, delivery]),
    stream: true,
  }),
  pull: endpoint({
    ...asParticipant,
    method: 'GET',
    path: '/pull',
    summary: 'The next events of a durable subscription, for tools without streams; waits when there are none',
    query: z.strictObject({
      ...place,
      durable: durableName,
      ...redelivery,
      max: z.coerce.number().int().min(1).max(100).default(10).describe('At most so many events'),
      wait,
    }),
    response: z.object({ events: z.array(delivery) }),
  }),
  ack: endpoint({
    ...asParticipant,
    method: 'POST',
    path: '/ack',
    summary: 'Acknowledges events of durable subscriptions; they do not come again',
    body: z.strictObject({ ids }),
    response: settled,
  }),
  nack: endpoint({
    ...asParticipant,
    method: 'POST',
    path: '/nack',
    summary: 'Gives events back: they come again later, and become dead letters after the last attempt',
    body: z.strictObject({ ids, reason: z.string().max(500).default('').describe('Stands at the dead letter') }),
    response: settled,
  }),
};

const services = {
  services: endpoint({
    ...asParticipant,
    method: 'GET',
    path: '/services',
    summary: 'The live services',
    response: z.object({
      services: z.array(
        z.object({ service: z.string(), participant: z.string(), site: z.string(), instances: z.number().int() }),
      ),
    }),
  }),
  invoke: endpoint({
    ...asParticipant,
    method: 'POST',
    path: '/invoke/:service',
    summary: 'Asks one live instance of a service, or performs an action of a connection through the door',
    body: z.strictObject({
      payload: json.optional(),
      key: z.string().min(1).max(200).optional().describe('The same for every attempt of one wish; default: a new one'),
      timeout: z.number().min(0.1).max(300).default(30).describe('Seconds'),
      lease: z
        .number()
        .min(1)
        .optional()
        .describe('Seconds that a lasting effect is to stay; what contains something is refused without'),
      cause: z.string().max(100).optional().describe('Id of the event that brought it about; it joins its trace'),
    }),
    response: z.object({ payload: json }),
  }),
  offer: endpoint({
    ...asParticipant,
    method: 'PUT',
    path: '/services/:action',
    summary: 'Offers an action; the body is its contract, or nothing when the declaration holds it',
    body: z.record(z.string(), json).optional(),
    response: z.object({ service: z.string(), instance: z.string() }),
  }),
  withdraw: endpoint({
    ...asParticipant,
    method: 'DELETE',
    path: '/services/:action',
    summary: 'Offers an action no longer',
    response: z.object({ service: z.string() }),
  }),
  requests: endpoint({
    ...asParticipant,
    method: 'GET',
    path: '/requests',
    summary: 'Server-sent events of the requests to its services',
    response: serviceRequest,
    stream: true,
  }),
  nextRequest: endpoint({
    ...asParticipant,
    method: 'GET',
    path: '/requests/next',
    summary: 'The next request to its services, for tools without streams; null when none came in time',
    query: z.strictObject({ wait }),
    response: z.object({ request: serviceRequest.nullable() }),
  }),
  answer: endpoint({
    ...asParticipant,
    method: 'POST',
    path: '/requests/:id/answer',
    summary: 'Answers a request with a payload, or with an error',
    body: z.union([
      z.strictObject({ payload: json }),
      z.strictObject({
        error: z.string().min(1).max(2_000).describe('Why it could not be done'),
        code: z
          .enum([
            'invalid_request',
            'unauthorized',
            'forbidden',
            'not_found',
            'conflict',
            'rate_limited',
            'unavailable',
            'timeout',
          ])
          .optional()
          .describe(
            'What playbooks may name in `retry.on` and `catch`; all but the last two say that nothing was done',
          ),
      }),
    ]),
    response: z.object({ id: z.string() }),
  }),
};

/**
 * The participant protocol: what a tool on the fabric does over HTTP and server-sent events with its own token (`cpp_…`).
 * Paths stand under `/fabric/v1`.
 */
export const participantEndpoints = { ...session, ...events, ...services } satisfies Readonly<
  Record<string, ParticipantEndpoint>
>;

/** The name of an operation of the participant protocol. */
export type ParticipantEndpointName = keyof typeof participantEndpoints;
