import type { TraceNode } from '@counterpoint/contracts';
import type { Reader } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { effectWords } from '../words/effect-words.ts';
import { readPeople } from '../words/people.ts';
import { assemble, type Trace, walk } from './build-trace.ts';
import { findTraces } from './find-traces.ts';
import { countNodes, prune } from './prune.ts';
import { sentencesOf } from './sentences.ts';
import { traceNodes } from './trace-nodes.ts';
import { readTraceRows, type TraceRows } from './trace-rows.ts';

/** How a trace is told. */
export interface TellOptions {
  /** At most so many nodes. */
  readonly limit: number;
}

/** A story in words, cut where it is too long. */
export interface ToldTrace extends Trace {
  /** Every trace that is told, the newest first. */
  readonly traces: readonly string[];
  /** The node that was asked for; empty when it was no single one. */
  readonly asked: string;
  /** Whether there is more of it in the store than is read of one story. */
  readonly truncated: boolean;
  /** Nodes in all, those that were left out among them. */
  readonly total: number;
}

/**
 * Tells the story of anything (as `buildTrace` finds it) in sentences, at most `limit` nodes of it.
 *
 * @throws actions.trace_not_found
 */
export async function tellTrace(
  context: Pick<DoorContext, 'store' | 'connectors' | 'builtins'>,
  ref: string,
  { limit }: TellOptions,
): Promise<ToldTrace> {
  const { store } = context;
  const traces = await findTraces(store, ref);
  const rows = await readTraceRows(store, traces);
  const nodes = traceNodes(rows);
  await putIntoWords(
    context,
    rows,
    nodes.map(({ node }) => node),
  );
  const roots = assemble(nodes);
  const asked = askedOf(roots, ref.trim());
  return {
    trace: traces[0] ?? '',
    traces,
    asked,
    truncated: rows.truncated,
    total: countNodes(roots),
    roots: prune(roots, limit, asked),
  };
}

async function putIntoWords(
  context: Parameters<typeof tellTrace>[0],
  rows: TraceRows,
  nodes: readonly TraceNode[],
): Promise<void> {
  const refs = [...rows.effects.map(({ principal }) => principal), ...rows.claims.map(({ holder }) => holder)];
  const [effects, people, observables] = await Promise.all([
    effectWords(context, rows.effects),
    readPeople(context.store, refs),
    valuesOf(context.store, rows),
  ]);
  const sentences = sentencesOf({ rows, effects, people, observables });
  for (const node of nodes) Object.assign(node, sentences.get(node.ref) ?? { words: node.title });
}

async function valuesOf(reader: Reader, { enrichments }: TraceRows): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(enrichments.map(({ observable }) => observable))];
  if (ids.length === 0) return new Map();
  const rows = await reader.find('observables', { where: { id: { in: ids } }, limit: ids.length });
  return new Map(rows.map(({ id, value }) => [id, value]));
}

/** The reference of the node that was asked for, by its reference or its bare id. */
function askedOf(roots: readonly TraceNode[], ref: string): string {
  for (const root of roots) {
    for (const node of walk(root)) if (node.ref === ref || node.ref.endsWith(`:${ref}`)) return node.ref;
  }
  return '';
}
