import type { Reader, Rows } from '@counterpoint/events';
import { compilePlaybook, type Plan, parentIds, type Step } from '@counterpoint/playbook';
import { becauseOf, branchConditions, plain } from './because.ts';

/** What a step is called and where it stands in its playbook. */
export interface StepOutline {
  /** Such as `abuse: abuseipdb.lookup_ip` or `blocks: Block at both places`. */
  readonly title: string;
  /** What its author calls it; empty: nothing. */
  readonly named: string;
  readonly verb: Step['verb'];
  /** What an action calls: a connector, a capability or an alias, and the action. */
  readonly calls: { readonly connector: string; readonly action: string } | undefined;
  /** The condition that leads to it, as written: its own, or that of a block around it; empty: there is none. */
  readonly because: string;
  /** Its own condition; empty: it has none. */
  readonly guard: string;
  /** Of an `if` or `switch`: the conditions of its branches, in order. */
  readonly branches: readonly string[];
  readonly id: string;
  /** Id of the step whose block it stands in. */
  readonly parent: string | undefined;
}

/** What a version is, as far as its runs show it. */
export interface VersionOutline {
  readonly kind: Plan['kind'];
  readonly title: string;
  /** Of a reaction. */
  readonly mode: 'observe' | 'ask' | 'act' | undefined;
  /** What its triggers ask for, by kind of trigger; a kind of which there are several is left out. */
  readonly triggers: ReadonlyMap<string, string>;
  /** By step id. */
  readonly steps: ReadonlyMap<string, StepOutline>;
}

/** Version id -> outline. */
export type Outlines = ReadonlyMap<string, VersionOutline>;

function callsOf(step: Step, plan: Plan): StepOutline['calls'] {
  if (step.verb !== 'action') return undefined;
  const use = plan.uses[step.alias];
  return { connector: use && 'connector' in use ? use.connector : step.alias, action: step.action };
}

function titleOf(step: Step, calls: StepOutline['calls']): string {
  return `${step.id}: ${calls ? `${calls.connector}.${calls.action}` : (step.title ?? step.verb)}`;
}

function triggersOf({ triggers }: Plan): ReadonlyMap<string, string> {
  const byKind = Map.groupBy(triggers, ({ kind }) => kind as string);
  return new Map(
    [...byKind].flatMap(([kind, some]) => {
      const [only] = some;
      const when = some.length === 1 && only && 'when' in only ? only.when?.source : undefined;
      return when === undefined ? [] : [[kind, when] as const];
    }),
  );
}

function outline(plan: Plan): VersionOutline {
  const lists = [...plan.steps, ...plan.onError, ...plan.onCancel, ...plan.finally];
  const parents = parentIds(lists);
  const reasons = becauseOf(lists);
  const steps = new Map(
    [...plan.byId].map(([id, step]) => {
      const calls = callsOf(step, plan);
      const facts = { id, title: titleOf(step, calls), named: step.title ?? '', verb: step.verb, calls };
      const own = { guard: plain(step.guard?.source ?? ''), branches: branchConditions(step) };
      return [id, { ...facts, ...own, because: reasons.get(id) ?? '', parent: parents.get(id) }] as const;
    }),
  );
  return { kind: plan.kind, title: plan.title, mode: plan.reaction?.mode, triggers: triggersOf(plan), steps };
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
