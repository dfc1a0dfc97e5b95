import { decide } from '../interpreter/decide.ts';
import type { Command, Happening, Moment } from '../interpreter/happening.ts';
import type { ObservedRun } from './observe.ts';
import { carryOut } from './orders.ts';
import type { RunRecord } from './record.ts';
import { type Around, type Opening, type Stage, setStage } from './stage.ts';
import type { World } from './world.ts';

/** Nothing is waited for longer than this, in milliseconds of the rehearsal's own time. */
const HORIZON = 4_000 * 86_400_000;
/** Decisions after which a run is taken for one that never ends. */
const DECISIONS = 200_000;
/** Milliseconds that others in the process wait at most, one decision apart. */
const STALL = 20;

/** What is said of a run that was given up. */
const GIVEN_UP =
  'Given up: the tests that were asked for took too long in all. Run fewer of them at once, or let loops have fewer rounds.';

/**
 * Plays a run on the real interpreter, without store, network or waiting: `world` answers what the run asks for, and
 * time passes at once. The inputs are checked and completed as those of a real run.
 *
 * @throws engine.inputs_invalid
 */
export async function perform(opening: Opening, world: World, record: RunRecord): Promise<ObservedRun> {
  return (await play(opening, { world, record, within: '', performed: new Set() })).run;
}

/** As {@link perform}, also for a run that another one calls; `now` is when it ended. @throws engine.inputs_invalid */
export async function play(
  opening: Opening,
  around: Around,
): Promise<{ readonly run: ObservedRun; readonly now: number }> {
  const stage = setStage(opening, around);
  const { plan, checkEvent, windows, targets, until = Number.POSITIVE_INFINITY } = opening;
  let rested = performance.now();
  for (let decisions = 0; stage.state.phase !== 'ended' && decisions < DECISIONS; decisions++) {
    const now = performance.now();
    if (now > until) {
      around.record.problems.add(GIVEN_UP);
      break;
    }
    const happening = await nextHappening(stage);
    if (!happening) break;
    const moment: Moment = { at: stage.now, jitter: 0, checkEvent, windows, targets };
    const { entries, commands } = decide(plan, stage.state, happening, moment);
    for (const entry of entries) stage.observer.add(entry);
    for (const command of commands) carryOut(stage, command, play);
    if (commands.some(isLong) || now - rested > STALL) {
      await new Promise((resume) => setImmediate(resume));
      rested = performance.now();
    }
  }
  return { run: observed(stage), now: stage.now };
}

function isLong({ kind }: Command): boolean {
  return kind === 'continue';
}

function observed({ state: { phase, ending }, observer }: Stage): ObservedRun {
  const steps = observer.steps();
  if (phase !== 'ended' || !ending) return { status: 'unfinished', error: undefined, outputs: null, steps };
  return { status: ending.status, error: ending.error ?? undefined, outputs: ending.outputs, steps };
}

/** What happens next; undefined when nothing does. Time only passes when nothing else is to come. */
async function nextHappening(stage: Stage): Promise<Happening | undefined> {
  for (;;) {
    const waiting = stage.inbox.shift();
    if (waiting) return waiting;
    if (stage.underWay.size === 0) break;
    await Promise.race(stage.underWay);
  }
  const next = stage.agenda.next();
  if (!next || next.due > stage.opening.now + HORIZON) return undefined;
  stage.now = Math.max(stage.now, next.due);
  return next.happening;
}
