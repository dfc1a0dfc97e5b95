import type { CallResult } from '@counterpoint/sdk';

/** A topic as the list of topics tells it. */
export type Topic = CallResult<'listTopics'>['items'][number];
