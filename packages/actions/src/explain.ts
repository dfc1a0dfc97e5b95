import { CounterpointError } from '@counterpoint/core';
import type { ActionRequest } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { connectorOf } from './find-connector.ts';
import type { Decision } from './guard/guard.ts';
import { leaseOf } from './ledger/claims.ts';
import { actionOf, prepare } from './prepare.ts';

/** What the door would say to a request, and what it is about (`<type>:<value>`; empty where it cannot be told). */
export type Explanation = Decision & { readonly target: string };

/** What the door would say to a request, and why. Nothing is sent, and nothing is written. */
export async function explain(context: DoorContext, request: ActionRequest): Promise<Explanation> {
  try {
    const builtin = context.builtins.get(request.connector);
    if (builtin) {
      actionOf(builtin, request.action);
      const reasons = ['it acts on our own records only; the guard is for effects outside'];
      return { outcome: 'allow', rule: 'guard.builtin', reasons, error: undefined, target: '' };
    }
    const { action, target } = await prepare(context.store, connectorOf(context, request), request);
    const { connector, action: name } = request;
    const lease = leaseOf(request);
    const decision = await context.guard.decide({ connector, name, action, target, lease, key: request.key });
    return { ...decision, target };
  } catch (error) {
    if (!(error instanceof CounterpointError) || error.code.startsWith('events.')) throw error;
    return { outcome: 'deny', rule: error.code, reasons: [error.message, error.help], error, target: '' };
  }
}
