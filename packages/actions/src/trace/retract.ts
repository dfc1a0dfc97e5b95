import type { TraceNode } from '@counterpoint/contracts';
import type { JsonObject } from '@counterpoint/core';
import type { Causality, EffectRow, Reader } from '@counterpoint/events';
import type { ReleaseResult } from '../door.ts';
import type { DoorContext } from '../door-context.ts';
import { isEnded } from '../ledger/effect-row.ts';
import { type Foresight, foresee } from '../undo/foresee-release.ts';
import { releaseEffects } from '../undo/release.ts';
import { buildTrace, walk } from './build-trace.ts';
import { isRevision } from './revisions.ts';

/** A node and what it brought about, revisions of it and what followed from those left out. */
function* followed(node: TraceNode): Generator<TraceNode> {
  yield node;
  for (const child of node.children) if (!isRevision(child)) yield* followed(child);
}

/** What something brought about, however many steps lie between; everything by id. */
export interface Consequences {
  readonly trace: string;
  /** Effects, and those that it only claims too. Undos are not among them. */
  readonly effects: readonly string[];
  /** Claims on effects. */
  readonly claims: ReadonlySet<string>;
  /** Events, what was asked for among them. */
  readonly events: readonly string[];
  /** Runs of playbooks and reactions. */
  readonly runs: readonly string[];
  /** Matters in the inbox. */
  readonly matters: readonly string[];
}

function idOf(node: TraceNode): string {
  return node.ref.slice(node.ref.indexOf(':') + 1);
}

const ofKind = (nodes: readonly TraceNode[], prefix: string): string[] => [
  ...new Set(nodes.filter(({ ref }) => ref.startsWith(prefix)).map(idOf)),
];

/**
 * What an alert, event, raw input, run, step, case or whole trace brought about; not what followed from a revision of it.
 *
 * @throws actions.trace_not_found
 */
export async function consequencesOf(reader: Reader, ref: string): Promise<Consequences> {
  const { trace, roots } = await buildTrace(reader, ref);
  const nodes = roots.flatMap((root) => [...walk(root)]);
  const origins = ref === trace ? roots : nodes.filter((node) => node.ref === ref || node.ref.endsWith(`:${ref}`));
  const caused = [...new Set(origins.flatMap((origin) => [...followed(origin)]))];
  const claims = caused.filter((node) => node.kind === 'claim');
  const effects = new Set(caused.filter((node) => node.kind === 'effect').map(idOf));
  for (const claim of claims) effects.add(String((claim.detail as JsonObject).effect));
  const runs = ofKind(caused, 'run:').filter((id) => !id.includes('/'));
  return {
    trace,
    effects: [...effects],
    claims: new Set(claims.map(idOf)),
    events: ofKind(caused, 'event:'),
    runs,
    matters: ofKind(caused, 'inbox:'),
  };
}

async function standing(reader: Reader, ids: readonly string[]): Promise<readonly EffectRow[]> {
  const rows = await Promise.all(ids.map((id) => reader.get('effects', id)));
  const open = rows.flatMap((row) => (row && !isEnded(row.state) ? [row] : []));
  return open.sort((a, b) => b.created_at - a.created_at);
}

/**
 * The effects that something brought about or claims, however many steps lie between, and that are not over, the last
 * first: of an alert, event, raw input, run, step or case, or of a whole trace. Undos are not among them. A revised verdict
 * asks this to offer a retraction.
 *
 * @throws actions.trace_not_found
 */
export async function effectsCausedBy(reader: Reader, ref: string): Promise<readonly EffectRow[]> {
  return standing(reader, (await consequencesOf(reader, ref)).effects);
}

/** What a retraction would do now, effect by effect. Changes nothing. @throws actions.trace_not_found */
export async function foreseeRetraction(
  context: Pick<DoorContext, 'store' | 'clock' | 'guard'>,
  ref: string,
): Promise<readonly Foresight[]> {
  const { effects, claims } = await consequencesOf(context.store, ref);
  return foresee(context, await standing(context.store, effects), (claim) => claims.has(claim.id));
}

/** A wish to undo what something caused. */
export interface Retraction {
  /** What turned out to be wrong: a reference such as `alert:…`, or a trace id. */
  readonly ref: string;
  readonly reason: string;
  readonly causality: Causality;
}

/**
 * Undoes what something caused: ends the claims that follow from it, and undoes each effect that nobody else claims, the
 * last change first. Safe to repeat: what is undone already is left out.
 *
 * @throws actions.trace_not_found
 */
export async function retract(context: DoorContext, { ref, reason, causality }: Retraction): Promise<ReleaseResult> {
  const { effects, claims } = await consequencesOf(context.store, ref);
  const rows = await standing(context.store, effects);
  return releaseEffects(context, rows, (claim) => claims.has(claim.id), { reason, causality });
}
