import type { CallResult } from '@counterpoint/sdk';
import { lookOf } from '../../../canvas/kinds.ts';
import type { NewStep } from './new-step.ts';

/** One thing that can be added. */
export interface PaletteItem {
  readonly id: string;
  readonly group: 'Flow' | 'People and time' | 'Actions' | 'Capabilities' | 'Playbooks';
  readonly title: string;
  /** What it is of, or what it does. */
  readonly about: string;
  readonly effect: string | null;
  readonly step: NewStep;
}

type Connectors = CallResult<'listConnectors'>['items'];
type Playbooks = CallResult<'listPlaybooks'>['items'];

const flow: readonly (readonly [kind: string, about: string])[] = [
  ['if', 'Do something only when a condition holds'],
  ['switch', 'Go different ways by a value'],
  ['foreach', 'Do something for every item of a list'],
  ['while', 'Repeat as long as a condition holds'],
  ['until', 'Repeat until a condition holds'],
  ['parallel', 'Do several things at the same time'],
  ['try', 'Do something else when steps fail'],
  ['set', 'Name values for later steps'],
  ['publish', 'Announce an event on a topic'],
  ['undo', 'Take back what an earlier step changed'],
  ['succeed', 'End the run here: done'],
  ['fail', 'End the run here: failed'],
];
const people: typeof flow = [
  ['approval', 'Let people decide before steps that change something'],
  ['ask', 'Ask somebody a question'],
  ['wait', 'Wait for a time, an event or a window'],
];
/** Kinds of steps that a reaction has. */
const inReactions = new Set(['set', 'publish']);

/** Everything that can be added to a playbook or reaction here. */
export function paletteItems(
  kind: 'playbook' | 'reaction',
  connectors: Connectors,
  playbooks: Playbooks,
): readonly PaletteItem[] {
  const verbs = (group: 'Flow' | 'People and time', list: typeof flow): readonly PaletteItem[] =>
    list
      .filter(([verb]) => kind === 'playbook' || inReactions.has(verb))
      .map(([verb, about]) => ({
        id: verb,
        group,
        title: lookOf(verb).word,
        about,
        effect: null,
        step: { kind: verb },
      }));
  const calls = kind === 'reaction' ? [] : playbooks.map(callItem);
  return [
    ...verbs('Flow', flow),
    ...verbs('People and time', people),
    ...capabilityItems(connectors),
    ...connectors.flatMap(actionItems),
    ...calls,
  ];
}

function actionItems(connector: Connectors[number]): readonly PaletteItem[] {
  return connector.actions.map(({ name, title, effect }) => ({
    id: `${connector.id}.${name}`,
    group: 'Actions',
    title: title || name,
    about: `${connector.title} · ${connector.id}.${name}`,
    effect,
    step: { kind: 'action', connector: connector.id, action: name },
  }));
}

function capabilityItems(connectors: Connectors): readonly PaletteItem[] {
  const providers = new Map<string, string[]>();
  for (const { title, capabilities } of connectors) {
    for (const one of capabilities) providers.set(one, [...(providers.get(one) ?? []), title]);
  }
  return [...providers].sort().map(([name, by]) => ({
    id: `capability:${name}`,
    group: 'Capabilities',
    title: name.replaceAll('_', ' '),
    about: `Through whichever of ${by.join(', ')} is connected`,
    effect: null,
    step: { kind: 'action', capability: name, action: name },
  }));
}

function callItem({ id, title }: Playbooks[number]): PaletteItem {
  return {
    id: `call:${id}`,
    group: 'Playbooks',
    title,
    about: `Run the playbook ${id}`,
    effect: null,
    step: { kind: 'call', action: id },
  };
}

/** Items that have every word of the search, those that begin with it first; an empty search finds all. */
export function findItems(items: readonly PaletteItem[], search: string): readonly PaletteItem[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  const first = words[0] ?? '';
  const text = (item: PaletteItem) => `${item.title} ${item.id} ${item.about}`.toLowerCase();
  const rank = ({ title, id }: PaletteItem) =>
    title.toLowerCase().startsWith(first) || id.startsWith(first) ? 0 : title.toLowerCase().includes(first) ? 1 : 2;
  return items
    .filter((item) => words.every((word) => text(item).includes(word)))
    .sort((one, other) => rank(one) - rank(other));
}
