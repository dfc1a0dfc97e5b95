export { type CallArguments, type CallResult, type Client, type ClientOptions, createClient } from './client.ts';
export { errors as sdkErrors } from './errors.ts';
export {
  createParticipantClient,
  type Ongoing,
  ParticipantClient,
  type ParticipantOptions,
  type SubscribeOptions,
} from './participant/participant-client.ts';
export type { StreamEvent } from './stream.ts';
