import type { JsonSchema } from '@counterpoint/connector-kit';
import { nearest } from '@counterpoint/core';
import type { Catalogue, DocumentNode, Finding, Plan } from '@counterpoint/playbook';
import { splitAddress } from '../interpreter/state.ts';
import { actionsOf, contractOf, playbooksOf, stepsOf, topicsOf } from './contracts.ts';
import { createTestReport, inOrder, type TestReport } from './findings.ts';
import { contradictions } from './partial-schema.ts';
import { type StartableTrigger, startableTriggers } from './start-trigger.ts';
import type { Expectation, Given, Located, PlaybookTestFile } from './test-file.ts';

/** What a test file is checked against. */
export interface CheckedAgainst {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
}

interface Checking extends CheckedAgainst {
  readonly report: TestReport;
}

/**
 * Checks a test file against its playbook: names that the playbook does not have, and values that contradict the
 * schemas of what they stand in for. Missing fields are no finding: a test says only what matters to it.
 */
export function checkTestFile(file: PlaybookTestFile, against: CheckedAgainst): readonly Finding[] {
  const report = createTestReport();
  const checking: Checking = { ...against, report };
  const { plan } = against;
  const { playbook } = file;
  if (playbook.value !== plan.id) {
    report.add('other_playbook', playbook.position, { named: playbook.value, beside: plan.id }, plan.id);
  }
  if (plan.kind !== file.subject) {
    report.add('reaction', playbook.position, { id: plan.id, kind: plan.kind });
    return report.findings;
  }
  checkGiven(file.given, checking);
  for (const { given, expect } of file.tests) {
    checkGiven(given, checking);
    checkExpectation(expect, checking);
  }
  return inOrder(unique(report.findings));
}

/** What a file gives to all tests is checked with each of them. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [`${one.code} ${one.position.from} ${one.message}`, one])).values()];
}

function checkGiven(given: Given, checking: Checking): void {
  const { plan, catalogue, report } = checking;
  checkTrigger(given, checking);
  checkOrigins(given, checking);
  checkSurroundings(given, checking);
  for (const [name, { keyPosition, node }] of given.inputs) {
    const input = Object.hasOwn(plan.inputs, name) ? plan.inputs[name] : undefined;
    if (input) compare(input.schema, node, `the input ${name}`, report);
    else report.add('unknown_input', keyPosition, { input: name }, nearest(name, Object.keys(plan.inputs)));
  }
  const actions = actionsOf(plan);
  for (const [name, { keyPosition, answers }] of given.actions) {
    const step = actions.get(name);
    if (!step) {
      report.add('unknown_action', keyPosition, { action: name }, nearest(name, actions.keys()));
      continue;
    }
    const contract = contractOf(step, plan, catalogue);
    for (const answer of answers) {
      if (contract && 'node' in answer && answer.node)
        compare(contract.output, answer.node, `the output of ${name}`, report);
    }
  }
  const playbooks = playbooksOf(plan);
  for (const [id, { keyPosition, answers }] of given.playbooks) {
    if (!playbooks.has(id)) report.add('unknown_playbook', keyPosition, { playbook: id }, nearest(id, playbooks));
    const signature = catalogue.playbooks.get(id);
    for (const answer of answers) {
      if (signature && answer.kind === 'output') compare(signature.outputs, answer.node, `the output of ${id}`, report);
    }
  }
}

/** What only reactions know: where events come from, and those before. */
function checkOrigins({ from, earlier }: Given, { plan, catalogue, report }: Checking): void {
  for (const [field, given] of Object.entries({ from, earlier })) {
    if (given && !plan.reaction) report.add('only_reactions', given.position, { field });
  }
  const schema = plan.reaction && catalogue.topics.get(plan.reaction.topic)?.schema;
  for (const { data } of earlier?.value ?? []) if (schema && data) compare(schema, data, 'an earlier event', report);
}

