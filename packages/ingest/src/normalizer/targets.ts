import { nearest } from '@counterpoint/core';
import { findingJsonSchema } from '@counterpoint/formats';
import { type PathStep, parsePath } from '../path.ts';

/** What a target field holds. */
export type TargetType =
  | { readonly kind: 'string' }
  | { readonly kind: 'strings' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'time' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'any' };

/** A field of the finding that a normaliser fills. */
export interface Target {
  readonly steps: readonly (string | number)[];
  readonly type: TargetType;
}

interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What normalisation itself sets, or has its own section for. */
const RESERVED = new Map([
  ['severity', 'write "severity:" beside "fields:"'],
  ['severity_id', 'write "severity:" beside "fields:"'],
  ['observables', 'write "observables:" beside "fields:"'],
  ['finding_info.attacks', 'write "attacks:" beside "fields:"'],
  ['metadata.version', 'it is the version of OCSF'],
  ['raw_data', 'it refers to the raw input'],
  ...['class_uid', 'class_name', 'category_uid', 'category_name', 'type_uid', 'activity_id', 'activity_name'].map(
    (name) => [name, 'it is the same for every finding'] as const,
  ),
]);

const MAX_INDEX = 9;
let schema: SchemaNode | undefined;

/** The field of the OCSF Detection Finding that a path names, or why it names none. */
export function targetOf(text: string): Target | { readonly problem: string } {
  const steps = parsePath(text);
  if (steps === undefined || typeof steps[0] !== 'string')
    return { problem: 'it is not a path such as finding_info.uid' };
  const reserved = RESERVED.get(text) ?? RESERVED.get(steps[0]);
  if (reserved !== undefined) return { problem: `it cannot be mapped: ${reserved}` };
  schema ??= findingJsonSchema() as SchemaNode;
  let node: SchemaNode | undefined = schema;
  for (const [index, step] of steps.entries()) {
    if (steps[0] === 'unmapped' && index > 0) break;
    const next = stepInto(resolve(node), step);
    if ('problem' in next) return next;
    node = next.node;
  }
  if (steps[0] === 'unmapped') return unmapped(steps);
  const type = typeOf(resolve(node), String(steps.at(-1)));
  if (type === undefined) return { problem: 'it holds other fields; name one of them' };
  return { steps: steps as (string | number)[], type };
}

function unmapped(steps: readonly PathStep[]): Target | { readonly problem: string } {
  if (steps.length !== 2 || typeof steps[1] !== 'string') return { problem: 'write unmapped.<one name>' };
  return { steps: steps as string[], type: { kind: 'any' } };
}

function resolve(node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const name = node.$ref.replace(/^#\/\$defs\//, '');
  return schema?.$defs?.[name] ?? {};
}

function stepInto(node: SchemaNode, step: PathStep): { readonly node: SchemaNode } | { readonly problem: string } {
  if (typeof step === 'number') {
    if (node.items === undefined || node.items.type === 'string') return { problem: 'it is not a list of objects' };
    return step > MAX_INDEX ? { problem: `an index goes up to ${MAX_INDEX}` } : { node: node.items };
  }
  if (typeof step === 'symbol') return { problem: 'a target names one place, not [*]' };
  const known = node.properties ?? {};
  if (Object.hasOwn(known, step)) return { node: known[step] as SchemaNode };
  const near = nearest(step, Object.keys(known));
  return { problem: `OCSF has no "${step}" here${near === undefined ? '' : `; did you mean "${near}"?`}` };
}

function typeOf(node: SchemaNode, name: string): TargetType | undefined {
  if (node.type === 'string') return { kind: 'string' };
  if (node.type === 'boolean') return { kind: 'boolean' };
  if (node.type === 'array') return node.items?.type === 'string' ? { kind: 'strings' } : undefined;
  if (node.type === 'integer' && /(^|_)time$/.test(name)) return { kind: 'time' };
  if (node.type === 'integer' || node.type === 'number') {
    return {
      kind: 'integer',
      min: node.minimum ?? Number.MIN_SAFE_INTEGER,
      max: node.maximum ?? Number.MAX_SAFE_INTEGER,
    };
  }
  return node.type === undefined && node.properties === undefined ? { kind: 'any' } : undefined;
}
