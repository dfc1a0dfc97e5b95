import { type JsonObject, type ManualClock, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { compilePlaybook, type Plan } from '@counterpoint/playbook';
import { createPlanSource } from '../playbooks/plan-source.ts';
import { publishPlaybook } from '../playbooks/publish.ts';
import type { PlanSource } from '../playbooks/published.ts';
import { createEngine, type Engine } from '../worker/engine.ts';
import type { EngineOptions, EngineProblem, FinishedRun } from '../worker/options.ts';
import { createFakeDoor, type FakeDoor, type FakeDoorOptions } from './fake-door.ts';

/** A compiled plan; throws with the findings when the text has errors. */
export function planOf(text: string): Plan {
  const { plan, findings } = compilePlaybook(text);
  if (plan) return plan;
  throw new Error(findings.map((one) => `${one.position.line}: ${one.code} ${one.message}`).join('\n'));
}

/** The text of a playbook with these steps; `head` is what else it says. */
export function playbookText(steps: string, head = ''): string {
  return `kind: playbook/v1\nid: p\ntitle: A test\nuses: { fake: fake }\non: [{ manual: {} }]\n${head}\nsteps:\n${steps}\n`;
}

/** An engine with its store, door and clock, for tests. */
export interface Rig {
  readonly engine: Engine;
  readonly store: Store;
  readonly door: FakeDoor;
  readonly clock: ManualClock;
  readonly plans: PlanSource;
  readonly finished: FinishedRun[];
  readonly problems: EngineProblem[];
  publish(text: string): Promise<Plan>;
  /** Starts `p` (or another playbook) and gives the run's id. */
  run(inputs?: JsonObject, playbook?: string): Promise<string>;
  /** Lets everything happen that needs no time, then moves the clock, `times` times. */
  settle(millis?: number, times?: number): Promise<void>;
  /** Another engine on the same store, as after a restart. */
  restart(options?: Partial<EngineOptions>): Promise<Engine>;
}

const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };
let keys = 0;

/** Makes a rig; the engine is started. */
export async function createRig(
  store: Store,
  options: Partial<EngineOptions> & { readonly product?: Omit<FakeDoorOptions, 'store'> } = {},
): Promise<Rig> {
  const { product, ...given } = options;
  const clock = (given.clock as ManualClock | undefined) ?? manualClock();
  const door = createFakeDoor({ store, ...product });
  const finished: FinishedRun[] = [];
  const problems: EngineProblem[] = [];
  const plans = createPlanSource({ store, permissionsOf: async () => new Set(['action:change']) });
  const make = (over: Partial<EngineOptions>): Engine =>
    createEngine({
      store,
      door,
      clock,
      plans,
      workerId: 'w1',
      version: 'test',
      exclusive: true,
      jitter: () => 0,
      resolveEffect: async ({ effect, happened }) => {
        const row = await store.get('effects', effect);
        if (!row) throw new Error(`no effect ${effect}`);
        const state = happened ? 'performed' : 'failed';
        return { rows: [{ op: 'update', table: 'effects', row: { ...row, state, rev: row.rev + 1 } }] };
      },
      onFinished: (end) => finished.push(end),
      onProblem: (problem) => problems.push(problem),
      ...given,
      ...over,
    });
  const engine = make({});
  await engine.start();
  return {
    engine,
    store,
    door,
    clock,
    plans,
    finished,
    problems,
    async publish(text) {
      const plan = planOf(text);
      await publishPlaybook(store, plan, { principal: 'user:ada', now: clock.now() });
      return plan;
    },
    async run(inputs = {}, playbook = 'p') {
      keys += 1;
      const trigger = { kind: 'manual', id: 'manual', key: `k${keys}` } as const;
      return (await engine.startRun({ playbook, trigger, inputs, event: null, causality })).run;
    },
    async settle(millis = 0, times = 1) {
      for (let turn = 0; turn < times; turn++) {
        await settled();
        await pass(store, clock, millis);
      }
      await settled();
    },
    async restart(over = {}) {
      const next = make(over);
      await next.start();
      return next;
    },
  };
}

/** Moves the clock as time does: no stored timer is jumped over, and what looks at the clock twice a second does so. */
async function pass(store: Store, clock: ManualClock, millis: number): Promise<void> {
  const end = clock.now() + millis;
  for (;;) {
    const where = { due_at: { gt: clock.now() } };
    // The store of a process that has died never answers, and one that is in trouble has no answer.
    const timers = store.find('timers', { where, orderBy: [{ column: 'due_at' }], limit: 1 }).catch(() => []);
    const [next] = await Promise.race([timers, settled().then(() => [])]);
    const stop = Math.min(end, next?.due_at ?? end);
    const left = stop - clock.now();
    if (left > 500) {
      clock.advance(left - 500);
      await settled();
    }
    clock.advance(stop - clock.now());
    if (stop === end) return;
    await settled();
  }
}

/** Lets promises and immediates run out. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}
