import type { ConnectorManifest } from '@counterpoint/connector-kit';
import type { CapabilityContract, EffectOf } from '@counterpoint/playbook';

/** The effect classes of action steps, as the manifests of connectors and the contracts of capabilities say them. */
export function effectClasses(known: {
  readonly connectors: ReadonlyMap<string, Pick<ConnectorManifest, 'actions'>>;
  readonly capabilities: ReadonlyMap<string, Pick<CapabilityContract, 'effect'>>;
}): EffectOf {
  return ({ uses }, { alias, action }) => {
    const use = Object.hasOwn(uses, alias) ? uses[alias] : undefined;
    const name = use?.kind === 'capability' ? use.capability : (use?.connector ?? alias);
    return known.capabilities.get(name)?.effect ?? known.connectors.get(name)?.actions[action]?.effect;
  };
}
