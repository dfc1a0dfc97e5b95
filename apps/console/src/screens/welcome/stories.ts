import type { CallResult } from '@counterpoint/sdk';

/** Stories as the server tells them. */
export type Stories = CallResult<'listStories'>['items'];
