import type { TraceNode } from '@counterpoint/contracts';
import type { Json } from '@counterpoint/core';
import type { EffectRow, JournalRow, Rows } from '@counterpoint/events';
import type { TraceRows } from './trace-rows.ts';

/** A node with the references that it may hang under, the most fitting first. */
export interface Placed {
  readonly node: TraceNode;
  readonly parents: readonly string[];
}

type Facts = Pick<TraceNode, 'ref' | 'kind' | 'title' | 'status' | 'at'> & {
  readonly until?: number | null;
  readonly simulated?: boolean;
  readonly detail?: Json;
};

function place(facts: Facts, ...parents: readonly string[]): Placed {
  const { until = null, simulated = false, detail = null, ...rest } = facts;
  return { node: { ...rest, until, simulated, detail, children: [] }, parents: parents.filter((ref) => ref !== '') };
}

function rawNode(row: Rows['raw_inputs']): Placed {
  const { id, source, delivery, media_type, state, simulated } = row;
  const facts = { title: `Raw input from ${source}`, status: state, at: row.received_at, simulated };
  return place({ ref: `raw:${id}`, kind: 'raw', ...facts, detail: { delivery, media_type } }, row.cause);
}

function decisionNode(row: Rows['ingest_decisions']): Placed {
  const { id, decision, reason, raw, item, alert, at } = row;
  // A merged finding belongs to its alert where its own raw input is not part of the story.
  const facts = { ref: `decision:${id}`, kind: 'decision', title: reason || decision, status: decision, at };
  return place({ ...facts, detail: { item, raw } }, `raw:${raw}`, alert === null ? '' : `alert:${alert}`);
}

function alertNode(row: Rows['alerts'], decisions: readonly Rows['ingest_decisions'][]): Placed {
  const { id, title, status, verdict, count, severity, created_at, simulated } = row;
  const born = decisions.find((one) => one.alert === id && one.decision === 'created');
  const detail = { verdict, count, severity };
  return place(
    { ref: `alert:${id}`, kind: 'alert', title, status, at: created_at, simulated, detail },
    born ? `decision:${born.id}` : '',
    row.cause,
    `raw:${row.raw}`,
  );
}

function eventNode(row: Rows['outbox']): Placed {
  const { id, topic, subject, state, attempts, error, at } = row;
  return place(
    { ref: `event:${id}`, kind: 'event', title: topic, status: state, at, detail: { subject, attempts, error } },
    row.cause,
  );
}

function runNode(row: Rows['runs']): Placed {
  const { id, playbook, status, created_at, ended_at, simulated, trigger_kind, outputs, error } = row;
  const detail = { trigger: trigger_kind, outputs, error };
  return place(
    { ref: `run:${id}`, kind: 'run', title: playbook, status, at: created_at, until: ended_at, simulated, detail },
    row.parent,
    row.cause,
  );
}

/** The addresses that enclose an address, nearest first: `a[1].b` lies in `a[1]`, which lies in `a`. */
export function enclosing(address: string): string[] {
  const outer: string[] = [];
  for (
    let rest = address.replace(/(\[[^\]]*\]|[^.[\]]+)$/, '');
    rest !== '';
    rest = rest.replace(/(\[[^\]]*\]|[^.[\]]+)$/, '')
  ) {
    rest = rest.replace(/\.$/, '');
    outer.push(rest);
  }
  return outer;
}

function stepNodes(journal: readonly JournalRow[]): Placed[] {
  const steps = new Map<string, JournalRow[]>();
  for (const entry of journal) {
    if (entry.address === '') continue;
    const ref = `run:${entry.run}/${entry.address}`;
    const entries = steps.get(ref);
    if (entries) entries.push(entry);
    else steps.set(ref, [entry]);
  }
  return [...steps].map(([ref, entries]) => {
    const first = entries[0] as JournalRow;
    const last = entries.at(-1) as JournalRow;
    const detail = entries.map(({ kind, at, data }) => ({ kind, at, data }));
    const facts = { ref, kind: 'step', title: first.address, status: last.kind, at: first.at, until: last.at, detail };
    return place(facts, ...enclosing(first.address).map((outer) => `run:${first.run}/${outer}`), `run:${first.run}`);
  });
}

function effectNode(row: EffectRow): Placed {
  const { id, connector, action, connection, target, state, lease_until, preexisting, attempts, decision, error } = row;
  const what = `${connector}.${action}${target === '' ? '' : ` ${target.replace(/^(ipv[46]-addr|domain-name|url|host):/, '')}`}`;
  const facts = {
    ref: `effect:${id}`,
    kind: row.undo_of === '' ? 'effect' : 'undo',
    title: `${what} at ${connection}`,
    status: state,
    at: row.created_at,
    until: row.ended_at,
    simulated: row.simulated,
    detail: { class: row.effect, target, lease_until, preexisting, attempts, decision, error, receipt: row.receipt },
  };
  if (row.undo_of !== '') return place(facts, `effect:${row.undo_of}`);
  return place(
    facts,
    row.run === '' ? '' : `run:${row.run}/${row.address}`,
    row.run === '' ? '' : `run:${row.run}`,
    row.cause,
  );
}

/** A claim hangs under whoever holds it; the claim of the step that acted, under what it did. */
function claimNode(row: Rows['claims'], effects: ReadonlyMap<string, EffectRow>): Placed {
  const { id, effect, holder, until, created_at, ended_at } = row;
  const acted = effects.get(effect);
  const own = acted !== undefined && holder === `run:${acted.run}/${acted.address}`;
  const status = ended_at === null ? 'open' : 'ended';
  const facts = {
    ref: `claim:${id}`,
    kind: 'claim',
    title: `claimed by ${holder}`,
    status,
    at: created_at,
    until: ended_at,
  };
  return place(
    { ...facts, detail: { effect, until } },
    own || !holder.startsWith('run:') ? '' : holder,
    `effect:${effect}`,
    row.cause,
  );
}

function caseNode(row: Rows['cases']): Placed {
  const { id, title, status, created_at, closed_at, simulated, verdict, severity } = row;
  const facts = { ref: `case:${id}`, kind: 'case', title, status, at: created_at, until: closed_at, simulated };
  return place({ ...facts, detail: { verdict, severity } }, row.cause);
}

function entryNode(row: Rows['case_entries']): Placed {
  const { id, case_id, kind, text, data, at } = row;
  return place(
    { ref: `entry:${id}`, kind: 'entry', title: text, status: kind, at, detail: data },
    `case:${case_id}`,
    row.cause,
  );
}

function enrichmentNode(row: Rows['enrichments']): Placed {
  const { id, source, verdict, score, at, observable } = row;
  const facts = {
    ref: `enrichment:${id}`,
    kind: 'enrichment',
    title: `${source} says ${verdict}`,
    status: verdict,
    at,
  };
  return place({ ...facts, detail: { observable, score } }, row.cause);
}

/** Every node of the rows, with where it belongs. */
export function traceNodes(rows: TraceRows): Placed[] {
  const effects = new Map(rows.effects.map((row) => [row.id, row]));
  return [
    ...rows.raws.map(rawNode),
    ...rows.decisions.map(decisionNode),
    ...rows.alerts.map((row) => alertNode(row, rows.decisions)),
    ...rows.events.map(eventNode),
    ...rows.runs.map(runNode),
    ...stepNodes(rows.journal),
    ...rows.effects.map(effectNode),
    ...rows.claims.map((row) => claimNode(row, effects)),
    ...rows.cases.map(caseNode),
    ...rows.entries.map(entryNode),
    ...rows.enrichments.map(enrichmentNode),
  ];
}
