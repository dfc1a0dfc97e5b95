import type { EffectRow, Reader, RunRow } from '@counterpoint/events';

/** One link of the answer to "why is this in force?". */
export interface Reason {
  /** Reference: `run:<id>/<address>`, `event:…`, `alert:…`, `case:…`, `user:…`. */
  readonly ref: string;
  readonly title: string;
}

/** Runs that called each other are followed so far. */
const DEEPEST = 20;

/** Why an effect came about, from the step or person that asked for it back to the first cause that is known. */
export async function whyOf(reader: Reader, effect: EffectRow): Promise<readonly Reason[]> {
  if (effect.undo_of !== '') return [{ ref: `effect:${effect.undo_of}`, title: 'undoes it' }];
  if (effect.run === '') return [{ ref: effect.principal, title: 'asked for it directly' }];
  const reasons: Reason[] = [];
  let ref = `run:${effect.run}/${effect.address}`;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const run = await reader.get('runs', ref.slice('run:'.length).split('/', 1)[0] ?? '');
    if (!run) {
      // What a run did outlives the run itself.
      reasons.push({ ref, title: 'a run that is not kept any more' });
      return reasons;
    }
    reasons.push({ ref, title: `${await titleOf(reader, run)}${stepOf(ref)}` });
    if (run.parent === '') return [...reasons, ...(await startOf(reader, run))];
    ref = run.parent;
  }
  return reasons;
}

function stepOf(ref: string): string {
  const slash = ref.indexOf('/');
  return slash === -1 ? '' : `, step ${ref.slice(slash + 1)}`;
}

async function titleOf(reader: Reader, run: RunRow): Promise<string> {
  return (await reader.get('playbooks', run.playbook))?.title ?? run.playbook;
}

/** What started a run of its own, and the case that it works for. */
async function startOf(reader: Reader, run: RunRow): Promise<readonly Reason[]> {
  const reasons: Reason[] = [];
  const work = run.case_id === null ? undefined : await reader.get('cases', run.case_id);
  if (work) reasons.push({ ref: `case:${work.id}`, title: work.title });
  if (run.cause.startsWith('event:')) {
    const event = await reader.get('outbox', run.cause.slice('event:'.length));
    reasons.push({ ref: run.cause, title: event?.topic ?? 'an event' });
    const subject = event?.subject ?? '';
    const alert = subject.startsWith('alert:') ? await reader.get('alerts', subject.slice('alert:'.length)) : undefined;
    if (alert) reasons.push({ ref: subject, title: alert.title });
  } else if (run.cause !== '') reasons.push({ ref: run.cause, title: `started it (${run.trigger_kind})` });
  return reasons;
}
