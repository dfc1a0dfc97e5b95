import { z } from 'zod';

/** What of the map is shown, in the address of the screen. */
export const mapSearch = z.object({
  /** `map` or `list`; left out: by the width of the window. */
  view: z.enum(['map', 'list']).optional(),
  q: z.string().default(''),
  kinds: z.array(z.enum(['participant', 'topic', 'reaction', 'playbook', 'server'])).default([]),
  site: z.string().default(''),
  busy: z.boolean().default(false),
  focus: z.string().default(''),
  /** The node or edge that is open. */
  at: z.string().default(''),
  /** Whether the findings of the check are open. */
  check: z.boolean().default(false),
});
