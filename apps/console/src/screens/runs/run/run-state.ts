import { z } from 'zod';

/** What a run page keeps in its address. */
export const runState = z.object({
  /** Address of the step that is open, such as `verdicts[3].rep`. */
  step: z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string().default('')),
  tab: z.enum(['steps', 'journal', 'changes', 'data']).default('steps'),
  /** How the playbook is shown. */
  view: z.enum(['picture', 'outline']).default('picture'),
});
