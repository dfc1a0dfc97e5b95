import type { JsonSchema } from '@counterpoint/connector-kit';
import type { Catalogue } from '../catalogue.ts';
import { errors } from '../errors.ts';
import { isVerb } from '../grammar/verbs/index.ts';
import type { OutlineUse } from '../outline/outline.ts';
import type { NewStep } from './edit.ts';

/** What a new step is made from. */
export type SkeletonNames = Pick<Catalogue, 'connectors' | 'capabilities' | 'connections' | 'playbooks'>;

/** The fields of a new step, as lines without indentation, and the alias that it needs. */
export interface Skeleton {
  /** What to call it, when nobody says. */
  readonly name: string;
  readonly fields: readonly string[];
  /** To be added to `uses`. */
  readonly use: { readonly alias: string; readonly name: string } | undefined;
}

/** Stands where something is to be filled in: the checker knows no such name and points at it. */
const TODO = 'TODO';
const TODO_TEMPLATE = '$' + '{{ TODO }}';

const FIELDS: Readonly<Record<string, readonly [name: string, ...fields: readonly string[]]>> = {
  if: ['check', `if: ${TODO}`, 'then: []'],
  switch: ['choice', `switch: ${TODO}`, 'cases:', '  value: []'],
  foreach: ['each', `foreach: ${TODO}`, 'as: item', 'do: []'],
  while: ['repeat', `while: ${TODO}`, 'max_iterations: 10', 'do: []'],
  until: ['repeat', `until: ${TODO}`, 'max_iterations: 10', 'do: []'],
  parallel: ['together', 'parallel:', '  first: []', '  second: []'],
  approval: [
    'decision',
    'approval: What is to be decided?',
    'covers: []',
    'by: { role: analyst }',
    'timeout: { after: 4h, then: deny }',
  ],
  ask: [
    'question',
    'ask: What is to be answered?',
    'of: { role: analyst }',
    'form: { answer: { type: string } }',
    'timeout: { after: 4h, then: continue }',
  ],
  wait: ['pause', 'wait: { for: 5m }'],
  publish: ['announce', `publish: ${TODO}`, 'data: {}'],
  set: ['values', 'set:', `  value: ${TODO_TEMPLATE}`],
  undo: ['take_back', `undo: ${TODO.toLowerCase()}`],
  try: ['attempt', 'try: []', 'catch:', '  - do: []'],
  fail: ['stop', 'fail: Say why'],
  succeed: ['done', 'succeed: Say why'],
};

/**
 * What a step of a kind begins as. What only its author can know is `TODO`, at which the checker points.
 *
 * @throws playbook.edit_kind_unknown
 */
export function skeletonOf(step: NewStep, uses: readonly OutlineUse[], names: SkeletonNames): Skeleton {
  if (step.kind === 'action') return actionSkeleton(step, uses, names);
  if (step.kind === 'call') return callSkeleton(step, names);
  const fields = Object.hasOwn(FIELDS, step.kind) ? FIELDS[step.kind] : undefined;
  if (!fields || !isVerb(step.kind)) {
    throw errors.edit_kind_unknown({ kind: step.kind, reason: 'the language has no such verb' });
  }
  const [name, ...rest] = fields;
  return { name, fields: rest, use: undefined };
}

function actionSkeleton(step: NewStep, uses: readonly OutlineUse[], names: SkeletonNames): Skeleton {
  const refuse = (reason: string) => errors.edit_kind_unknown({ kind: 'action', reason });
  const { connector, capability, action = capability } = step;
  const contract =
    capability === undefined
      ? names.connectors.get(connector ?? '')?.actions[action ?? '']
      : names.capabilities.get(capability);
  if (action === undefined || !contract) throw refuse('no connector or capability has it');
  const { alias, isNew } = aliasOf(step, uses, names);
  const fields = [`action: ${alias}.${action}`, ...argumentLines(contract.input)];
  if (contract.effect === 'contain') fields.push('lease: { for: 24h }');
  const use = isNew ? { alias, name: capability ?? connector ?? '' } : undefined;
  return { name: action, fields, use };
}

/** The alias of a connector or capability: that of `uses`, else a free one that `uses` is to get. */
export function aliasOf(
  { connector, capability }: Pick<NewStep, 'connector' | 'capability'>,
  uses: readonly OutlineUse[],
  names: Pick<SkeletonNames, 'connectors'>,
): { readonly alias: string; readonly isNew: boolean } {
  if (connector !== undefined && names.connectors.get(connector)?.builtin) return { alias: connector, isNew: false };
  const known = uses.find((use) =>
    capability === undefined ? use.connector === connector : use.kind === 'capability' && use.name === capability,
  );
  if (known) return { alias: known.alias, isNew: false };
  const wanted = (capability ?? connector ?? '').replace(/\W/g, '_');
  const taken = new Set([...uses.map(({ alias }) => alias), ...builtins(names)]);
  for (let number = 1; ; number++) {
    const alias = number === 1 ? wanted : `${wanted}_${number}`;
    if (!taken.has(alias)) return { alias, isNew: true };
  }
}

function builtins({ connectors }: Pick<SkeletonNames, 'connectors'>): readonly string[] {
  return [...connectors].filter(([, { builtin }]) => builtin).map(([id]) => id);
}

function callSkeleton({ action }: NewStep, { playbooks }: SkeletonNames): Skeleton {
  if (action === undefined) return { name: 'call_playbook', fields: [`call: ${TODO.toLowerCase()}`], use: undefined };
  const inputs = Object.entries(playbooks.get(action)?.inputs ?? {}).filter(([, { required }]) => required);
  const lines = inputs.length === 0 ? [] : ['with:', ...inputs.map(([name]) => `  ${name}: ${TODO_TEMPLATE}`)];
  return { name: action, fields: [`call: ${action}`, ...lines], use: undefined };
}

/** The arguments that an action cannot do without: the first of the words that it allows, its default, or `TODO`. */
function argumentLines({ properties, required }: JsonSchema): readonly string[] {
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  if (names.length === 0) return [];
  return ['with:', ...names.map((name) => `  ${key(name)}: ${sampleOf(property(properties, name))}`)];
}

function property(properties: unknown, name: string): JsonSchema {
  const found = properties !== null && typeof properties === 'object' && Object.hasOwn(properties, name);
  const schema: unknown = found ? (properties as Readonly<Record<string, unknown>>)[name] : undefined;
  return schema !== null && typeof schema === 'object' && !Array.isArray(schema) ? (schema as JsonSchema) : {};
}

function sampleOf(schema: JsonSchema): string {
  const { default: fallback, const: only, enum: words } = schema;
  const value = only ?? fallback ?? (Array.isArray(words) ? words[0] : undefined);
  return value === undefined || value === null ? TODO_TEMPLATE : JSON.stringify(value);
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

/** The lines of a new step for a dash in a column. */
export function stepLines(name: string, fields: readonly string[], column: number, dash: number): readonly string[] {
  const inner = ' '.repeat(column + dash);
  return [`${' '.repeat(column)}-${' '.repeat(dash - 1)}id: ${name}`, ...fields.map((field) => inner + field)];
}
