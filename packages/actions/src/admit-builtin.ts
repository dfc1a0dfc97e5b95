import type { BuiltinConnector } from '@counterpoint/cases';
import { retryOnConflict } from '@counterpoint/cases';
import { checkValue } from '@counterpoint/connector-kit';
import { CounterpointError, coreErrors, newId } from '@counterpoint/core';
import type { Change } from '@counterpoint/events';
import type { ActionOutcome, ActionRequest, Admission } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { actionOf, demand, validInput } from './prepare.ts';

/**
 * Admits an action on our own records: no connection, no guard, no ledger; the key makes it safe to repeat.
 *
 * @throws actions.* when it cannot be performed as it stands
 */
export function admitBuiltin(context: DoorContext, builtin: BuiltinConnector, request: ActionRequest): Admission {
  const action = actionOf(builtin, request.action);
  demand(request, `action:${action.effect}`);
  if (builtin.permissions)
    demand(request, action.effect === 'read' ? builtin.permissions.read : builtin.permissions.write);
  const input = validInput(request.connector, request.action, action, request.input);
  return {
    kind: 'send',
    change: {},
    effect: undefined,
    send: () => {
      const work = () => performBuiltin(context, builtin, { ...request, input });
      return builtin.lane && action.effect !== 'read' ? context.lanes(builtin.lane(input), work) : work();
    },
  };
}

/** How often a change is tried of a row that other processes change all the time. */
const CONTENDED_ATTEMPTS = 100;

async function performBuiltin(
  context: DoorContext,
  builtin: BuiltinConnector,
  request: ActionRequest,
): Promise<ActionOutcome> {
  const { store } = context;
  const { key, causality, now, input } = request;
  const handler = builtin.handlers[request.action];
  const action = actionOf(builtin, request.action);
  try {
    if (!handler) throw new RangeError(`${request.connector}.${request.action} has no handler`);
    const {
      output,
      change,
      case: ofCase,
    } = await retryOnConflict(
      async () => {
        const result = await handler(input, { store, key, causality, now, tables: context.tables });
        if (result.contended) {
          await store.commit(result.contended);
          return result;
        }
        if (!isContended(result.change)) return result;
        // Others change the same rows; their conflicts must not become the caller's.
        await store.commit(result.change);
        return { ...result, change: {} };
      },
      builtin.lane ? CONTENDED_ATTEMPTS : undefined,
    );
    const problem = checkValue(action.output, output);
    if (problem !== undefined)
      throw new RangeError(`${request.connector}.${request.action} gave a wrong output: ${problem}`);
    return { status: 'succeeded', output, effect: undefined, change, case: ofCase };
  } catch (cause) {
    const error = cause instanceof CounterpointError ? cause : coreErrors.internal({ reference: newId() }, { cause });
    const { retryable } = error;
    return {
      status: 'failed',
      error,
      retryable,
      retryAfter: undefined,
      performed: 'no',
      effect: undefined,
      change: {},
    };
  }
}

function isContended(change: Change): boolean {
  return change.rows?.some((write) => write.op === 'update') ?? false;
}
