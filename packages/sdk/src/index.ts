export { type CallArguments, type CallResult, type Client, type ClientOptions, createClient } from './client.ts';
export { errors as sdkErrors } from './errors.ts';
export type { StreamEvent } from './stream.ts';
