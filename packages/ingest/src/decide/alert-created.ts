import type { NamedObservable } from '@counterpoint/cases';
import type { Json } from '@counterpoint/core';
import { type AlertRow, causedBy, type EventEnvelope, newEvent } from '@counterpoint/events';

/** The topic on which new alerts are announced. */
export const ALERT_CREATED = 'alert.created.v1';

/** The announcement of a new alert; its data is `{alert: …}` as `content/topics/alert.created.v1.json` describes. */
export function alertCreated(alert: AlertRow, observables: readonly NamedObservable[]): EventEnvelope {
  const data = {
    alert: {
      id: alert.id,
      source: alert.source,
      finding_key: alert.finding_key,
      title: alert.title,
      severity: alert.severity,
      status: alert.status,
      verdict: alert.verdict,
      count: alert.count,
      first_seen: alert.first_seen,
      last_seen: alert.last_seen,
      finding: alert.finding,
      observables: observables.map(({ id, type, value }) => ({ id, type, value })),
      case_id: alert.case_id,
      simulated: alert.simulated,
      created_at: alert.created_at,
    },
  } satisfies Json;
  return newEvent(ALERT_CREATED, `alert:${alert.id}`, data, causedBy(alert, `alert:${alert.id}`), alert.created_at);
}
