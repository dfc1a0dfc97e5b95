import type { EffectClass } from '@counterpoint/connector-kit';
import { type DocumentNode, fieldOf, type MapNode } from '../document/node.ts';
import type { Names } from '../resolve.ts';
import type { OutlineUse } from './outline.ts';
import { textAt, textOf } from './words.ts';

/** What the aliases of `uses` stand for, as far as they are written and known. */
export function usesOf(root: DocumentNode, names: Names | undefined): readonly OutlineUse[] {
  const node = fieldOf(root, 'uses');
  if (node?.kind !== 'map') return [];
  return node.entries.map(({ key: alias, value }) => ({ alias, ...targetOf(value, names) }));
}

function targetOf(value: DocumentNode, names: Names | undefined): Omit<OutlineUse, 'alias'> {
  const connection = textAt(value, 'connection');
  if (connection !== '') {
    const connector = textAt(value, 'connector') || (names?.connections?.get(connection)?.connector ?? '');
    return { kind: 'connection', name: connection, connector };
  }
  const capability = textAt(value, 'capability');
  if (capability !== '') return { kind: 'capability', name: capability, connector: '' };
  const name = textAt(value, 'connector') || textOf(value);
  const isCapability = names && !names.connectors.has(name) && names.capabilities.has(name);
  return isCapability ? { kind: 'capability', name, connector: '' } : { kind: 'connector', name, connector: name };
}

interface ActionFacts {
  readonly connector: string;
  readonly action: string;
  readonly capability: string;
  readonly effect: EffectClass | undefined;
}

const NOTHING: ActionFacts = { connector: '', action: '', capability: '', effect: undefined };

/** What is known of the action of a step. */
export function actionOf(
  node: MapNode,
  verb: string,
  uses: readonly OutlineUse[],
  names: Names | undefined,
): ActionFacts {
  if (verb === 'call') return { ...NOTHING, action: textAt(node, 'call') };
  if (verb !== 'action') return NOTHING;
  const [alias = '', action = ''] = textAt(node, 'action').split('.');
  const use = uses.find((one) => one.alias === alias);
  if (use?.kind === 'capability') {
    return { connector: '', action, capability: use.name, effect: names?.capabilities.get(use.name)?.effect };
  }
  const connector = use ? use.connector : names?.connectors.get(alias)?.builtin ? alias : '';
  const actions = names?.connectors.get(connector)?.actions ?? {};
  const effect = Object.hasOwn(actions, action) ? actions[action]?.effect : undefined;
  return { connector, action, capability: '', effect };
}
