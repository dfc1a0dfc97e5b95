import type { PlanSource } from '@counterpoint/engine';
import type { ConnectionRow, Store } from '@counterpoint/events';
import type { Plan, Step } from '@counterpoint/playbook';

/** A playbook or reaction that acts through a connection, or would when the choice falls on it. */
export interface ConnectionUser {
  readonly id: string;
  readonly title: string;
  readonly kind: Plan['kind'];
  readonly steps: string[];
  readonly how: 'named' | 'connector' | 'capability';
}

/** What is looked at. */
export interface UserServices {
  readonly store: Store;
  readonly plans: Pick<PlanSource, 'current'>;
}

const MANY = 1_000;

type Wanted = Pick<ConnectionRow, 'id' | 'connector'> & { readonly capabilities: ReadonlySet<string> };

function howUsed(plan: Plan, step: Step, wanted: Wanted): ConnectionUser['how'] | undefined {
  if (step.verb !== 'action') return undefined;
  const use = plan.uses[step.alias];
  if (!use) return undefined;
  const named = step.connection ?? (use.kind === 'connection' ? use.connection : undefined);
  if (named !== undefined) return named === wanted.id ? 'named' : undefined;
  if (use.kind === 'connector') return use.connector === wanted.connector ? 'connector' : undefined;
  return use.kind === 'capability' && wanted.capabilities.has(use.capability) ? 'capability' : undefined;
}

/** The published playbooks and reactions with steps that a connection may carry out; a plan that no longer compiles is left out. */
export async function usersOf({ store, plans }: UserServices, wanted: Wanted): Promise<ConnectionUser[]> {
  const rows = await store.find('playbooks', { where: { enabled: true }, limit: MANY });
  const found: ConnectionUser[] = [];
  for (const { id } of rows) {
    const plan = (await plans.current(id).catch(() => undefined))?.plan;
    if (!plan) continue;
    const used = [...plan.byId.values()].flatMap((step) => {
      const how = howUsed(plan, step, wanted);
      return how ? [{ step: step.id, how }] : [];
    });
    const [first] = used;
    if (!first) continue;
    const how = used.some((one) => one.how === 'named') ? 'named' : first.how;
    found.push({ id, title: plan.title, kind: plan.kind, steps: used.map(({ step }) => step), how });
  }
  return found;
}
