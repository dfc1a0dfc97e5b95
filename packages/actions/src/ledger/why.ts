import type { EffectRow, Reader, Rows, RunRow, Where } from '@counterpoint/events';
import { type People, readPeople } from '../words/people.ts';

/** What stands behind a reason. */
export type ReasonKind =
  | 'playbook'
  | 'reaction'
  | 'case'
  | 'event'
  | 'alert'
  | 'effect'
  | 'person'
  | 'participant'
  | 'other';

/** One link of the answer to "why is this in force?". */
export interface Reason {
  /** Reference: `run:<id>/<address>`, `event:…`, `alert:…`, `case:…`, `user:…`. */
  readonly ref: string;
  readonly title: string;
  readonly kind: ReasonKind;
}

/** Runs that called each other are followed so far. */
const DEEPEST = 20;

/** What is known of who brought something about: an effect, or a run as a whole (an address of ''). */
export type BroughtAbout = Pick<EffectRow, 'id' | 'run' | 'address' | 'undo_of' | 'principal'>;

/** Why an effect came about, from the step or person that asked for it back to the first cause that is known. */
export async function whyOf(reader: Reader, effect: BroughtAbout): Promise<readonly Reason[]> {
  return (await whyOfAll(reader, [effect])).get(effect.id) ?? [];
}

/** What led to a run: the runs that called it, what started those, and the case that they work for. */
export async function whyRun(
  reader: Reader,
  { id, principal }: Pick<RunRow, 'id' | 'principal'>,
): Promise<readonly Reason[]> {
  const [, ...reasons] = await whyOf(reader, { id, run: id, address: '', undo_of: '', principal });
  return reasons;
}

/** As {@link whyOf} for many effects with as few readings as for one. The reasons by effect id. */
export async function whyOfAll(
  reader: Reader,
  effects: readonly BroughtAbout[],
): Promise<ReadonlyMap<string, readonly Reason[]>> {
  const chains = new Map(effects.map(({ id }) => [id, [] as Reason[]]));
  const started = await followRuns(reader, effects, chains);
  const facts = await readStarts(reader, [...started.values()]);
  const people = await readPeople(reader, [
    ...effects.map(({ principal }) => principal),
    ...[...started.values()].map(({ cause }) => cause),
  ]);
  for (const effect of effects) {
    const chain = chains.get(effect.id);
    const run = started.get(effect.id);
    if (run) chain?.push(...startOf(run, facts, people));
    else if (chain?.length === 0) chain.push(direct(effect, people));
  }
  return chains;
}

function direct({ undo_of, principal }: BroughtAbout, people: People): Reason {
  if (undo_of !== '') return { ref: `effect:${undo_of}`, title: 'undoes it', kind: 'effect' };
  return { ref: principal, title: `${people.nameOf(principal)} asked for it directly`, kind: kindOf(principal) };
}

function kindOf(ref: string): ReasonKind {
  if (ref.startsWith('user:') || ref.startsWith('token:')) return 'person';
  return ref.startsWith('participant:') ? 'participant' : 'other';
}

const runOf = (ref: string): string => ref.slice('run:'.length).split('/', 1)[0] ?? '';

/** Writes down the runs from the one that acted out to the one that was started; gives the latter by effect. */
async function followRuns(
  reader: Reader,
  effects: readonly BroughtAbout[],
  chains: ReadonlyMap<string, Reason[]>,
): Promise<ReadonlyMap<string, RunRow>> {
  const started = new Map<string, RunRow>();
  let open = new Map(
    effects.flatMap((one) => (one.run === '' || one.undo_of !== '' ? [] : [[one.id, `run:${one.run}/${one.address}`]])),
  );
  for (let depth = 0; depth < DEEPEST && open.size > 0; depth++) {
    const runs = await byId(reader, 'runs', [...open.values()].map(runOf));
    const playbooks = await byId(
      reader,
      'playbooks',
      [...runs.values()].map((run) => run.playbook),
    );
    const next = new Map<string, string>();
    for (const [effect, ref] of open) {
      const run = runs.get(runOf(ref));
      chains.get(effect)?.push(ofRun(ref, run, playbooks));
      if (run && run.parent === '') started.set(effect, run);
      else if (run) next.set(effect, run.parent);
    }
    open = next;
  }
  return started;
}

function ofRun(ref: string, run: RunRow | undefined, playbooks: ReadonlyMap<string, Rows['playbooks']>): Reason {
  // What a run did outlives the run itself.
  if (!run) return { ref, title: 'a run that is not kept any more', kind: 'playbook' };
  const playbook = playbooks.get(run.playbook);
  const kind = playbook?.kind === 'reaction' ? 'reaction' : 'playbook';
  return { ref, title: `${playbook?.title ?? run.playbook}${stepOf(ref)}`, kind };
}

function stepOf(ref: string): string {
  const slash = ref.indexOf('/');
  return slash === -1 || slash === ref.length - 1 ? '' : `, step ${ref.slice(slash + 1)}`;
}

interface Starts {
  readonly cases: ReadonlyMap<string, Rows['cases']>;
  readonly events: ReadonlyMap<string, Rows['outbox']>;
  readonly alerts: ReadonlyMap<string, Rows['alerts']>;
}

const eventOf = ({ cause }: RunRow): string => (cause.startsWith('event:') ? cause.slice('event:'.length) : '');
const alertOf = (subject: string): string => (subject.startsWith('alert:') ? subject.slice('alert:'.length) : '');

async function readStarts(reader: Reader, runs: readonly RunRow[]): Promise<Starts> {
  const [cases, events] = await Promise.all([
    byId(
      reader,
      'cases',
      runs.map((run) => run.case_id ?? ''),
    ),
    byId(reader, 'outbox', runs.map(eventOf)),
  ]);
  const alerts = await byId(
    reader,
    'alerts',
    [...events.values()].map(({ subject }) => alertOf(subject)),
  );
  return { cases, events, alerts };
}

/** What started a run of its own, and the case that it works for. */
function startOf(run: RunRow, { cases, events, alerts }: Starts, people: People): readonly Reason[] {
  const reasons: Reason[] = [];
  const work = cases.get(run.case_id ?? '');
  if (work) reasons.push({ ref: `case:${work.id}`, title: work.title, kind: 'case' });
  if (run.cause.startsWith('event:')) {
    const event = events.get(eventOf(run));
    const from = event && event.participant !== 'server' ? ` from ${event.participant}` : '';
    reasons.push({ ref: run.cause, title: `${event?.topic ?? 'an event'}${from}`, kind: 'event' });
    const alert = alerts.get(alertOf(event?.subject ?? ''));
    if (alert) reasons.push({ ref: `alert:${alert.id}`, title: alert.title, kind: 'alert' });
  } else if (run.cause !== '') {
    const title = `${people.nameOf(run.cause)} started it`;
    reasons.push({ ref: run.cause, title, kind: kindOf(run.cause) });
  }
  return reasons;
}

type Kept = 'runs' | 'playbooks' | 'cases' | 'outbox' | 'alerts';

async function byId<Table extends Kept>(
  reader: Reader,
  table: Table,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Rows[Table]>> {
  const wanted = [...new Set(ids)].filter((id) => id !== '');
  if (wanted.length === 0) return new Map();
  const where = { id: { in: wanted } } as unknown as Where<Rows[Table]>;
  const rows = await reader.find(table, { where, limit: wanted.length });
  return new Map(rows.map((row) => [row.id, row]));
}
