import type { JsonObject } from '@counterpoint/core';
import { type AlertRow, type CaseRow, mergeChanges, type Reader } from '@counterpoint/events';
import {
  addNote,
  assessCase,
  linkAlert,
  newCase,
  openCase,
  resolveCase,
  setCaseStatus,
  setCaseSummary,
  type Verdict,
} from '../case.ts';
import { linkObservables, type ObservableInput, readObservable, readObservables } from '../observables.ts';
import { getAlert, getCase } from '../read.ts';
import { entryOf } from '../write.ts';
import { type BuiltinConnector, type BuiltinContext, handler, reading } from './builtin.ts';
import {
  action,
  builtinManifest,
  caseStatus,
  id,
  listOf,
  object,
  observable,
  observablesInput,
  severity,
  severityInput,
  severityNumber,
  text,
  verdict,
} from './schemas.ts';

const caseId = id('Id of the case');
const caseOutput = object({
  case_id: { type: 'string' },
  title: { type: 'string', untrusted: true },
  status: caseStatus,
  severity,
  verdict,
  summary: { type: 'string', untrusted: true },
});

function describe(row: CaseRow): JsonObject {
  const { id: case_id, title, status, severity: level, verdict: judged, summary } = row;
  return { case_id, title, status, severity: level, verdict: judged, summary };
}

const manifest = builtinManifest('case', 'Cases', 'Opens cases and keeps their timeline.', {
  open: action(
    'change',
    'Open a case',
    object(
      {
        title: text('What it is about', { minLength: 1, maxLength: 500 }),
        severity: severityInput,
        summary: text('What is known so far', { maxLength: 20_000 }),
        alert_id: id('Alert that the case begins with'),
        observables: observablesInput,
      },
      ['severity', 'summary', 'alert_id', 'observables'],
    ),
    caseOutput,
  ),
  add_note: action(
    'change',
    'Add a note to the timeline',
    object({ case_id: caseId, text: text('The note', { minLength: 1, maxLength: 20_000 }) }),
    object({ entry_id: { type: 'string' } }),
  ),
  set_status: action(
    'change',
    'Set the status',
    object({ case_id: caseId, status: caseStatus, reason: text('Why', { maxLength: 500 }) }, ['reason']),
    caseOutput,
  ),
  set_summary: action(
    'change',
    'Replace the summary',
    object({ case_id: caseId, summary: text('The new summary', { maxLength: 20_000 }) }),
    caseOutput,
  ),
  assess: action(
    'change',
    'Set severity or verdict',
    object({ case_id: caseId, severity: severityInput, verdict }, ['severity', 'verdict']),
    caseOutput,
  ),
  resolve: action(
    'change',
    'Resolve with a verdict',
    object({ case_id: caseId, verdict, reason: text('Why', { maxLength: 20_000 }) }, ['reason']),
    caseOutput,
  ),
  add_alert: action(
    'change',
    'Put an alert into a case',
    object({ case_id: caseId, alert_id: id('Id of the alert') }),
    object({ case_id: { type: 'string' }, alert_id: { type: 'string' } }),
  ),
  add_observables: action(
    'change',
    'Add observables to a case',
    object({ case_id: caseId, observables: observablesInput }),
    object({ observables: listOf(observable) }),
  ),
  find: action(
    'read',
    'Find cases',
    object(
      {
        status: listOf(caseStatus, { description: 'Any of these; default open and in_progress' }),
        observable: text('Only cases with this observable', { minLength: 1, maxLength: 4096 }),
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      },
      ['status', 'observable', 'limit'],
    ),
    object({ cases: listOf(caseOutput) }),
  ),
});

interface OpenInput {
  readonly title: string;
  readonly severity?: number | string;
  readonly summary?: string;
  readonly alert_id?: string;
  readonly observables?: readonly ObservableInput[];
}

async function isSimulated(context: BuiltinContext, alert: AlertRow | undefined): Promise<boolean> {
  if (alert) return alert.simulated;
  const { trace } = context.causality;
  return (await context.store.count('alerts', { trace, simulated: true })) > 0;
}

