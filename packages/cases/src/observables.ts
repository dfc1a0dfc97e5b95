import { isCounterpointError, type Json, stableId } from '@counterpoint/core';
import {
  type AlertRow,
  type Change,
  causalityOf,
  type EnrichmentRow,
  type ObservableRow,
  type RowWrite,
} from '@counterpoint/events';
import { extractObservables, type ObservableType, observableOf, observableTypes } from '@counterpoint/formats';
import { alertRevised } from './alert.ts';
import type { Verdict } from './case.ts';
import { errors } from './errors.ts';
import { reversedDomain } from './reversed-domain.ts';
import { ensureEntry, entryOf, type Occasion } from './write.ts';

/** A typed value as people and playbooks name it: the value alone, or with its type. */
export type ObservableInput = string | { readonly type: string; readonly value: string };

/** A typed value in canonical form with the id of its row. */
export interface NamedObservable {
  readonly id: string;
  readonly type: ObservableType;
  readonly value: string;
}

function named(type: ObservableType, value: string): NamedObservable {
  return { id: stableId('observable', type, value), type, value };
}

/** Brings a value of a stated type to canonical form. @throws cases.observable_invalid */
export function nameObservable(type: string, value: string): NamedObservable {
  const known = observableTypes.find((one) => one === type);
  if (!known)
    throw errors.observable_invalid({ value: type, expected: `a type of observable (${observableTypes.join(', ')})` });
  const found = observableOf(known, value);
  if (!found) throw errors.observable_invalid({ value, expected: `a value of the type ${type}` });
  return named(found.type, found.value);
}

/** Reads one observable; a value without a type must be exactly one. @throws cases.observable_invalid */
export function readObservable(input: ObservableInput): NamedObservable {
  if (typeof input !== 'string') return nameObservable(input.type, input.value);
  const text = input.trim();
  // A URL also holds a domain: what counts is the one that is the whole text.
  const whole = extractObservables(text).find((one) => one.offset === 0 && one.raw.length === text.length);
  if (!whole) throw errors.observable_invalid({ value: input, expected: 'exactly one observable' });
  return named(whole.type, whole.value);
}

/** As {@link readObservable}; undefined when the text is no observable. */
export function readObservableIf(text: string): NamedObservable | undefined {
  try {
    return readObservable(text);
  } catch (error) {
    if (isCounterpointError(error, 'cases.observable_invalid')) return undefined;
    throw error;
  }
}

/** Reads several; each once, in order. @throws cases.observable_invalid */
export function readObservables(inputs: readonly ObservableInput[]): readonly NamedObservable[] {
  return [...new Map(inputs.map(readObservable).map((one) => [one.id, one])).values()];
}

function observableRow({ id, type, value }: NamedObservable, now: number): ObservableRow {
  return { id, type, value, reversed: type === 'domain-name' ? reversedDomain(value) : '', first_seen: now };
}

/** Makes sure that the observables exist and are linked to `subject` (`alert:…` or `case:…`). */
export function linkObservables(occasion: Occasion, subject: string, observables: readonly NamedObservable[]): Change {
  const { now, causality } = occasion;
  const rows = observables.flatMap((one): RowWrite[] => {
    const link = {
      id: stableId('link', one.id, subject),
      observable: one.id,
      subject,
      at: now,
      trace: causality.trace,
    };
    return [
      { op: 'ensure', table: 'observables', row: observableRow(one, now) },
      { op: 'ensure', table: 'observable_links', row: link },
      ...(subject.startsWith('case:')
        ? [
            ensureEntry(
              entryOf(
                occasion,
                subject.slice(5),
                'observable_added',
                one.value,
                { observable: one.id, type: one.type },
                one.id,
              ),
            ),
          ]
        : []),
    ];
  });
  return rows.length === 0 ? {} : { rows };
}

/** What somebody says about an observable. */
export interface Enrichment {
  /** Connection id, or `analyst`. */
  readonly source: string;
  readonly verdict: Verdict;
  /** 0 (surely benign) to 100 (surely malicious). */
  readonly score?: number | null | undefined;
  readonly data?: Json | undefined;
}

/** The row that {@link enrich} writes. */
export function enrichmentRow(occasion: Occasion, observable: NamedObservable, enrichment: Enrichment): EnrichmentRow {
  const { source, verdict, score = null, data = null } = enrichment;
  return {
    ...causalityOf(occasion.causality),
    id: stableId('enrichment', occasion.key, observable.id, source),
    observable: observable.id,
    source,
    verdict,
    score,
    data,
    at: occasion.now,
  };
}

/**
 * Records what a source says about an observable. When the same source said something else before (`previous`), the
 * alerts that hold the observable are announced as revised.
 */
export function enrich(
  occasion: Occasion,
  observable: NamedObservable,
  enrichment: Enrichment,
  before: { readonly previous: EnrichmentRow | undefined; readonly alerts: readonly AlertRow[] },
): Change {
  const { now, causality } = occasion;
  const row = enrichmentRow(occasion, observable, enrichment);
  const { previous, alerts } = before;
  const revised = previous !== undefined && previous.id !== row.id && previous.verdict !== row.verdict;
  const revision = {
    verdict: row.verdict,
    previous: previous?.verdict ?? 'unknown',
    reason: `${row.source} now says ${row.verdict} of ${observable.value}`,
    revised: `observable:${observable.id}`,
  };
  return {
    rows: [
      { op: 'ensure', table: 'observables', row: observableRow(observable, now) },
      { op: 'ensure', table: 'enrichments', row },
    ],
    ...(revised ? { events: alerts.map((alert) => alertRevised(alert, revision, causality, now)) } : {}),
  };
}
