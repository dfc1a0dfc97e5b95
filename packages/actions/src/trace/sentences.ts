import type { EffectRow, JournalRow, Rows, RunRow } from '@counterpoint/events';
import { actionOn, inThePast } from '../words/action-words.ts';
import type { EffectWords } from '../words/effect-words.ts';
import type { People } from '../words/people.ts';
import type { StepOutline } from './step-outline.ts';
import { inputOf, stepReason, stepSentence } from './step-sentence.ts';
import type { TraceRows } from './trace-rows.ts';

/** What is told of one node. */
export interface Sentence {
  readonly words: string;
  /** The condition that let it happen; empty: none is known. */
  readonly because: string;
}

/** What sentences are made with. */
export interface Telling {
  readonly rows: TraceRows;
  readonly effects: EffectWords;
  readonly people: People;
  /** Observable id -> value. */
  readonly observables: ReadonlyMap<string, string>;
}

/** Sentences by the reference of the node that they are about. */
export function sentencesOf(telling: Telling): ReadonlyMap<string, Sentence> {
  const { rows } = telling;
  const told = new Map<string, Sentence>();
  const say = (ref: string, words: string, because = '') => told.set(ref, { words, because });
  for (const row of rows.raws) say(`raw:${row.id}`, `${row.source} sent an input`);
  for (const row of rows.decisions) say(`decision:${row.id}`, decided(row));
  for (const row of rows.alerts) say(`alert:${row.id}`, row.title);
  for (const row of rows.cases) say(`case:${row.id}`, row.title);
  for (const row of rows.events) say(`event:${row.id}`, announced(row, telling));
  for (const row of rows.runs) say(`run:${row.id}`, ran(row, telling), triggerOf(row, telling));
  sayEffects(telling, say);
  sayTheRest(telling, say);
  saySteps(telling, say);
  return told;
}

type Say = (ref: string, words: string, because?: string) => void;

function upper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const DECISIONS: Readonly<Record<Rows['ingest_decisions']['decision'], string>> = {
  created: 'It was read as a new alert',
  merged: 'It was counted on an alert that was there already',
  duplicate: 'It was here before, and was left out',
  suppressed: 'It was suppressed',
  refused: 'It could not be read',
};

function decided({ decision, reason }: Rows['ingest_decisions']): string {
  return reason === '' ? DECISIONS[decision] : `${DECISIONS[decision]}: ${reason}`;
}

function announced({ participant, topic }: Rows['outbox'], { people }: Telling): string {
  const who = participant === 'server' ? 'Counterpoint' : people.nameOf(`participant:${participant}`);
  return `${who} announced ${topic}`;
}

const RAN: Readonly<Record<RunRow['status'], string>> = {
  queued: 'waits for its turn',
  running: 'is running',
  waiting: 'is waiting',
  succeeded: 'ran',
  failed: 'failed',
  cancelled: 'was cancelled',
};

/** What a run is of, such as `Playbook brute_force`. */
function actorOf({ playbook, version }: RunRow, { rows }: Telling): string {
  return `${rows.outlines.get(version)?.kind === 'reaction' ? 'Reaction' : 'Playbook'} ${playbook}`;
}

function ran(row: RunRow, telling: Telling): string {
  return `${actorOf(row, telling)} ${RAN[row.status]}`;
}

function triggerOf(row: RunRow, { rows }: Telling): string {
  return rows.outlines.get(row.version)?.triggers.get(row.trigger_kind) ?? '';
}

function outlineOf({ rows }: Telling, run: RunRow | undefined, address: string): StepOutline | undefined {
  const id = address.slice(address.lastIndexOf('.') + 1);
  return run && rows.outlines.get(run.version)?.steps.get(id);
}