const open = handler<OpenInput>(async (input, context) => {
  const alert = input.alert_id === undefined ? undefined : await getAlert(context.store, input.alert_id);
  const opening = {
    title: input.title,
    severity: input.severity === undefined ? alert?.severity : severityNumber(input.severity),
    summary: input.summary,
    simulated: await isSimulated(context, alert),
  };
  const row = newCase(context, opening);
  // Once it stands, people may have worked on it: a repetition tells how it is now and writes nothing.
  const standing = await context.store.get('cases', row.id);
  if (standing) return { ...reading(describe(standing)), case: standing.id };
  const change = mergeChanges(
    openCase(context, opening),
    alert && linkAlert(context, alert, row),
    linkObservables(context, `case:${row.id}`, readObservables(input.observables ?? [])),
  );
  return { output: describe(row), change, case: row.id };
});

/** A handler that changes the row of one case and gives it back. */
function changing<Input extends { readonly case_id: string }>(
  decide: (context: BuiltinContext, row: CaseRow, input: Input) => ReturnType<typeof setCaseStatus>,
) {
  return handler<Input>(async (input, context) => {
    const row = await getCase(context.store, input.case_id);
    const change = decide(context, row, input);
    const written = change.rows?.find((write) => write.table === 'cases' && write.op === 'update');
    return { output: describe(written && 'row' in written ? (written.row as CaseRow) : row), change };
  });
}

async function casesWith(reader: Reader, input: FindInput): Promise<readonly CaseRow[]> {
  const status = { in: input.status ?? (['open', 'in_progress'] as const) };
  const orderBy = [{ column: 'created_at', descending: true }] as const;
  if (input.observable === undefined) {
    return reader.find('cases', { where: { status }, orderBy, limit: input.limit });
  }
  const wanted = readObservable(input.observable);
  const links = await reader.find('observable_links', {
    where: { observable: wanted.id, subject: { prefix: 'case:' } },
    limit: 500,
  });
  const ids = links.map((link) => link.subject.slice('case:'.length));
  return ids.length === 0
    ? []
    : reader.find('cases', { where: { id: { in: ids }, status }, orderBy, limit: input.limit });
}

interface FindInput {
  readonly status?: readonly CaseRow['status'][];
  readonly observable?: string;
  readonly limit: number;
}

/** The built-in actions on cases. */
export const caseConnector: BuiltinConnector = {
  manifest,
  permissions: { read: 'case:read', write: 'case:write' },
  handlers: {
    open,
    add_note: handler<{ case_id: string; text: string }>(async (input, context) => {
      await getCase(context.store, input.case_id);
      const entry = entryOf(context, input.case_id, 'note', input.text);
      return { output: { entry_id: entry.id }, change: addNote(context, input.case_id, input.text) };
    }),
    set_status: changing<{ case_id: string; status: CaseRow['status']; reason?: string }>((context, row, input) =>
      setCaseStatus(context, row, input.status, input.reason),
    ),
    set_summary: changing<{ case_id: string; summary: string }>((context, row, input) =>
      setCaseSummary(context, row, input.summary),
    ),
    assess: changing<{ case_id: string; severity?: number | string; verdict?: Verdict }>((context, row, input) =>
      assessCase(context, row, {
        ...(input.severity === undefined ? {} : { severity: severityNumber(input.severity) }),
        ...(input.verdict === undefined ? {} : { verdict: input.verdict }),
      }),
    ),
    resolve: changing<{ case_id: string; verdict: Verdict; reason?: string }>((context, row, input) =>
      resolveCase(context, row, input.verdict, input.reason ?? ''),
    ),
    add_alert: handler<{ case_id: string; alert_id: string }>(async (input, context) => {
      const row = await getCase(context.store, input.case_id);
      const alert = await getAlert(context.store, input.alert_id);
      return {
        output: { case_id: input.case_id, alert_id: input.alert_id },
        change: linkAlert(context, alert, row),
        case: row.id,
      };
    }),
    add_observables: handler<{ case_id: string; observables: readonly ObservableInput[] }>(async (input, context) => {
      await getCase(context.store, input.case_id);
      const observables = readObservables(input.observables);
      return {
        output: { observables: observables.map((one) => ({ ...one })) },
        change: linkObservables(context, `case:${input.case_id}`, observables),
      };
    }),
    find: handler<FindInput>(async (input, context) =>
      reading({ cases: (await casesWith(context.store, input)).map(describe) }),
    ),
  },
};
