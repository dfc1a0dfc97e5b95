import { linkObservables, type NamedObservable, nameObservable } from '@counterpoint/cases';
import { newId, stableId } from '@counterpoint/core';
import {
  type AlertRow,
  type Causality,
  type Change,
  type DedupWindowRow,
  type IngestDecisionRow,
  type RawInputRow,
  type RowWrite,
  type SourceRow,
  UNHANDLED,
} from '@counterpoint/events';
import { severityIds } from '@counterpoint/formats';
import type { Normalizer } from '../normalizer/compile.ts';
import type { ReadFinding, Reading } from '../normalizer/normalise.ts';
import { alertCreated } from './alert-created.ts';
import { identityWindowId, keyWindowId } from './window-id.ts';

/** One item that waits for its decision. */
export interface PendingItem {
  readonly raw: Pick<RawInputRow, 'id' | 'received_at' | 'trace' | 'simulated'>;
  readonly source: SourceRow;
  /** What read it. */
  readonly normalizer: Pick<Normalizer, 'id' | 'version' | 'text'>;
  /** Which item of the raw input, from 0. */
  readonly item: number;
  /** Whether it is the only item of its raw input; then it shares its trace. */
  readonly only: boolean;
  readonly reading: Reading;
}

/** What stands in the store about the items. */
export interface Standing {
  readonly windows: ReadonlyMap<string, DedupWindowRow>;
  /** The alerts that the windows name. */
  readonly alerts: ReadonlyMap<string, AlertRow>;
}

/** The least time for which the very same record is known again, in milliseconds: a day. */
export const IDENTITY_WINDOW = 86_400_000;

/** Ids of the windows that decide about an item; none when it is no finding. */
export function windowsOf({ source, reading }: PendingItem): readonly string[] {
  if (reading.kind !== 'finding') return [];
  const key = keyWindowId(source.id, reading.key);
  return reading.identity === undefined ? [key] : [key, identityWindowId(source.id, reading.identity)];
}

/**
 * Decides about items, in order, against what stands in the store, and gives the change that says so: exactly one
 * decision for each item. The same record again is a `duplicate`; the same finding key within the window is `merged`
 * into its alert; else an alert is `created`, with its observables and its event in the same change.
 *
 * Rows that somebody else may have changed carry their revision, so that the commit refuses what was decided on old
 * facts.
 *
 * @param now Unix milliseconds.
 */
export function decide(items: readonly PendingItem[], standing: Standing, now: number): Change {
  const desk = new Desk(standing, now);
  for (const item of items) desk.take(item);
  return desk.change();
}

interface OpenAlert {
  row: AlertRow;
  readonly fresh: boolean;
  readonly observables: Map<string, NamedObservable>;
  readonly causality: Causality;
}

/** What a batch of decisions adds up to: one write for each row, however many items touched it. */
class Desk {
  readonly #standing: Standing;
  readonly #now: number;
  readonly #windows = new Map<string, { row: DedupWindowRow; readonly op: 'insert' | 'update' }>();
  readonly #alerts = new Map<string, OpenAlert>();
  readonly #decisions: IngestDecisionRow[] = [];

  constructor(standing: Standing, now: number) {
    this.#standing = standing;
    this.#now = now;
  }

  take(pending: PendingItem): void {
    const { reading } = pending;
    if (reading.kind !== 'finding') {
      this.#decided(pending, reading.kind, reading.reason);
      return;
    }
    const { source } = pending;
    const identity = reading.identity === undefined ? undefined : identityWindowId(source.id, reading.identity);
    const known = identity === undefined ? undefined : this.#alive(identity);
    if (known !== undefined) {
      this.#decided(pending, 'duplicate', 'the same record was received before', known.alert, reading.key);
      return;
    }
    const window = keyWindowId(source.id, reading.key);
    const alert = this.#alertOf(this.#alive(window)?.alert);
    const id = alert === undefined ? this.#create(pending, reading, window) : this.#merge(pending, reading, alert);
    if (identity !== undefined) this.#openWindow(identity, id, Math.max(source.dedup_window, IDENTITY_WINDOW));
  }

