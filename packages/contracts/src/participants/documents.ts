import { z } from 'zod';
import { json } from '../endpoint.ts';

/** What a participant says of itself when it joins; all of it may be left out. Checked further where it is taken over. */
export const participantDeclaration = z.looseObject({
  title: z.string().optional(),
  description: z.string().optional(),
  site: z.string().optional().describe('Where it stands; the nearest provider of a service is asked first'),
  publishes: z.array(z.string()).optional().describe('Topic patterns that it publishes on'),
  subscribes: z.array(z.string()).optional().describe('Topic patterns that it subscribes to'),
  offers: z.record(z.string(), json).optional().describe('Action -> its contract, as a connector describes an action'),
  capabilities: z.record(z.string(), z.string()).optional().describe('Capability -> the offer that provides it'),
  settings: z.record(z.string(), json).optional().describe('What it is set to do now'),
});

/** One event that a participant publishes. */
export const publication = z
  .strictObject({
    topic: z.string().min(1).max(800).describe('A topic of the installation, or one under `mqtt.` or `dxl.`'),
    subject: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .describe('What it is about: events of one subject arrive in order. Default: the participant'),
    data: json,
    id: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Its own id of the event: publishing it twice announces it once'),
    cause: z.string().min(1).max(100).optional().describe('Id of the event that brought it about; it joins its trace'),
  })
  .meta({ id: 'Publication' });

/** An event as participants get it: a CloudEvents 1.0 envelope. */
export const deliveredEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string().describe('The topic'),
    subject: z.string(),
    time: z.string(),
    data: json,
    trace: z.string(),
    cause: z.string(),
    hop: z.number().int(),
    participant: z.string().describe('Who published it'),
  })
  .meta({ id: 'Event' });

/** An event of a durable subscription, which is acknowledged by `ack`. */
export const delivery = z
  .object({ ack: z.string(), position: z.number().int(), event: deliveredEvent })
  .meta({ id: 'Delivery' });

/** A request to a service that a participant offers. */
export const serviceRequest = z
  .object({
    id: z.string().describe('Answer it under this id'),
    service: z.string(),
    action: z.string(),
    payload: json,
    key: z.string().describe('The same for every attempt of one effect: answer again as before, do not act again'),
    timeout: z.number().int().describe('Seconds within which the answer counts'),
  })
  .meta({ id: 'ServiceRequest' });

/** What a participant says of itself. */
export type ParticipantDeclarationInput = z.input<typeof participantDeclaration>;
/** One event to be published. */
export type PublicationInput = z.input<typeof publication>;
/** An event as participants get it. */
export type DeliveredEvent = z.output<typeof deliveredEvent>;
/** An event of a durable subscription. */
export type Delivery = z.output<typeof delivery>;
/** A request to a service. */
export type ServiceRequestView = z.output<typeof serviceRequest>;
