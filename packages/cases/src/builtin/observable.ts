import type { Json, JsonObject } from '@counterpoint/core';
import type { EnrichmentRow } from '@counterpoint/events';
import type { Verdict } from '../case.ts';
import {
  enrich,
  enrichmentRow,
  linkObservables,
  nameObservable,
  type ObservableInput,
  readObservable,
  readObservables,
} from '../observables.ts';
import { alertsWith, checkSubject, enrichmentsOf, observablesOf, verdictOf } from '../read.ts';
import { type BuiltinConnector, handler, reading } from './builtin.ts';
import {
  action,
  builtinManifest,
  id,
  listOf,
  object,
  observable,
  observablesInput,
  observableType,
  text,
  time,
  verdict,
} from './schemas.ts';

const value = text('The value, such as 203.0.113.7', { minLength: 1, maxLength: 4096 });
const type = { ...observableType, description: 'Needed only where the value alone is not clear' };
const subject = text('alert:<id> or case:<id>', { minLength: 1, maxLength: 200 });
const score = {
  type: ['number', 'null'],
  minimum: 0,
  maximum: 100,
  description: '0 surely benign, 100 surely malicious',
};
const said = object({ source: { type: 'string' }, verdict, score, data: {}, at: time });

function describe({ source, verdict: judged, score: points, data, at }: EnrichmentRow): JsonObject {
  return { source, verdict: judged, score: points, data, at };
}

const manifest = builtinManifest('observable', 'Observables', 'Records values and what is known about them.', {
  add: action(
    'change',
    'Add observables to an alert or a case',
    object({ subject, observables: observablesInput }),
    object({ observables: listOf(observable) }),
  ),
  enrich: action(
    'change',
    'Record what a source says about a value',
    object(
      {
        value,
        type,
        source: text('Connection id, or analyst', { minLength: 1, maxLength: 100 }),
        verdict,
        score,
        data: { description: 'What else the source said' },
      },
      ['type', 'score', 'data'],
    ),
    object({ observable_id: { type: 'string' }, verdict }),
  ),
  get: action(
    'read',
    'What is known about a value',
    object({ value, type }, ['type']),
    object({
      known: { type: 'boolean' },
      id: { type: 'string' },
      type: observableType,
      value: { type: 'string', untrusted: true },
      first_seen: { type: ['integer', 'null'], description: 'Unix milliseconds' },
      verdict,
      enrichments: listOf(said),
      seen_in: listOf(id('alert:<id> or case:<id>')),
    }),
  ),
  list: action(
    'read',
    'The observables of an alert or a case',
    object({ subject }),
    object({ observables: listOf(observable) }),
  ),
});

const read = (input: { readonly value: string; readonly type?: string }) =>
  input.type === undefined ? readObservable(input.value) : nameObservable(input.type, input.value);

interface EnrichInput {
  readonly value: string;
  readonly type?: string;
  readonly source: string;
  readonly verdict: Verdict;
  readonly score?: number | null;
  readonly data?: Json;
}

/** The built-in actions on observables. */
export const observableConnector: BuiltinConnector = {
  manifest,
  permissions: { read: 'alert:read', write: 'alert:write' },
  handlers: {
    add: handler<{ subject: string; observables: readonly ObservableInput[] }>(async (input, context) => {
      await checkSubject(context.store, input.subject);
      const observables = readObservables(input.observables);
      return {
        output: { observables: observables.map((one) => ({ ...one })) },
        change: linkObservables(context, input.subject, observables),
      };
    }),
    enrich: handler<EnrichInput>(async (input, context) => {
      const named = read(input);
      const before = await enrichmentsOf(context.store, named.id);
      const row = enrichmentRow(context, named, input);
      const output = (all: readonly EnrichmentRow[]) => ({ observable_id: named.id, verdict: verdictOf(all) });
      if (before.some((one) => one.id === row.id)) return reading(output(before));
      const previous = before.find((one) => one.source === input.source);
      const alerts = await alertsWith(context.store, named.id);
      return { output: output([row, ...before]), change: enrich(context, named, input, { previous, alerts }) };
    }),
    get: handler<{ value: string; type?: string }>(async (input, { store }) => {
      const named = read(input);
      const row = await store.get('observables', named.id);
      const enrichments = await enrichmentsOf(store, named.id);
      const links = await store.find('observable_links', {
        where: { observable: named.id },
        orderBy: [{ column: 'at', descending: true }],
      });
      return reading({
        ...named,
        known: row !== undefined,
        first_seen: row?.first_seen ?? null,
        verdict: verdictOf(enrichments),
        enrichments: enrichments.map(describe),
        seen_in: links.map((link) => link.subject),
      });
    }),
    list: handler<{ subject: string }>(async (input, { store }) => {
      await checkSubject(store, input.subject);
      const rows = await observablesOf(store, input.subject);
      return reading({
        observables: rows.map(({ id: key, type: kind, value: text }) => ({ id: key, type: kind, value: text })),
      });
    }),
  },
};
