import type { Reader, Rows, TableName, Where } from '@counterpoint/events';
import { type Outlines, readOutlines } from './step-outline.ts';

/** Every row of a trace that has a place in its tree. */
export interface TraceRows {
  readonly raws: readonly Rows['raw_inputs'][];
  readonly decisions: readonly Rows['ingest_decisions'][];
  readonly alerts: readonly Rows['alerts'][];
  readonly events: readonly Rows['outbox'][];
  readonly runs: readonly Rows['runs'][];
  readonly journal: readonly Rows['journal'][];
  readonly effects: readonly Rows['effects'][];
  readonly claims: readonly Rows['claims'][];
  readonly cases: readonly Rows['cases'][];
  readonly entries: readonly Rows['case_entries'][];
  readonly enrichments: readonly Rows['enrichments'][];
  readonly matters: readonly Rows['inbox_items'][];
  /** What became of events at reactions, where that is not simply a run. */
  readonly outcomes: readonly Rows['reaction_events'][];
  /** What the steps of the runs are called. */
  readonly outlines: Outlines;
  /** Whether there is more of some kind than is read. */
  readonly truncated: boolean;
}

const MANY = 2_000;
const MANY_STEPS = 20_000;

/** Reads the rows of some traces, at most 2,000 of each kind. */
export async function readTraceRows(reader: Reader, traces: readonly string[]): Promise<TraceRows> {
  const find = <Table extends TableName>(table: Table) =>
    reader.find(table, { where: { trace: { in: traces } } as unknown as Where<Rows[Table]>, limit: MANY });
  const [raws, decisions, alerts, events, runs, effects, claims, cases, entries, enrichments, matters, outcomes] =
    await Promise.all([
      find('raw_inputs'),
      find('ingest_decisions'),
      find('alerts'),
      find('outbox'),
      find('runs'),
      find('effects'),
      find('claims'),
      find('cases'),
      find('case_entries'),
      find('enrichments'),
      find('inbox_items'),
      find('reaction_events'),
    ]);
  // Findings that were counted on an alert came in with traces of their own.
  const ids = alerts.map((alert) => alert.id);
  const merged =
    ids.length === 0 ? [] : await reader.find('ingest_decisions', { where: { alert: { in: ids } }, limit: MANY });
  const journal =
    runs.length === 0
      ? []
      : await reader.find('journal', {
          where: { run: { in: runs.map((run) => run.id) } },
          orderBy: [{ column: 'run' }, { column: 'seq' }],
          limit: MANY_STEPS,
        });
  const all = new Map([...decisions, ...merged].map((row) => [row.id, row]));
  return {
    raws,
    decisions: [...all.values()],
    alerts,
    events,
    runs,
    journal,
    effects,
    claims,
    cases,
    entries,
    enrichments,
    matters,
    outcomes,
    outlines: await readOutlines(reader, runs),
    truncated:
      journal.length === MANY_STEPS ||
      [raws, alerts, events, runs, effects, claims, entries, outcomes].some((some) => some.length === MANY),
  };
}
