import type { TraceNode } from '@counterpoint/contracts';
import type { Reader } from '@counterpoint/events';
import { findTraces } from './find-traces.ts';
import { enclosing, type Placed, traceNodes } from './trace-nodes.ts';
import { readTraceRows } from './trace-rows.ts';

/** A story: everything that hangs together, as trees of causes and what they brought about. */
export interface Trace {
  /** The trace id; of the newest story when several touch what was asked for. */
  readonly trace: string;
  /** First causes, oldest first; children likewise. */
  readonly roots: readonly TraceNode[];
}

/**
 * Puts together the story of anything: a trace id, a reference (`alert:…`, `run:…/<address>`, …), a bare id, or an
 * observable such as an address, of which the ten newest stories are told.
 *
 * @throws actions.trace_not_found
 */
export async function buildTrace(reader: Reader, ref: string): Promise<Trace> {
  const traces = await findTraces(reader, ref);
  const nodes = traceNodes(await readTraceRows(reader, traces));
  return { trace: traces[0] as string, roots: assemble(nodes) };
}

/** Hangs every node under the first of its parents that is there. What has none, or only itself, is a root. */
export function assemble(placed: readonly Placed[]): readonly TraceNode[] {
  const byRef = new Map(placed.map((one) => [one.node.ref, one]));
  const parentOf = new Map<string, string>();
  const leadsTo = (from: string, wanted: string): boolean => {
    for (let ref: string | undefined = from; ref !== undefined; ref = parentOf.get(ref))
      if (ref === wanted) return true;
    return false;
  };
  const roots: TraceNode[] = [];
  for (const { node, parents } of [...byRef.values()].sort((a, b) => a.node.at - b.node.at)) {
    const parent = parents.map(stepOrRun(byRef)).find((ref) => ref !== undefined && !leadsTo(ref, node.ref));
    if (parent === undefined) roots.push(node);
    else {
      parentOf.set(node.ref, parent);
      byRef.get(parent)?.node.children.push(node);
    }
  }
  return roots;
}

/** A step that left no journal entry of its own, such as an item of a loop, is represented by its block, or its run. */
function stepOrRun(byRef: ReadonlyMap<string, Placed>) {
  return (ref: string): string | undefined => {
    if (byRef.has(ref)) return ref;
    if (!ref.startsWith('run:')) return undefined;
    const [run = '', address = ''] = ref.split('/');
    return [...enclosing(address).map((outer) => `${run}/${outer}`), run].find((outer) => byRef.has(outer));
  };
}

/** Every node of a tree, itself first. */
export function* walk(node: TraceNode): Generator<TraceNode> {
  yield node;
  for (const child of node.children) yield* walk(child);
}
