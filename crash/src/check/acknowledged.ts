import type { RunRow } from '@counterpoint/events';
import type { Acknowledged } from '../driver/client.ts';
import type { Evidence } from './evidence.ts';
import { type Violation, violation } from './violation.ts';

function deliveryOf({ trigger_key }: RunRow): string {
  return trigger_key.slice(trigger_key.lastIndexOf('|') + 1);
}

function alertOf({ event }: RunRow): string | undefined {
  return (event as { alert?: { id?: string } } | null)?.alert?.id;
}

function checkAlert({ decisions }: Evidence, line: Acknowledged, byAlert: ReadonlyMap<string, number>): Violation[] {
  // Those below zero only say that it came again.
  const decided = decisions.filter(({ raw, item }) => raw === line.raw && item >= 0);
  const [first] = decided;
  if (!first) return [violation(1, `the input ${line.raw} has no decision`, line)];
  if (first.decision !== 'created') return [];
  const runs = byAlert.get(first.alert ?? '') ?? 0;
  return runs === 1 ? [] : [violation(1, `the alert ${first.alert} has ${runs} runs instead of one`, line, first)];
}

/** Runs of a playbook or reaction, by the run that published the event which started them. */
function startedBy({ runs }: Evidence, playbook: string): ReadonlyMap<string, readonly RunRow[]> {
  return Map.groupBy(
    [...runs.values()].filter((run) => run.playbook === playbook),
    ({ event }) => String((event as { reason?: string } | null)?.reason),
  );
}

/**
 * Every event that a run published has started its one run, and the two of one key have caused one reaction, whose action
 * changed the world once.
 */
function checkEvents(evidence: Evidence): Violation[] {
  const started = startedBy(evidence, 'crash_topic');
  const reacted = startedBy(evidence, 'crash_reaction');
  const changes = Map.groupBy(
    evidence.calls.filter(({ done }) => done),
    ({ run }) => run,
  );
  return [...evidence.runs.values()].flatMap((run) => {
    if (run.playbook !== 'crash_publish' || run.status !== 'succeeded') return [];
    const found: Violation[] = [];
    const count = started.get(run.id)?.length ?? 0;
    if (count !== 1) found.push(violation(1, `an event of the run ${run.id} has started ${count} runs instead of one`));
    const reactions = reacted.get(run.id) ?? [];
    const effects = reactions.flatMap(({ id }) => changes.get(id) ?? []);
    if (reactions.length === 1 && effects.length === 1) return found;
    const what = `the events of the run ${run.id} caused ${reactions.length} reactions with ${effects.length} effects instead of one`;
    return [...found, violation(1, what, ...reactions.map(({ id, trigger_key }) => ({ id, trigger_key })), ...effects)];
  });
}

/** Guarantee 1: what was answered 2xx is there, once; and nothing is there that nobody sent. */
export function checkAcknowledged(evidence: Evidence): Violation[] {
  const found = checkEvents(evidence);
  const byDelivery = new Map<string, RunRow[]>();
  const byAlert = new Map<string, number>();
  for (const run of evidence.runs.values()) {
    const alert = run.trigger_kind === 'alert' ? alertOf(run) : undefined;
    if (alert !== undefined) byAlert.set(alert, (byAlert.get(alert) ?? 0) + 1);
    if (run.trigger_kind !== 'webhook') continue;
    byDelivery.set(deliveryOf(run), [...(byDelivery.get(deliveryOf(run)) ?? []), run]);
  }
  for (const line of evidence.facts.acknowledged) {
    if (line.raw !== '') {
      found.push(...checkAlert(evidence, line, byAlert));
      continue;
    }
    const runs = byDelivery.get(line.delivery) ?? [];
    byDelivery.delete(line.delivery);
    if (runs.length === 1 && runs[0]?.id === line.run) continue;
    const what = `the delivery ${line.delivery} was acknowledged with run ${line.run} and has ${runs.length} runs`;
    found.push(violation(1, what, line, ...runs.map(({ id, trigger_key }) => ({ id, trigger_key }))));
  }
  for (const [delivery, [run]] of byDelivery) {
    found.push(violation(1, `the run ${run?.id} is of the delivery ${delivery}, which nobody was told of`));
  }
  return found;
}
