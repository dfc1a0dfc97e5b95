import { nearest } from '@counterpoint/core';
import type { ParticipantRow } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { isParticipantId } from './declaration-shape.ts';
import type { NewParticipant, ParticipantPatch } from './participant.ts';

const PATTERN = /^[^\s]{1,800}$/;
const MOST_PATTERNS = 200;
const LONGEST_TITLE = 200;
const LONGEST_SITE = 64;

function listProblem(what: string, list: readonly string[]): string | undefined {
  if (list.length > MOST_PATTERNS) return `${what} has more than ${MOST_PATTERNS} patterns`;
  const wrong = list.find((pattern) => !PATTERN.test(pattern));
  return wrong === undefined ? undefined : `${what} has "${wrong}", which is no pattern`;
}

function problemOf({ title, site, rights, trust }: ParticipantPatch): string | undefined {
  if (title !== undefined && (title.trim() === '' || title.length > LONGEST_TITLE))
    return 'the title is empty or too long';
  if (site !== undefined && site.length > LONGEST_SITE) return 'the site is too long';
  const lists = { ...(rights && { ...rights }), ...(trust && { trust }) };
  for (const [what, list] of Object.entries(lists)) {
    const problem = listProblem(what, list);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** @throws fabric.participant_invalid */
export function demandValid(participant: string, patch: ParticipantPatch): void {
  const reason = problemOf(patch);
  if (reason !== undefined) throw errors.participant_invalid({ participant, reason });
}

/** @throws fabric.participant_invalid */
export function demandFreeId(participant: string, isTaken: (id: string) => boolean): void {
  if (!isParticipantId(participant))
    throw errors.participant_invalid({ participant, reason: 'its id is not snake_case' });
  if (isTaken(participant)) {
    const reason = 'a connector, a capability or a built-in of that name came with the product';
    throw errors.participant_invalid({ participant, reason });
  }
}

/** That there is no such participant, with the nearest one. */
export function unknownParticipant(participant: string, known: Iterable<string>) {
  const near = nearest(participant, known);
  return errors.participant_unknown({ participant, suggestion: near === undefined ? '' : `; did you mean ${near}?` });
}

/** The row of a participant that is let in. */
export function newParticipantRow(wish: NewParticipant, now: number): ParticipantRow {
  const { id, title, kind, site, rights, trust } = wish;
  return {
    ...{ id, title, kind, site, rights, trust },
    declaration: null,
    enabled: true,
    state: 'offline',
    nodes: [],
    joined_at: null,
    seen_at: null,
    created_at: now,
    rev: 1,
  };
}
