import type { ActionRequest } from '@counterpoint/actions';
import type { ActionStep, Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { EngineOptions } from './options.ts';

/** Which action of which connector a step means. @throws engine.capability_unbound, engine.connection_gone */
export function targetOf(
  { uses }: Pick<Plan, 'uses'>,
  step: ActionStep,
  bind: EngineOptions['bind'],
): Pick<ActionRequest, 'connector' | 'action' | 'connection'> {
  const use = Object.hasOwn(uses, step.alias) ? uses[step.alias] : undefined;
  const { action, connection } = step;
  if (!use) return { connector: step.alias, action, connection };
  if (use.kind === 'connector') return { connector: use.connector, action, connection };
  if (use.kind === 'connection') {
    if (use.connector === '') throw errors.connection_gone({ connection: use.connection, step: step.id });
    return { connector: use.connector, action, connection: connection ?? use.connection };
  }
  const bound = bind?.(use);
  if (!bound) throw errors.capability_unbound({ capability: use.capability, step: step.id });
  return { ...bound, connection: connection ?? bound.connection };
}
