import { retryOnConflict } from '@counterpoint/cases';
import { type Clock, hashJson, type Json } from '@counterpoint/core';
import type { EventEnvelope, ParticipantRow, RowWrite, Store } from '@counterpoint/events';
import { joinedEvent, leftEvent } from './announce.ts';
import type { DeclaredParticipant } from './parse-participant.ts';
import type { Participant, ParticipantDeclaration } from './participant.ts';
import { participantOf } from './view.ts';

/** What writing down who is there needs. */
export interface AttendanceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly declared: ReadonlyMap<string, DeclaredParticipant>;
  /** What else is to be written when a participant is there. */
  readonly alongside?: (participant: Participant) => Promise<readonly RowWrite[]>;
}

type Step = (
  row: ParticipantRow,
  now: number,
) => { readonly row: ParticipantRow; readonly event?: EventEnvelope } | undefined;

/** Writes the next state of a participant, and announces it in the same commit; nothing when it stands so already. */
async function advance(
  { store, clock, declared, alongside }: AttendanceOptions,
  id: string,
  step: Step,
): Promise<void> {
  await retryOnConflict(async () => {
    const row = await store.get('participants', id);
    const next = row && step(row, clock.now());
    if (!next) return;
    const more = next.row.state === 'online' ? await alongside?.(participantOf(next.row, declared.get(id))) : [];
    await store.commit({
      rows: [{ op: 'update', table: 'participants', row: { ...next.row, rev: row.rev + 1 } }, ...(more ?? [])],
      events: next.event ? [next.event] : [],
    });
  });
}

/** It is connected to a process. */
export function noteArrival(
  options: AttendanceOptions,
  id: string,
  node: string,
  declaration: ParticipantDeclaration | undefined,
): Promise<void> {
  return advance(options, id, (row, now) => {
    const said = declaration === undefined ? row.declaration : (declaration as unknown as Json);
    const here = row.nodes.includes(node);
    if (here && hashJson(said) === hashJson(row.declaration)) return undefined;
    const nodes = here ? row.nodes : [...row.nodes, node];
    const next: ParticipantRow = { ...row, state: 'online', nodes, declaration: said, joined_at: now, seen_at: now };
    if (row.state === 'online') return { row: { ...next, joined_at: row.joined_at } };
    return { row: next, event: joinedEvent(participantOf(next, options.declared.get(id)), now) };
  });
}

/** It is not connected to some processes any more. */
export function noteDeparture(
  options: AttendanceOptions,
  id: string,
  isGone: (node: string) => boolean,
  reason: string,
): Promise<void> {
  return advance(options, id, (row, now) => {
    const nodes = row.nodes.filter((node) => !isGone(node));
    if (nodes.length === row.nodes.length && (row.state === 'offline' || nodes.length > 0)) return undefined;
    const next: ParticipantRow = { ...row, nodes, state: nodes.length > 0 ? 'online' : 'offline', seen_at: now };
    if (nodes.length > 0) return { row: next };
    return { row: next, event: leftEvent(participantOf(next, options.declared.get(id)), reason, now) };
  });
}
