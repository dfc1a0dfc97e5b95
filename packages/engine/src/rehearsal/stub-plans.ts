import type { JsonObject } from '@counterpoint/core';
import type { CompiledTemplate } from '@counterpoint/expressions';
import { type Catalogue, compilePlaybook, type InputDeclaration, type Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { PlanSource, PublishedPlan } from '../playbooks/published.ts';
import type { NextAnswer } from './next-answer.ts';
import type { RunRecord } from './record.ts';
import type { PlaybookAnswer } from './test-file.ts';

/** What the plans of one test are made of. */
export interface StubPlansOptions {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly answer: NextAnswer<PlaybookAnswer>;
  readonly record: RunRecord;
}

/** Where a rehearsal finds plans: the playbook under test is itself, and those that it calls end as the stubs say. */
export function createStubPlans(options: StubPlansOptions): PlanSource {
  const { plan } = options;
  const own: PublishedPlan = { plan, permissions: async () => new Set<string>() };
  const called = new Map<string, PublishedPlan>();
  const find = (id: string): PublishedPlan => {
    const known = called.get(id) ?? { plan: stubPlan(id, options), permissions: async () => new Set<string>() };
    called.set(id, known);
    return known;
  };
  return {
    async byVersion(version) {
      const known = [own, ...called.values()].find((one) => one.plan.version === version);
      if (!known) throw errors.version_unknown({ version });
      return known;
    },
    current: async (id) => (id === plan.id ? own : find(id)),
    forTopic: async () => [],
    forWebhook: async () => undefined,
  };
}

/** A playbook with the inputs of the called one, whose outputs are the stub's. */
function stubPlan(id: string, { catalogue, answer, record }: StubPlansOptions): Plan {
  const { plan } = compilePlaybook(
    `kind: playbook/v1\nid: ${id}\ntitle: Stub\nsteps: [{ id: answer, set: { given: true } }]\n`,
  );
  if (!plan) throw errors.playbook_unknown({ playbook: id });
  const declared = Object.entries(catalogue.playbooks.get(id)?.inputs ?? {});
  const inputs = declared.map(([name, { schema, required }]): [string, InputDeclaration] => [
    name,
    { schema, required, default: undefined },
  ]);
  const outputs: CompiledTemplate = {
    source: null,
    isConstant: false,
    reads: [],
    expressions: [],
    evaluate(scope) {
      record.calls.push({
        kind: 'playbook',
        name: id,
        address: '',
        with: scope.inputs as JsonObject,
        lease: undefined,
      });
      const given = answer(id);
      if (given?.kind === 'output') return given.output;
      throw errors.failed_by_playbook({ reason: given?.reason ?? 'the test has no answer for it' });
    },
  };
  return { ...plan, inputs: Object.fromEntries(inputs), outputs };
}
