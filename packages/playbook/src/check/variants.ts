import { type ExpressionType, type ObjectField, typeFromJsonSchema, types, untrusted } from '@counterpoint/expressions';
import type { Catalogue } from '../catalogue.ts';
import { fieldOf } from '../document/node.ts';
import type { ReadPlan } from '../grammar/playbook.ts';
import type { ReadDocument } from '../grammar/read.ts';
import type { Trigger } from '../plan.ts';
import { createReport, type Report } from '../report.ts';
import { topicType } from './topics.ts';

/** The topic that announces a new alert; it types `event` for `alert` triggers. */
const ALERT_TOPIC = 'alert.created.v1';
/** The topic that announces a change of a case; it types `event` for `case` triggers. */
const CASE_TOPIC = 'case.changed.v1';

/** One way of starting a run, and what expressions see then. */
export interface Variant {
  /** Undefined: called by another playbook. */
  readonly trigger: Trigger | undefined;
  readonly common: Readonly<Record<string, ExpressionType>>;
  /** Findings about the trigger itself are already in it. */
  readonly report: Report;
}

const runType = types.object({
  id: { type: types.string },
  playbook: { type: types.string },
  started_by: { type: types.string },
  started_at: { type: types.string },
  trace: { type: types.string },
  simulated: { type: types.bool },
});

/** Every way of starting the document; one without event when it has no trigger. */
export function variantsOf(document: ReadDocument, plan: ReadPlan, catalogue: Catalogue): readonly Variant[] {
  const triggers: readonly (Trigger | undefined)[] = plan.triggers.length > 0 ? plan.triggers : [undefined];
  const inputs = inputsType(plan);
  return triggers.map((trigger) => {
    const report = createReport();
    const event = trigger ? eventType(trigger, document, { catalogue, report }) : types.object({});
    return { trigger, report, common: { event, inputs, run: runType } };
  });
}

function inputsType(plan: ReadPlan): ExpressionType {
  const fields = Object.entries(plan.inputs).map(
    ([name, { schema, required, default: value }]): [string, ObjectField] => {
      const type = typeFromJsonSchema(schema);
      return [name, required || value !== undefined ? { type } : { type, optional: true }];
    },
  );
  return types.object(Object.fromEntries(fields));
}

function eventType(
  trigger: Trigger,
  document: ReadDocument,
  context: { readonly catalogue: Catalogue; readonly report: Report },
): ExpressionType {
  const node = document.origins.triggers.get(trigger);
  switch (trigger.kind) {
    case 'topic':
      return topicType(trigger.topic, fieldOf(node, 'topic')?.position, context);
    case 'alert':
      return topicType(ALERT_TOPIC, fieldOf(node, 'alert')?.position, context);
    case 'case':
      return topicType(CASE_TOPIC, fieldOf(node, 'case')?.position, context);
    case 'webhook':
      return trigger.schema ? typeFromJsonSchema(trigger.schema) : untrusted(types.dyn);
    case 'schedule':
      return types.object({ scheduled_at: { type: types.string } });
    case 'page':
      return trigger.public ? untrusted(typeFromJsonSchema(trigger.form)) : typeFromJsonSchema(trigger.form);
    default:
      return types.object({});
  }
}