  change(): Change {
    const rows: RowWrite[] = [];
    const links: RowWrite[] = [];
    const events = [];
    for (const alert of this.#alerts.values()) {
      const { row, fresh, observables, causality } = alert;
      rows.push(fresh ? { op: 'insert', table: 'alerts', row } : { op: 'update', table: 'alerts', row });
      const named = [...observables.values()];
      const occasion = { key: row.raw, causality, now: this.#now };
      links.push(...(linkObservables(occasion, `alert:${row.id}`, named).rows ?? []));
      if (fresh) events.push(alertCreated(row, named));
    }
    for (const { row, op } of this.#windows.values()) rows.push({ op, table: 'dedup_windows', row });
    for (const row of this.#decisions) links.push({ op: 'insert', table: 'ingest_decisions', row });
    return { rows: [...rows, ...links], events };
  }

  #alive(id: string): DedupWindowRow | undefined {
    const row = this.#windows.get(id)?.row ?? this.#standing.windows.get(id);
    return row !== undefined && row.expires_at > this.#now ? row : undefined;
  }

  #alertOf(id: string | undefined): OpenAlert | undefined {
    if (id === undefined) return undefined;
    const open = this.#alerts.get(id);
    if (open !== undefined) return open;
    const row = this.#standing.alerts.get(id);
    if (row === undefined) return undefined;
    const alert: OpenAlert = {
      row: { ...row, rev: row.rev + 1, updated_at: this.#now },
      fresh: false,
      observables: new Map(),
      causality: row,
    };
    this.#alerts.set(id, alert);
    return alert;
  }

  #create(pending: PendingItem, reading: ReadFinding, window: string): string {
    const id = newId(this.#now);
    const { raw, source } = pending;
    const { finding } = reading;
    const causality = { principal: `source:${source.id}`, trace: traceOf(pending), cause: `raw:${raw.id}`, hop: 0 };
    const row: AlertRow = {
      ...causality,
      ...UNHANDLED,
      id,
      source: source.id,
      finding_key: reading.key,
      title: reading.title,
      severity: severityOf(reading),
      status: 'new',
      verdict: 'unknown',
      count: 1,
      first_seen: finding.time,
      last_seen: finding.time,
      finding: finding as AlertRow['finding'],
      raw: raw.id,
      case_id: null,
      simulated: raw.simulated,
      created_at: this.#now,
      updated_at: this.#now,
      resolved_at: null,
      rev: 1,
    };
    const alert = { row, fresh: true, observables: new Map(), causality };
    addObservables(alert, reading);
    this.#alerts.set(id, alert);
    this.#openWindow(window, id, source.dedup_window);
    this.#decided(pending, 'created', 'a new finding', id, reading.key);
    return id;
  }

  #merge(pending: PendingItem, reading: ReadFinding, alert: OpenAlert): string {
    const { row } = alert;
    const { time } = reading.finding;
    alert.row = {
      ...row,
      count: row.count + 1,
      severity: Math.max(row.severity, severityOf(reading)),
      first_seen: Math.min(row.first_seen, time),
      last_seen: Math.max(row.last_seen, time),
    };
    addObservables(alert, reading);
    this.#decided(pending, 'merged', 'the same finding key within the window', row.id, reading.key);
    return row.id;
  }

  #openWindow(id: string, alert: string, length: number): void {
    const stale = this.#standing.windows.get(id);
    const row = { id, alert, expires_at: this.#now + length, rev: (stale?.rev ?? 0) + 1 };
    this.#windows.set(id, { row, op: stale === undefined ? 'insert' : 'update' });
  }

  #decided(
    pending: PendingItem,
    decision: IngestDecisionRow['decision'],
    reason: string,
    alert: string | null = null,
    key: string | null = null,
  ): void {
    const { raw, item, source, normalizer } = pending;
    const id = stableId('decision', raw.id, String(item));
    this.#decisions.push({
      id,
      raw: raw.id,
      item,
      source: source.id,
      decision,
      alert,
      finding_key: key,
      reason,
      at: this.#now,
      trace: traceOf(pending),
      normalizer: normalizer.version,
    });
  }
}

/** The trace of an item: its raw input's, or one of its own where many items came in one input. */
function traceOf({ raw, item, only }: PendingItem): string {
  return only ? raw.trace : stableId('trace', raw.id, String(item)).replaceAll('-', '');
}

/** OCSF's "other" says nothing of rank. */
function severityOf({ finding }: ReadFinding): number {
  return finding.severity_id === severityIds.other ? severityIds.unknown : finding.severity_id;
}

function addObservables(alert: OpenAlert, reading: ReadFinding): void {
  for (const { type, value } of reading.observables) {
    const key = `${type} ${value}`;
    if (!alert.observables.has(key)) alert.observables.set(key, nameObservable(type, value));
  }
}
