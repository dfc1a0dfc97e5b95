import type { Connector } from '@counterpoint/connector-kit';
import type { DoorContext } from './door-context.ts';
import { errors } from './errors.ts';
import { suggestion } from './prepare.ts';

/** The connector that a request names. @throws actions.unknown_connector */
export function connectorOf(
  context: Pick<DoorContext, 'connectors' | 'builtins'>,
  { connector }: { readonly connector: string },
): Connector {
  const found = context.connectors.get(connector);
  if (found) return found;
  const known = [...context.connectors.keys(), ...context.builtins.keys()];
  throw errors.unknown_connector({ connector, suggestion: suggestion(connector, known) });
}
