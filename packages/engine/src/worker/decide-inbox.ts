import { errors } from '../errors.ts';
import { decide } from '../interpreter/decide.ts';
import { errorValue } from '../interpreter/error-value.ts';
import type { Command, Happening } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import type { Batch } from './batch.ts';
import { followVersion, momentFor } from './migration.ts';
import { isOutdated } from './timers.ts';
import type { Worker } from './worker.ts';

/** Decides everything in the inbox. Gives the commands that this added to the batch. */
export function decideInbox(worker: Worker, run: ActiveRun, batch: Batch): readonly Command[] {
  const added: Command[] = [];
  for (const item of run.inbox.splice(0)) {
    if (isOutdated(run, batch, item)) continue;
    batch.items.push(item);
    if (item.happening.kind === 'start') run.begun = true;
    if (item.change) batch.changes.push(item.change);
    run.caseId = caseOf(item.happening) ?? run.caseId;
    const moment = momentFor(worker, run, item.happening);
    const grown = tooLong(worker, run, batch);
    const { entries, commands } = decide(run.published.plan, run.state, grown ?? item.happening, moment);
    if (item.happening.kind === 'migrate') followVersion(run);
    for (const entry of entries) batch.entries.push({ entry, at: moment.at });
    for (const command of commands) {
      batch.commands.push({ command, at: moment.at });
      added.push(command);
    }
  }
  return added;
}

/** Once a run has written too much, what happens to it is that it has; its last lists get a tenth more. */
function tooLong(worker: Worker, run: ActiveRun, batch: Batch): Happening | undefined {
  const limit = worker.limits.runEntries;
  const allowed = run.state.phase === 'main' ? limit : limit * 1.1;
  if (run.seq + batch.entries.length < allowed) return undefined;
  return { kind: 'too_long', error: errorValue(errors.run_too_long({ limit }), '') };
}

/** The case that a step opened or added to. */
function caseOf(happening: Happening): string | undefined {
  const settled = happening.kind === 'settled' ? happening.settled : undefined;
  return settled?.status === 'succeeded' ? settled.case : undefined;
}
