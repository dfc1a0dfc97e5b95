import { z } from 'zod';
import { endpoint, json } from '../endpoint.ts';
import { claim, effect, foreseenEffect, releaseResult } from './effects.ts';

const reason = z.string().min(1).max(500).describe('Why; kept in the audit log');

/** What is done about effects that are in the ledger already. */
export const ledgerEndpoints = {
  undoEffects: endpoint({
    method: 'POST',
    path: '/effects/undo',
    summary:
      'End the claims of a run or a case, or of some effects, and undo what nobody else claims; `dry_run` only says what would happen',
    tag: 'effects',
    permission: 'effect:undo',
    body: z
      .strictObject({
        run: z.string().min(1).optional(),
        case: z.string().min(1).optional(),
        effect: z.string().min(1).optional(),
        effects: z
          .array(z.string().min(1))
          .min(1)
          .max(100)
          .optional()
          .describe('Several effects, whoever claims them; one after the other'),
        reason,
        dry_run: z.boolean().default(false),
      })
      .refine(({ run, case: ofCase, effect, effects }) => {
        const named = [run, ofCase, effect, effects].filter((one) => one !== undefined);
        return named.length === 1;
      }, 'name exactly one of run, case, effect and effects'),
    response: releaseResult.extend({
      foreseen: z.array(foreseenEffect),
    }),
  }),
  extendEffect: endpoint({
    method: 'POST',
    path: '/effects/:id/extend',
    summary: 'Claim an effect in force for longer, counted from now, and have the product keep it as long',
    tag: 'effects',
    permission: 'connection:use',
    body: z.strictObject({ for: z.string().describe('Such as 24h'), reason }),
    response: effect.extend({ claims: z.array(claim) }),
  }),
  verifyEffects: endpoint({
    method: 'POST',
    path: '/effects/verify',
    summary: 'Read effects back in their products; drift is written down, and unknown outcomes are settled',
    tag: 'effects',
    permission: 'action:read',
    body: z.strictObject({ effects: z.array(z.string().min(1)).min(1).max(100) }),
    response: z.object({
      items: z.array(
        z.object({
          effect: z.string(),
          finding: z.enum(['in_force', 'gone', 'changed', 'unclear', 'over']),
          reason: z.string(),
        }),
      ),
    }),
  }),
  resolveEffect: endpoint({
    method: 'POST',
    path: '/effects/:id/resolve',
    summary: 'Say whether an effect of unknown outcome happened',
    tag: 'effects',
    permission: 'effect:undo',
    body: z.strictObject({ happened: z.boolean(), output: z.record(z.string(), json).optional(), reason }),
    response: effect.extend({ claims: z.array(claim) }),
  }),
};
