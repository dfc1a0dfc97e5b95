import { type DocumentNode, entryOf, fieldOf, toJson } from '../document/node.ts';
import { TRIGGER_FIELDS } from '../grammar/triggers.ts';
import type { OutlineInput, OutlineTrigger } from './outline.ts';
import { shorten, textAt, textOf } from './words.ts';

const KINDS = Object.keys(TRIGGER_FIELDS) as readonly (keyof typeof TRIGGER_FIELDS)[];

/** What starts a playbook, or what a reaction subscribes to; as much as the text gives. */
export function triggersOf(root: DocumentNode, kind: 'playbook' | 'reaction'): readonly OutlineTrigger[] {
  if (kind === 'reaction') {
    const node = fieldOf(root, 'subscribe');
    return node ? [triggerOf(node, 'topic')] : [];
  }
  const on = fieldOf(root, 'on');
  if (on?.kind !== 'list') return [];
  return on.items.map((item) => triggerOf(item, KINDS.find((one) => entryOf(item, one)) ?? ''));
}

function triggerOf(node: DocumentNode, kind: string): OutlineTrigger {
  const value = textAt(node, kind);
  const id = textAt(node, 'id');
  return {
    id: id !== '' ? id : ['topic', 'webhook', 'schedule', 'page'].includes(kind) ? `${kind}:${value}` : kind,
    kind,
    summary: summaryOf(node, kind, value),
    condition: textAt(node, 'when'),
    position: node.position,
  };
}

function summaryOf(node: DocumentNode, kind: string, value: string): string {
  switch (kind) {
    case 'topic':
      return `event ${value}`;
    case 'alert':
      return 'new alert';
    case 'case':
      return 'change of a case';
    case 'manual':
      return 'by hand';
    case 'webhook':
      return `webhook /hooks/${value}`;
    case 'page':
      return `page /pages/${value}`;
    case 'schedule': {
      const zone = textAt(node, 'time_zone');
      return `schedule ${value}${zone === '' ? '' : ` (${zone})`}`;
    }
    default:
      return '';
  }
}

/** The inputs that a document declares. */
export function inputsOf(root: DocumentNode): readonly OutlineInput[] {
  const node = fieldOf(root, 'inputs');
  if (node?.kind !== 'map') return [];
  return node.entries.map(({ key, keyPosition, value }) => {
    const fallback = fieldOf(value, 'default');
    const required = textOf(fieldOf(value, 'required'));
    return {
      name: key,
      type: textAt(value, 'type'),
      required: required === '' ? !fallback : required === 'true',
      default: fallback ? shorten(JSON.stringify(toJson(fallback))) : '',
      description: textAt(value, 'description'),
      position: { ...keyPosition, to: Math.max(keyPosition.to, value.position.to) },
    };
  });
}
