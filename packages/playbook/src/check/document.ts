import { type ExpressionType, isUntrusted, types } from '@counterpoint/expressions';
import { type DocumentNode, entryOf, fieldOf } from '../document/node.ts';
import type { Trigger } from '../plan.ts';
import { failureData, UNTRUSTED_OF_FAILURE } from '../reaction-steps.ts';
import { validateValue } from '../validate.ts';
import { checkCollected } from './collected.ts';
import type { Checking } from './context.ts';
import { maySucceedEarly } from './ends.ts';
import { checkBare, checkCondition, checkTexts } from './expressions.ts';
import { checkSteps } from './flow.ts';
import { EMPTY_SCOPE, errorType, type Scope, type StepView, uncertain, withLocals } from './scope.ts';
import { checkPublished, topicType } from './topics.ts';
import { checkUnused, checkUses } from './uses.ts';

/** Checks a whole document for one way of starting it; gives the type of its outputs. */
export function checkDocument(trigger: Trigger | undefined, checking: Checking): ExpressionType {
  checkUses(checking);
  checkTrigger(trigger, checking);
  const { root, plan } = checking;
  checkKey('concurrency', checking);
  checkKey('idempotency', checking);
  const behind = checkSteps(plan.steps, EMPTY_SCOPE, checking);
  const late: Scope = { ...behind, steps: uncertain(behind.steps, true), facts: [] };
  checkSteps(plan.onError, withLocals(late, { error: errorType }), checking);
  checkSteps(plan.onCancel, late, checking);
  checkSteps(plan.finally, late, checking);
  const outputs = checkTexts(fieldOf(root, 'outputs'), { ...behind, steps: certainAtEnd(behind, checking) }, checking);
  checkReaction(behind, checking);
  checkUnused(checking);
  checkCollected(checking);
  return outputs?.type ?? types.object({});
}

/** Steps behind one where the run may already have succeeded may be absent when the outputs are made. */
function certainAtEnd(behind: Scope, checking: Checking): ReadonlyMap<string, StepView> {
  const { steps } = checking.plan;
  const first = steps.findIndex(maySucceedEarly);
  const from = steps[first]?.position.from;
  if (from === undefined) return behind.steps;
  const late = [...behind.steps].filter(([id]) => (checking.byId.get(id)?.position.from ?? 0) > from);
  return new Map([...behind.steps, ...uncertain(new Map(late), true)]);
}

function checkTrigger(trigger: Trigger | undefined, checking: Checking): void {
  const node = trigger && checking.document.origins.triggers.get(trigger);
  // What decides about starting does not make a playbook depend on its event once it runs.
  checkCondition(fieldOf(node, 'when'), 'when', EMPTY_SCOPE, { ...checking, remember: () => undefined });
  if (!trigger || !node || trigger.kind === 'manual') return;
  for (const [input, { required, default: value }] of Object.entries(checking.plan.inputs)) {
    if (!required || value !== undefined) continue;
    const position = entryOf(fieldOf(checking.root, 'inputs'), input)?.keyPosition ?? node.position;
    checking.report.add('input_without_value', position, { input, trigger: trigger.id });
  }
}

function checkKey(what: 'concurrency' | 'idempotency', checking: Checking): void {
  const node = fieldOf(fieldOf(checking.root, what), 'key');
  const result = checkBare(node, EMPTY_SCOPE, checking);
  if (node && result && isUntrusted(result.type)) checking.report.add('tainted_key', node.position, { what });
}

function checkReaction(behind: Scope, checking: Checking): void {
  const { reaction } = checking.plan;
  if (!reaction) return;
  const { root, report } = checking;
  const publish = fieldOf(root, 'publish');
  if (reaction.publish) checkPublished(reaction.publish.topic, publish, behind, checking, 'topic');
  const onError = fieldOf(fieldOf(root, 'on_error'), 'publish');
  if (reaction.onErrorPublish !== undefined) checkFailureTopic(reaction.onErrorPublish, onError, checking);
  const mode = fieldOf(root, 'mode');
  if (reaction.site !== '' && reaction.mode === 'ask' && mode) report.add('ask_at_site', mode.position, {});
  const { trust, idempotency } = reaction;
  const sources = fieldOf(fieldOf(fieldOf(root, 'subscribe'), 'trust'), 'sources');
  if (sources && trust && trust.sources > 1 && !idempotency) report.add('sources_without_key', sources.position, {});
  for (const [topic, place] of [
    [reaction.publish?.topic, fieldOf(publish, 'topic')],
    [reaction.onErrorPublish, onError],
  ] as const) {
    if (place && topic === reaction.topic) report.add('own_topic', place.position, {});
  }
}

/** Whether a topic takes what reactions tell of their failures, and marks others' words in it as such. */
function checkFailureTopic(topic: string, node: DocumentNode | undefined, checking: Checking): void {
  topicType(topic, node?.position, checking);
  const { schema, open } = checking.catalogue.topics.get(topic) ?? {};
  if (!schema || open || !node) return;
  const [mismatch] = validateValue(schema, failureData(checking.plan.id));
  if (mismatch) {
    const reason = `what reactions tell of a failure does not fit it: ${mismatch.path.join('.')} ${mismatch.reason}`;
    checking.report.add('event_data', node.position, { topic, reason: reason.replace(/: {2}/, ': ') });
  }
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, { untrusted?: boolean }>> };
  for (const field of UNTRUSTED_OF_FAILURE) {
    if (properties[field] && !properties[field].untrusted) {
      checking.report.add('tainted_event', node.position, { field, topic });
    }
  }
}