function sayEffects(telling: Telling, say: Say): void {
  const runs = new Map(telling.rows.runs.map((run) => [run.id, run]));
  for (const row of telling.rows.effects) {
    const deed = telling.effects.deed(row, row.state);
    if (row.undo_of !== '') say(`effect:${row.id}`, undone(row, deed, telling));
    else {
      const run = runs.get(row.run);
      const who = run ? actorOf(run, telling) : telling.people.nameOf(row.principal);
      const because = outlineOf(telling, run, row.address)?.because || (run ? triggerOf(run, telling) : '');
      say(`effect:${row.id}`, `${who} ${deed}`, because);
    }
  }
}

function undone({ principal }: EffectRow, deed: string, { people }: Telling): string {
  const person = principal.startsWith('user:') || principal.startsWith('token:');
  return person ? `${people.nameOf(principal)} undid it: ${deed}` : `Undone: ${deed}`;
}

function sayTheRest({ rows, people, observables }: Telling, say: Say): void {
  for (const row of rows.claims) say(`claim:${row.id}`, `Kept by ${holderOf(row.holder, people, rows)}`);
  for (const row of rows.entries) say(`entry:${row.id}`, row.text === '' ? row.kind.replaceAll('_', ' ') : row.text);
  for (const row of rows.matters) say(`inbox:${row.id}`, row.text);
  for (const row of rows.outcomes) say(`reaction_event:${row.id}`, became(row));
  for (const { id, source, verdict, score, observable } of rows.enrichments) {
    const mark = score === null ? '' : ` (${score} of 100)`;
    say(`enrichment:${id}`, `${source} calls ${observables.get(observable) ?? 'it'} ${verdict}${mark}`);
  }
}

function holderOf(holder: string, people: People, rows: TraceRows): string {
  if (holder.startsWith('case:')) {
    const title = rows.cases.find(({ id }) => id === holder.slice('case:'.length))?.title;
    return title === undefined ? 'a case' : `the case ${title}`;
  }
  if (!holder.startsWith('run:')) return people.nameOf(holder);
  const [id = '', address = ''] = holder.slice('run:'.length).split('/');
  const playbook = rows.runs.find((run) => run.id === id)?.playbook ?? 'an earlier run';
  return address === '' ? playbook : `${playbook}, step ${address}`;
}

const OUTCOMES: Readonly<Record<Rows['reaction_events']['outcome'], string>> = {
  held: 'is held back',
  observed: 'only watches: it would have acted',
  started: 'acted',
  duplicate: 'had acted on the same already',
  unconfirmed: 'waits until another publisher says the same',
  refused: 'did not act',
  expired: 'did not act: it was held back for too long',
  discarded: 'did not act: a person called it off',
};

function became({ reaction, outcome, reason }: Rows['reaction_events']): string {
  return `Reaction ${reaction} ${OUTCOMES[outcome]}${reason === '' ? '' : ` (${reason})`}`;
}

function saySteps(telling: Telling, say: Say): void {
  const runs = new Map(telling.rows.runs.map((run) => [run.id, run]));
  const steps = Map.groupBy(
    telling.rows.journal.filter(({ address }) => address !== ''),
    ({ run, address }) => `run:${run}/${address}`,
  );
  for (const [ref, entries] of steps) {
    const { run, address } = entries[0] as JournalRow;
    const outline = outlineOf(telling, runs.get(run), address);
    const words = stepSentence(outline, entries, wordsOfCall(outline, entries, telling));
    say(ref, upper(words), stepReason(outline, entries));
  }
}

/** What an action did, and where: `looked up 203.0.113.7 on AbuseIPDB`; for our own records only what. */
function wordsOfCall(outline: StepOutline | undefined, entries: readonly JournalRow[], { effects }: Telling): string {
  const calls = outline?.calls;
  if (!calls) return '';
  const did = inThePast(actionOn(effects.actionTitle(calls.connector, calls.action), `:${inputOf(entries)}`));
  return effects.isOurs(calls.connector) ? did : `${did} on ${effects.connectorTitle(calls.connector)}`;
}
