import type { MapNode } from '../document/node.ts';
import { entryOf } from '../document/node.ts';
import type { Step, StepBase } from '../plan.ts';
import { expression } from './code.ts';
import type { Part, Reading } from './context.ts';
import { asName, duration, number, oneOf, refuseOthers, text } from './fields.ts';
import { readLease, readRetry } from './policies.ts';
import { isVerb, REACTION_VERBS, VERBS, type VerbName, verbs } from './verbs/index.ts';

/** Fields that any step may carry, whatever its verb. */
export const COMMON_FIELDS = [
  'id',
  'title',
  'description',
  'if',
  'timeout',
  'retry',
  'recheck',
  'lease',
  'connection',
  'minutes_saved',
  'on_failure',
] as const;

const ABOUT_ACTIONS = ['retry', 'recheck', 'lease', 'connection'] as const;

/** More belongs into several playbooks; the checks compare steps with each other. */
const MAX_STEPS = 500;

/** Reads one step, whatever its verb; undefined when it has none. */
export function readStep(node: MapNode, reading: Reading): Step | undefined {
  const id = readId(node, reading);
  if (reading.ids.size === MAX_STEPS + 1) {
    reading.report.add('too_many_parts', node.position, { limit: MAX_STEPS, what: 'steps' });
  }
  if (reading.ids.size > MAX_STEPS) return undefined;
  const part: Part = { node, name: id === '' ? 'the step' : `the step ${id}` };
  const verb = verbOf(part, id, reading);
  if (!verb) return undefined;
  const spec = verbs[verb];
  const written = VERBS.filter((one) => one !== 'if' && entryOf(node, one));
  refuseOthers(part, [...COMMON_FIELDS, ...spec.fields, ...written.flatMap((one) => verbs[one].fields)], reading);
  if (reading.kind === 'reaction' && !REACTION_VERBS.has(verb)) {
    const position = entryOf(node, verb)?.keyPosition ?? node.position;
    reading.report.add('verb_not_here', position, { where: 'reaction', verb });
  }
  const step = spec.read(part, readBase(part, id, verb, reading), reading);
  reading.origins.steps.set(step, node);
  return step;
}

function readId(node: MapNode, reading: Reading): string {
  const entry = entryOf(node, 'id');
  if (!entry) {
    reading.report.add('missing_field', node.position, { where: 'the step', field: 'id' });
    return '';
  }
  const id = asName(entry.value, 'id', reading);
  if (id === undefined) return '';
  const first = reading.ids.get(id);
  if (first) reading.report.add('duplicate_id', entry.value.position, { id, line: first.line });
  else reading.ids.set(id, entry.value.position);
  return id;
}

function verbOf({ node }: Part, id: string, reading: Reading): VerbName | undefined {
  const found = node.entries.filter((entry) => isVerb(entry.key) && entry.key !== 'if');
  const [first, second] = found;
  if (second) {
    const params = { id, verbs: found.map((entry) => entry.key).join(', ') };
    reading.report.add('several_verbs', second.keyPosition, params);
  }
  if (first) return first.key as VerbName;
  if (entryOf(node, 'if')) return 'if';
  const known = [...COMMON_FIELDS, ...VERBS.flatMap((verb) => verbs[verb].fields)];
  reading.report.add('missing_verb', node.position, { id });
  refuseOthers({ node, name: 'the step' }, known, reading);
  return undefined;
}

function readBase(part: Part, id: string, verb: VerbName, reading: Reading): StepBase {
  if (verb !== 'action') {
    for (const field of ABOUT_ACTIONS) {
      const entry = entryOf(part.node, field);
      if (entry) reading.report.add('field_needs_verb', entry.keyPosition, { field, verb });
    }
  }
  const ownTimeout = verb === 'approval' || verb === 'ask';
  return {
    id,
    title: text(part, 'title', reading),
    description: text(part, 'description', reading),
    guard: verb === 'if' ? undefined : expression(part, 'if', reading),
    timeout: ownTimeout ? undefined : duration(part, 'timeout', reading),
    retry: readRetry(part, reading),
    recheck: expression(part, 'recheck', reading),
    lease: readLease(part, reading),
    connection: text(part, 'connection', reading),
    minutesSaved: number(part, 'minutes_saved', { min: 0, max: 10_000, whole: false }, reading),
    onFailure: oneOf(part, 'on_failure', ['fail', 'continue'], reading) ?? 'fail',
    position: part.node.position,
  };
}
