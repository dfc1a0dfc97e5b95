import type { JsonObject } from '@counterpoint/core';
import type { AlertRow, Change } from '@counterpoint/events';
import { setAlertStatus, setAlertVerdict } from '../alert.ts';
import { linkAlert, type Verdict } from '../case.ts';
import { getAlert, getCase, observablesOf } from '../read.ts';
import { type BuiltinConnector, handler, reading } from './builtin.ts';
import {
  action,
  alertStatus,
  builtinManifest,
  id,
  listOf,
  object,
  observable,
  severity,
  text,
  time,
  verdict,
} from './schemas.ts';

const alertId = id('Id of the alert');
const reason = text('Why', { maxLength: 500 });
const alertOutput = object({
  alert_id: { type: 'string' },
  source: { type: 'string' },
  title: { type: 'string', untrusted: true },
  severity,
  status: alertStatus,
  verdict,
  count: { type: 'integer' },
  first_seen: time,
  last_seen: time,
  case_id: { type: ['string', 'null'] },
  simulated: { type: 'boolean' },
});

function describe(row: AlertRow): JsonObject {
  const {
    source,
    title,
    severity: level,
    status,
    verdict: judged,
    count,
    first_seen,
    last_seen,
    case_id,
    simulated,
  } = row;
  return {
    alert_id: row.id,
    source,
    title,
    severity: level,
    status,
    verdict: judged,
    count,
    first_seen,
    last_seen,
    case_id,
    simulated,
  };
}

/** The alert as a change leaves it. */
function alertAfter({ rows = [] }: Change, row: AlertRow): AlertRow {
  const written = rows.find((write) => write.table === 'alerts' && write.op === 'update');
  return written && 'row' in written ? (written.row as AlertRow) : row;
}

const manifest = builtinManifest('alert', 'Alerts', 'Reads alerts and sets their status and verdict.', {
  get: action(
    'read',
    'Read an alert with its finding and observables',
    object({ alert_id: alertId }),
    object({
      ...(alertOutput.properties as Record<string, typeof alertOutput>),
      finding: { type: 'object', untrusted: true, description: 'OCSF Detection Finding' },
      observables: listOf(observable),
    }),
  ),
  set_status: action(
    'change',
    'Set the status',
    object({ alert_id: alertId, status: alertStatus, reason }, ['reason']),
    alertOutput,
  ),
  set_verdict: action(
    'change',
    'Set the verdict; a revised one is announced as alert.revised.v1',
    object({ alert_id: alertId, verdict, reason }, ['reason']),
    alertOutput,
  ),
  link_case: action(
    'change',
    'Put the alert into a case; a new one is in progress from then on',
    object({ alert_id: alertId, case_id: id('Id of the case') }),
    alertOutput,
  ),
});

/** The built-in actions on alerts. */
export const alertConnector: BuiltinConnector = {
  manifest,
  permissions: { read: 'alert:read', write: 'alert:write' },
  handlers: {
    get: handler<{ alert_id: string }>(async (input, { store }) => {
      const row = await getAlert(store, input.alert_id);
      const observables = await observablesOf(store, `alert:${row.id}`);
      return reading({
        ...describe(row),
        finding: row.finding,
        observables: observables.map(({ id: key, type, value }) => ({ id: key, type, value })),
      });
    }),
    set_status: handler<{ alert_id: string; status: AlertRow['status']; reason?: string }>(async (input, context) => {
      const row = await getAlert(context.store, input.alert_id);
      const change = setAlertStatus(context, row, input.status, input.reason);
      return { output: describe(alertAfter(change, row)), change };
    }),
    set_verdict: handler<{ alert_id: string; verdict: Verdict; reason?: string }>(async (input, context) => {
      const row = await getAlert(context.store, input.alert_id);
      const change = setAlertVerdict(context, row, input.verdict, input.reason);
      return { output: describe(alertAfter(change, row)), change };
    }),
    link_case: handler<{ alert_id: string; case_id: string }>(async (input, context) => {
      const row = await getAlert(context.store, input.alert_id);
      const change = linkAlert(context, row, await getCase(context.store, input.case_id));
      return { output: describe(alertAfter(change, row)), change };
    }),
  },
};
