import { type CheckpointSigner, checkpointChange, createCheckpointSigner, newSigningKey } from '@counterpoint/audit';
import { newTraceId } from '@counterpoint/core';
import type { Foundations } from './foundations.ts';

const SETTING = 'audit.signing_key';

/** The signer of this installation's audit checkpoints; its key is made on the first start and kept in the vault. */
export async function openCheckpointSigner({ store, vault, installation }: Foundations): Promise<CheckpointSigner> {
  const standing = await store.get('settings', SETTING);
  if (typeof standing?.value === 'string') {
    return createCheckpointSigner(await vault.open(standing.value, { purpose: 'audit' }), installation);
  }
  const pem = newSigningKey();
  const sealed = vault.seal('Signing key of the audit log', pem, { principal: 'system', trace: newTraceId() });
  await store.commit(sealed.change);
  await store.commit({ rows: [{ op: 'insert', table: 'settings', row: { id: SETTING, value: sealed.id, rev: 1 } }] });
  return createCheckpointSigner(pem, installation);
}

/**
 * Signs the audit chain as it stands, and writes the checkpoint to the log as well: whoever ships the log off the host
 * keeps evidence that the database cannot take back.
 */
export async function signAuditChain({ store, clock, log }: Foundations, signer: CheckpointSigner): Promise<void> {
  const made = await checkpointChange(store, signer, clock.now());
  if (!made) return;
  await store.commit(made.change);
  log.info({ checkpoint: made.checkpoint }, 'audit checkpoint');
}
