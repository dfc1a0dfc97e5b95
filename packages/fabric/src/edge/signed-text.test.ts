import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readMessage, signMessage } from './signed-text.ts';

const keys = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};

const MINUTE = 60_000;

describe('a message of the centre to an edge node', () => {
  const { privateKey, publicKey } = keys();
  const letter = { installation: 'i1', node: 'plant_a', until: MINUTE, body: { action: 'ban_ip' } };
  const signed = signMessage('call', letter, privateKey);
  const trust = { publicKey, installation: 'i1', node: 'plant_a' };

  it('is read by the node that it is for, while it counts and the clocks are near', () => {
    expect(readMessage('call', signed, trust, 0)).toEqual({ action: 'ban_ip' });
    expect(readMessage('call', signed, trust, 5 * MINUTE)).toEqual({ action: 'ban_ip' });
  });

  it.each([
    ['of somebody else', signMessage('call', letter, keys().privateKey), {}, 0, /signature/],
    ['that was changed', { ...signed, text: signed.text.replace('ban_ip', 'ban_me') }, {}, 0, /signature/],
    ['that was signed as something else', signMessage('commands', letter, privateKey), {}, 0, /signature/],
    ['without a signature', { ...signed, signature: '' }, {}, 0, /signature/],
    ['of another installation', signed, { installation: 'i2' }, 0, /another installation/],
    ['for another node', signed, { node: 'plant_b' }, 0, /meant for plant_a/],
    ['that is too old', signed, {}, 7 * MINUTE, /time is over/],
  ])('is refused when it is one %s', (_, given, change, now, reason) => {
    expect(() => readMessage('call', given, { ...trust, ...change }, now)).toThrow(
      expect.objectContaining({ code: 'fabric.edge_message_refused', message: expect.stringMatching(reason) }),
    );
  });
});
