import type { Entry, EntryData } from '../interpreter/entries.ts';
import type { ErrorValue } from '../interpreter/error-value.ts';
import { splitAddress } from '../interpreter/state.ts';
import { type RunFold, type StepRecord, type StepStatus, stepIdOf, type WaitReason } from './step-record.ts';

/** When an entry was written and where it stands. */
export interface EntryPlace {
  readonly seq: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** So many sequences are remembered of one step: the first and the last of them. */
const MOST_SEQS = 400;
/** So many stretches of waiting are remembered of one step. */
const MOST_WAITS = 100;
/** So much of an error's message is kept with each step. */
const MESSAGE = 500;

/** A run of which nothing is known. */
export function newRunFold(): RunFold {
  return {
    seq: 0,
    records: new Map(),
    pauses: [],
    phases: [],
    versions: [],
    open: new Set(),
    ending: null,
  };
}

/**
 * Folds one entry of a journal. Unlike the state that the interpreter folds, what has ended stays. Values may be references,
 * since none of them is looked at, but for what a run took over and for the items of a loop, which are counted.
 */
export function foldStep(fold: RunFold, entry: Entry, place: EntryPlace): void {
  const rule = rules[entry.kind] as (fold: RunFold, address: string, data: Entry['data'], place: EntryPlace) => void;
  rule(fold, entry.address, entry.data, place);
  fold.seq = place.seq;
}

type Rules = {
  readonly [Kind in keyof EntryData]: (
    fold: RunFold,
    address: string,
    data: EntryData[Kind],
    place: EntryPlace,
  ) => void;
};

const rules: Rules = {
  step_ready: (fold, address, _data, place) => {
    const record = touched(fold, address, place);
    record.status = 'ready';
  },
  step_started: (fold, address, { attempt, input, waits }, place) => {
    const record = begun(fold, address, place);
    endWait(record, place.at);
    record.status = waits ? 'waiting' : 'running';
    if (input !== null) record.inputSeq = place.seq;
    const last = record.attempts.at(-1);
    // An attempt that people had to allow, or that surely was not sent, goes on under its number.
    if (last?.number !== attempt || last.generation !== record.generation || last.endedAt !== null) {
      const { generation } = record;
      record.attempts.push({
        number: attempt,
        generation,
        startedAt: place.at,
        endedAt: null,
        status: 'running',
        error: null,
      });
    }
    if (waits) beginWait(record, 'run', place.at, null);
  },
  step_waiting: (fold, address, data, place) => {
    const record = begun(fold, address, place);
    record.status = 'waiting';
    if (data.for === 'retry') {
      record.error = shortError(data.error);
      endAttempt(record, 'failed', place.at, record.error);
    }
    beginWait(record, data.for, place.at, data.due);
  },
  step_unknown: (fold, address, { error }, place) => {
    const record = begun(fold, address, place);
    record.status = 'unknown';
    record.error = shortError(error);
    const last = record.attempts.at(-1);
    if (last) {
      last.status = 'unknown';
      last.error = record.error;
    }
    beginWait(record, 'unknown', place.at, null);
  },
  people_asked: (fold, address, { item, due }, place) => {
    const record = begun(fold, address, place);
    record.status = 'waiting';
    record.item = item;
    beginWait(record, 'people', place.at, due);
  },
  people_decided: (fold, address, _data, place) => {
    endWait(begun(fold, address, place), place.at);
  },
  step_held: (fold, address, { item, due }, place) => {
    const record = begun(fold, address, place);
    record.status = 'waiting';
    record.item = item;
    beginWait(record, 'guard', place.at, due);
  },
  wait_began: (fold, address, { conditions }, place) => {
    const record = begun(fold, address, place);
    record.status = 'waiting';
    record.inputSeq = place.seq;
    const all = Object.values(conditions);
    const dues = all.flatMap(({ due }) => due ?? []);
    const reason = all.some(({ kind }) => kind === 'event') ? 'event' : 'time';
    beginWait(record, reason, place.at, dues.length === 0 ? null : Math.min(...dues));
  },
  lookup_began: (fold, address, _data, place) => {
    touched(fold, address, place).status = 'ready';
  },
  looked_up: (fold, address, _data, place) => {
    touched(fold, address, place).status = 'ready';
  },
  step_timed_out: (fold, address, _data, place) => {
    begun(fold, address, place).timedOut = true;
  },
  step_ended: (fold, address, { status, output, error, by }, place) => {
    const record = touched(fold, address, place);
    record.startedAt ??= place.at;
    record.error = shortError(error ?? null);
    if (output !== undefined) record.outputSeq = place.seq;
    if (by) record.skippedBy = { principal: by.principal, reason: by.reason };
    endAttempt(record, status, place.at, record.error);
    finish(fold, record, status, place.at);
    if (record.rounds) endRounds(fold, record, place.at);
  },
  step_retried: (fold, address, { generation, input }, place) => {
    const record = touched(fold, address, place);
    endAttempt(record, 'dropped', place.at, null);
    endWait(record, place.at);
    record.generation = generation;
    record.status = 'ready';
    record.error = null;
    record.timedOut = false;
    if (input !== null) record.inputSeq = place.seq;
  },
  run_paused: (fold, _address, { principal, reason }, { at }) => {
    fold.pauses.push({ from: at, until: null, principal, reason });
  },
  run_resumed: (fold, _address, _data, { at }) => endPause(fold, at),
  happening_held: () => undefined,
  adopted: (fold, _address, { run, outcomes, outputs }, place) => {
    for (const [id, { status, error }] of Object.entries(outcomes)) {
      const record = touched(fold, id, place);
      record.adoptedFrom = run;
      record.error = shortError(error ?? null);
      record.outputSeq = Object.hasOwn(outputs, id) ? place.seq : null;
      finish(fold, record, status, place.at);
    }
  },
  migrated: (fold, _address, { version, principal }, { at }) => {
    fold.versions.push({ version, at, principal });
  },
  branch_taken: (fold, address, { branch }, place) => entered(fold, address, String(branch), place),
  foreach_entered: (fold, address, { items }, place) => {
    entered(fold, address, 'do', place);
    const record = begun(fold, address, place);
    record.inputSeq = place.seq;
    record.rounds = { total: Array.isArray(items) ? items.length : null, begun: 0, ended: 0, failed: 0 };
  },
  item_entered: (fold, address, { index }, place) => beginRound(fold, address, index, place),
  item_ended: (fold, address, { index, value, error }, place) => {
    endRound(fold, address, index, error ?? null, place);
    const record = fold.records.get(`${address}[${index}]`);
    if (record && value !== undefined) record.outputSeq = place.seq;
  },
  while_entered: (fold, address, _data, place) => {
    entered(fold, address, 'do', place);
    const record = begun(fold, address, place);
    record.inputSeq = place.seq;
    record.rounds = { total: null, begun: 0, ended: 0, failed: 0 };
  },
  round_entered: (fold, address, { index }, place) => beginRound(fold, address, index, place),
  round_ended: (fold, address, { index }, place) => {
    endRound(fold, address, index, null, place);
    const record = fold.records.get(`${address}[${index}]`);
    if (record) record.outputSeq = place.seq;
  },
  parallel_entered: (fold, address, { branches }, place) => {
    for (const branch of branches) entered(fold, address, branch, place);
  },
  branch_ended: (fold, address, _data, place) => void begun(fold, address, place),
  try_entered: (fold, address, _data, place) => entered(fold, address, 'body', place),
  try_moved: (fold, address, { part, clause }, place) =>
    entered(fold, address, part === 'catch' ? `catch ${clause}` : part, place),
  phase_entered: (fold, _address, { phase, ending }, { at }) => {
    fold.phases.push({ phase, at });
    fold.ending = ending;
  },
  run_ended: (fold, _address, ending, { at }) => {
    fold.ending = ending;
    endPause(fold, at);
    for (const address of [...fold.open]) {
      const record = fold.records.get(address);
      if (!record) continue;
      endAttempt(record, 'cancelled', at, null);
      // Nobody learned what became of it, and the end of the run does not change that.
      finish(fold, record, record.status === 'unknown' ? 'unknown' : 'cancelled', at);
    }
  },
};

/** The record at an address, with this entry noted. */
function touched(fold: RunFold, address: string, { seq }: EntryPlace): StepRecord {
  const record = fold.records.get(address) ?? newRecord(fold, address);
  record.seqs.push(seq);
  if (record.seqs.length > MOST_SEQS) record.seqs.splice(MOST_SEQS / 2, 1);
  if (record.endedAt === null) fold.open.add(address);
  return record;
}

function begun(fold: RunFold, address: string, place: EntryPlace): StepRecord {
  const record = touched(fold, address, place);
  record.startedAt ??= place.at;
  return record;
}

function newRecord(fold: RunFold, address: string): StepRecord {
  const index = /\[(\d+)\]$/.exec(address)?.[1];
  const record: StepRecord = {
    address,
    id: stepIdOf(address),
    ordinal: fold.records.size,
    scope: index === undefined ? splitAddress(address).prefix : address.slice(0, address.lastIndexOf('[')),
    round: index === undefined ? null : Number(index),
    status: 'ready',
    startedAt: null,
    endedAt: null,
    generation: 0,
    attempts: [],
    waits: [],
    error: null,
    inputSeq: null,
    outputSeq: null,
    seqs: [],
    rounds: undefined,
    taken: [],
    item: null,
    timedOut: false,
    skippedBy: null,
    adoptedFrom: null,
  };
  fold.records.set(address, record);
  return record;
}

function entered(fold: RunFold, address: string, part: string, place: EntryPlace): void {
  const record = begun(fold, address, place);
  record.status = 'running';
  if (!record.taken.includes(part)) record.taken.push(part);
}

function finish(fold: RunFold, record: StepRecord, status: StepStatus, at: number): void {
  record.status = status;
  record.endedAt = at;
  endWait(record, at);
  fold.open.delete(record.address);
}

function beginRound(fold: RunFold, loop: string, index: number, place: EntryPlace): void {
  const owner = fold.records.get(loop);
  const record = begun(fold, `${loop}[${index}]`, place);
  record.status = 'running';
  record.inputSeq = owner?.inputSeq ?? null;
  if (owner?.rounds) owner.rounds.begun += 1;
}

function endRound(fold: RunFold, loop: string, index: number, error: ErrorValue | null, place: EntryPlace): void {
  const rounds = fold.records.get(loop)?.rounds;
  const record = touched(fold, `${loop}[${index}]`, place);
  record.error = shortError(error);
  finish(fold, record, error ? 'failed' : 'succeeded', place.at);
  if (!rounds) return;
  rounds.ended += 1;
  if (error) rounds.failed += 1;
}

/** A loop that has ended has no rounds that go on. */
function endRounds(fold: RunFold, { address }: StepRecord, at: number): void {
  for (const one of [...fold.open]) {
    const record = fold.records.get(one);
    if (record?.round !== null && record?.scope === address) finish(fold, record, 'cancelled', at);
  }
}

function endAttempt(
  { attempts }: StepRecord,
  status: StepRecord['attempts'][number]['status'],
  at: number,
  error: ErrorValue | null,
): void {
  const last = attempts.at(-1);
  if (!last || last.endedAt !== null) return;
  last.endedAt = at;
  if (last.status === 'unknown' && (status === 'cancelled' || status === 'dropped')) return;
  last.status = status;
  last.error = error;
}

function beginWait(record: StepRecord, reason: WaitReason, at: number, due: number | null): void {
  const last = record.waits.at(-1);
  // Asking again and again after the same work is one stretch of waiting.
  if (last?.for === reason && last.until === null) {
    last.due = due;
    return;
  }
  endWait(record, at);
  // A step that only waits says so first, and then for what.
  if (last && last.from === at && last.until === at) record.waits.pop();
  record.waits.push({ for: reason, from: at, until: null, due });
  if (record.waits.length > MOST_WAITS) record.waits.splice(MOST_WAITS / 2, 1);
}

function endWait({ waits }: StepRecord, at: number): void {
  const last = waits.at(-1);
  if (last && last.until === null) last.until = at;
}

function endPause({ pauses }: RunFold, at: number): void {
  const last = pauses.at(-1);
  if (last && last.until === null) last.until = at;
}

/** A value that is too large to stand in place is a reference; its text is read with the step itself. */
function shortError(error: ErrorValue | null): ErrorValue | null {
  if (error === null) return null;
  if (typeof error.code !== 'string') return { code: 'engine.large_error', name: 'large_error', message: '', step: '' };
  const { code, name, message, step } = error;
  return { code, name, message: message.length > MESSAGE ? `${message.slice(0, MESSAGE)}…` : message, step };
}
