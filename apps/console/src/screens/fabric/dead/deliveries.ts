import type { EndpointName } from '@counterpoint/contracts';
import type { CallResult } from '@counterpoint/sdk';

/** An event that a consumer has not dealt with yet, or never could. */
export type Delivery = CallResult<'listDead'>['items'][number];

/** What is read again when one of them was redelivered or thrown away. */
export const CHANGED = ['listDead', 'listConsumers', 'fabricMap', 'status'] as const satisfies readonly EndpointName[];
