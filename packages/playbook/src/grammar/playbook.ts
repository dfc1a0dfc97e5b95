import type { Plan } from '../plan.ts';
import { requiredSteps, stepsOf } from './blocks.ts';
import { requiredExpression, template } from './code.ts';
import type { Part, Reading } from './context.ts';
import { asText, duration, oneOf, refuseOthers, requireField, text } from './fields.ts';
import { inner } from './policies.ts';
import { readDeclarations } from './schemas.ts';
import { readTriggers } from './triggers.ts';
import { readUses, type WrittenUse } from './uses.ts';

/** The fields of a playbook. */
export const PLAYBOOK_FIELDS = [
  'kind',
  'id',
  'title',
  'description',
  'uses',
  'on',
  'inputs',
  'concurrency',
  'priority',
  'timeout',
  'steps',
  'on_error',
  'on_cancel',
  'finally',
  'outputs',
] as const;

/** What a document says, before its names are looked up. */
export type ReadPlan = Omit<Plan, 'version' | 'source' | 'uses' | 'byId'> & {
  readonly uses: Readonly<Record<string, WrittenUse>>;
};

function readConcurrency(part: Part, reading: Reading): Plan['concurrency'] {
  const concurrency = inner(part, 'concurrency', reading);
  if (!concurrency) return undefined;
  refuseOthers(concurrency, ['key', 'on_conflict'], reading);
  return {
    key: requiredExpression(concurrency, 'key', reading),
    onConflict: oneOf(concurrency, 'on_conflict', ['join', 'queue', 'replace', 'drop'], reading) ?? 'queue',
  };
}

/** The title; reported when missing. */
export function readTitle(part: Part, reading: Reading): string {
  const node = requireField(part, 'title', reading);
  return (node && asText(node, 'title', reading)) ?? '';
}

/** Reads `kind: playbook/v1`. */
export function readPlaybook(part: Part, id: string, reading: Reading): ReadPlan {
  refuseOthers(part, PLAYBOOK_FIELDS, reading);
  text(part, 'description', reading);
  return {
    kind: 'playbook',
    id,
    title: readTitle(part, reading),
    uses: readUses(part, reading),
    triggers: readTriggers(part, reading),
    inputs: readDeclarations(part, 'inputs', reading),
    concurrency: readConcurrency(part, reading),
    priority: oneOf(part, 'priority', ['low', 'normal', 'high', 'emergency'], reading) ?? 'normal',
    timeout: duration(part, 'timeout', reading),
    steps: requiredSteps(part, 'steps', reading),
    onError: stepsOf(part, 'on_error', reading),
    onCancel: stepsOf(part, 'on_cancel', reading),
    finally: stepsOf(part, 'finally', reading),
    outputs: template(part, 'outputs', reading),
    reaction: undefined,
  };
}
