import { type Json, jsonDepth } from '@counterpoint/core';
import { errors } from '../errors.ts';
import { type Contracts, offerProblems } from './check-offers.ts';
import { announcedShape } from './declaration-shape.ts';
import type { Participant, ParticipantDeclaration } from './participant.ts';

const DEEPEST = 32;
const LARGEST = 256 * 1024;

/**
 * Reads what a participant says of itself when it joins: the fields of `content/participants/<id>.yaml` but `rights` and
 * `trust`, all of them optional. What its answers hold counts as untrusted whatever it says.
 *
 * @throws fabric.declaration_invalid
 */
export function readAnnounced(
  { id, title, site }: Pick<Participant, 'id' | 'title' | 'site'>,
  said: Json,
  contracts?: Contracts,
): ParticipantDeclaration {
  const invalid = (reason: string) => errors.declaration_invalid({ participant: id, reason });
  const text = JSON.stringify(said);
  if (text.length > LARGEST) throw invalid(`it is larger than ${LARGEST} characters`);
  if (jsonDepth(text) > DEEPEST) throw invalid(`it is nested more than ${DEEPEST} deep`);
  const parsed = announcedShape.safeParse(said);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const place = first?.path.map(String).join('.') ?? '';
    throw invalid(`${place === '' ? '' : `${place}: `}${first?.message ?? 'it cannot be read'}`);
  }
  const { kind: _kind, id: own = id, ...what } = parsed.data;
  if (own !== id) throw invalid(`it names itself ${own}`);
  // Offers get the shape of their type below.
  const declaration = {
    ...what,
    id,
    title: what.title ?? title,
    site: what.site === '' ? site : what.site,
  } as unknown as ParticipantDeclaration;
  const [problem] = offerProblems(declaration, contracts, 'always');
  if (problem) throw invalid(`${problem.path.join('.')}: ${problem.message}`);
  return declaration;
}
