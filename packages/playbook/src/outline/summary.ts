import { type DocumentNode, fieldOf, type MapNode } from '../document/node.ts';
import { shorten, textAt, valueText } from './words.ts';

/** How many arguments of an action its summary shows. */
const SHOWN = 2;

/** What a step does, in one line of plain text of bounded length. */
export function summaryOf(node: MapNode, verb: string): string {
  return shorten(wordsOf(node, verb));
}

function wordsOf(node: MapNode, verb: string): string {
  const value = fieldOf(node, verb);
  switch (verb) {
    case 'action':
    case 'call':
      return `${valueText(value)} ${argumentsText(fieldOf(node, 'with'))}`;
    case 'switch':
    case 'while':
    case 'until':
    case 'if':
      return textAt(node, verb);
    case 'foreach':
      return `${textAt(node, 'as') || 'item'} in ${textAt(node, 'foreach')}`;
    case 'parallel':
      return value?.kind === 'map' ? value.entries.map(({ key }) => key).join(', ') : '';
    case 'wait':
      return waitText(value);
    case 'set':
      return value?.kind === 'map'
        ? value.entries.map((entry) => `${entry.key} = ${valueText(entry.value)}`).join(', ')
        : '';
    case 'try':
      return '';
    default:
      return valueText(value);
  }
}

function argumentsText(node: DocumentNode | undefined): string {
  if (node?.kind !== 'map') return '';
  return node.entries
    .filter(({ value }) => value.kind === 'scalar')
    .slice(0, SHOWN)
    .map(({ value }) => valueText(value))
    .join(' ');
}

function waitText(node: DocumentNode | undefined): string {
  const any = fieldOf(node, 'any');
  if (any?.kind !== 'map') return conditionText(node);
  return any.entries.map(({ value }) => conditionText(value)).join(', or ');
}

function conditionText(node: DocumentNode | undefined): string {
  const timeout = textAt(node, 'timeout');
  const limit = timeout === '' ? '' : `, at most ${timeout}`;
  if (fieldOf(node, 'for')) return `for ${textAt(node, 'for')}`;
  if (fieldOf(node, 'until')) return `until ${textAt(node, 'until')}`;
  if (fieldOf(node, 'topic')) return `for event ${textAt(node, 'topic')}${limit}`;
  if (fieldOf(node, 'window')) return `for window ${textAt(node, 'window')}`;
  return '';
}
