import type { Reader, Rows } from '@counterpoint/events';
import { compilePlaybook, type Plan, parentIds, type Step } from '@counterpoint/playbook';

/** What a step is called and where it stands in its playbook. */
export interface StepOutline {
  /** Such as `abuse: abuseipdb.lookup_ip` or `blocks: Block at both places`. */
  readonly title: string;
  /** Id of the step whose block it stands in. */
  readonly parent: string | undefined;
}

/** What a version is, as far as its runs show it. */
export interface VersionOutline {
  readonly kind: Plan['kind'];
  /** Of a reaction. */
  readonly mode: 'observe' | 'ask' | 'act' | undefined;
  /** By step id. */
  readonly steps: ReadonlyMap<string, StepOutline>;
}

/** Version id -> outline. */
export type Outlines = ReadonlyMap<string, VersionOutline>;

function titleOf(step: Step, plan: Plan): string {
  if (step.verb === 'action') {
    const use = plan.uses[step.alias];
    return `${step.id}: ${use && 'connector' in use ? use.connector : step.alias}.${step.action}`;
  }
  return `${step.id}: ${step.title ?? step.verb}`;
}

function outline(plan: Plan): VersionOutline {
  const parents = parentIds([...plan.steps, ...plan.onError, ...plan.onCancel, ...plan.finally]);
  const steps = new Map(
    [...plan.byId].map(([id, step]) => [id, { title: titleOf(step, plan), parent: parents.get(id) }] as const),
  );
  return { kind: plan.kind, mode: plan.reaction?.mode, steps };
}

/** Outlines the playbook versions of some runs; a version that no longer compiles is left out. */
export async function readOutlines(reader: Reader, runs: readonly Rows['runs'][]): Promise<Outlines> {
  const versions = [...new Set(runs.map((run) => run.version))];
  const rows = await Promise.all(versions.map((version) => reader.get('playbook_versions', version)));
  return new Map(
    rows.flatMap((row) => {
      const plan = row && compilePlaybook(row.source).plan;
      return row && plan ? [[row.id, outline(plan)] as const] : [];
    }),
  );
}
