import type { EffectClass, JsonSchema } from '@counterpoint/connector-kit';
import { nearest } from '@counterpoint/core';
import type { ActionStep, Use } from '../plan.ts';
import { type Checking, placeOf } from './context.ts';

/** What the checks need to know of an action. */
export interface ActionContract {
  /** As written: `alias.action`. */
  readonly name: string;
  readonly effect: EffectClass;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly idempotent: boolean;
  readonly undoable: boolean;
  readonly builtin: boolean;
  /** It is performed at every provider of the capability, see `targets: all`. */
  readonly everywhere: boolean;
  /** Connector that performs it; undefined for a capability. */
  readonly connector: string | undefined;
}

function useOf(step: ActionStep, checking: Checking): Use | undefined {
  if (Object.hasOwn(checking.uses, step.alias)) return checking.uses[step.alias];
  const builtin = checking.catalogue.connectors.get(step.alias);
  return builtin?.builtin ? { kind: 'connector', connector: step.alias } : undefined;
}

/** The contract of a step's action, without reporting anything. */
export function contractOf(step: ActionStep, checking: Checking): ActionContract | undefined {
  const use = useOf(step, checking);
  const name = `${step.alias}.${step.action}`;
  if (use?.kind === 'capability') {
    const contract = checking.catalogue.capabilities.get(use.capability);
    if (!contract || step.action !== use.capability) return undefined;
    const everywhere = use.targets === 'all';
    return { ...contract, name, idempotent: true, undoable: true, builtin: false, everywhere, connector: undefined };
  }
  const connector = use && checking.catalogue.connectors.get(use.connector);
  if (!connector || !Object.hasOwn(connector.actions, step.action)) return undefined;
  const action = connector.actions[step.action];
  if (!action) return undefined;
  return {
    name,
    effect: action.effect,
    input: action.input,
    output: action.output,
    idempotent: action.idempotent,
    undoable: action.inverse !== undefined,
    builtin: connector.builtin === true,
    everywhere: false,
    connector: connector.id,
  };
}

/** The contract of a step's action; what is unknown is reported. */
export function requireContract(step: ActionStep, checking: Checking): ActionContract | undefined {
  const { catalogue, report } = checking;
  const position = placeOf(step, 'action', checking);
  const use = useOf(step, checking);
  if (!use) {
    const builtins = [...catalogue.connectors.values()].filter((one) => one.builtin).map((one) => one.id);
    const near = nearest(step.alias, [...Object.keys(checking.uses), ...builtins]);
    if (step.alias !== '')
      report.add('unknown_alias', position, { alias: step.alias }, near && `${near}.${step.action}`);
    return undefined;
  }
  checking.usedAliases.add(step.alias);
  const contract = contractOf(step, checking);
  if (contract || step.action === '') return contract;
  if (use.kind === 'capability') {
    const params = { connector: `The capability ${use.capability}`, action: step.action };
    if (catalogue.capabilities.has(use.capability)) {
      report.add('unknown_action', position, params, `${step.alias}.${use.capability}`);
    }
    return undefined;
  }
  const connector = catalogue.connectors.get(use.connector);
  if (!connector) return undefined;
  const near = nearest(step.action, Object.keys(connector.actions));
  const params = { connector: connector.id, action: step.action };
  report.add('unknown_action', position, params, near && `${step.alias}.${near}`);
  return undefined;
}
