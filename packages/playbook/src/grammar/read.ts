import { nearest } from '@counterpoint/core';
import { describeNode } from '../document/node.ts';
import { parseDocument } from '../document/parse.ts';
import type { Source } from '../document/source.ts';
import { createReport, type Report } from '../report.ts';
import type { Origins, Part, Reading } from './context.ts';
import { asName, child, requireField } from './fields.ts';
import { type ReadPlan, readPlaybook } from './playbook.ts';
import { readReaction } from './reaction.ts';
import { readStep } from './step.ts';

/** A document that was read: what it says, as far as it could be understood. */
export interface ReadDocument {
  readonly plan: ReadPlan | undefined;
  readonly source: Source;
  readonly report: Report;
  readonly root: Part | undefined;
  readonly origins: Origins;
  /** Ids that appear in the document, also those of steps that could not be read. */
  readonly ids: ReadonlySet<string>;
}

/** After these the tree is not what the author wrote, and further findings would mislead. */
const BREAKS_STRUCTURE: ReadonlySet<string> = new Set(
  [
    'yaml',
    'yaml_warning',
    'quote_expression',
    'tag',
    'unknown_anchor',
    'alias_cycle',
    'several_documents',
    'too_many_parts',
  ].map((name) => `playbook.${name}`),
);

const KINDS = ['playbook/v1', 'reaction/v1'] as const;

/** Reads the text of a playbook or reaction. Never throws: what is wrong is in the report. */
export function readDocument(text: string): ReadDocument {
  const parsed = parseDocument(text);
  const report = createReport();
  for (const finding of parsed.findings) report.put(finding);
  const origins: Origins = { steps: new Map(), triggers: new Map(), unusable: new Set() };
  const ids: Reading['ids'] = new Map();
  const { source, root } = parsed;
  const result = { source, report, origins };
  const broken = parsed.findings.some((finding) => BREAKS_STRUCTURE.has(finding.code));
  if (!root || broken) return { ...result, plan: undefined, root: undefined, ids: new Set() };
  if (root.kind !== 'map') {
    report.add('wrong_type', root.position, { field: 'the document', expected: 'a map', actual: describeNode(root) });
    return { ...result, plan: undefined, root: undefined, ids: new Set() };
  }
  const part: Part = { node: root, name: 'the document' };
  const kind = kindOf(part, report);
  if (!kind) return { ...result, plan: undefined, root: part, ids: new Set() };
  const reading: Reading = { source, report, kind, origins, ids, readStep };
  const idNode = requireField(part, 'id', reading);
  const id = (idNode && asName(idNode, 'id', reading)) ?? '';
  const plan = kind === 'playbook' ? readPlaybook(part, id, reading) : readReaction(part, id, reading);
  return { ...result, plan, root: part, ids: new Set(ids.keys()) };
}

function kindOf(part: Part, report: Report): Reading['kind'] | undefined {
  const node = child(part, 'kind');
  const text = node?.kind === 'scalar' ? node.text : undefined;
  if (text === 'playbook/v1') return 'playbook';
  if (text === 'reaction/v1') return 'reaction';
  const actual = node ? (text === undefined ? describeNode(node) : JSON.stringify(text)) : 'missing';
  report.add('unknown_kind', (node ?? part.node).position, { actual }, text && nearest(text, KINDS));
  return undefined;
}
