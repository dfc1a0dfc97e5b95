import { z } from 'zod';

/** One link of the answer to why something came about. */
export const reason = z.object({
  ref: z.string(),
  title: z.string(),
  kind: z
    .enum(['playbook', 'reaction', 'case', 'event', 'alert', 'effect', 'person', 'participant', 'other'])
    .describe('What stands behind the reference'),
});
