import type { CallResult } from '@counterpoint/sdk';

/** A test file of a playbook, shipped or stored. */
export type PlaybookTest = CallResult<'listPlaybookTests'>['items'][number];
