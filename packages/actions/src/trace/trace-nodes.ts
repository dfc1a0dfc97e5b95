import type { TraceNode } from '@counterpoint/contracts';
import type { Json } from '@counterpoint/core';
import type { EffectRow, JournalRow, Rows } from '@counterpoint/events';
import type { Outlines, StepOutline } from './step-outline.ts';
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
  const node = { ...rest, words: rest.title, because: '', until, simulated, detail, children: [], more: 0 };
  return { node, parents: parents.filter((ref) => ref !== '') };
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
  return place({ ...facts, detail: { item, raw, alert } }, `raw:${raw}`, alert === null ? '' : `alert:${alert}`);
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
  const { id, topic, subject, participant, state, attempts, error, at } = row;
  const detail = { topic, participant, subject, attempts, error };
  return place({ ref: `event:${id}`, kind: 'event', title: topic, status: state, at, detail }, row.cause);
}

/** Where it was, for what an edge node did. */
function atSite({ site }: { readonly site: string }): { readonly site?: string } {
  return site === '' ? {} : { site };
}

function runNode(row: Rows['runs'], outlines: Outlines): Placed {
  const { id, playbook, version, status, created_at, ended_at, simulated, trigger_kind, outputs, error, ask } = row;
  const outline = outlines.get(version);
  const mode = ask ? 'ask' : outline?.mode;
  const facts = {
    ref: `run:${id}`,
    kind: outline?.kind === 'reaction' ? 'reaction' : 'run',
    title: mode === undefined ? playbook : `${playbook} (${mode})`,
    status,
    at: created_at,
    until: ended_at,
    simulated,
    detail: { playbook, version, trigger: trigger_kind, outputs, error, ...atSite(row) },
  };
  return place(facts, row.parent, row.cause);
}

/** What became of an event at a reaction that did not simply run: a leaf under the event. */
function outcomeNode(row: Rows['reaction_events']): Placed {
  const { id, reaction, event, outcome, reason, would, judged, expires_at, at } = row;
  const facts = { ref: `reaction_event:${id}`, kind: 'reaction', title: reaction, status: outcome, at };
  return place({ ...facts, detail: { reaction, event, reason, would, judged, expires_at } }, `event:${event}`);
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

const STEP_STATUS: Readonly<Record<string, string>> = {
  step_ready: 'ready',
  step_started: 'running',
  step_waiting: 'waiting',
  step_unknown: 'unknown',
  step_timed_out: 'running',
  people_asked: 'waiting',
  people_decided: 'running',
  step_held: 'held',
};

/**
 * The status that a step's entries leave it with; a block that has not ended is running. In a run that is over it has
 * ended as well, only that the entry was not read: then nothing is said.
 */
function stepStatus(entries: readonly JournalRow[], over: boolean): string {
  const last = entries.findLast(({ kind }) => kind === 'step_ended' || kind in STEP_STATUS);
  if (last?.kind !== 'step_ended') return over ? '' : (STEP_STATUS[last?.kind ?? ''] ?? 'running');
  return (last.data as { readonly status: string }).status;
}

function stepNode(
  entries: readonly JournalRow[],
  over: boolean,
  outlines: ReadonlyMap<string, StepOutline> | undefined,
): Placed {
  const [first, last] = [entries[0] as JournalRow, entries.at(-1) as JournalRow];
  const { run, address } = first;
  const id = address.slice(address.lastIndexOf('.') + 1);
  const outlined = outlines?.get(id);
  const siblings = address.slice(0, address.length - id.length);
  const block = outlined?.parent === undefined ? [] : [`${siblings}${outlined.parent}`];
  const detail = entries.map(({ kind, at, data }) => ({ kind, at, data }));
  const title = outlined?.title ?? address;
  const facts = { ref: `run:${run}/${address}`, kind: 'step', title, status: stepStatus(entries, over), detail };
  const parents = [...block, ...enclosing(address)].map((outer) => `run:${run}/${outer}`);
  return place({ ...facts, at: first.at, until: last.at }, ...parents, `run:${run}`);
}

function stepNodes({ journal, runs, outlines }: TraceRows): Placed[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const steps = Map.groupBy(
    journal.filter(({ address }) => address !== ''),
    ({ run, address }) => `${run}/${address}`,
  );
  return [...steps.values()].map((entries) => {
    const run = byId.get((entries[0] as JournalRow).run);
    const over = typeof run?.ended_at === 'number';
    return stepNode(entries, over, outlines.get(run?.version ?? '')?.steps);
  });
}

/** For whom an effect was, where no run tells: a participant that called one of our services. */
function askerOf({ run, principal }: EffectRow): string {
  return run === '' && principal.startsWith('participant:') ? ` for ${principal.slice('participant:'.length)}` : '';
}

function effectNode(row: EffectRow): Placed {
  const { id, connector, action, connection, target, state, lease_until, preexisting, attempts, decision, error } = row;
  const what = `${connector}.${action}${target === '' ? '' : ` ${target.replace(/^(ipv[46]-addr|ip|domain-name|url|host):/, '')}`}`;
  const facts = {
    ref: `effect:${id}`,
    kind: row.undo_of === '' ? 'effect' : 'undo',
    title: `${what} at ${connection}${askerOf(row)}`,
    status: state,
    at: row.created_at,
    until: row.ended_at,
    simulated: row.simulated,
    detail: {
      class: row.effect,
      connector,
      action,
      connection,
      target,
      undo_of: row.undo_of,
      principal: row.principal,
      lease_until,
      preexisting,
      attempts,
      decision,
      error,
      receipt: row.receipt,
      ...atSite(row),
    },
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
  const own =
    acted !== undefined && (acted.run === '' ? acted.principal : `run:${acted.run}/${acted.address}`) === holder;
  // A participant that joins what stands already does so because of something that it heard.
  const joined = !own && holder.startsWith('participant:');
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
    { ...facts, detail: { effect, holder, until } },
    own || !holder.startsWith('run:') ? '' : holder,
    joined ? row.cause : '',
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
    { ref: `entry:${id}`, kind: 'entry', title: text, status: kind, at, detail: { case: case_id, data } },
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

function matterNode(row: Rows['inbox_items']): Placed {
  const { id, kind, text, status, run, address, created_at, decided_at, simulated } = row;
  const { role, users, quorum, covers } = row;
  const facts = { ref: `inbox:${id}`, kind, title: text, status, at: created_at, until: decided_at, simulated };
  const step = run === '' ? '' : `run:${run}/${address}`;
  return place({ ...facts, detail: { role, users, quorum, covers } }, step, row.cause);
}

/** Every node of the rows, with where it belongs. */
export function traceNodes(rows: TraceRows): Placed[] {
  const effects = new Map(rows.effects.map((row) => [row.id, row]));
  return [
    ...rows.raws.map(rawNode),
    ...rows.decisions.map(decisionNode),
    ...rows.alerts.map((row) => alertNode(row, rows.decisions)),
    ...rows.events.map(eventNode),
    ...rows.runs.map((row) => runNode(row, rows.outlines)),
    ...stepNodes(rows),
    ...rows.effects.map(effectNode),
    ...rows.claims.map((row) => claimNode(row, effects)),
    ...rows.cases.map(caseNode),
    ...rows.entries.map(entryNode),
    ...rows.enrichments.map(enrichmentNode),
    ...rows.matters.map(matterNode),
    // What was held and then ran is told by its run.
    ...rows.outcomes.filter(({ run }) => run === '').map(outcomeNode),
  ];
}
