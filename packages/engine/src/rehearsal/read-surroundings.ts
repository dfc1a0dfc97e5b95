import type { MapEntry } from '@counterpoint/playbook';
import {
  asBoolean,
  asDuration,
  asMap,
  asPart,
  asText,
  entriesOf,
  field,
  itemsOf,
  type Part,
  required,
} from './fields.ts';
import type { Given, GivenAnswer } from './test-file.ts';

/** The fields of what is said to an approval, of an answer to a question, and of an event that comes. */
export const APPROVAL_FIELDS = ['approve', 'by', 'reason', 'form'] as const;
export const REPLY_FIELDS = ['by', 'form'] as const;
export const EVENT_FIELDS = ['topic', 'data', 'after'] as const;

/** The part of what is given that lies beyond actions: people, events and tables. */
export function readSurroundings(part: Part): Pick<Given, 'approvals' | 'answers' | 'events' | 'tables'> {
  const { report } = part;
  const hasEvents = part.node.entries.some(({ key }) => key === 'events');
  const events = itemsOf(part, 'events', (node) => {
    const event = asPart(node, 'an event', EVENT_FIELDS, report);
    const topic = event && required(event, 'topic', (value) => asText(value, 'topic', report));
    if (!event || !topic) return undefined;
    const after = field(event, 'after', (value) => asDuration(value, 'after', report));
    return { topic, data: field(event, 'data', (value) => value), after: after?.value ?? 0 };
  });
  return {
    approvals: entriesOf(part, 'approvals', (entry) => readApproval(entry, part)),
    answers: entriesOf(part, 'answers', (entry) => readReply(entry, part)),
    events: hasEvents ? events : undefined,
    tables: entriesOf(part, 'tables', ({ key, keyPosition, value }) => {
      const rows = asMap(value, key, report);
      return rows && { keyPosition, rows: new Map(rows.entries.map((row) => [row.key, row.value])) };
    }),
  };
}

function readApproval({ key, keyPosition, value }: MapEntry, { report }: Part): GivenAnswer | undefined {
  const part = asPart(value, key, APPROVAL_FIELDS, report);
  if (!part) return undefined;
  const approve = required(part, 'approve', (node) => asBoolean(node, 'approve', report));
  const reason = field(part, 'reason', (node) => asText(node, 'reason', report));
  return { keyPosition, approve, reason: reason?.value, ...readEntered(part) };
}

function readReply({ key, keyPosition, value }: MapEntry, { report }: Part): GivenAnswer | undefined {
  const part = asPart(value, key, REPLY_FIELDS, report);
  return part && { keyPosition, approve: undefined, reason: undefined, ...readEntered(part) };
}

function readEntered(part: Part): Pick<GivenAnswer, 'by' | 'form'> {
  const { report } = part;
  const by = field(part, 'by', (node) => asText(node, 'by', report));
  return { by: by?.value, form: field(part, 'form', (node) => asMap(node, 'form', report)) };
}
