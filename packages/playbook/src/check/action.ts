import { nearest } from '@counterpoint/core';
import { type ExpressionType, typeFromJsonSchema, types } from '@counterpoint/expressions';
import { entryOf, fieldOf } from '../document/node.ts';
import type { ActionStep } from '../plan.ts';
import { checkArguments, refuseInterpolation } from './arguments.ts';
import { type Checking, nodeOf } from './context.ts';
import { type ActionContract, requireContract } from './contracts.ts';
import { checkErrorNames } from './error-names.ts';
import { checkCondition, checkTexts } from './expressions.ts';
import { errorFields, lookingUp, type Scope } from './scope.ts';
import { checkRowTaint, contractOnTable } from './tables.ts';
import { isApproved, taintedKeys } from './taint.ts';
import { isMarked } from './values.ts';

/** Errors after which a vendor has surely done nothing, so that trying again cannot do it twice. */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  'rate_limited',
  'invalid_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'egress_denied',
]);

/** Checks an `action` step; gives the type of its output. */
export function checkAction(step: ActionStep, scope: Scope, checking: Checking): ExpressionType {
  const node = nodeOf(step, checking);
  const args = fieldOf(node, 'with');
  const result = checkTexts(args, scope, checking);
  checkCondition(fieldOf(node, 'recheck'), 'recheck', lookingUp(scope, false), checking);
  checkErrorNames(fieldOf(fieldOf(node, 'retry'), 'on'), checking);
  const declared = requireContract(step, checking);
  if (!declared) return types.dyn;
  const contract = contractOnTable(declared, step, checking);
  checkArguments(args, contract, result, step, checking);
  refuseInterpolation(args, contract, result, checking);
  checkConnection(step, contract, checking);
  checkLease(step, contract, checking);
  checkCase(step, checking);
  checkRetry(step, contract, checking);
  checkRowTaint(args, contract, step, result, scope, checking);
  const { effect } = contract;
  if (result && (effect === 'contain' || effect === 'destroy') && !isApproved(step, scope, checking)) {
    for (const argument of taintedKeys(result, scope, checking)) {
      if (isMarked(contract.input, [argument], 'untrusted')) continue;
      const position = fieldOf(args, argument)?.position ?? step.position;
      checking.report.add('tainted_argument', position, { argument, action: contract.name, effect });
    }
  }
  const output = typeFromJsonSchema(contract.output);
  return contract.everywhere ? ofEvery(output) : output;
}

/** What a step gives that acts at every provider of a capability. */
function ofEvery(output: ExpressionType): ExpressionType {
  const connection = { type: types.string };
  return types.object({
    results: { type: types.list(types.object({ connection, output: { type: output } })) },
    errors: { type: types.list(types.object({ ...errorFields, connection })) },
  });
}

function checkConnection(step: ActionStep, contract: ActionContract, checking: Checking): void {
  const node = fieldOf(nodeOf(step, checking), 'connection');
  if (!node || step.connection === undefined) return;
  const { report, catalogue } = checking;
  if (contract.builtin) {
    report.add('connection_useless', node.position, { connector: step.alias });
    return;
  }
  if (!catalogue.connections) return;
  const connection = catalogue.connections.get(step.connection);
  if (!connection) {
    const near = nearest(step.connection, catalogue.connections.keys());
    report.add('unknown_connection', node.position, { connection: step.connection }, near);
  } else if (contract.connector !== undefined && connection.connector !== contract.connector) {
    const params = { connection: step.connection, actual: connection.connector, expected: contract.connector };
    report.add('connection_mismatch', node.position, params);
  }
}

function checkLease(step: ActionStep, contract: ActionContract, { report, ...checking }: Checking): void {
  const { name: action, effect } = contract;
  if (effect === 'contain' && !step.lease) {
    report.add('lease_missing', step.position, { action }, 'lease: { for: 24h }');
  }
  const entry = entryOf(checking.document.origins.steps.get(step), 'lease');
  if (!step.lease || !entry) return;
  if (effect === 'read' || effect === 'notify') report.add('lease_useless', entry.keyPosition, { action });
  else if (!contract.undoable) report.add('lease_not_undoable', entry.keyPosition, { action });
}

/** A run has the case of its trigger, or the one that an earlier step opened or added to. */
function checkCase(step: ActionStep, { trigger, byId, report, document }: Checking): void {
  const entry = entryOf(fieldOf(document.origins.steps.get(step), 'lease'), 'while');
  if (!entry || step.lease?.while === undefined || !trigger || trigger.kind === 'case') return;
  const opened = [...byId.values()].some(
    (one) =>
      one.verb === 'action' &&
      one.alias === 'case' &&
      (one.action === 'open' || one.action === 'add_alert') &&
      one.position.from < step.position.from,
  );
  if (!opened) report.add('lease_without_case', entry.keyPosition, { step: step.id, trigger: trigger.id });
}

function checkRetry(step: ActionStep, contract: ActionContract, checking: Checking): void {
  const entry = entryOf(nodeOf(step, checking), 'retry');
  if (!entry || !step.retry || contract.effect === 'read' || contract.idempotent) return;
  const { attempts, on } = step.retry;
  if (attempts === 1 || (on.length > 0 && on.every((name) => NOTHING_DONE.has(name.replace(/^connector\./, '')))))
    return;
  checking.report.add('retry_not_idempotent', entry.keyPosition, { action: contract.name });
}
