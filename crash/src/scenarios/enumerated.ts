import { join } from 'node:path';
import { checkSession } from '../check/check.ts';
import { type Violation, violation } from '../check/violation.ts';
import { newDelivery } from '../driver/client.ts';
import { openSession, type Session } from '../driver/session.ts';
import type { Subject } from '../driver/subject-process.ts';
import { createWorld } from '../driver/world.ts';
import { createRandom } from '../random.ts';
import { type Failpoint, failpoints } from '../subject/failpoints.ts';
import type { Moment } from '../subject/orders.ts';
import { type Kind, playbookOf, startedKinds } from '../workload/kinds.ts';
import { addFigures, type Scenario, type ScenarioOptions, type ScenarioResult } from './scenario.ts';

/** One place to die at, in a run of one kind. */
interface Case {
  readonly kind: Kind;
  readonly failpoint: Failpoint;
  readonly moment: Moment;
}

/** How many installations are hurt at the same time. */
const LANES = 2;
/** How long a run may take to come to its failpoint, in milliseconds. */
const REACHED = 20_000;

/** Every failpoint, before and after, in every kind of step that gets there. */
export function allCases(): Case[] {
  return startedKinds.flatMap((kind) =>
    failpoints
      .filter(({ trait }) => trait === undefined || kind.traits.includes(trait))
      .flatMap((failpoint) => (['before', 'after'] as const).map((moment) => ({ kind, failpoint, moment }))),
  );
}

function nameOf({ kind, failpoint, moment }: Case): string {
  return `${moment} ${failpoint.name} of ${kind.name}`;
}

/** Lets one run die at one place and starts the server again. Gives a violation when the place was never reached. */
async function dieAt(session: Session, subject: Subject, one: Case, number: number): Promise<Violation[]> {
  const { kind, failpoint, moment } = one;
  await subject.order({ order: 'arm', failpoint: failpoint.name, moment, playbook: playbookOf(kind) });
  const random = createRandom(number);
  const plain = { ...kind, behaviours: kind.behaviours.slice(0, 1) };
  const delivered = session.deliver(newDelivery(plain, number, random));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), REACHED);
  });
  const died = await Promise.race([subject.gone, late]);
  clearTimeout(timer);
  if (died === undefined) {
    await subject.order({ order: 'disarm' });
    await delivered;
    return [violation('suite', `no run died ${nameOf(one)}: the place was not reached`)];
  }
  session.died(died);
  await session.start();
  await delivered;
  return [];
}

async function lane(options: ScenarioOptions, index: number, cases: readonly Case[]): Promise<ScenarioResult> {
  const { folder, break: how, patience, say } = options;
  const world = await createWorld({ folder: join(folder, `lane-${index}`), break: how });
  const session = openSession(world);
  const found: Violation[] = [];
  try {
    await session.start();
    for (const [number, one] of cases.entries()) {
      const subject = await session.current?.ready;
      if (subject) found.push(...(await dieAt(session, subject, one, number * LANES + index)));
      if (number % 25 === 24) say(`lane ${index}: ${number + 1} of ${cases.length} failpoints`);
    }
    await session.settle(patience);
  } finally {
    await session.close();
    world.close();
  }
  const { violations, figures } = await checkSession(session);
  return { name: 'enumerated', notes: [], figures, violations: [...found, ...violations] };
}

/** SIGKILL at each failpoint for each kind of step: before and after each commit that matters, and each send. */
export const enumerated: Scenario = {
  name: 'enumerated',
  title: 'every failpoint in every kind of step',
  async run(options) {
    const cases = allCases().filter((_one, index) => (index + options.seed) % options.every === 0);
    const lanes = Array.from({ length: Math.min(LANES, cases.length) }, (_, index) =>
      lane(
        options,
        index,
        cases.filter((_one, position) => position % LANES === index),
      ),
    );
    const results = await Promise.all(lanes);
    return {
      name: this.name,
      notes: [`${cases.length} places to die at`],
      figures: addFigures(results.map(({ figures }) => figures)),
      violations: results.flatMap(({ violations }) => violations),
    };
  },
};