/** Names of steps that ask people, of topics that are waited for, and of tables. */
function checkSurroundings({ approvals, answers, events, tables }: Given, { plan, catalogue, report }: Checking): void {
  const steps = stepsOf(plan);
  for (const [verb, given] of [
    ['approval', approvals],
    ['ask', answers],
  ] as const) {
    const known = steps.flatMap((step) => (step.verb === verb ? [step.id] : []));
    for (const [address, { keyPosition, form }] of given) {
      const { id } = splitAddress(address);
      if (!known.includes(id)) report.add('unknown_step', keyPosition, { step: id }, nearest(id, known));
      const step = plan.byId.get(id);
      if (form && (step?.verb === 'approval' || step?.verb === 'ask') && step.form) {
        compare(step.form, form, `the form of ${id}`, report);
      }
    }
  }
  for (const { topic, data } of events ?? []) {
    const declared = catalogue.topics.get(topic.value);
    if (declared?.schema && data) compare(declared.schema, data, `an event of ${topic.value}`, report);
    if (!declared) {
      const near = nearest(topic.value, catalogue.topics.keys());
      report.add('no_topic', topic.position, { topic: topic.value }, near);
    }
  }
  if (!catalogue.tables) return;
  for (const [table, { keyPosition, rows }] of tables) {
    const declared = catalogue.tables.get(table);
    if (!declared) report.add('unknown_table', keyPosition, { table }, nearest(table, catalogue.tables.keys()));
    else for (const row of rows.values()) compare(declared.part, row, `a row of ${table}`, report);
  }
}

function checkTrigger({ trigger, event }: Given, { plan, catalogue, report }: Checking): void {
  const triggers = startableTriggers(plan);
  const named = trigger && triggers.find(({ id }) => id === trigger.value);
  if (trigger && !named) {
    const near = nearest(
      trigger.value,
      triggers.map(({ id }) => id),
    );
    report.add('unknown_trigger', trigger.position, { trigger: trigger.value }, near);
  }
  const [only, other] = triggers;
  const met = named ?? (other ? undefined : only);
  if (!event || !met) return;
  const schema = met.kind === 'webhook' ? met.schema : catalogue.topics.get(topicOf(met))?.schema;
  if (schema) compare(schema, event, 'the event', report);
}

function topicOf(trigger: Exclude<StartableTrigger, { readonly kind: 'webhook' }>): string {
  if (trigger.kind === 'topic') return trigger.topic;
  return trigger.kind === 'alert' ? 'alert.created.v1' : 'case.changed.v1';
}

function compare(schema: JsonSchema, node: DocumentNode, what: string, report: TestReport): void {
  for (const found of contradictions(schema, node)) {
    if (found.kind === 'field') report.add('unknown_value', found.position, { what, field: found.field }, found.near);
    else report.add('wrong_value', found.position, { what, reason: found.reason });
  }
}

function checkExpectation(expect: Expectation, checking: Checking): void {
  const { plan, report } = checking;
  for (const [field, expected] of Object.entries({ outcome: expect.outcome, reason: expect.reason })) {
    if (expected && !plan.reaction) report.add('only_reactions', expected.position, { field });
  }
  const steps = [...expect.steps].map(([value, { position }]) => ({ value, position }));
  for (const { value: address, position } of [...steps, ...expect.undone]) {
    const { id } = splitAddress(address);
    if (!plan.byId.has(id)) report.add('unknown_step', position, { step: id }, nearest(id, plan.byId.keys()));
  }
  for (const call of expect.calls) {
    const { name } = call;
    if (!knowsCallee(name, call.kind, checking) || !call.with) continue;
    const schema = call.kind === 'action' ? inputOf(name.value, checking) : undefined;
    if (schema) compare(schema, call.with, `what ${name.value} takes`, report);
  }
  for (const name of expect.notCalled) knowsCallee(name, name.value.includes('.') ? 'action' : 'playbook', checking);
  const topics = topicsOf(plan);
  for (const { topic } of expect.published) {
    if (topics.has(topic.value)) continue;
    report.add('unknown_topic', topic.position, { topic: topic.value }, nearest(topic.value, topics));
  }
}

function inputOf(name: string, { plan, catalogue }: Checking): JsonSchema | undefined {
  const step = actionsOf(plan).get(name);
  return step && contractOf(step, plan, catalogue)?.input;
}

function knowsCallee({ value, position }: Located<string>, kind: 'action' | 'playbook', checking: Checking): boolean {
  const { plan, report } = checking;
  const known: ReadonlySet<string> = kind === 'action' ? new Set(actionsOf(plan).keys()) : playbooksOf(plan);
  if (known.has(value)) return true;
  if (kind === 'action') report.add('unknown_action', position, { action: value }, nearest(value, known));
  else report.add('unknown_playbook', position, { playbook: value }, nearest(value, known));
  return false;
}
