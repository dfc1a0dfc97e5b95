import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type EdgeBundle, readBundle, signBundle } from './bundle.ts';
import { fingerprintOf, newNodeKeys } from './node-keys.ts';
import { openOnNode, sealForNode } from './seal-for-node.ts';

const centre = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};

const bundle: EdgeBundle = {
  format: 'counterpoint-edge-bundle/v1',
  installation: 'i1',
  node: 'plant_a',
  site: 'plant',
  number: 7,
  issued_at: 1,
  reactions: [{ id: 'r', version: 'v', source: 'kind: reaction/v1\n', permissions: ['action:read'] }],
  connections: [],
  participants: [],
  topics: [],
  capabilities: [],
  publishers: { sandbox: ['verdict.>'] },
  policy: '',
  switches: {},
};

describe('a secret for an edge node', () => {
  const keys = newNodeKeys();

  it('opens on that node, for what it was sealed for', () => {
    const sealed = sealForNode(keys.publicKey, 'pässword\u0000', 'i1|plant_a|fw|token');
    expect(openOnNode(keys.privateKey, sealed, 'i1|plant_a|fw|token')).toBe('pässword\u0000');
    expect(JSON.stringify(sealed)).not.toContain('pässword');
  });

  it.each([
    ['another node', newNodeKeys().privateKey, 'c', {}],
    ['another purpose', keys.privateKey, 'd', {}],
    ['a changed box', keys.privateKey, 'c', { box: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['no key', keys.privateKey, 'c', { key: '' }],
  ])('does not open for %s', (_, privateKey, context, change) => {
    const sealed = { ...sealForNode(keys.publicKey, 's', 'c'), ...change };
    expect(() => openOnNode(privateKey, sealed, context)).toThrow(
      expect.objectContaining({ code: 'fabric.edge_secret_unreadable' }),
    );
  });

  it('never looks the same twice', () => {
    expect(sealForNode(keys.publicKey, 's', 'c')).not.toEqual(sealForNode(keys.publicKey, 's', 'c'));
  });

  it('is not sealed to what is no key', () => {
    const wrong = expect.objectContaining({ code: 'fabric.edge_key_invalid' });
    expect(() => sealForNode('-----BEGIN PUBLIC KEY-----', 's', 'c')).toThrow(wrong);
    expect(() => sealForNode(centre().publicKey, 's', 'c')).toThrow(wrong);
  });
});

describe('a fingerprint', () => {
  it('is the same on both sides and differs between keys', () => {
    const { publicKey } = newNodeKeys();
    expect(fingerprintOf(publicKey)).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
    expect(fingerprintOf(publicKey)).toBe(fingerprintOf(publicKey));
    expect(fingerprintOf(publicKey)).not.toBe(fingerprintOf(newNodeKeys().publicKey));
  });
});

describe('a bundle', () => {
  const { privateKey, publicKey } = centre();
  const signed = signBundle(bundle, privateKey);
  const trust = { publicKey, installation: 'i1', node: 'plant_a', current: 7 };

  it('is read by the node that it is for', () => {
    expect(readBundle(signed, trust)).toEqual(bundle);
    expect(readBundle(signed, { ...trust, current: 0 })).toEqual(bundle);
  });

  it.each([
    ['of somebody else', signBundle(bundle, centre().privateKey), {}, /signature/],
    ['that was changed', { ...signed, text: signed.text.replace('"number":7', '"number":8') }, {}, /signature/],
    ['of another installation', signed, { installation: 'i2' }, /another installation/],
    ['for another node', signed, { node: 'plant_b' }, /meant for plant_a/],
    ['that is older', signed, { current: 8 }, /number 7, older than 8/],
  ])('is refused when it is one %s', (_, given, change, reason) => {
    expect(() => readBundle(given, { ...trust, ...change })).toThrow(
      expect.objectContaining({ code: 'fabric.edge_bundle_refused', message: expect.stringMatching(reason) }),
    );
  });
});
