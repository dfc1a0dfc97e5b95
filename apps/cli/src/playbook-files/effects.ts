import type { EffectOf } from '@counterpoint/playbook';
import { offlineWorld } from './world.ts';

let world: ReturnType<typeof offlineWorld> | undefined;

/** The effect class of an action step, as the shipped connectors and capabilities say it. */
export const effectOf: EffectOf = ({ uses }, { alias, action }) => {
  world ??= offlineWorld([]);
  const use = Object.hasOwn(uses, alias) ? uses[alias] : undefined;
  const capability = use?.kind === 'capability' ? use.capability : undefined;
  const name = use?.kind === 'capability' ? use.capability : (use?.connector ?? alias);
  return world.capabilities.get(capability ?? name)?.effect ?? world.connectors.get(name)?.actions[action]?.effect;
};
