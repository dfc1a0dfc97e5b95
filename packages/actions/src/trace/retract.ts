import type { TraceNode } from '@counterpoint/contracts';
import type { JsonObject } from '@counterpoint/core';
import type { Causality, EffectRow, Reader } from '@counterpoint/events';
import type { ReleaseResult } from '../door.ts';
import type { DoorContext } from '../door-context.ts';
import { isEnded } from '../ledger/effect-row.ts';
import { releaseEffects } from '../undo/release.ts';
import { buildTrace, walk } from './build-trace.ts';

/** What something brought about: effects, and claims on effects, by id. */
interface Consequences {
  readonly effects: readonly string[];
  readonly claims: ReadonlySet<string>;
}

function idOf(node: TraceNode): string {
  return node.ref.slice(node.ref.indexOf(':') + 1);
}

async function consequencesOf(reader: Reader, ref: string): Promise<Consequences> {
  const { trace, roots } = await buildTrace(reader, ref);
  const nodes = roots.flatMap((root) => [...walk(root)]);
  const origins = ref === trace ? roots : nodes.filter((node) => node.ref === ref || node.ref.endsWith(`:${ref}`));
  const caused = [...new Set(origins.flatMap((origin) => [...walk(origin)]))];
  const claims = caused.filter((node) => node.kind === 'claim');
  const effects = new Set(caused.filter((node) => node.kind === 'effect').map(idOf));
  for (const claim of claims) effects.add(String((claim.detail as JsonObject).effect));
  return { effects: [...effects], claims: new Set(claims.map(idOf)) };
}

async function standing(reader: Reader, ids: readonly string[]): Promise<readonly EffectRow[]> {
  const rows = await Promise.all(ids.map((id) => reader.get('effects', id)));
  return rows.flatMap((row) => (row && !isEnded(row.state) ? [row] : []));
}

/**
 * The effects that something brought about or claims, however many steps lie between, and that are not over: of an
 * alert, event, raw input, run, step or case, or of a whole trace. Undos are not among them. A revised verdict asks this
 * to offer a retraction.
 *
 * @throws actions.trace_not_found
 */
export async function effectsCausedBy(reader: Reader, ref: string): Promise<readonly EffectRow[]> {
  return standing(reader, (await consequencesOf(reader, ref)).effects);
}

/** A wish to undo what something caused. */
export interface Retraction {
  /** What turned out to be wrong: a reference such as `alert:…`, or a trace id. */
  readonly ref: string;
  readonly reason: string;
  readonly causality: Causality;
}

/**
 * Undoes what something caused: ends the claims that follow from it, and undoes each effect that nobody else claims.
 *
 * @throws actions.trace_not_found
 */
export async function retract(context: DoorContext, { ref, reason, causality }: Retraction): Promise<ReleaseResult> {
  const { effects, claims } = await consequencesOf(context.store, ref);
  const rows = await standing(context.store, effects);
  return releaseEffects(context, rows, (claim) => claims.has(claim.id), { reason, causality });
}
