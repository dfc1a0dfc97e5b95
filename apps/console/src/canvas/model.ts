import type { CallResult } from '@counterpoint/sdk';

export type { OutlineSlot, OutlineStep } from '@counterpoint/contracts';

/** A playbook or reaction as the canvas draws it: what the server reads out of its text. Every text in it may come from anybody. */
export type Outline = Pick<
  CallResult<'outlinePlaybook'>,
  'kind' | 'readable' | 'triggers' | 'slots' | 'findings' | 'publishes'
>;
