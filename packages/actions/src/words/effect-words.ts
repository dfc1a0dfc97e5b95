import type { EffectRow, EffectState, Reader } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { actionOn, afterTo, inThePast } from './action-words.ts';

/** What is needed to say in words what an effect does. */
export type Described = Pick<EffectRow, 'connector' | 'connection' | 'action' | 'target'>;

/** Says in words what actions do. */
export interface EffectWords {
  /** Such as `Ban 203.0.113.66 on FortiGate edge`. */
  title(effect: Described): string;
  /** To stand behind who did it, as it went: `banned …`, `could not ban …`, `asks to ban …`. */
  deed(effect: Described, state: EffectState): string;
  /** What a connector is called. */
  connectorTitle(connector: string): string;
  /** Whether it keeps our own records: cases, alerts, tables. */
  isOurs(connector: string): boolean;
  /** What the title of an action is, such as `Ban an IP address`. */
  actionTitle(connector: string, action: string): string;
}

type Context = Pick<DoorContext, 'store' | 'connectors' | 'builtins'>;

async function titlesOf(reader: Reader, effects: readonly Described[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(effects.map(({ connection }) => connection))];
  if (ids.length === 0) return new Map();
  const rows = await reader.find('connections', { where: { id: { in: ids } }, limit: ids.length });
  return new Map(rows.map(({ id, title }) => [id, title]));
}

function spelt(id: string): string {
  const words = id.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Reads what is needed to put some effects into words. */
export async function effectWords(
  { store, connectors, builtins }: Context,
  effects: readonly Described[],
): Promise<EffectWords> {
  const connections = await titlesOf(store, effects);
  const manifestOf = (id: string) => (connectors.get(id) ?? builtins.get(id))?.manifest;
  const connectorTitle = (id: string) => manifestOf(id)?.title ?? spelt(id);
  const actionTitle = (connector: string, action: string) =>
    manifestOf(connector)?.actions[action]?.title ?? spelt(action);
  const title = ({ connector, connection, action, target }: Described) => {
    const place = connections.get(connection) ?? connectorTitle(connector);
    return `${actionOn(actionTitle(connector, action), target)} on ${place}`;
  };
  const isOurs = (id: string) => builtins.has(id);
  return { title, deed: (effect, state) => deed(title(effect), state), connectorTitle, actionTitle, isOurs };
}

function deed(title: string, state: EffectState): string {
  switch (state) {
    case 'intended':
    case 'pending':
      return `is about to ${afterTo(title)}`;
    case 'held':
      return `asks to ${afterTo(title)}`;
    case 'failed':
      return `could not ${afterTo(title)}`;
    case 'unknown':
      return `may have ${inThePast(title)} (nobody knows)`;
    default:
      return inThePast(title);
  }
}
