import type { TraceNode } from '@counterpoint/contracts';
import pc from 'picocolors';
import { clockTime, colourStatus, renderTree, safe, type TreeNode } from './terminal.ts';

function firstTime(nodes: readonly TraceNode[]): number {
  return Math.min(...nodes.map((node) => node.at));
}

const SHOWN = 4;
const SHORT = 48;

function isScalar(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= SHORT)
  );
}

/** What came out of a step, in a few words: its error, or the first short values of its output. */
function resultOf(node: TraceNode): string {
  if (node.kind !== 'step' || !Array.isArray(node.detail)) return '';
  const ended = node.detail.findLast((entry) => (entry as { kind?: string }).kind === 'step_ended') as
    | StepEnd
    | undefined;
  if (ended?.data.error) return pc.red(safe(ended.data.error.message));
  const values = Object.entries(ended?.data.output ?? {}).filter(
    ([name, value]) => isScalar(value) && !name.endsWith('_id'),
  );
  return values
    .slice(0, SHOWN)
    .map(([name, value]) => `${pc.dim(name)} ${safe(String(value))}`)
    .join(pc.dim(' · '));
}

interface StepEnd {
  readonly data: { readonly output?: Readonly<Record<string, unknown>>; readonly error?: { readonly message: string } };
}

/** Who published an event, when that was not the server. */
function publisherOf({ kind, detail }: TraceNode): string {
  const by = kind === 'event' ? (detail as { readonly participant?: unknown } | null)?.participant : undefined;
  return typeof by === 'string' && by !== 'server' ? pc.magenta(`from ${safe(by)}`) : '';
}

/** The edge node that did it, where it was not this server. */
function siteOf({ kind, detail }: TraceNode): string {
  const known = kind === 'run' || kind === 'reaction' || kind === 'effect' || kind === 'undo';
  const site = known ? (detail as { readonly site?: unknown } | null)?.site : undefined;
  return typeof site === 'string' ? pc.magenta(`on ${safe(site)}`) : '';
}

/** Why a reaction did not simply run. */
function reasonOf({ kind, detail }: TraceNode): string {
  const reason = kind === 'reaction' ? (detail as { readonly reason?: unknown } | null)?.reason : undefined;
  return typeof reason === 'string' && reason !== '' ? pc.dim(`(${safe(reason)})`) : '';
}

function toTree(node: TraceNode, start: number): TreeNode {
  const offset = `+${((node.at - start) / 1000).toFixed(3)} s`;
  const parts = [
    pc.dim(offset.padStart(10)),
    pc.cyan(node.kind.padEnd(8)),
    safe(node.title),
    publisherOf(node),
    siteOf(node),
    node.status === '' ? '' : colourStatus(node.status),
    reasonOf(node),
    node.simulated ? pc.magenta('simulated') : '',
    resultOf(node),
  ];
  return {
    label: parts.filter((part) => part !== '').join('  '),
    children: node.children.map((child) => toTree(child, start)),
  };
}

/** The lines of a trace: a tree from the first cause to every effect, with times since the first. */
export function renderTrace(trace: string, roots: readonly TraceNode[]): string[] {
  if (roots.length === 0) return [pc.dim('Nothing is recorded under this trace.')];
  const start = firstTime(roots);
  return [
    `${pc.bold('trace')} ${trace}  ${pc.dim(`began ${clockTime(start)}`)}`,
    ...renderTree(roots.map((root) => toTree(root, start))),
  ];
}

/** What is shown of a trace. */
export interface TraceFilter {
  /** Kinds of nodes; what stands under others moves up to the nearest one that is shown. */
  readonly only?: readonly string[];
  /** Levels of the tree. */
  readonly depth?: number;
}

/** A trace without what a filter leaves out. */
export function filterTrace(
  nodes: readonly TraceNode[],
  { only, depth = Number.POSITIVE_INFINITY }: TraceFilter,
): TraceNode[] {
  if (depth === 0) return [];
  return nodes.flatMap((node) => {
    const shown = only === undefined || only.includes(node.kind);
    const children = filterTrace(node.children, { ...(only ? { only } : {}), depth: shown ? depth - 1 : depth });
    return shown ? [{ ...node, children }] : children;
  });
}
