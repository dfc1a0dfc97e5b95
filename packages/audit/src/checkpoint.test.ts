import { generateKeyPairSync } from 'node:crypto';
import { isCounterpointError } from '@counterpoint/core';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { chainEntry } from './chain.ts';
import {
  checkpointChange,
  createCheckpointSigner,
  createCheckpointVerifier,
  newSigningKey,
  signCheckpoint,
} from './checkpoint.ts';

const key = newSigningKey();
const signer = createCheckpointSigner(key, 'installation-1');
const trust = { installation: 'installation-1', publicKeys: [signer.publicKey] };
const judge = createCheckpointVerifier(trust);
const head = { seq: 7, hash: 'c'.repeat(64) };

describe('checkpoints', () => {
  it('are valid when nothing was changed, and forged when any member was', () => {
    const checkpoint = signCheckpoint(signer, head, 1_000);
    expect(checkpoint).toMatchObject({ ...head, at: 1_000 });
    expect(judge(checkpoint)).toBe('valid');
    for (const change of [{ seq: 8 }, { hash: 'd'.repeat(64) }, { at: 999 }, { id: 'other' }]) {
      expect(judge({ ...checkpoint, ...change })).toBe('forged');
    }
  });

  it('name no trusted key when signature text is damaged', () => {
    for (const signature of ['', '.', 'abc', '.abc', `x${signer.keyId}.abc`]) {
      expect(judge({ ...signCheckpoint(signer, head, 1), signature })).toBe('unknown_key');
    }
    const signature = `${signer.keyId}.`;
    expect(judge({ ...signCheckpoint(signer, head, 1), signature })).toBe('forged');
  });

  it('stay valid under an older key that is still trusted', () => {
    const next = createCheckpointSigner(newSigningKey(), 'installation-1');
    const judgeBoth = createCheckpointVerifier({ ...trust, publicKeys: [next.publicKey, signer.publicKey] });
    expect(judgeBoth(signCheckpoint(signer, head, 1))).toBe('valid');
    expect(judgeBoth(signCheckpoint(next, head, 1))).toBe('valid');
  });

  it('keep their key id when the key is read again', () => {
    expect(createCheckpointSigner(key, 'installation-1').keyId).toBe(signer.keyId);
  });

  it('refuse a key that is not Ed25519 without showing it', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    for (const bad of ['', 'no key', key.replace('PRIVATE', 'PUBLIC'), rsa.export({ type: 'pkcs8', format: 'pem' })]) {
      expect(() => createCheckpointSigner(bad.toString(), 'i')).toThrow(
        expect.toSatisfy((error) => isCounterpointError(error, 'audit.key_invalid')),
      );
    }
  });
});

describe('checkpointChange', () => {
  it('signs the committed head once, and nothing when nothing was added', async () => {
    const store = createMemoryStore({ chain: chainEntry });
    expect(await checkpointChange(store, signer, 1)).toBeUndefined();
    const entry = { at: 1, principal: 'system', action: 'server.started', object: '', data: null, trace: '' };
    await store.commit({ audit: [entry, entry] });
    const made = await checkpointChange(store, signer, 2);
    expect(made?.checkpoint.seq).toBe(2);
    await store.commit(made?.change ?? {});
    expect(await checkpointChange(store, signer, 3)).toBeUndefined();
    await store.commit({ audit: [entry] });
    expect((await checkpointChange(store, signer, 4))?.checkpoint.seq).toBe(3);
  });
});
