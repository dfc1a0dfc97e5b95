import type { DocumentNode } from '@counterpoint/playbook';
import { asBoolean, asDuration, asPart, asText, field, itemsOf, type Part } from './fields.ts';
import type { EarlierEvent, Given, GivenOrigin } from './test-file.ts';

/** The fields of where the event of a reaction comes from, and of an event before it. */
export const ORIGIN_FIELDS = ['participant', 'subject', 'trusted', 'hop'] as const;
export const EARLIER_FIELDS = [...ORIGIN_FIELDS, 'data', 'ago'] as const;

/** What only tests of reactions give. */
export function readOrigins(part: Part): Pick<Given, 'from' | 'earlier'> {
  const from = field(part, 'from', (node) => {
    const origin = asPart(node, 'from', ORIGIN_FIELDS, part.report);
    return origin && { value: readOrigin(origin), position: node.position };
  });
  const earlier = field(part, 'earlier', (node) => ({
    value: itemsOf(part, 'earlier', (item) => readEarlier(item, part)),
    position: node.position,
  }));
  return { from, earlier };
}

function readEarlier(node: DocumentNode, { report }: Part): EarlierEvent | undefined {
  const part = asPart(node, 'an earlier event', EARLIER_FIELDS, report);
  if (!part) return undefined;
  const ago = field(part, 'ago', (value) => asDuration(value, 'ago', report));
  return { ...readOrigin(part), data: field(part, 'data', (value) => value), ago: ago?.value ?? 0 };
}

function readOrigin(part: Part): GivenOrigin {
  const { report } = part;
  return {
    participant: field(part, 'participant', (node) => asText(node, 'participant', report))?.value,
    subject: field(part, 'subject', (node) => asText(node, 'subject', report))?.value,
    trusted: field(part, 'trusted', (node) => asBoolean(node, 'trusted', report)),
    hop: field(part, 'hop', (node) => asHop(node, part)),
  };
}

function asHop(node: DocumentNode, { report }: Part): number | undefined {
  const value = node.kind === 'scalar' ? Number(node.value) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  report.add('wrong_type', node.position, { what: 'hop', expected: 'a whole number', actual: node.kind });
  return undefined;
}
