import { isCounterpointError, newId, newSecret, newTraceId } from '@counterpoint/core';
import { type CredentialRow, eventErrors, type RowWrite, type Store } from '@counterpoint/events';
import { hashSecret, matchesHash } from '@counterpoint/identity';
import { errors } from '../../errors.ts';
import { audited } from '../../participants/credentials.ts';
import type { Actor, Participant } from '../../participants/participant.ts';
import { formatParticipantToken } from '../../participants/token-text.ts';
import { readPublicKey } from '../key-text.ts';
import { fingerprintOf } from '../node-keys.ts';
import { auditSetting, type EdgeCentreOptions, type JoinToken, type KnownNode, nodeSetting } from './centre.ts';
import { formatJoinToken, parseJoinToken } from './join-token.ts';

/** How long a one-time token counts, in milliseconds. */
const JOIN_WITHIN = 3_600_000;
const MANY = 1_000;

type Parts = Pick<EdgeCentreOptions, 'store' | 'clock' | 'participants'>;

function credential(
  row: Pick<CredentialRow, 'id' | 'participant' | 'kind' | 'hash' | 'detail' | 'not_after'>,
  now: number,
) {
  return { ...row, not_before: now, revoked_at: null, used_at: null, created_at: now, rev: 1 };
}

/** Makes a one-time token for a node. */
export async function issueJoinToken({ store, clock }: Parts, node: string, by: Actor): Promise<JoinToken> {
  const now = clock.now();
  const [id, secret] = [newId(now), newSecret()];
  const expiresAt = now + JOIN_WITHIN;
  const detail = { title: 'joins an edge node' };
  const row = credential(
    { id, participant: node, kind: 'join', hash: hashSecret(secret), detail, not_after: expiresAt },
    now,
  );
  await store.commit({
    rows: [{ op: 'insert', table: 'credentials', row }],
    audit: [audited(by, 'edge.join_token_issued', node, { credential: id, not_after: expiresAt }, now)],
  });
  return { token: formatJoinToken({ id, secret }), expiresAt };
}

/** The credential of a token that counts now, and who joins with it. @throws fabric.edge_join_refused */
async function demandToken({ store, clock, participants }: Parts, text: string) {
  const parts = parseJoinToken(text);
  const row = parts && (await store.get('credentials', parts.id));
  const now = clock.now();
  const counts =
    row?.kind === 'join' &&
    matchesHash(parts?.secret ?? '', row.hash) &&
    row.used_at === null &&
    row.revoked_at === null &&
    (row.not_after === null || now < row.not_after);
  const participant = row && participants.get(row.participant);
  if (!counts || !participant?.enabled || participant.kind !== 'edge') throw errors.edge_join_refused();
  return { row, participant };
}

/**
 * Lets a node in with its one-time token. Using the token, the lasting token and the node's key are one commit, so that it
 * counts once; what an earlier node of the same name joined with ends.
 *
 * @throws fabric.edge_join_refused, fabric.edge_key_invalid
 */
export async function joinNode(
  parts: Parts,
  tokenText: string,
  publicKey: string,
): Promise<{ readonly participant: Participant; readonly token: string }> {
  const { store, clock, participants } = parts;
  const { row, participant } = await demandToken(parts, tokenText);
  readPublicKey(publicKey, 'x25519');
  const now = clock.now();
  const by: Actor = { principal: `participant:${participant.id}`, trace: newTraceId(now) };
  const before = await store.find('credentials', {
    where: { participant: participant.id, kind: 'token' },
    limit: MANY,
  });
  const [id, secret] = [newId(now), newSecret()];
  const detail = { title: 'edge node' };
  const lasting = credential(
    { id, participant: participant.id, kind: 'token', hash: hashSecret(secret), detail, not_after: null },
    now,
  );
  const known: KnownNode = { key: publicKey, joinedAt: now };
  const writes: RowWrite[] = [
    { op: 'update', table: 'credentials', row: { ...row, used_at: now, revoked_at: now, rev: row.rev + 1 } },
    { op: 'insert', table: 'credentials', row: lasting },
    { op: 'put', table: 'settings', row: { id: nodeSetting(participant.id), value: { ...known }, rev: 1 } },
    { op: 'put', table: 'settings', row: { id: auditSetting(participant.id), value: 0, rev: 1 } },
  ];
  const data = { credential: id, fingerprint: fingerprintOf(publicKey) };
  try {
    await store.commit({ rows: writes, audit: [audited(by, 'edge.joined', participant.id, data, now)] });
  } catch (error) {
    // Somebody else used it in this very moment.
    if (isCounterpointError(error, eventErrors.conflict({ id: '', table: '' }).code)) throw errors.edge_join_refused();
    throw error;
  }
  for (const one of before) if (one.revoked_at === null) await participants.revoke(one.id, by);
  return { participant, token: formatParticipantToken({ id, secret }) };
}

/** What is remembered of a node; undefined when none has joined under the name. */
export async function knownNode(store: Pick<Store, 'get'>, node: string): Promise<KnownNode | undefined> {
  return (await store.get('settings', nodeSetting(node)))?.value as unknown as KnownNode | undefined;
}
